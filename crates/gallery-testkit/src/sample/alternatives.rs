//! The alternatives of `oneOf` and `anyOf`.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::flat::flat;
use super::mapping::mapped_tag;
use super::null::is_null;
use crate::document::Document;

/// The maximum height of values that is computed.
const HEIGHT: usize = 16;

/// Returns the schema once for each alternative. An alternative that only adds null is not listed
/// beside others.
pub(crate) fn alternatives(document: &Document, schema: &Value) -> Vec<Value> {
    let schema = document.resolve(schema);
    let is_other = |alternative: &&Value| !is_null(document.resolve(alternative));
    let has_others = listed(schema)
        .iter()
        .any(|alternative| is_other(&alternative));
    let alone = |alternative: &Value| {
        let mut parts = schema
            .get("allOf")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        parts.push(alternative.clone());
        let mapped = mapped_tag(document, schema.get("discriminator"), alternative);
        parts.extend(mapped.map(|(tag, values)| json!({"properties": {tag: values}})));
        let mut schema = schema.clone();
        if let Value::Object(keywords) = &mut schema {
            keywords.retain(|keyword, _| !["oneOf", "anyOf"].contains(&keyword.as_str()));
            keywords.insert("allOf".to_owned(), parts.into());
        }
        schema
    };
    let listed = listed(schema).iter();
    let listed = listed.filter(|alternative| !has_others || is_other(alternative));
    listed.map(alone).collect()
}

/// Returns true if an alternative only adds null.
#[cfg(feature = "conformance")]
pub(crate) fn has_null_alternative(document: &Document, schema: &Value) -> bool {
    let alternatives = listed(document.resolve(schema)).iter();
    alternatives
        .map(|alternative| document.resolve(alternative))
        .any(is_null)
}

/// Returns the alternatives as they are written.
pub(super) fn listed(schema: &Value) -> &[Value] {
    let listed = ["oneOf", "anyOf"]
        .iter()
        .find_map(|keyword| schema.get(keyword)?.as_array());
    listed.map(Vec::as_slice).unwrap_or_default()
}

/// Returns the schema with the alternative whose values have the smallest height. Returns `None` if
/// the schema has no alternatives.
pub(super) fn lowest(document: &Document, schema: &Value) -> Option<Value> {
    let all = alternatives(document, schema);
    all.into_iter()
        .min_by_key(|alternative| height(document, alternative, &mut HashSet::new()))
}

/// Returns the minimum height of the values of a schema: the nesting of required properties.
fn height(document: &Document, schema: &Value, above: &mut HashSet<String>) -> usize {
    let name = schema.get("$ref").and_then(Value::as_str);
    if above.len() > HEIGHT || name.is_some_and(|name| !above.insert(name.to_owned())) {
        return HEIGHT;
    }
    let resolved = document.resolve(schema);
    let others = ["oneOf", "anyOf"].iter();
    let alternatives = others
        .filter_map(|keyword| resolved.get(keyword)?.as_array())
        .flatten();
    let lowest = alternatives.map(|own| height(document, own, above)).min();
    let lowest = lowest.unwrap_or_else(|| {
        let flat = flat(document, resolved);
        let required = flat.get("required").and_then(Value::as_array);
        let required = required.into_iter().flatten().filter_map(Value::as_str);
        let properties = required.filter_map(|name| flat.get("properties")?.get(name));
        let heights = properties.map(|own| height(document, own, above).saturating_add(1));
        heights.max().unwrap_or_default()
    });
    if let Some(name) = name {
        above.remove(name);
    }
    lowest.min(HEIGHT)
}
