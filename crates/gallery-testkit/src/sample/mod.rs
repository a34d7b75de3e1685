//! Creates values that conform to a schema.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::document::Document;
use crate::schema::Validator;

mod limited;
mod maker;

use maker::Maker;

/// Returns a value for a parameter. Name and number make it distinct, so that swapped arguments are
/// detected. `text` is the prefix of its strings.
pub(crate) fn argument(document: &Document, schema: &Value, text: &str, number: i64) -> Value {
    let schema = &flat(document, schema);
    if let Some(values) = values(schema) {
        let at = usize::try_from(number).unwrap_or_default() % values.len();
        return values[at].clone();
    }
    // Without delimiters, since some styles cannot encode them.
    let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    match schema.get("type").and_then(Value::as_str) {
        Some("integer") => json!(1000 + number),
        Some("number") => json!(0.5 + number as f64),
        Some("boolean") => json!(number % 2 == 0),
        Some("array") => {
            let items = schema.get("items").cloned().unwrap_or_default();
            (0..3)
                .map(|at| argument(document, &items, &format!("{plain}{at}"), number + at))
                .collect()
        }
        Some("object") => {
            let properties = schema.get("properties").and_then(Value::as_object);
            match properties.filter(|properties| !properties.is_empty()) {
                Some(properties) => {
                    let value = |(name, inner): (&String, &Value)| {
                        (name.clone(), argument(document, inner, &plain, number))
                    };
                    properties.iter().map(value).collect::<Map<_, _>>().into()
                }
                None => json!({"first": format!("{plain}-{number}"), "second": number}),
            }
        }
        _ => json!(format!("{text}-{number}")),
    }
}

/// The kind of sample values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Samples {
    /// Short text and small numbers.
    #[default]
    Plausible,
    /// Values that break careless clients: text that is not ASCII, and large numbers.
    Edge,
}

/// Returns a value of a schema whose arrays have `items` items, with edge values.
#[cfg(feature = "conformance")]
pub(crate) fn value(document: &Document, schema: &Value, items: usize) -> Value {
    Maker::new(document, Samples::Edge).nested(schema, "", items, 0)
}

/// Returns a value of a schema for one direction: the example if it is valid, else a sample without
/// the properties that are left out.
pub(crate) fn sent(validator: Validator<'_>, schema: &Value, samples: Samples) -> Value {
    let document = validator.document;
    let example = document
        .resolve(schema)
        .get("example")
        .filter(|example| validator.is_valid(schema, example));
    example.cloned().unwrap_or_else(|| {
        let value = Maker::new(document, samples).nested(schema, "", 1, 0);
        without(document, schema, value, validator.direction.is_excluded())
    })
}

/// Removes the properties whose schema has the keyword.
fn without(document: &Document, schema: &Value, mut value: Value, keyword: &str) -> Value {
    let schema = flat(document, schema);
    match &mut value {
        Value::Object(map) => {
            for (name, property) in schema
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                if flat(document, property).get(keyword) == Some(&Value::Bool(true)) {
                    map.remove(name);
                } else if let Some(inner) = map.get_mut(name) {
                    *inner = without(document, property, inner.take(), keyword);
                }
            }
        }
        Value::Array(list) => {
            let inner = schema.get("items").cloned().unwrap_or_default();
            list.iter_mut()
                .for_each(|item| *item = without(document, &inner, item.take(), keyword));
        }
        _ => {}
    }
    value
}

/// Returns the values of an `enum` that have the type of the schema.
pub(crate) fn values(schema: &Value) -> Option<Vec<Value>> {
    let fits = |value: &&Value| match schema.get("type").and_then(Value::as_str) {
        None => !value.is_null(),
        Some("string") => value.is_string(),
        Some("integer" | "number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some(_) => false,
    };
    let values: Vec<Value> = schema
        .get("enum")?
        .as_array()?
        .iter()
        .filter(fits)
        .cloned()
        .collect();
    (!values.is_empty()).then_some(values)
}

/// Returns a schema without references and combinations: the parts of `allOf` merged, the first of
/// its alternatives chosen, and an implied type added.
pub(crate) fn flat(document: &Document, schema: &Value) -> Value {
    flattened(document, schema, 0, &mut HashSet::new())
}

/// Maximum nesting of parts, since every level uses the stack.
const PARTS: usize = 64;

/// `merged` has the schemas so far, by address. A part is merged once, even if several parts share
/// it.
fn flattened(
    document: &Document,
    schema: &Value,
    depth: usize,
    merged: &mut HashSet<*const Value>,
) -> Value {
    let schema = document.resolve(schema);
    if !merged.insert(schema) {
        return json!({});
    }
    let Value::Object(schema) = schema else {
        return json!({});
    };
    let mut whole = schema.clone();
    let first = |keyword: &str| {
        schema
            .get(keyword)
            .and_then(Value::as_array)
            .and_then(|list| list.first())
    };
    let parts = schema
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let parts = parts
        .chain(first("oneOf"))
        .chain(first("anyOf"))
        .filter(|_| depth < PARTS);
    for keyword in ["allOf", "oneOf", "anyOf"] {
        whole.remove(keyword);
    }
    for part in parts {
        let Value::Object(part) = flattened(document, part, depth + 1, merged) else {
            continue;
        };
        for (keyword, value) in part {
            match (whole.get_mut(&keyword), value) {
                (Some(Value::Object(own)), Value::Object(more)) if keyword == "properties" => {
                    own.extend(more);
                }
                (Some(Value::Array(own)), Value::Array(more)) if keyword == "required" => {
                    own.extend(more);
                }
                (Some(_), _) => {}
                (None, value) => {
                    whole.insert(keyword, value);
                }
            }
        }
    }
    let implied = [
        ("properties", "object"),
        ("additionalProperties", "object"),
        ("items", "array"),
    ];
    if let Some((_, kind)) = implied
        .iter()
        .find(|(keyword, _)| whole.contains_key(*keyword))
    {
        whole.entry("type").or_insert_with(|| json!(kind));
    }
    whole.into()
}
