//! Compares objects: properties, required names, directions and additional properties.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::comparer::Comparer;
use crate::level::{Source, Wire};
use crate::rules;
use crate::schema::allows_everything;
use crate::tree::{Node, Pair};
use crate::usage::{Direction, Types, Use};

impl<'d> Comparer<'d> {
    pub(super) fn properties(&mut self, pair: Pair<'d>, uses: Use) {
        let uses = uses.narrowed(Types::All);
        let properties = self.map(pair, "properties", uses);
        self.list(pair, "required", uses);
        let (before, after) = (required(pair.base), required(pair.revision));
        for name in properties.keys() {
            let property = self.key(properties, name);
            self.property(
                pair,
                property,
                (before.contains(name), after.contains(name)),
                uses,
            );
        }
        // Required properties may be declared elsewhere, such as in another member of an `allOf`.
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
        object: Pair<'d>,
        property: Pair<'d>,
        (was_required, is_required): (bool, bool),
        uses: Use,
    ) {
        let resolved = self.resolved(property);
        let uses = property_use(resolved, uses);
        let rule = match (
            property.base.is_present(),
            property.revision.is_present(),
            was_required,
            is_required,
        ) {
            (false, _, false, true) => &rules::REQUIRED_PROPERTY_ADDED,
            (false, ..) => &rules::OPTIONAL_PROPERTY_ADDED,
            (_, false, true, false) => &rules::REQUIRED_PROPERTY_REMOVED,
            (_, false, ..) => &rules::OPTIONAL_PROPERTY_REMOVED,
            _ => {
                self.requiredness(property, (was_required, is_required), uses);
                let is_named =
                    property.base.reference().is_some() || property.revision.reference().is_some();
                if (was_required || is_required) && !is_named {
                    self.direction_flags(property, uses, Source::Breaking);
                }
                let is_option = |node: Node<'d>| node.flag("readOnly") || node.flag("writeOnly");
                let was_option = !was_required || is_option(property.base);
                let is_option = !is_required || is_option(property.revision);
                let read_only =
                    property.base.flag("readOnly") && property.revision.flag("readOnly");
                let is_sent = uses.direction == Direction::Request && !read_only;
                let types = if was_option && is_option && !is_sent {
                    Types::Optional
                } else {
                    Types::All
                };
                self.schema(property, uses.narrowed(types));
                return;
            }
        };
        let wire = match property.base.is_present() {
            true if uses.direction == Direction::Request && denies_others(object.revision) => uses
                .effect(
                    Wire::Breaking,
                    "the server rejects it, because the object allows no other properties",
                ),
            false
                if uses.direction != Direction::Neither
                    && retypes(object.base, resolved.revision) =>
            {
                uses.effect(
                    Wire::Breaking,
                    "the object allowed it before with another type",
                )
            }
            _ => uses.wire(rule),
        };
        let (before, after) = (
            property.base.value.cloned(),
            property.revision.value.cloned(),
        );
        if after.is_none() {
            let rules = (rule, &rules::PROPERTY_REMOVED_AFTER_SUNSET);
            self.report_removed(rules, resolved.base, property, wire, uses, before);
            return;
        }
        self.report_level(rule, property, wire, uses.source(rule), before, after);
    }

    /// Reports a property that became required or optional.
    fn requiredness(&mut self, property: Pair<'d>, (was, is): (bool, bool), uses: Use) {
        if was == is {
            return;
        }
        let rule = if is {
            &rules::PROPERTY_BECAME_REQUIRED
        } else {
            &rules::PROPERTY_BECAME_OPTIONAL
        };
        // One Rust type serves both directions, so properties of one direction are optional anyway.
        let has_one_direction = |node: Node<'d>| node.flag("readOnly") || node.flag("writeOnly");
        let source = if has_one_direction(property.base) && has_one_direction(property.revision) {
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

    /// Compares `readOnly` and `writeOnly`. `source` is the maximum effect on code: the field of a
    /// required property becomes an `Option`.
    pub(super) fn direction_flags(&mut self, pair: Pair<'d>, uses: Use, source: Source) {
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
        let additional = self.key(pair, "additionalProperties");
        let (before, after) = (
            Additional::of(additional.base),
            Additional::of(additional.revision),
        );
        let has_field = |node: Node<'d>| node.value.is_some_and(Value::is_object);
        let field_changes = has_field(additional.base) != has_field(additional.revision);
        let rule = match (before, after) {
            (Additional::Typed, Additional::Typed) => return self.schema(additional, uses),
            (Additional::Any, Additional::Any) | (Additional::None, Additional::None)
                if !field_changes =>
            {
                return;
            }
            // `{}` allows the same values as `true`, but gives the client a field.
            (Additional::Any, Additional::Any) | (Additional::None, Additional::None) => {
                let is_new = has_field(additional.revision);
                let rule = if is_new {
                    &rules::ADDITIONAL_PROPERTIES_TYPED
                } else {
                    &rules::ADDITIONAL_PROPERTIES_UNTYPED
                };
                let (before, after) = (
                    additional.base.value.cloned(),
                    additional.revision.value.cloned(),
                );
                return self.report_level(
                    rule,
                    additional,
                    uses.effect(Wire::None, "the same values are valid"),
                    uses.source(rule),
                    before,
                    after,
                );
            }
            (_, Additional::None) => &rules::ADDITIONAL_PROPERTIES_DENIED,
            (Additional::None, _) => &rules::ADDITIONAL_PROPERTIES_ALLOWED,
            (Additional::Any, Additional::Typed) => &rules::ADDITIONAL_PROPERTIES_TYPED,
            (Additional::Typed, Additional::Any) => &rules::ADDITIONAL_PROPERTIES_UNTYPED,
        };
        let source = if field_changes {
            uses.source(rule)
        } else {
            rule.source.min(self.field_type_effect(additional, uses))
        };
        self.report_level(
            rule,
            additional,
            uses.wire(rule),
            source,
            additional.base.value.cloned(),
            additional.revision.value.cloned(),
        );
    }

    /// Returns the effect on code if the schema of additional properties changes: breaking if both
    /// clients have a field, whose type changes.
    fn field_type_effect(&self, additional: Pair<'d>, uses: Use) -> Source {
        let is_map = |node: Node<'d>| node.value.is_some_and(Value::is_object);
        if is_map(additional.base) && is_map(additional.revision) && uses.types != Types::None {
            Source::Breaking
        } else {
            Source::None
        }
    }
}

/// The additional properties that an object allows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Additional {
    Any,
    None,
    Typed,
}

impl Additional {
    fn of(node: Node<'_>) -> Additional {
        match node.value {
            Some(Value::Bool(false)) => Additional::None,
            Some(Value::Bool(true)) => Additional::Any,
            value if allows_everything(value) => Additional::Any,
            _ => Additional::Typed,
        }
    }
}

/// Returns true if an object has only the properties that it lists.
fn denies_others(object: Node<'_>) -> bool {
    object.get("additionalProperties") == Some(&Value::Bool(false))
}

/// Returns true if an object allowed a property with another type than the one that it lists now.
fn retypes(object: Node<'_>, property: Node<'_>) -> bool {
    let before = object
        .get("additionalProperties")
        .and_then(|schema| schema.get("type"));
    let after = property.get("type");
    before.is_some() && after.is_some() && before != after
}

/// Returns the required names.
fn required(schema: Node<'_>) -> BTreeSet<&str> {
    schema
        .items_of("required")
        .iter()
        .filter_map(Value::as_str)
        .collect()
}

/// Returns the use of a property: unused if neither document allows it in this direction.
fn property_use(property: Pair<'_>, uses: Use) -> Use {
    let keyword = match uses.direction {
        Direction::Request => "readOnly",
        Direction::Response => "writeOnly",
        Direction::Neither => return uses,
    };
    let is_excluded = |node: Node<'_>| !node.is_present() || node.flag(keyword);
    if is_excluded(property.base) && is_excluded(property.revision) {
        Use {
            direction: Direction::Neither,
            ..uses
        }
    } else {
        uses
    }
}
