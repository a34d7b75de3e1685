//! Keywords about properties and items.

use serde_json::{Value, json};

use super::support::{Schema, note_kept, union};
use crate::context::Context;
use crate::walk::Path;

/// Removes an empty `required` or `enum`, which OpenAPI 3.0 does not allow.
pub(super) fn empty_lists(map: &mut Schema, path: &Path<'_>, context: &mut Context) {
    for key in ["required", "enum"] {
        let is_empty = map
            .get(key)
            .and_then(Value::as_array)
            .is_some_and(Vec::is_empty);
        if is_empty {
            map.remove(key);
            context.repaired_unless(
                context.is_modern() && key == "required",
                key,
                || path.field(key),
                &format!("an empty `{key}`"),
            );
        }
    }
}

/// Converts `patternProperties`.
///
/// One pattern without other properties is a map. If the pattern allows only some names, it is kept
/// in `propertyNames`, which has the same meaning.
pub(super) fn properties(
    map: &mut Schema,
    kept: &mut Schema,
    path: &Path<'_>,
    context: &mut Context,
) {
    let Some(Value::Object(mut patterns)) = map.remove("patternProperties") else {
        return;
    };
    context.repaired_unless(
        context.is_modern(),
        "patternProperties",
        || path.field("patternProperties"),
        "`patternProperties`",
    );
    let has_properties = map
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(|properties| !properties.is_empty());
    let is_closed = map
        .get("additionalProperties")
        .is_some_and(|additional| *additional == false);
    let single = match patterns.keys().next() {
        Some(pattern) if patterns.len() == 1 && !has_properties => Some(pattern.clone()),
        _ => None,
    };
    if let Some(pattern) = single
        && (is_closed || matches_all(&pattern))
        && (matches_all(&pattern) || !map.contains_key("propertyNames"))
    {
        if let Some(schema) = patterns.remove(&pattern) {
            map.insert("additionalProperties".to_owned(), schema);
        }
        if !matches_all(&pattern) {
            kept.insert("propertyNames".to_owned(), json!({"pattern": pattern}));
            note_kept(
                "patternProperties",
                path.field("patternProperties"),
                context,
            );
        }
        return;
    }
    if patterns.is_empty() {
        return;
    }
    // Names that match a pattern are allowed whatever `additionalProperties` says.
    match map.remove("additionalProperties") {
        Some(Value::Bool(true)) | None => {}
        Some(additional) => {
            let others = Some(&additional).filter(|_| !is_closed);
            let union = union(patterns.values().chain(others));
            map.insert("additionalProperties".to_owned(), union);
            kept.insert("additionalProperties".to_owned(), additional);
        }
    }
    kept.insert("patternProperties".to_owned(), Value::Object(patterns));
    note_kept(
        "patternProperties",
        path.field("patternProperties"),
        context,
    );
}

fn matches_all(pattern: &str) -> bool {
    let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
    let pattern = pattern.strip_suffix('$').unwrap_or(pattern);
    matches!(pattern, "" | ".*" | ".+" | ".")
}

/// Converts tuples, and arrays without a schema of their items.
pub(super) fn items(map: &mut Schema, kept: &mut Schema, path: &Path<'_>, context: &mut Context) {
    let (tuple, code) = match (map.remove("prefixItems"), map.get("items")) {
        (Some(Value::Array(tuple)), _) => (Some(tuple), "prefixItems"),
        (_, Some(Value::Array(_))) => match map.remove("items") {
            Some(Value::Array(tuple)) => {
                if let Some(rest) = map.remove("additionalItems") {
                    map.insert("items".to_owned(), rest);
                }
                (Some(tuple), "items")
            }
            _ => (None, "items"),
        },
        _ => (None, "items"),
    };
    if let Some(tuple) = tuple.filter(|tuple| !tuple.is_empty()) {
        context.repaired_unless(
            context.is_modern() && code == "prefixItems",
            code,
            || path.field(code),
            if code == "items" {
                "a list of schemas in `items`, kept as `prefixItems`,"
            } else {
                "`prefixItems`"
            },
        );
        convert_tuple(map, kept, tuple);
        if code == "prefixItems" {
            note_kept("prefixItems", path.field(code), context);
        }
    } else if is_false(map.get("items")) && context.is_modern() {
        map.insert("items".to_owned(), json!({}));
        map.insert("maxItems".to_owned(), 0.into());
    }
    let is_array = match map.get("type") {
        Some(Value::String(kind)) => kind == "array",
        Some(Value::Array(kinds)) => {
            let is_other = |kind: &Value| kind != "array" && kind != "null" && !kind.is_null();
            kinds.iter().any(|kind| kind == "array") && !kinds.iter().any(is_other)
        }
        _ => false,
    };
    if is_array && !map.contains_key("items") {
        context.repaired_unless(
            context.is_modern(),
            "array without items",
            || path.pointer(),
            "an array without `items`",
        );
        map.insert("items".to_owned(), json!({}));
    }
}

fn is_false(schema: Option<&Value>) -> bool {
    schema.is_some_and(|schema| *schema == false || *schema == json!({"not": {}}))
}

/// Replaces the schemas of a tuple by one for any of its items.
fn convert_tuple(map: &mut Schema, kept: &mut Schema, tuple: Vec<Value>) {
    let length = tuple.len();
    let rest = map.remove("items");
    let is_closed = is_false(rest.as_ref());
    let maximum = map.get("maxItems").and_then(Value::as_u64);
    let is_closed_by_length =
        maximum.is_some_and(|maximum| usize::try_from(maximum).is_ok_and(|max| max <= length));
    let items = match &rest {
        _ if is_closed || is_closed_by_length => union(tuple.iter()),
        Some(rest) if !rest.is_boolean() => union(tuple.iter().chain([rest])),
        _ => json!({}),
    };
    map.insert("items".to_owned(), items);
    if is_closed && !is_closed_by_length {
        map.insert("maxItems".to_owned(), length.into());
    }
    if let Some(rest) = rest {
        let rest = if is_closed { false.into() } else { rest };
        kept.insert("items".to_owned(), rest);
    }
    kept.insert("prefixItems".to_owned(), tuple.into());
}
