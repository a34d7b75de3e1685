//! Values of a tag that a discriminator maps to an alternative.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::document::Document;
use crate::pointer::unescape;

/// The prefix of references to component schemas.
pub(crate) const SCHEMAS: &str = "#/components/schemas/";

/// Returns the name of the component schema that a reference names.
pub(crate) fn component(schema: &Value) -> Option<String> {
    let reference = schema.get("$ref")?.as_str()?;
    Some(unescape(reference.strip_prefix(SCHEMAS)?))
}

/// Returns the values that a discriminator maps to a component schema.
pub(crate) fn mapped_values(discriminator: &Value, name: &str) -> Vec<Value> {
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let mapping = mapping.into_iter().flat_map(Map::iter);
    let is_own = |target: &str| {
        let target = target.strip_prefix(SCHEMAS).unwrap_or(target);
        unescape(target) == name
    };
    let mapped = mapping.filter(|(_, target)| target.as_str().is_some_and(is_own));
    mapped.map(|(value, _)| json!(value)).collect()
}

/// Returns the tag of a discriminator, and a schema with the values that select an alternative.
/// `None` if the alternative itself lists these values, or none of them.
pub(super) fn mapped_tag<'d>(
    document: &Document,
    discriminator: Option<&'d Value>,
    alternative: &Value,
) -> Option<(&'d str, Value)> {
    let discriminator = discriminator?;
    let tag = discriminator.get("propertyName")?.as_str()?;
    let mapped = mapped_values(discriminator, &component(alternative)?);
    let listed = listed_values(document, alternative, tag, &mut HashSet::new())?;
    let has_all = mapped.iter().all(|value| listed.contains(value));
    let is_narrower = !mapped.is_empty() && mapped.len() < listed.len() && has_all;
    is_narrower.then(|| (tag, json!({"enum": mapped})))
}

/// The maximum number of parts of an `allOf`, and of parts in these.
const PARTS: usize = 64;

/// Returns the `enum` of a property of a schema or of a part of its `allOf`.
fn listed_values<'d>(
    document: &'d Document,
    schema: &'d Value,
    name: &str,
    seen: &mut HashSet<*const Value>,
) -> Option<&'d Vec<Value>> {
    let schema = document.resolve(schema);
    if seen.len() == PARTS || !seen.insert(schema) {
        return None;
    }
    let property = schema.get("properties").and_then(|own| own.get(name));
    let own = property.and_then(|own| document.resolve(own).get("enum")?.as_array());
    let parts = schema.get("allOf").and_then(Value::as_array);
    let mut parts = parts.into_iter().flatten().rev();
    own.or_else(|| parts.find_map(|part| listed_values(document, part, name, seen)))
}
