//! Samples within the limits of a schema: the first valid candidate.

use serde_json::{Value, json};

use crate::document::Document;
use crate::schema::{Direction, Validator};

/// The kind of sample values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Samples {
    /// Short text and small numbers.
    #[default]
    Plausible,
    /// Values that break careless clients: text that is not ASCII, and large numbers.
    Edge,
}

/// The sample of a schema that allows any text.
pub(crate) const ANY_TEXT: &str = "text ü \u{1F600}";

/// The sample of a schema that allows any integer.
pub(crate) const ANY_NUMBER: i64 = 9_007_199_254_740_993;

/// Returns a string or number. If no candidate is valid, returns the first. `name` is the name of
/// the property.
pub(super) fn scalar(document: &Document, schema: &Value, name: &str, samples: Samples) -> Value {
    let own = ["example", "default"]
        .into_iter()
        .filter_map(|keyword| schema.get(keyword).cloned());
    let texts = |usual: &str| texts(schema, usual).into_iter().map(Value::from);
    let is_text = schema.get("type").is_some_and(|kind| kind == "string");
    let candidates: Vec<Value> = match (is_text, samples) {
        (true, Samples::Edge) => texts(ANY_TEXT).chain(own).collect(),
        (true, Samples::Plausible) => own.chain(texts(&word(name))).collect(),
        (false, Samples::Edge) => numbers(schema).into_iter().chain(own).collect(),
        (false, Samples::Plausible) => own.chain([json!(1)]).chain(numbers(schema)).collect(),
    };
    let validator = Validator::new(document, Direction::Response);
    let first = candidates.first().cloned().unwrap_or_default();
    candidates
        .into_iter()
        .find(|candidate| validator.is_valid(schema, candidate))
        .unwrap_or(first)
}

/// Returns a short text for a property: `1` for identifiers, else the name.
fn word(name: &str) -> String {
    let lowercase = name.to_ascii_lowercase();
    let is_id = lowercase == "id" || name.ends_with("Id") || lowercase.ends_with("_id");
    match name.chars().count() {
        _ if is_id => "1".to_owned(),
        1..=24 => name.to_owned(),
        _ => "text".to_owned(),
    }
}

fn texts(schema: &Value, usual: &str) -> Vec<String> {
    let of_format = match schema
        .get("format")
        .and_then(Value::as_str)
        .unwrap_or_default()
    {
        "date-time" => Some("2020-02-29T12:30:00Z"),
        "date" => Some("2020-02-29"),
        "time" => Some("12:30:00Z"),
        "duration" => Some("PT1M"),
        "uuid" => Some("6b9ae1a4-7f0c-4a3c-9d0e-2f6a5d1c8b3e"),
        "email" => Some("someone@example.com"),
        "uri" | "url" => Some("https://example.com/a"),
        "hostname" => Some("example.com"),
        "ipv4" => Some("192.0.2.1"),
        "ipv6" => Some("2001:db8::1"),
        "byte" => Some("dGV4dA=="),
        _ => None,
    };
    let limit = |keyword: &str| {
        schema
            .get(keyword)
            .and_then(Value::as_u64)
            .and_then(|limit| usize::try_from(limit).ok())
    };
    let length = usual
        .chars()
        .count()
        .max(limit("minLength").unwrap_or(0))
        .min(limit("maxLength").unwrap_or(usize::MAX));
    // Most patterns allow letters or digits, with the minimum length.
    let filled = |c: char| {
        let count = limit("minLength")
            .or(limit("maxLength"))
            .unwrap_or(1)
            .clamp(1, 1 << 16);
        [count, 8, 16, 24, 26, 32, 36, 40, 64].map(|count| c.to_string().repeat(count))
    };
    let shaped = [
        "2020-02-29",
        "2020-02-29T12:30:00Z",
        "6b9ae1a4-7f0c-4a3c-9d0e-2f6a5d1c8b3e",
        "a@b.example",
        "https://example.com/a",
        "1.0.0",
        "#a1b2c3",
        "a-b",
        "a_b",
        "",
    ];
    let cycled: String = usual.chars().cycle().take(length.min(1 << 16)).collect();
    let usual = of_format
        .map(str::to_owned)
        .into_iter()
        .chain([usual.to_owned(), cycled]);
    usual
        .chain(['a', 'A', '1'].into_iter().flat_map(filled))
        .chain(shaped.map(str::to_owned))
        .collect()
}

fn numbers(schema: &Value) -> Vec<Value> {
    let is_integer = schema.get("type").is_some_and(|kind| kind == "integer");
    let usual = match schema.get("format").and_then(Value::as_str) {
        Some("int32") if is_integer => json!(i32::MAX),
        _ if is_integer => json!(ANY_NUMBER),
        _ => json!(1.5),
    };
    // For `number`, a float: types with fractions write `1` as `1.0`.
    let number = |number: f64| {
        if is_integer {
            json!(number as i64)
        } else {
            json!(number)
        }
    };
    let mut candidates = vec![usual, number(1.0), number(0.0)];
    let bound = |keyword: &str| schema.get(keyword).and_then(Value::as_f64);
    let step = bound("multipleOf").filter(|step| *step > 0.0);
    let mut add = |limit: f64| candidates.push(number(limit));
    for (limit, inwards) in [(bound("minimum"), 1.0), (bound("maximum"), -1.0)] {
        let Some(limit) = limit else { continue };
        let edge = if inwards > 0.0 {
            limit.ceil()
        } else {
            limit.floor()
        };
        [limit, edge, edge + inwards, limit + inwards / 2.0]
            .into_iter()
            .for_each(&mut add);
        if let Some(step) = step {
            let times = if inwards > 0.0 {
                (limit / step).ceil()
            } else {
                (limit / step).floor()
            };
            [times, times + inwards]
                .into_iter()
                .for_each(|times| add(times * step));
        }
    }
    if let (Some(least), Some(most)) = (bound("minimum"), bound("maximum")) {
        add(f64::midpoint(least, most));
    }
    step.into_iter().for_each(add);
    candidates
}

/// Returns the length of an array that should have `items` items.
pub(super) fn count(schema: &Value, items: usize) -> usize {
    let limit = |keyword: &str| {
        schema
            .get(keyword)
            .and_then(Value::as_u64)
            .and_then(|limit| usize::try_from(limit).ok())
    };
    // All items of a sample are equal.
    let items = if schema.get("uniqueItems") == Some(&Value::Bool(true)) {
        items.min(1)
    } else {
        items
    };
    items
        .max(limit("minItems").unwrap_or(0).min(1 << 16))
        .min(limit("maxItems").unwrap_or(usize::MAX))
}
