//! Creates values that conform to a schema.

use serde_json::{Map, Value, json};

use crate::document::Document;
use crate::schema::Validator;

mod alternatives;
mod flat;
mod limited;
mod maker;
mod mapping;
mod null;

#[cfg(feature = "conformance")]
pub(crate) use alternatives::{alternatives, has_null_alternative};
pub(crate) use flat::{flat, values};
pub use limited::Samples;
#[cfg(feature = "conformance")]
pub(crate) use limited::{ANY_NUMBER, ANY_TEXT};
use maker::Maker;
#[cfg(feature = "conformance")]
pub(crate) use mapping::{SCHEMAS, component, mapped_values};

/// Returns a value for a parameter. Name and number make it distinct, so that swapped arguments are
/// detected. `text` is the prefix of its strings.
pub(crate) fn argument(document: &Document, schema: &Value, text: &str, number: i64) -> Value {
    nested_argument(document, schema, text, number, 0)
}

/// Maximum nesting of arguments, since schemas can be recursive.
const DEPTH: usize = 3;

fn nested_argument(
    document: &Document,
    schema: &Value,
    text: &str,
    number: i64,
    depth: usize,
) -> Value {
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
        Some("array") if depth > DEPTH => json!([]),
        Some("array") => {
            let items = schema.get("items").cloned().unwrap_or_default();
            (0..3)
                .map(|at| {
                    let text = format!("{plain}{at}");
                    nested_argument(document, &items, &text, number + at, depth + 1)
                })
                .collect()
        }
        Some("object") if depth > 2 * DEPTH => json!({}),
        Some("object") => {
            let properties = schema.get("properties").and_then(Value::as_object);
            match properties.filter(|properties| !properties.is_empty()) {
                Some(properties) => {
                    let value = |(name, inner): (&String, &Value)| {
                        let value = nested_argument(document, inner, &plain, number, depth + 1);
                        (name.clone(), value)
                    };
                    let is_kept =
                        |(name, _): &(&String, &Value)| depth < DEPTH || is_required(schema, name);
                    let properties = properties.iter().filter(is_kept);
                    properties.map(value).collect::<Map<_, _>>().into()
                }
                None => json!({"first": format!("{plain}-{number}"), "second": number}),
            }
        }
        _ => json!(format!("{text}-{number}")),
    }
}

fn is_required(schema: &Value, name: &str) -> bool {
    let listed = schema.get("required").and_then(Value::as_array);
    listed.is_some_and(|listed| listed.iter().any(|own| own == name))
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
        without(
            document,
            schema,
            value,
            validator.direction.excluding_keyword(),
        )
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
