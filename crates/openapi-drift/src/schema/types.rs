//! Compares `type`, `format`, `nullable` and `enum`.

use std::collections::HashSet;

use openapi_text::formats;
use serde_json::Value;

use crate::comparer::Comparer;
use crate::level::Source;
use crate::rules;
use crate::schema::allows_everything;
use crate::tree::{Node, Pair};
use crate::usage::{Types, Use};
use crate::values::{canonical, same_or_absent};

impl<'d> Comparer<'d> {
    /// Compares the types. Returns true if the other keywords still apply to the same values.
    pub(super) fn same_type(&mut self, pair: Pair<'d>, uses: Use) -> bool {
        let kind = self.key(pair, "type");
        if same_or_absent(kind.base.value, kind.revision.value) {
            return true;
        }
        match (kind.base.value, kind.revision.value) {
            // The other schema allows everything, so all keywords are one difference.
            (None, Some(_)) if allows_everything(pair.base.value) => {
                self.report(&rules::TYPE_ADDED, pair, uses);
                return false;
            }
            (Some(_), None) if allows_everything(pair.revision.value) => {
                self.report(&rules::TYPE_REMOVED, pair, uses);
                return false;
            }
            (None, Some(after)) => {
                self.type_presence(&rules::TYPE_ADDED, kind, pair.base, after, uses);
            }
            (Some(before), None) => {
                self.type_presence(&rules::TYPE_REMOVED, kind, pair.revision, before, uses);
            }
            (Some(before), Some(after)) if before == "integer" && after == "number" => {
                self.report(&rules::TYPE_WIDENED, kind, uses);
                return true;
            }
            (Some(before), Some(after)) if before == "number" && after == "integer" => {
                self.report(&rules::TYPE_NARROWED, kind, uses);
                return true;
            }
            _ => {
                self.report(&rules::TYPE_CHANGED, kind, uses);
                return false;
            }
        }
        true
    }

    /// Reports a type that was added or removed. The Rust type stays the same if the other keywords
    /// imply the type.
    fn type_presence(
        &mut self,
        rule: &'static rules::Rule,
        kind: Pair<'d>,
        untyped: Node<'d>,
        name: &Value,
        uses: Use,
    ) {
        let is_implied = match () {
            () if untyped.get("properties").is_some() => name == "object",
            () if untyped.get("items").is_some() => name == "array",
            () if untyped.items_of("enum").iter().all(Value::is_string) => {
                !untyped.items_of("enum").is_empty() && name == "string"
            }
            () => false,
        };
        let source = if is_implied {
            Source::None
        } else {
            uses.source(rule)
        };
        self.report_level(
            rule,
            kind,
            uses.wire(rule),
            source,
            kind.base.value.cloned(),
            kind.revision.value.cloned(),
        );
    }

    pub(super) fn nullable(&mut self, pair: Pair<'d>, uses: Use) {
        let inside = self.key(pair, "nullable");
        let uses = if uses.types == Types::Optional {
            uses.with(Types::None)
        } else {
            uses
        };
        match (pair.base.flag("nullable"), pair.revision.flag("nullable")) {
            (false, true) => self.report(&rules::BECAME_NULLABLE, inside, uses),
            (true, false) => self.report(&rules::BECAME_NOT_NULLABLE, inside, uses),
            _ => {}
        }
    }

    pub(super) fn format(&mut self, pair: Pair<'d>, uses: Use) {
        let format = self.key(pair, "format");
        if same_or_absent(format.base.value, format.revision.value) {
            return;
        }
        let rule = match (pair.base.text("format"), pair.revision.text("format")) {
            (Some("int32"), Some("int64")) | (Some("float"), Some("double")) => {
                &rules::FORMAT_WIDENED
            }
            (Some("int64"), Some("int32")) | (Some("double"), Some("float")) => {
                &rules::FORMAT_NARROWED
            }
            _ if !format.base.is_present() => &rules::FORMAT_ADDED,
            _ if !format.revision.is_present() => &rules::FORMAT_REMOVED,
            _ => &rules::FORMAT_CHANGED,
        };
        let source = if typed_format(pair.base) == typed_format(pair.revision) {
            Source::None
        } else {
            uses.source(rule)
        };
        self.report_level(
            rule,
            format,
            uses.wire(rule),
            source,
            format.base.value.cloned(),
            format.revision.value.cloned(),
        );
    }

    /// Compares `enum` by value, ignoring order and duplicates.
    pub(super) fn values(&mut self, pair: Pair<'d>, uses: Use) {
        let values = self.list(pair, "enum", uses);
        let uses = if is_enum(pair.base) || is_enum(pair.revision) {
            uses
        } else {
            uses.with(Types::None)
        };
        // If a type is present, only `nullable` determines whether null is allowed.
        let is_typed = pair.base.get("type").is_some() && pair.revision.get("type").is_some();
        let use_of = |value: &Value| match value {
            Value::Null if is_typed || uses.types == Types::Optional => uses.with(Types::None),
            _ => uses,
        };
        match (values.base.is_present(), values.revision.is_present()) {
            (false, false) => {}
            (false, true) => self.report(&rules::ENUM_ADDED, values, uses),
            (true, false) => self.report(&rules::ENUM_REMOVED, values, uses),
            (true, true) => {
                for value in missing(values.base.items(), values.revision.items()) {
                    self.report_values(
                        &rules::ENUM_VALUE_REMOVED,
                        values,
                        use_of(value),
                        Some(value.clone()),
                        None,
                    );
                }
                for value in missing(values.revision.items(), values.base.items()) {
                    self.report_values(
                        &rules::ENUM_VALUE_ADDED,
                        values,
                        use_of(value),
                        None,
                        Some(value.clone()),
                    );
                }
            }
        }
    }
}

/// Returns the values of a list that another list lacks.
pub(super) fn missing<'a>(list: &'a [Value], other: &[Value]) -> Vec<&'a Value> {
    let known: HashSet<String> = other.iter().map(canonical).collect();
    list.iter()
        .filter(|value| !known.contains(&canonical(value)))
        .collect()
}

/// Returns true if the Rust type of a schema depends on its enum values. For types other than
/// strings, they only restrict the values.
pub(super) fn is_enum(schema: Node<'_>) -> bool {
    schema.get("enum").is_some() && matches!(schema.text("type"), None | Some("string"))
}

/// Returns the format that determines the Rust type.
fn typed_format(schema: Node<'_>) -> &str {
    match (schema.text("type"), schema.text("format")) {
        (Some("integer"), Some(format @ ("int32" | "uint64"))) => format,
        (Some(kind), Some(format)) if !is_enum(schema) => {
            formats::type_name(kind, format).unwrap_or_default()
        }
        _ => "",
    }
}
