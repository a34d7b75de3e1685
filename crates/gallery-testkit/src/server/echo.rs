//! Repeats values of a request in the sample of a response: identifiers from the path, and
//! properties of the body.

use serde_json::Value;

use super::property_name::folded;
use crate::document::{Document, Endpoint};
use crate::request::RecordedRequest;
use crate::sample::flat;
use crate::schema::{Direction, Validator};
use crate::strict;

/// A named value of a request.
struct Sent {
    name: String,
    value: Value,
}

/// Replaces values in the sample of a response, where the schema allows it.
pub(super) fn echo(
    document: &Document,
    endpoint: &Endpoint,
    request: &RecordedRequest,
    schema: &Value,
    value: &mut Value,
) {
    let mut sent = Vec::new();
    if let Some(Value::Object(body)) = strict::body_value(document, endpoint, request) {
        let fields = body.into_iter();
        sent.extend(fields.map(|(name, value)| Sent {
            name: folded(&name),
            value,
        }));
    }
    let captured = request.captured(&document.base_path, endpoint);
    let captured: Vec<(String, String)> = captured.unwrap_or_default();
    for (name, raw) in &captured {
        sent.push(Sent {
            name: folded(name),
            value: Value::from(crate::style::decode(raw)),
        });
    }
    // `/users/{user_id}` returns the user with this `id`.
    if let Some((name, raw)) = captured.last()
        && folded(name).ends_with("id")
        && endpoint.template().ends_with(&format!("{{{name}}}"))
    {
        sent.push(Sent {
            name: "id".to_owned(),
            value: Value::from(crate::style::decode(raw)),
        });
    }
    for (name, text) in request.query_pairs() {
        sent.push(Sent {
            name: folded(&name),
            value: Value::from(text),
        });
    }
    let validator = Validator::new(document, Direction::Response);
    replace(validator, schema, value, &sent);
}

fn replace(validator: Validator<'_>, schema: &Value, value: &mut Value, sent: &[Sent]) {
    let schema = flat(validator.document, schema);
    match value {
        Value::Array(items) => {
            if let Some(inner) = schema.get("items") {
                let items = items.iter_mut();
                items.for_each(|item| replace(validator, inner, item, sent));
            }
        }
        Value::Object(map) => {
            let properties = schema.get("properties").and_then(Value::as_object);
            for (name, own) in properties.into_iter().flatten() {
                let named = folded(name);
                let Some(current) = map.get_mut(name) else {
                    continue;
                };
                let candidates = sent.iter().filter(|sent| sent.name == named);
                let mut candidates = candidates.flat_map(|sent| readings(&sent.value));
                if let Some(fitting) = candidates.find(|value| validator.is_valid(own, value)) {
                    *current = fitting;
                }
            }
        }
        _ => {}
    }
}

/// Returns a value, and a text also as the number or boolean that it may stand for.
fn readings(value: &Value) -> impl Iterator<Item = Value> {
    let text = value.as_str();
    let parsed = text.and_then(|text| serde_json::from_str::<Value>(text).ok());
    let scalar = parsed.filter(|parsed| parsed.is_number() || parsed.is_boolean());
    [value.clone()].into_iter().chain(scalar)
}
