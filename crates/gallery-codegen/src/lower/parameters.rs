//! Makes every parameter a query parameter under its setter's name, with a schema whose Rust type says what the style can. The
//! `request` pass writes each to its place, under its own name and in its own style.

use openapiv3::{
    Parameter, ParameterData, ParameterSchemaOrContent, QueryStyle, ReferenceOr, Schema,
    SchemaKind, Type,
};

use crate::bindings::{Location, OperationBinding, ParameterBinding, listed_parameters};
use crate::lower::Work;
use crate::lower::schemas::{Kind, Spot, any, map, without_null};
use crate::wire::{Style, schema_of, schema_place};

pub(crate) fn reshape(work: &mut Work<'_>) {
    for (at, endpoint) in work.canonical.endpoints().iter().enumerate() {
        let binding = &work.bindings.operations[at];
        for (pointer, parameter) in listed_parameters(work.canonical, endpoint) {
            let Some(own) = binding.parameters.iter().find(|own| own.pointer == pointer) else {
                continue;
            };
            let data = parameter.parameter_data_ref();
            let required = data.required || own.location == Location::Path;
            let schema = lowered(work, binding, own, data);
            work.operations[at].parameters.push(ReferenceOr::Item(query(
                &own.setter,
                required,
                schema,
            )));
        }
    }
}

fn lowered(
    work: &mut Work<'_>,
    operation: &OperationBinding,
    own: &ParameterBinding,
    data: &ParameterData,
) -> ReferenceOr<Schema> {
    let Some(schema) = schema_of(data) else {
        return any();
    };
    let spot = Spot::new(
        format!("{}/{}", own.pointer, schema_place(data)),
        format!("{} {}", operation.method, own.setter),
    );
    // No place but a body has a null.
    let (schema, _) = without_null(work.schemas.lower(&spot, schema));
    let style = own.style.map(|(style, _)| style);
    let of_objects = style == Some(Style::DeepObject);
    match work.schemas.kind(&schema) {
        // progenitor has no room for a builder in a parameter; a map can say the same.
        Some(Kind::Object) => map(None),
        Some(Kind::Several) | None => schema,
        Some(_) if of_objects => {
            work.refuse(
                "parameter-style",
                &own.pointer,
                "only an object can be written in the style `deepObject`",
            );
            schema
        }
        Some(Kind::List) if style != Some(Style::Json) => match &schema {
            ReferenceOr::Item(Schema {
                schema_kind: SchemaKind::Type(Type::Array(array)),
                ..
            }) => list(work, own, &schema, array),
            _ => schema,
        },
        Some(_) => schema,
    }
}

/// A list of plain values; no style has an order for lists or objects in lists.
fn list(
    work: &mut Work<'_>,
    own: &ParameterBinding,
    schema: &ReferenceOr<Schema>,
    array: &openapiv3::ArrayType,
) -> ReferenceOr<Schema> {
    if own.location == Location::Cookie && own.style.is_some_and(|(_, explode)| explode) {
        work.refuse(
            "parameter-style",
            &own.pointer,
            "a list in a cookie needs `explode: false`: a cookie has one value",
        );
    }
    let items = array.items.clone().map_or_else(any, ReferenceOr::unbox);
    if matches!(work.schemas.kind(&items), Some(Kind::List | Kind::Object)) {
        let message = "lists and objects in a list have no form in any style of OpenAPI; use `content` with application/json";
        work.refuse(
            "parameter-schema",
            &format!("{}/schema/items", own.pointer),
            message,
        );
    }
    schema.clone()
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
