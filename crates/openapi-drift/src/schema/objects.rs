//! Compares objects: properties, required names, directions and additional properties.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::change::{Source, Wire};
use crate::comparer::{Comparer, Direction, Types, Use};
use crate::rules;
use crate::schema::says_nothing;
use crate::tree::{Node, Pair};

impl<'d> Comparer<'d> {
    pub(super) fn properties(&mut self, pair: Pair<'d>, uses: Use) {
        let uses = uses.narrowed(Types::All);
        let properties = self.map(pair, "properties", uses);
        self.list(pair, "required", uses);
        let (before, after) = (required(pair.base), required(pair.revision));
        for name in properties.keys() {
            let property = self.key(properties, name);
            self.property(
                property,
                (before.contains(name), after.contains(name)),
                uses,
            );
        }
        // Names that must be there and are declared elsewhere, such as in another part of an `allOf`.
        let is_declared = |name: &str| {
            properties.base.get(name).is_some() || properties.revision.get(name).is_some()
        };
        for name in before
            .symmetric_difference(&after)
            .filter(|name| !is_declared(name))
        {
            let is_new = after.contains(name);
            let rule = if is_new {
                &rules::PROPERTY_BECAME_REQUIRED
            } else {
                &rules::PROPERTY_BECAME_OPTIONAL
            };
            let value = |is_there: bool| is_there.then(|| Value::from(*name));
            self.report_values(rule, pair, uses, value(!is_new), value(is_new));
        }
    }

    fn property(
        &mut self,
        property: Pair<'d>,
        (was_required, is_required): (bool, bool),
        uses: Use,
    ) {
        let resolved = self.resolved(property);
        let uses = one_way_use(resolved, uses);
        let rule = match (
            property.base.is_there(),
            property.revision.is_there(),
            was_required,
            is_required,
        ) {
            (false, _, false, true) => &rules::REQUIRED_PROPERTY_ADDED,
            (false, ..) => &rules::OPTIONAL_PROPERTY_ADDED,
            (_, false, true, false) => &rules::REQUIRED_PROPERTY_REMOVED,
            (_, false, ..) => &rules::OPTIONAL_PROPERTY_REMOVED,
            _ => {
                self.still_required(property, (was_required, is_required), uses);
                let is_named =
                    property.base.reference().is_some() || property.revision.reference().is_some();
                if (was_required || is_required) && !is_named {
                    self.one_way(property, uses, Source::Breaking);
                }
                let is_option = |node: Node<'d>| node.flag("readOnly") || node.flag("writeOnly");
                let was_option = !was_required || is_option(property.base);
                let is_option = !is_required || is_option(property.revision);
                let types = if was_option && is_option {
                    Types::Optional
                } else {
                    Types::All
                };
                self.schema(property, uses.narrowed(types));
                return;
            }
        };
        self.report(rule, property, uses);
    }

    fn still_required(&mut self, property: Pair<'d>, (was, is): (bool, bool), uses: Use) {
        if was == is {
            return;
        }
        let rule = if is {
            &rules::PROPERTY_BECAME_REQUIRED
        } else {
            &rules::PROPERTY_BECAME_OPTIONAL
        };
        // The type is for both ways: what goes one way may be missing in the other.
        let goes_one_way = |node: Node<'d>| node.flag("readOnly") || node.flag("writeOnly");
        let source = if goes_one_way(property.base) && goes_one_way(property.revision) {
            Source::None
        } else {
            uses.source(rule)
        };
        self.report_level(
            rule,
            property,
            uses.wire(rule),
            source,
            Some(was.into()),
            Some(is.into()),
        );
    }

    /// `readOnly` and `writeOnly`. `source` is what it does to source: a required field is an `Option` where its property goes one way.
    pub(super) fn one_way(&mut self, pair: Pair<'d>, uses: Use, source: Source) {
        let rules = [
            (
                "readOnly",
                &rules::BECAME_READ_ONLY,
                &rules::BECAME_NOT_READ_ONLY,
            ),
            (
                "writeOnly",
                &rules::BECAME_WRITE_ONLY,
                &rules::BECAME_NOT_WRITE_ONLY,
            ),
        ];
        for (key, became, became_not) in rules {
            let inside = self.key(pair, key);
            let rule = match (pair.base.flag(key), pair.revision.flag(key)) {
                (false, true) => became,
                (true, false) => became_not,
                _ => continue,
            };
            let source = uses.source(rule).min(source);
            self.report_level(
                rule,
                inside,
                uses.wire(rule),
                source,
                inside.base.value.cloned(),
                inside.revision.value.cloned(),
            );
        }
    }

    pub(super) fn additional_properties(&mut self, pair: Pair<'d>, uses: Use) {
        let uses = uses.narrowed(Types::All);
        let others = self.key(pair, "additionalProperties");
        let (before, after) = (Others::of(others.base), Others::of(others.revision));
        let has_field = |node: Node<'d>| node.value.is_some_and(Value::is_object);
        let field_moves = has_field(others.base) != has_field(others.revision);
        let rule = match (before, after) {
            (Others::Typed, Others::Typed) => return self.schema(others, uses),
            (Others::Any, Others::Any) | (Others::None, Others::None) if !field_moves => return,
            // `{}` says what `true` does, and gives the client a field for it.
            (Others::Any, Others::Any) | (Others::None, Others::None) => {
                let is_new = has_field(others.revision);
                let rule = if is_new {
                    &rules::ADDITIONAL_PROPERTIES_TYPED
                } else {
                    &rules::ADDITIONAL_PROPERTIES_UNTYPED
                };
                let (before, after) = (others.base.value.cloned(), others.revision.value.cloned());
                return self.report_level(
                    rule,
                    others,
                    Wire::None,
                    uses.source(rule),
                    before,
                    after,
                );
            }
            (_, Others::None) => &rules::ADDITIONAL_PROPERTIES_DENIED,
            (Others::None, _) => &rules::ADDITIONAL_PROPERTIES_ALLOWED,
            (Others::Any, Others::Typed) => &rules::ADDITIONAL_PROPERTIES_TYPED,
            (Others::Typed, Others::Any) => &rules::ADDITIONAL_PROPERTIES_UNTYPED,
        };
        let source = if field_moves {
            uses.source(rule)
        } else {
            rule.source.min(self.untyped_map(others, uses))
        };
        self.report_level(
            rule,
            others,
            uses.wire(rule),
            source,
            others.base.value.cloned(),
            others.revision.value.cloned(),
        );
    }

    /// What it does to source that other properties have another schema where both have a field: the field has another type.
    fn untyped_map(&self, others: Pair<'d>, uses: Use) -> Source {
        let is_map = |node: Node<'d>| node.value.is_some_and(Value::is_object);
        if is_map(others.base) && is_map(others.revision) && uses.types != Types::None {
            Source::Breaking
        } else {
            Source::None
        }
    }
}

/// The additional properties that an object allows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Others {
    Any,
    None,
    Typed,
}

impl Others {
    fn of(node: Node<'_>) -> Others {
        match node.value {
            Some(Value::Bool(false)) => Others::None,
            Some(Value::Bool(true)) => Others::Any,
            value if says_nothing(value) => Others::Any,
            _ => Others::Typed,
        }
    }
}

/// Returns the required names.
fn required(schema: Node<'_>) -> BTreeSet<&str> {
    schema
        .items_of("required")
        .iter()
        .filter_map(Value::as_str)
        .collect()
}

/// The use of a property: none where neither document lets it go this way.
fn one_way_use(property: Pair<'_>, uses: Use) -> Use {
    let keyword = match uses.direction {
        Direction::Request => "readOnly",
        Direction::Response => "writeOnly",
        Direction::Neither => return uses,
    };
    let stays = |node: Node<'_>| !node.is_there() || node.flag(keyword);
    if stays(property.base) && stays(property.revision) {
        Use {
            direction: Direction::Neither,
            ..uses
        }
    } else {
        uses
    }
}
