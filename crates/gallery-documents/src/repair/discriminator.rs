//! Repairs of discriminators.

use serde_json::{Map, Value, json};

use super::context::RepairContext;

/// Writes a discriminator that is the name of a property as an object.
pub(super) fn text_discriminator(schema: &mut Map<String, Value>, context: &mut RepairContext<'_>) {
    match schema.get("discriminator") {
        Some(Value::String(name)) => {
            context.record("`discriminator` is text; written as an object");
            let object = json!({"propertyName": name});
            schema.insert("discriminator".to_owned(), object);
        }
        Some(other) if !other.get("propertyName").is_some_and(Value::is_string) => {
            context.record("`discriminator` names no property; removed");
            schema.remove("discriminator");
        }
        _ => {}
    }
}

/// Corrects values of a mapping that lead to no schema. If the name of one alternative ends with
/// the key, it is meant; otherwise the key is removed.
pub(super) fn unknown_mapping(schema: &mut Map<String, Value>, context: &mut RepairContext<'_>) {
    let unknown: Vec<(String, String)> = mapping(schema)
        .into_iter()
        .flatten()
        .filter(|(_, value)| !value.as_str().is_some_and(|text| context.is_schema(text)))
        .map(|(key, value)| (key.clone(), value.to_string()))
        .collect();
    if unknown.is_empty() {
        return;
    }
    let alternatives: Vec<String> = ["oneOf", "anyOf"]
        .into_iter()
        .filter_map(|key| schema.get(key)?.as_array())
        .flatten()
        .filter_map(|item| Some(item.get("$ref")?.as_str()?.to_owned()))
        .collect();
    let mut corrected = mapping(schema).cloned().unwrap_or_default();
    for (key, value) in unknown {
        let mut named = alternatives.iter().filter(|text| text.ends_with(&key));
        let only = named.next().filter(|_| named.next().is_none());
        let consequence = match only {
            Some(reference) => {
                corrected.insert(key.clone(), reference.as_str().into());
                format!("`{reference}` is meant")
            }
            None => {
                corrected.remove(&key);
                "removed".to_owned()
            }
        };
        context.record(format!(
            "the discriminator maps `{key}` to {value}, which does not exist; {consequence}"
        ));
    }
    if let Some(Value::Object(discriminator)) = schema.get_mut("discriminator") {
        match corrected.is_empty() {
            true => discriminator.remove("mapping"),
            false => discriminator.insert("mapping".to_owned(), corrected.into()),
        };
    }
}

fn mapping(schema: &Map<String, Value>) -> Option<&Map<String, Value>> {
    schema.get("discriminator")?.get("mapping")?.as_object()
}
