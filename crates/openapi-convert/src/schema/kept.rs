//! Keywords that OpenAPI 3.0.3 lacks.

use serde_json::Value;

use super::support::{Schema, move_definitions, note_kept};
use crate::context::Context;
use crate::note::NoteKind;
use crate::walk::Path;

/// The keywords of schemas in OpenAPI 3.0.3.
const KEYWORDS: &[&str] = &[
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "default",
    "deprecated",
    "description",
    "discriminator",
    "enum",
    "example",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "nullable",
    "oneOf",
    "pattern",
    "properties",
    "readOnly",
    "required",
    "title",
    "type",
    "uniqueItems",
    "writeOnly",
    "xml",
];

/// The keywords of JSON Schema that are kept as they are.
const KEPT: &[&str] = &[
    "additionalItems",
    "contains",
    "contentSchema",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "maxContains",
    "minContains",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// The keywords that identify a schema or its dialect.
const IDENTITY: &[&str] = &["$comment", "$id", "$schema", "$vocabulary"];

/// Moves nested definitions to the components.
pub(super) fn definitions(map: &mut Schema, path: &Path<'_>, context: &mut Context) {
    for key in ["$defs", "definitions"] {
        if !map.get(key).is_some_and(Value::is_object) {
            continue;
        }
        let pointer = path.pointer();
        context.repaired_unless(
            context.is_modern() && key == "$defs",
            key,
            || format!("{pointer}/{key}"),
            &format!("`{key}` in a schema"),
        );
        move_definitions(map, key, &pointer, context);
    }
}

/// Moves the keywords that identify a schema to the extension. Anchors are only for references,
/// which lead to the schema by its new name.
pub(super) fn identity(
    map: &mut Schema,
    kept: &mut Schema,
    path: &Path<'_>,
    context: &mut Context,
) {
    for key in IDENTITY {
        if let Some(value) = map.remove(*key) {
            kept.insert((*key).to_owned(), value);
            let code = if *key == "$recursiveAnchor" {
                UNKNOWN
            } else {
                key
            };
            note_kept(code, path.field(key), context);
        }
    }
    map.remove("$recursiveAnchor");
    map.remove("$anchor");
    map.remove("$dynamicAnchor");
}

const UNKNOWN: &str = "unknown keyword";

/// Moves the remaining keywords to the extension.
pub(super) fn others(map: &mut Schema, kept: &mut Schema, path: &Path<'_>, context: &mut Context) {
    let is_other = |key: &str| KEYWORDS.binary_search(&key).is_err() && !key.starts_with("x-");
    let others: Vec<String> = map.keys().filter(|key| is_other(key)).cloned().collect();
    for key in others {
        let Some(value) = map.remove(&key) else {
            continue;
        };
        let pointer = path.field(&key);
        match KEPT.iter().find(|kept| **kept == key) {
            Some(known) => note_kept(known, pointer, context),
            None if super::support::is_swagger(context) && key == "collectionFormat" => {
                super::values::nested_collection(map, value, pointer, context);
                continue;
            }
            None => {
                let kind = match context.is_modern() {
                    true => NoteKind::Kept,
                    false => NoteKind::Repaired,
                };
                let message = format!("the unknown keyword `{key}` is kept in `x-json-schema`");
                context.note(kind, UNKNOWN, pointer, message);
            }
        }
        kept.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn keywords_are_sorted() {
        assert!(super::KEYWORDS.is_sorted());
    }
}
