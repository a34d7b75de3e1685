//! Orders the alternatives of a union without a tag.
//!
//! They are tried one after the other, so that none may read the values of a later one as its own:
//! it needs another JSON type, a required property that later ones lack or have with other values,
//! or other JSON types of the same properties. If objects read each other's values, but each can
//! have properties that an earlier one loses, the closest alternative is read.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use super::Schemas;
use super::alternative::{Alternative, Kind};
use super::location::JsonType;
use super::plan::PlanKind;
use super::shape::{Object, Shape, is_null};

/// The maximum number of alternatives, each of which is compared with all others.
const UNTAGGED: usize = 64;

/// The maximum number of unions or objects in each other.
const DEPTH: usize = 8;

const TOO_MANY: &str = "there are more than 64 alternatives without a tag";

/// The reason why a union has no type.
pub(super) const INDISTINCT: &str =
    "no JSON type, required property or tag tells the alternatives apart";

/// The reason why alternatives have no order.
pub(super) enum Unordered<'d> {
    TooMany,
    /// Each of these alternatives reads values of another one.
    Indistinct(Vec<Alternative<'d>>),
}

impl Unordered<'_> {
    /// Returns the reason why a union has no type.
    pub(super) fn reason(&self) -> &'static str {
        match self {
            Unordered::TooMany => TOO_MANY,
            Unordered::Indistinct(_) => INDISTINCT,
        }
    }
}

/// Pairs of schemas that have been compared, by address. Recursive schemas end here, and schemas
/// with many references to each other are compared once.
#[derive(Default)]
struct Compared {
    rejected: HashSet<(*const Value, *const Value)>,
    kept: HashSet<(*const Value, *const Value)>,
}

/// The JSON types of a schema.
#[derive(Default)]
struct JsonTypes {
    types: BTreeSet<JsonType>,
    /// True if the schema has values of types that are not known.
    is_unknown: bool,
    is_nullable: bool,
    /// The lists of alternatives so far, by address.
    seen: HashSet<*const Value>,
}

impl JsonTypes {
    fn excludes(&self, own: Option<JsonType>) -> bool {
        !self.is_unknown && own.is_some_and(|own| !self.types.contains(&own))
    }
}

impl<'d> Schemas<'d> {
    /// Plans the type of a union whose alternatives have no tag.
    pub(super) fn without_tag(&self, all: Vec<Alternative<'d>>) -> PlanKind<'d> {
        let all = match self.untagged(all) {
            Ok(ordered) => return PlanKind::Untagged(ordered),
            Err(Unordered::TooMany) => return PlanKind::Untyped(TOO_MANY),
            Err(Unordered::Indistinct(all)) => all,
        };
        let may_precede = |one: &Kind<'d>, later: &Kind<'d>| {
            self.may_precede(one, later, 0) || self.may_keep_less(one, later)
        };
        match ordered(all, may_precede) {
            Ok(ordered) => PlanKind::Closest(ordered),
            Err(_) => PlanKind::Untyped(INDISTINCT),
        }
    }

    /// Returns the alternatives in an order in which none reads the values of a later one.
    ///
    /// # Errors
    ///
    /// Fails if every order has such an alternative.
    pub(super) fn untagged(
        &self,
        all: Vec<Alternative<'d>>,
    ) -> Result<Vec<Alternative<'d>>, Unordered<'d>> {
        if all.len() > UNTAGGED {
            return Err(Unordered::TooMany);
        }
        let may_precede = |one: &Kind<'d>, later: &Kind<'d>| self.may_precede(one, later, 0);
        ordered(all, may_precede).map_err(Unordered::Indistinct)
    }

    /// Returns true if no value of `later` is read as `one`, or the same value is written for both.
    fn may_precede(&self, one: &Kind<'d>, later: &Kind<'d>, depth: usize) -> bool {
        let compared = &mut Compared::default();
        match (one, later) {
            (Kind::Any | Kind::Other, _) | (_, Kind::Other) => false,
            // An object would lose properties.
            (one, Kind::Any) => !matches!(one, Kind::Array(_) | Kind::Object(_) | Kind::Map(_)),
            (Kind::Integer, Kind::Number) => true,
            (Kind::Object(one), Kind::Object(later)) => {
                self.requires_more(one, later, compared, 0) || self.properties_differ(one, later)
            }
            (Kind::Object(one), Kind::Map(Some(values))) => {
                let mut required = one.required_both_ways().filter_map(|(_, own)| own);
                required.any(|own| self.rejects(own, values, compared, 0))
            }
            // An empty list or map is the same value for both.
            (Kind::Array(Some(one)), Kind::Array(Some(later)))
            | (Kind::Map(Some(one)), Kind::Map(Some(later))) => {
                let kind = |schema| self.shape_behind(schema).1.map(Kind::of);
                let kinds = kind(one).zip(kind(later)).filter(|_| depth < DEPTH);
                kinds.is_some_and(|(one, later)| self.may_precede(&one, &later, depth + 1))
            }
            (one, later) => one.json_type() != later.json_type(),
        }
    }

    /// Returns true if `one` has a required property that `later` lacks, or that `later` has with
    /// other values.
    fn requires_more(
        &self,
        one: &Object<'d>,
        later: &Object<'d>,
        compared: &mut Compared,
        depth: usize,
    ) -> bool {
        let mut required = one.required_both_ways();
        required.any(|(name, own)| match (own, later.property(name)) {
            (None, None) => later.additional.is_none(),
            (Some(own), None) => match later.additional {
                None => true,
                Some(additional) => self.rejects(own, additional, compared, depth),
            },
            (None, Some(_)) => false,
            (Some(own), Some(later)) => self.rejects(own, later, compared, depth),
        })
    }

    /// Returns true if each property of `later` has another JSON type in `one`. A value without
    /// these properties is the same value for both.
    fn properties_differ(&self, one: &Object<'d>, later: &Object<'d>) -> bool {
        let are_open = one.additional.or(later.additional).is_some();
        let mut required = later.required.iter();
        let are_declared = required.all(|name| later.property(name).is_some());
        let mut properties = later.properties.iter();
        are_declared
            && !are_open
            && !later.properties.is_empty()
            && properties.all(|(name, later)| {
                let Some(own) = one.property(name) else {
                    return false;
                };
                let (own, own_is_nullable) = self.only_json_type(own);
                let later = self.json_types(later.schema);
                later.excludes(own) && (own_is_nullable || !later.is_nullable)
            })
    }

    /// Returns true if the type of `one` reads neither null nor a value of `later`.
    fn rejects(
        &self,
        one: &'d Value,
        later: &'d Value,
        compared: &mut Compared,
        depth: usize,
    ) -> bool {
        if !compared.rejected.insert(self.addresses(one, later)) {
            return false;
        }
        let (own, is_nullable) = self.only_json_type(one);
        if is_nullable {
            return false;
        }
        let shapes = (self.shape_behind(one).1, self.shape_behind(later).1);
        match shapes {
            (Some(Shape::Object(one)), Some(Shape::Object(later))) if depth < DEPTH => {
                self.requires_more(&one, &later, compared, depth + 1)
            }
            _ => self.json_types(later).excludes(own),
        }
    }

    /// Returns the addresses of two schemas, or of the schemas to which they refer.
    fn addresses(&self, one: &'d Value, other: &'d Value) -> (*const Value, *const Value) {
        let address = |own| std::ptr::from_ref(self.resolved(own).unwrap_or(own));
        (address(one), address(other))
    }

    /// Returns true if a value of `later` can have properties that `one` loses.
    fn may_keep_less(&self, one: &Kind<'d>, later: &Kind<'d>) -> bool {
        match (one, later) {
            (Kind::Object(one), Kind::Object(later)) => {
                self.has_more(later, one, &mut Compared::default(), 0)
            }
            _ => false,
        }
    }

    /// Returns true if a value of `object` can have properties that `other` does not have, or
    /// cannot read.
    fn has_more(
        &self,
        object: &Object<'d>,
        other: &Object<'d>,
        compared: &mut Compared,
        depth: usize,
    ) -> bool {
        let mut has_more = |name: &str, own: &'d Value| match other.property(name) {
            None => other.additional.is_none(),
            Some(other) => self.schema_has_more(own, other, compared, depth),
        };
        let mut properties = object.properties.iter();
        properties.any(|(name, own)| has_more(name, own.schema))
    }

    fn schema_has_more(
        &self,
        own: &'d Value,
        other: &'d Value,
        compared: &mut Compared,
        depth: usize,
    ) -> bool {
        if depth == DEPTH || !compared.kept.insert(self.addresses(own, other)) {
            return false;
        }
        let shapes = (self.shape_behind(own).1, self.shape_behind(other).1);
        match shapes {
            (Some(Shape::Object(own)), Some(Shape::Object(other))) => {
                self.requires_more(&other, &own, compared, depth)
                    || self.has_more(&own, &other, compared, depth + 1)
            }
            (Some(Shape::Array(Some(own))), Some(Shape::Array(Some(other)))) => {
                self.schema_has_more(own, other, compared, depth + 1)
            }
            _ => self.json_types(own).excludes(self.only_json_type(other).0),
        }
    }

    /// Returns the JSON type that the Rust type of a schema reads beside null, and whether null is
    /// one of its values. `None` if the type can read several, like that of a union.
    fn only_json_type(&self, schema: &'d Value) -> (Option<JsonType>, bool) {
        let (_, shape, nullable) = self.shape_behind(schema);
        let found = shape.map(|shape| Kind::of(shape).json_type());
        (found.filter(|own| *own != JsonType::Several), nullable)
    }

    /// Returns the JSON types of the values of a schema.
    fn json_types(&self, schema: &'d Value) -> JsonTypes {
        let mut found = JsonTypes::default();
        self.collect_types(schema, &mut found, 0);
        found
    }

    fn collect_types(&self, schema: &'d Value, found: &mut JsonTypes, depth: usize) {
        let (_, shape, nullable) = self.shape_behind(schema);
        found.is_nullable |= nullable;
        match shape {
            Some(Shape::Union(union)) if depth < DEPTH => {
                if !found.seen.insert(union.alternatives.as_ptr()) {
                    return;
                }
                for own in union.alternatives {
                    match is_null(own) {
                        true => found.is_nullable = true,
                        false => self.collect_types(own, found, depth + 1),
                    }
                }
            }
            shape => match shape.map(|shape| Kind::of(shape).json_type()) {
                None | Some(JsonType::Several) => found.is_unknown = true,
                Some(only) => _ = found.types.insert(only),
            },
        }
    }
}

/// Returns the alternatives in an order in which each may precede all later ones. The error is the
/// alternatives, if there is no such order.
fn ordered<'d>(
    mut all: Vec<Alternative<'d>>,
    may_precede: impl Fn(&Kind<'d>, &Kind<'d>) -> bool,
) -> Result<Vec<Alternative<'d>>, Vec<Alternative<'d>>> {
    for sorted in 0..all.len() {
        let is_next = |at: usize| {
            let mut others = (sorted..all.len()).filter(|other| *other != at);
            others.all(|other| may_precede(&all[at].kind, &all[other].kind))
        };
        match (sorted..all.len()).find(|at| is_next(*at)) {
            Some(at) => all[sorted..=at].rotate_right(1),
            None => return Err(all),
        }
    }
    Ok(all)
}
