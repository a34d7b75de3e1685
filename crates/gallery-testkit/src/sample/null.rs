//! Schemas that stand for null.

use serde_json::Value;

use crate::document::Document;

/// Returns the first alternative that is not null, or null if all are null.
pub(super) fn first_alternative<'d>(
    document: &'d Document,
    listed: &'d [Value],
) -> Option<&'d Value> {
    let mut others = listed.iter().filter(|own| !is_null(document.resolve(own)));
    others.next().or(listed.first())
}

/// Returns true if a schema stands for null, which OpenAPI 3.0 has no type for: a nullable schema
/// without a type, or a nullable object that allows no properties.
pub(super) fn is_null(schema: &Value) -> bool {
    const ANNOTATIONS: [&str; 5] = ["title", "description", "default", "example", "deprecated"];
    let Some(keywords) = schema.as_object() else {
        return false;
    };
    let is_closed = keywords.get("additionalProperties") == Some(&Value::Bool(false));
    let is_ignored = |(name, value): (&String, &Value)| match name.as_str() {
        "nullable" => true,
        "type" => is_closed && value == "object",
        "additionalProperties" => is_closed,
        name => name.starts_with("x-") || ANNOTATIONS.contains(&name),
    };
    keywords.get("nullable") == Some(&Value::Bool(true)) && keywords.iter().all(is_ignored)
}
