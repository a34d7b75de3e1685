//! References of schemas, and the keywords beside them.

use serde_json::{Map, Value, json};

use super::support::{Schema, is_swagger};
use crate::context::Context;
use crate::note::NoteKind;
use crate::walk::Path;

/// Keywords that do not restrict values. They have an effect beside a reference.
const ANNOTATIONS: &[&str] = &[
    "title",
    "description",
    "default",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "nullable",
    "externalDocs",
    "xml",
];

/// Rewrites a reference to a schema that the converted document has elsewhere.
pub(crate) fn rewrite(reference: &mut String, path: &Path<'_>, context: &mut Context) {
    let rewritten = context.targets.rewrite(reference, || path.schema_root());
    let Some(rewritten) = rewritten else {
        return;
    };
    if rewritten.is_repaired && !(is_swagger(context) && reference.starts_with("#/definitions/")) {
        let message = format!(
            "the reference `{reference}` leads to `{}` now",
            rewritten.reference
        );
        context.note(
            NoteKind::Repaired,
            "local definitions",
            path.field("$ref"),
            message,
        );
    }
    *reference = rewritten.reference;
}

/// Removes the reference of a schema. Of the other keywords, those stay that have an effect.
pub(super) fn take(
    map: &mut Schema,
    kept: &mut Schema,
    path: &Path<'_>,
    context: &mut Context,
) -> Option<String> {
    dynamic(map, kept, path, context);
    let mut reference = match map.remove("$ref") {
        Some(Value::String(reference)) => reference,
        Some(other) => {
            map.insert("$ref".to_owned(), other);
            return None;
        }
        None => return None,
    };
    rewrite(&mut reference, path, context);
    if !context.is_modern() {
        let is_annotation = |key: &str| ANNOTATIONS.contains(&key) || key.starts_with("x-");
        let ignored: Vec<String> = map
            .keys()
            .filter(|key| !is_annotation(key))
            .cloned()
            .collect();
        for key in ignored {
            map.remove(&key);
            let message = format!(
                "`{key}` beside `$ref` has no effect in OpenAPI {}",
                context.version
            );
            context.note(NoteKind::NotExpressed, "$ref", path.field(&key), message);
        }
    }
    Some(reference)
}

/// Replaces a dynamic reference to a known schema by a reference, and keeps it.
fn dynamic(map: &mut Schema, kept: &mut Schema, path: &Path<'_>, context: &mut Context) {
    for key in ["$dynamicRef", "$recursiveRef"] {
        let Some(value) = map.remove(key) else {
            continue;
        };
        let rewritten = value
            .as_str()
            .and_then(|reference| context.targets.rewrite(reference, || path.schema_root()));
        let target = rewritten.map(|rewritten| rewritten.reference);
        let message = match &target {
            Some(target) => format!("`{key}` always leads to `{target}` now"),
            None => format!("`{key}` is kept in `x-json-schema`"),
        };
        context.note(NoteKind::Kept, key, path.field(key), message);
        if let Some(target) = target.filter(|_| !map.contains_key("$ref")) {
            map.insert("$ref".to_owned(), target.into());
        } else {
            kept.insert(key.to_owned(), value);
        }
    }
}

/// Puts the reference back: alone, or in `allOf` if there are other keywords.
pub(super) fn join(map: &mut Schema, reference: String, path: &Path<'_>, context: &mut Context) {
    if map.is_empty() {
        map.insert("$ref".to_owned(), reference.into());
        return;
    }
    context.repaired_unless(
        context.is_modern(),
        "$ref",
        || path.field("$ref"),
        "a description of a reference",
    );
    let mut target = Map::new();
    target.insert("$ref".to_owned(), reference.into());
    let all_of = map.entry("allOf").or_insert_with(|| json!([]));
    if let Value::Array(parts) = all_of {
        parts.insert(0, Value::Object(target));
    } else {
        *all_of = json!([target]);
    }
}
