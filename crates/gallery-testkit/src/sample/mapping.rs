//! Values of a tag that a discriminator maps to an alternative.

use serde_json::{Value, json};

use crate::document::Document;

/// Returns the tag of a discriminator, and a schema with the values that select an alternative.
/// `None` if the alternative itself lists these values, or none of them.
pub(super) fn mapped_tag<'d>(
    document: &Document,
    discriminator: Option<&'d Value>,
    alternative: &Value,
) -> Option<(&'d str, Value)> {
    let discriminator = discriminator?;
    let tag = discriminator.get("propertyName")?.as_str()?;
    let target = alternative.get("$ref")?.as_str()?;
    let name = target.strip_prefix("#/components/schemas/");
    let mapping = discriminator.get("mapping")?.as_object()?;
    let is_own = |other: &Value| other.as_str() == Some(target) || other.as_str() == name;
    let mapped = mapping.iter().filter(|(_, other)| is_own(other));
    let mapped: Vec<Value> = mapped.map(|(value, _)| json!(value)).collect();
    let listed = listed_values(document, alternative, tag, 0)?;
    let has_all = mapped.iter().all(|value| listed.contains(value));
    let is_narrower = !mapped.is_empty() && mapped.len() < listed.len() && has_all;
    is_narrower.then(|| (tag, json!({"enum": mapped})))
}

/// Returns the `enum` of a property of a schema or of a part of its `allOf`.
fn listed_values<'d>(
    document: &'d Document,
    schema: &'d Value,
    name: &str,
    depth: usize,
) -> Option<&'d Vec<Value>> {
    let schema = document.resolve(schema);
    let property = schema.get("properties").and_then(|own| own.get(name));
    let own = property.and_then(|own| document.resolve(own).get("enum")?.as_array());
    let parts = schema.get("allOf").and_then(Value::as_array);
    let mut parts = parts.into_iter().flatten().rev().filter(|_| depth < 8);
    own.or_else(|| parts.find_map(|part| listed_values(document, part, name, depth + 1)))
}
