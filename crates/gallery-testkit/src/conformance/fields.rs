//! The check of fields: each property is one, and not among the other properties of a map.
//!
//! A map of other properties accepts a property too whose field has a wrong name, and writes it
//! again. Only the code of the type shows the difference.

use serde_json::Value;

use crate::conformance::schema_types::Schema;
use crate::conformance::surface::Surface;
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
    let names = properties.into_iter().flat_map(|own| own.keys());
    let missing = names.filter(|name| !fields.contains(*name));
    missing
        .map(|name| format!("`{}`: the property `{name}` has no field", own.name()))
        .collect()
}
