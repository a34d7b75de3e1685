//! Repairs of bodies.
//!
//! Every body of the gallery refers to a definition `holder` that no document has. Its type is
//! unknown, so it becomes any JSON.

use serde_json::Value;

use super::context::RepairContext;
use crate::lift::UNLISTED_BODY;
use crate::swagger2::{Operation, Parameter, ParameterLocation};
use gallery_draft::{Method, check_schema};

/// Removes schemas with references. No document has `definitions`, so every reference dangles.
pub(crate) fn drop_dangling_references(operation: &mut Operation, context: &mut RepairContext<'_>) {
    for parameter in &mut operation.parameters {
        drop_from(&mut parameter.schema, &parameter.pointer, context);
    }
    for response in &mut operation.responses {
        drop_from(&mut response.schema, &response.pointer, context);
    }
}

fn drop_from(schema: &mut Option<Value>, pointer: &str, context: &mut RepairContext<'_>) {
    if let Some(target) = schema.as_ref().and_then(first_reference) {
        context.record(
            pointer,
            format!(
                "the schema refers to `{target}`, which does not exist; the schema was removed"
            ),
        );
        *schema = None;
    }
}

fn first_reference(schema: &Value) -> Option<String> {
    match schema {
        Value::Object(map) => match map.get("$ref") {
            Some(target) => Some(
                target
                    .as_str()
                    .map_or_else(|| target.to_string(), str::to_owned),
            ),
            None => map.values().find_map(first_reference),
        },
        Value::Array(items) => items.iter().find_map(first_reference),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// Removes schemas that are not valid in OpenAPI 3.0.
pub(crate) fn drop_foreign_schemas(operation: &mut Operation, context: &mut RepairContext<'_>) {
    let parameters = operation
        .parameters
        .iter_mut()
        .map(|it| (&mut it.schema, &it.pointer));
    for (schema, pointer) in parameters.chain(
        operation
            .responses
            .iter_mut()
            .map(|it| (&mut it.schema, &it.pointer)),
    ) {
        let error = schema
            .as_ref()
            .and_then(|schema| check_schema(schema).err());
        if let Some(error) = error {
            context.record(
                pointer,
                format!(
                    "the schema is not valid in OpenAPI 3.0 ({}); removed",
                    error.reason
                ),
            );
            *schema = None;
        }
    }
}

/// Moves the form of a GET, HEAD or TRACE to the query string: those have no body.
pub(crate) fn form_in_query(operation: &mut Operation, context: &mut RepairContext<'_>) {
    if !matches!(operation.method, Method::Get | Method::Head | Method::Trace) {
        return;
    }
    for parameter in operation
        .parameters
        .iter_mut()
        .filter(|parameter| parameter.location == ParameterLocation::FormData)
    {
        let message = format!(
            "{} has no form; the field `{}` moves to the query string",
            operation.method, parameter.name
        );
        context.record(&parameter.pointer, message);
        parameter.location = ParameterLocation::Query;
    }
}

/// Joins several bodies as the parts of one untyped body that names them. A form besides is an
/// alternative: a request has either.
pub(crate) fn join(operation: &mut Operation, context: &mut RepairContext<'_>) {
    let is_part = |it: &Parameter| it.location == ParameterLocation::Body;
    let bodies: Vec<&Parameter> = operation
        .parameters
        .iter()
        .filter(|it| is_part(it))
        .collect();
    if let Some(body) = bodies.first()
        && operation
            .parameters
            .iter()
            .any(|it| it.location == ParameterLocation::FormData)
    {
        context.record(
            &body.pointer,
            "the operation has a form besides its body; a request has either".to_owned(),
        );
    }
    if bodies.len() < 2 {
        return;
    }
    let Some(at) = operation
        .parameters
        .iter()
        .position(|it| it.location == ParameterLocation::Body)
    else {
        return;
    };
    let line = |it: &Parameter| match &it.description {
        Some(description) => format!("- `{}`: {description}", it.name),
        None => format!("- `{}`", it.name),
    };
    let parts: Vec<String> = operation
        .parameters
        .iter()
        .filter(|it| is_part(it))
        .map(line)
        .collect();
    let message = format!(
        "the operation has {} bodies; joined as parts of one untyped body",
        parts.len()
    );
    let mut body = Parameter::new(
        &operation.parameters[at].pointer,
        "body",
        ParameterLocation::Body,
    );
    body.description = Some(format!(
        "The listing names the parts:\n\n{}",
        parts.join("\n")
    ));
    body.required = operation
        .parameters
        .iter()
        .any(|it| is_part(it) && it.required);
    context.record(&body.pointer, message);
    operation.parameters[at] = body;
    let mut position = 0;
    operation.parameters.retain(|it| {
        position += 1;
        position - 1 == at || !is_part(it)
    });
}

/// Adds an optional body to a POST, PUT or PATCH without one: a listing that does not mention a
/// body may not know of it.
pub(crate) fn assume_body(operation: &mut Operation, context: &mut RepairContext<'_>) {
    let may_have_body = matches!(operation.method, Method::Post | Method::Put | Method::Patch);
    let has_body = operation.parameters.iter().any(|it| {
        matches!(
            it.location,
            ParameterLocation::Body | ParameterLocation::FormData
        )
    });
    if has_body || !may_have_body {
        return;
    }
    let mut body = Parameter::new(&operation.pointer, "body", ParameterLocation::Body);
    body.assumed = vec![UNLISTED_BODY, "schema"];
    operation.parameters.push(body);
    context.record(
        &operation.pointer,
        format!(
            "the listing mentions no body of this {}; assumed to be optional JSON",
            operation.method
        ),
    );
}

pub(crate) fn assume_any(operation: &mut Operation, context: &mut RepairContext<'_>) {
    for parameter in &mut operation.parameters {
        if parameter.location == ParameterLocation::Body
            && parameter.schema.is_none()
            && !parameter.assumed.contains(&"schema")
        {
            parameter.assumed.push("schema");
            context.record(
                &parameter.pointer,
                format!(
                    "the body `{}` has no usable schema; assumed to be any JSON",
                    parameter.name
                ),
            );
        }
    }
}
