//! Parts of schemas and of their values.

use serde_json::{Value, json};

use crate::document::Document;
use crate::pointer::escape;
use crate::sample::{self, flat};
use crate::schema::Direction;

/// Returns the extreme numbers that a schema allows.
pub(in crate::conformance::checks) fn numbers(schema: &Value) -> Vec<Value> {
    let format = schema.get("format").and_then(Value::as_str);
    let edges = match (schema.get("type").and_then(Value::as_str), format) {
        (Some("integer"), Some("int32")) => {
            vec![json!(0), json!(-1), json!(i32::MAX), json!(i32::MIN)]
        }
        (Some("integer"), Some("int64") | None) => vec![
            json!(0),
            json!(-1),
            json!(1_i64 << 31),
            json!(-(1_i64 << 31) - 1),
            json!((1_i64 << 53) + 1),
            json!(i64::MAX),
            json!(i64::MIN),
        ],
        (Some("number"), None | Some("double" | "float")) => {
            let mut numbers = vec![
                json!(0.5),
                json!(-2.25),
                json!(1_048_576.125),
                json!(-0.001_953_125),
            ];
            if format != Some("float") {
                // 32 bits are not enough for this number.
                numbers.push(json!(0.1));
            }
            numbers
        }
        _ => Vec::new(),
    };
    let limit = |name: &str| schema.get(name).and_then(Value::as_f64);
    let within = |edge: &Value| {
        let Some(number) = edge.as_f64() else {
            return false;
        };
        let strictly = |name: &str| {
            schema
                .get(name)
                .is_some_and(|strict| *strict == json!(true))
        };
        limit("minimum").is_none_or(|least| {
            number > least || (number >= least && !strictly("exclusiveMinimum"))
        }) && limit("maximum")
            .is_none_or(|most| number < most || (number <= most && !strictly("exclusiveMaximum")))
            && limit("multipleOf").is_none()
    };
    edges.into_iter().filter(within).collect()
}

/// Returns true if a property may be absent in one of these directions.
pub(super) fn may_be_absent(
    document: &Document,
    schema: &Value,
    name: &str,
    ways: &[Direction],
) -> bool {
    let required = schema
        .get("required")
        .and_then(Value::as_array)
        .is_some_and(|names| names.iter().any(|own| own == name));
    let own = schema
        .get("properties")
        .and_then(|properties| properties.get(name))
        .map(|own| flat(document, own));
    let is_excluded = |way: &Direction| {
        own.as_ref()
            .and_then(|own| own.get(way.excluding_keyword()))
            == Some(&Value::Bool(true))
    };
    !required || ways.iter().any(is_excluded)
}

/// Returns the schema of a property or of additional properties.
pub(super) fn property(schema: &Value, name: &str) -> Option<Value> {
    let own = schema
        .get("properties")
        .and_then(|properties| properties.get(name));
    own.or_else(|| {
        schema
            .get("additionalProperties")
            .filter(|inner| inner.is_object())
    })
    .cloned()
}

pub(super) fn below(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", escape(name))
}

/// Returns a value without optional parts.
pub(super) fn least(document: &Document, schema: &Value, ways: &[Direction]) -> Value {
    let schema = &flat(document, schema);
    match schema.get("type").and_then(Value::as_str) {
        Some("array")
            if schema
                .get("minItems")
                .and_then(Value::as_u64)
                .unwrap_or_default()
                == 0 =>
        {
            json!([])
        }
        Some("object") => {
            let Value::Object(mut map) = sample::value(document, schema, 1) else {
                return json!({});
            };
            map.retain(|name, _| !may_be_absent(document, schema, name, ways));
            for (name, inner) in schema
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                // Recursive values end where they may.
                if let Some(own) = map
                    .get_mut(name)
                    .filter(|own| own.is_object() || own.is_array())
                    && is_finite(document, inner, 0)
                {
                    *own = least(document, inner, ways);
                }
            }
            map.into()
        }
        _ => sample::value(document, schema, 1),
    }
}

/// Returns true if the required parts of a schema are finite.
fn is_finite(document: &Document, schema: &Value, depth: usize) -> bool {
    let schema = flat(document, schema);
    let required = schema
        .get("required")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let of = |name: &Value| schema.get("properties")?.get(name.as_str()?);
    depth < 8
        && required
            .iter()
            .filter_map(of)
            .all(|inner| is_finite(document, inner, depth + 1))
}

/// Returns an invalid value, if the schema excludes one.
pub(in crate::conformance::checks) fn wrong(document: &Document, schema: &Value) -> Option<Value> {
    if !is_plain(document, schema) {
        return None;
    }
    match flat(document, schema).get("type").and_then(Value::as_str)? {
        "array" => Some(json!({"not": "a list"})),
        "string" => Some(json!([1])),
        "object" | "integer" | "number" | "boolean" => Some(json!("neither object nor number")),
        _ => None,
    }
}

/// Returns true if a schema has one type: no alternatives, and only non-recursive objects in
/// `allOf`.
pub(in crate::conformance::checks) fn is_plain(document: &Document, schema: &Value) -> bool {
    is_plain_at(document, schema, 0)
}

fn is_plain_at(document: &Document, schema: &Value, depth: usize) -> bool {
    let schema = document.resolve(schema);
    let parts = schema
        .get("allOf")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let is_object = |part: &Value| {
        flat(document, part)
            .get("type")
            .is_some_and(|kind| kind == "object")
    };
    let no_alternatives = ["oneOf", "anyOf"]
        .iter()
        .all(|keyword| schema.get(keyword).is_none());
    no_alternatives
        && depth < 16
        && parts
            .iter()
            .all(|part| is_object(part) && is_plain_at(document, part, depth + 1))
}
