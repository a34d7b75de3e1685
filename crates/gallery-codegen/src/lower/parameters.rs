//! Makes every parameter a query parameter with the name of its setter and a schema that its style
//! supports. Generated code has its actual location, name and style.

use openapiv3::{
    Parameter, ParameterData, ParameterSchemaOrContent, QueryStyle, ReferenceOr, Schema,
};

use crate::bindings::OperationBinding;
use crate::lower::schemas::{JsonType, SchemaLocation, map, without_null};
use crate::lower::work::Work;
use crate::parameters::{ParameterBinding, ParameterLocation, listed_parameters};
use crate::wire::{Style, schema_pointer};

pub(crate) fn reshape(work: &mut Work<'_>) {
    for (index, endpoint) in work.canonical.endpoints().iter().enumerate() {
        let binding = &work.bindings.operations[index];
        for (pointer, parameter) in listed_parameters(work.canonical, endpoint) {
            let Some(own) = binding.parameters.iter().find(|own| own.pointer == pointer) else {
                continue;
            };
            let data = parameter.parameter_data_ref();
            let required = data.required || own.location == ParameterLocation::Path;
            let schema = lower_schema(work, binding, own, data);
            work.operations[index]
                .parameters
                .push(ReferenceOr::Item(query(&own.setter, required, schema)));
        }
    }
}

fn lower_schema(
    work: &mut Work<'_>,
    operation: &OperationBinding,
    own: &ParameterBinding,
    data: &ParameterData,
) -> ReferenceOr<Schema> {
    let location = SchemaLocation::new(
        format!("{}/{}", own.pointer, schema_pointer(data)),
        format!("{} {}", operation.method, own.setter),
    );
    // Parameters cannot be null.
    let (schema, _) = without_null(work.schemas.lower_at(location));
    let json_type = work.schemas.json_type(&schema);
    if let Some(message) = extension_mismatch(own, json_type) {
        work.reject("parameter-style", &own.pointer, message);
        return schema;
    }
    match json_type {
        // progenitor does not support builders for parameters.
        Some(JsonType::Object) => map(None),
        _ => schema,
    }
}

/// Returns a message if the schema of a parameter does not fit its extension.
fn extension_mismatch(own: &ParameterBinding, json_type: Option<JsonType>) -> Option<&'static str> {
    let is_numbered = own.style.is_some_and(|(style, _)| style == Style::Numbered);
    if is_numbered && json_type != Some(JsonType::Array) {
        return Some("`x-gallery-numbered-keys` requires an array");
    }
    let is_text = !matches!(json_type, Some(JsonType::Array | JsonType::Object));
    (own.allows_slashes && !is_text).then_some("`x-gallery-allow-slashes` requires a string")
}

fn query(name: &str, required: bool, schema: ReferenceOr<Schema>) -> Parameter {
    Parameter::Query {
        parameter_data: ParameterData {
            name: name.to_owned(),
            description: None,
            required,
            deprecated: None,
            format: ParameterSchemaOrContent::Schema(schema),
            example: None,
            examples: indexmap::IndexMap::new(),
            explode: None,
            extensions: indexmap::IndexMap::new(),
        },
        allow_reserved: false,
        style: QueryStyle::Form,
        allow_empty_value: None,
    }
}
