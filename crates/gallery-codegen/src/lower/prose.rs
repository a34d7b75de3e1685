//! Takes all prose and all that progenitor ignores out of the document. The documentation pass writes prose from the canonical
//! document instead, escaped.

use openapiv3::{Info, OpenAPI, Parameter, ParameterData, ParameterSchemaOrContent, ReferenceOr, Schema, SchemaKind, Type};

use crate::lower::Work;

pub(crate) fn strip(work: &mut Work<'_>) {
    let document = &mut work.document;
    *document = OpenAPI {
        openapi: "3.0.3".to_owned(),
        info: Info { title: "API".to_owned(), version: "0".to_owned(), ..Info::default() },
        paths: std::mem::take(&mut document.paths),
        components: document.components.take(),
        ..OpenAPI::default()
    };
    document.paths.extensions.clear();
    work.each_operation(|_, _, _, operation| {
        operation.summary = None;
        operation.description = None;
        operation.external_docs = None;
        operation.tags.clear();
        operation.security = None;
        operation.servers.clear();
        operation.callbacks.clear();
        operation.extensions.clear();
    });
    for item in work.document.paths.paths.values_mut() {
        if let ReferenceOr::Item(item) = item {
            item.summary = None;
            item.description = None;
            item.servers.clear();
            item.extensions.clear();
        }
    }
    if let Some(components) = &mut work.document.components {
        // References are written out where they stand, so that only schemas are left to refer to.
        let schemas = std::mem::take(&mut components.schemas);
        *components = openapiv3::Components { schemas, ..openapiv3::Components::default() };
        for schema in components.schemas.values_mut() {
            strip_schema(schema);
        }
    }
}

/// What parameters of all places have.
pub(super) fn data_of(parameter: &mut Parameter) -> &mut ParameterData {
    match parameter {
        Parameter::Query { parameter_data, .. }
        | Parameter::Header { parameter_data, .. }
        | Parameter::Path { parameter_data, .. }
        | Parameter::Cookie { parameter_data, .. } => parameter_data,
    }
}

/// The prose of a parameter, once it is written out where it stands.
pub(super) fn strip_parameter(parameter: &mut Parameter) {
    let data = data_of(parameter);
    data.description = None;
    data.example = None;
    data.examples.clear();
    data.deprecated = None;
    data.extensions.clear();
    if let ParameterSchemaOrContent::Schema(schema) = &mut data.format {
        strip_schema(schema);
    }
}

/// Titles too: a title beats the name under which a schema stands, and two schemas of one title become one type.
pub(super) fn strip_schema(schema: &mut ReferenceOr<Schema>) {
    let ReferenceOr::Item(schema) = schema else { return };
    let data = &mut schema.schema_data;
    data.title = None;
    data.description = None;
    data.external_docs = None;
    data.example = None;
    data.discriminator = None;
    data.extensions.clear();
    match &mut schema.schema_kind {
        // Formats of strings become types of crates that clients do not depend on, such as chrono's.
        SchemaKind::Type(Type::String(string)) => string.format = openapiv3::VariantOrUnknownOrEmpty::Empty,
        SchemaKind::Type(Type::Object(object)) => {
            for property in object.properties.values_mut() {
                strip_boxed(property);
            }
            if let Some(openapiv3::AdditionalProperties::Schema(schema)) = &mut object.additional_properties {
                strip_schema(schema);
            }
        }
        SchemaKind::Type(Type::Array(array)) => {
            if let Some(items) = &mut array.items {
                strip_boxed(items);
            }
        }
        // The others are refused where they hold schemas of their own.
        _ => {}
    }
}

fn strip_boxed(schema: &mut ReferenceOr<Box<Schema>>) {
    let mut unboxed = schema.clone().unbox();
    strip_schema(&mut unboxed);
    *schema = match unboxed {
        ReferenceOr::Item(schema) => ReferenceOr::Item(Box::new(schema)),
        ReferenceOr::Reference { reference } => ReferenceOr::Reference { reference },
    };
}
