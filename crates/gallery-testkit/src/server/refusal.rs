//! Refusals in the documented error shape, so that any client shows the reason.

use serde_json::{Value, json};

use super::property_name::folded;
use super::reply::Reply;
use crate::document::{Document, Endpoint, Response, is_json};
use crate::sample::{self, Samples, flat};
use crate::schema::{Direction, Validator};

/// Names of properties that contain a message, the likeliest first.
const MESSAGES: [&str; 14] = [
    "message",
    "errormessage",
    "error",
    "detail",
    "title",
    "errordescription",
    "description",
    "reason",
    "msg",
    "details",
    "text",
    "errors",
    "messages",
    "fault",
];

/// Maximum nesting of the property with the message.
const DEPTH: usize = 4;

/// Returns the refusal of a request with the reason in the documented error. Without an operation,
/// or if its errors cannot contain the reason, the body is an object with the reason in `error`.
pub(crate) fn refusal(
    document: &Document,
    endpoint: Option<&Endpoint>,
    status: u16,
    reason: &str,
) -> Reply {
    let others = document.endpoints.iter().filter(|_| endpoint.is_none());
    let mut endpoints = endpoint.into_iter().chain(others);
    endpoints
        .find_map(|endpoint| documented(document, endpoint, status, reason))
        .unwrap_or_else(|| Reply::json(status, json!({"error": reason})))
}

fn documented(
    document: &Document,
    endpoint: &Endpoint,
    status: u16,
    reason: &str,
) -> Option<Reply> {
    if endpoint.has_no_response_body() {
        return None;
    }
    let rank = |response: &&Response| match response.status.to_ascii_uppercase().as_str() {
        own if own == status.to_string() => Some(0),
        "4XX" => Some(1),
        "DEFAULT" => Some(2),
        own if own.starts_with('4') => Some(3),
        own if own.starts_with('5') => Some(4),
        _ => None,
    };
    let mut responses: Vec<&Response> = endpoint.responses.iter().collect();
    responses.retain(|response| rank(response).is_some());
    responses.sort_by_key(rank);
    let mut contents = responses.iter().flat_map(|response| &response.content);
    contents.find_map(|(kind, schema)| {
        let body = if is_json(kind) {
            json_body(document, schema.as_ref()?, status, reason)?.to_string()
        } else if kind.starts_with("text/plain") {
            reason.to_owned()
        } else {
            return None;
        };
        Some(
            Reply::new(status)
                .with_header("content-type", kind)
                .with_body(body),
        )
    })
}

fn json_body(document: &Document, schema: &Value, status: u16, reason: &str) -> Option<Value> {
    let validator = Validator::new(document, Direction::Response);
    let mut body = sample::sent(validator, schema, Samples::Plausible);
    let is_set = set_message(validator, schema, &mut body, reason, DEPTH);
    set_status(validator, schema, &mut body, status);
    (is_set && validator.is_valid(schema, &body)).then_some(body)
}

/// Sets the message of an error. Returns false if the schema has no place for it.
fn set_message(
    validator: Validator<'_>,
    schema: &Value,
    value: &mut Value,
    reason: &str,
    depth: usize,
) -> bool {
    let schema = flat(validator.document, schema);
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    match value {
        Value::String(text) => {
            let most = schema.get("maxLength").and_then(Value::as_u64);
            let most = most.and_then(|most| usize::try_from(most).ok());
            let message: String = reason.chars().take(most.unwrap_or(usize::MAX)).collect();
            let is_valid = validator.is_valid(&schema, &Value::from(message.as_str()));
            if is_valid {
                *text = message;
            }
            is_valid
        }
        Value::Array(items) => {
            let inner = schema.get("items").cloned().unwrap_or_default();
            let mut items = items.iter_mut();
            items
                .next()
                .is_some_and(|item| set_message(validator, &inner, item, reason, depth))
        }
        Value::Object(map) => {
            let properties = schema.get("properties").and_then(Value::as_object);
            let Some(properties) = properties.filter(|properties| !properties.is_empty()) else {
                map.insert("message".to_owned(), Value::from(reason));
                return true;
            };
            MESSAGES.into_iter().any(|wanted| {
                let mut named = properties.iter().filter(|(name, _)| folded(name) == wanted);
                named.any(|(name, own)| {
                    let value = map.get_mut(name);
                    value.is_some_and(|value| set_message(validator, own, value, reason, depth))
                })
            })
        }
        _ => false,
    }
}

/// Sets the properties of an error that repeat the status.
fn set_status(validator: Validator<'_>, schema: &Value, value: &mut Value, status: u16) {
    let schema = flat(validator.document, schema);
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, own) in properties.into_iter().flatten() {
        let is_status = matches!(folded(name).as_str(), "status" | "statuscode" | "code");
        if let Some(current) = value.get_mut(name)
            && is_status
            && current.is_number()
            && validator.is_valid(own, &json!(status))
        {
            *current = json!(status);
        }
    }
}
