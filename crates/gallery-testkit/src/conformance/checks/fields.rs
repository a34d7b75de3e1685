//! The check of fields: each property is one, and not among the other properties of a map.
//!
//! A map of other properties accepts a property too whose field has a wrong name, and writes it
//! again. Only the code of the type shows the difference.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::conformance::checks::surface::Surface;
use crate::conformance::schema_types::Schema;
use crate::document::Document;
use crate::sample::flat;

/// Returns the properties without a field of an object that has a map of other properties.
pub(super) fn failures(
    document: &Document,
    schema: &Value,
    own: &Schema,
    surface: &Surface,
) -> Vec<String> {
    let Some(fields) = surface.open_structs.get(own.type_name()) else {
        return Vec::new();
    };
    let schema = flat(document, schema);
    let properties = schema.get("properties").and_then(Value::as_object);
    let names = properties
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str());
    let required = schema.get("required").and_then(Value::as_array);
    let required = required.into_iter().flatten().filter_map(Value::as_str);
    let names: BTreeSet<&str> = names.chain(required).collect();
    let missing = names.into_iter().filter(|name| !fields.contains(*name));
    missing
        .map(|name| format!("`{}`: the property `{name}` has no field", own.name()))
        .collect()
}
