//! The plan of a union's type.

use super::alternative::{Alternative, Kind};
use super::location::JsonType;

/// The plan of a union's type.
pub(super) struct Plan<'d> {
    pub(super) kind: PlanKind<'d>,
    /// True if null is a value.
    pub(super) nullable: bool,
}

/// The kind of type that a union becomes.
pub(super) enum PlanKind<'d> {
    /// Any JSON: null is the only alternative.
    Any,
    /// An integer, because all alternatives are integers.
    Integer,
    /// A string, because all alternatives are strings.
    String,
    /// The type of the only alternative.
    Single(Alternative<'d>),
    /// An enum. Alternatives are tried in this order.
    Untagged(Vec<Alternative<'d>>),
    /// An enum. The alternative that keeps the most of a value is chosen, and the first of several.
    Closest(Vec<Alternative<'d>>),
    /// An enum whose variants have a tag, with the tag and the values of each alternative.
    Tagged(&'d str, Vec<(Alternative<'d>, Vec<String>)>),
    /// An enum of values that are not objects, and of an enum of objects with a tag.
    Mixed(Vec<Alternative<'d>>, Box<PlanKind<'d>>),
    /// Any JSON, for a reason.
    Untyped(&'static str),
}

impl Plan<'_> {
    /// Returns the JSON type of the values if the union becomes an enum.
    pub(super) fn json_type(&self) -> Option<JsonType> {
        self.kind.json_type()
    }
}

impl PlanKind<'_> {
    /// Returns the JSON type of the values if the union becomes an enum.
    pub(super) fn json_type(&self) -> Option<JsonType> {
        match self {
            PlanKind::Tagged(..) => Some(JsonType::Object),
            PlanKind::Mixed(..) => Some(JsonType::Several),
            PlanKind::Untagged(all) | PlanKind::Closest(all) => {
                let is_object = |own: &Alternative<'_>| matches!(own.kind, Kind::Object(_));
                match all.iter().all(is_object) {
                    true => Some(JsonType::Object),
                    false => Some(JsonType::Several),
                }
            }
            _ => None,
        }
    }
}
