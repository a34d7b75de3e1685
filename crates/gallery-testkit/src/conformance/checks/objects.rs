//! The check of objects in parameters.

use serde_json::{Value, json};

use crate::conformance::checks::context::CheckContext;
use crate::conformance::checks::values::arrives_or_is_rejected;
use crate::conformance::checks::variants::{self, Variant};
use crate::document::{Endpoint, Parameter};
use crate::schema::Direction;

fn is_object(parameter: &Parameter) -> bool {
    let kind = parameter.schema.get("type");
    kind.is_some_and(|kind| kind == "object")
}

pub(super) fn has_objects(endpoint: &Endpoint) -> bool {
    endpoint.parameters.iter().any(is_object)
}

pub(super) fn objects(context: &CheckContext<'_>) -> Result<(), String> {
    let parameters = context.endpoint.parameters.iter();
    for parameter in parameters.filter(|parameter| is_object(parameter)) {
        for Variant { what, value, .. } in objects_of(context, &parameter.schema) {
            let can_be_sent = can_be_sent(&value);
            let arguments = context
                .required()
                .with(parameter.location, &parameter.name, value);
            let compared = match can_be_sent {
                true => {
                    let call = context.call(&arguments)?;
                    context.sent(&call, &arguments).map(|_| ())
                }
                false => arrives_or_is_rejected(context, &arguments),
            };
            compared
                .map_err(|failure| format!("with {what} for `{}`: {failure}", parameter.name))?;
        }
    }
    Ok(())
}

/// Returns objects at every edge of a schema, with null where it is allowed.
fn objects_of(context: &CheckContext<'_>, schema: &Value) -> Vec<Variant> {
    let mut objects = variants::variants(context.document, schema, &[Direction::Request]);
    let has_any_properties = schema.get("properties").is_none()
        && matches!(
            schema.get("additionalProperties"),
            None | Some(Value::Bool(true))
        );
    if has_any_properties {
        let object = json!({"first": "a", "second": null});
        objects.push(Variant::new("a null property", object));
    }
    objects
}

/// Returns true if every style can represent an object: its properties are scalars without
/// delimiters, and one is not null.
fn can_be_sent(object: &Value) -> bool {
    let is_scalar = |value: &Value| match value {
        Value::String(text) => {
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        }
        other => !other.is_array() && !other.is_object(),
    };
    let Value::Object(map) = object else {
        return false;
    };
    map.values().all(is_scalar) && map.values().any(|value| !value.is_null())
}
