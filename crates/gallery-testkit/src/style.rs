//! Parameter styles of OpenAPI: the expected text of a value in a path, query, header, cookie or
//! form.
//!
//! The comparison works on the encoded text, since an encoded delimiter does not delimit.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// The serialization of arrays and objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// The OpenAPI name of the style, `json` for JSON text, or `numbered` for one key per item.
    pub name: String,
    /// The value of `explode`.
    pub explode: bool,
}

/// The name of the style that has one key per array item.
pub(crate) const NUMBERED: &str = "numbered";

/// Returns the number of an item in its key, if the key has the pattern.
pub(crate) fn number(pattern: &str, key: &str) -> Option<usize> {
    let (before, after) = pattern.split_once("{n}")?;
    let digits = key.strip_prefix(before)?.strip_suffix(after)?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'));
    digits.parse().ok().filter(|_| is_number)
}

/// The expected content of an encoded text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reading {
    /// This text, after decoding.
    Text(String),
    /// These texts, after splitting at any of the delimiters and decoding.
    Split(&'static [&'static str], Vec<String>),
    /// This JSON, after decoding.
    Json(Value),
}

impl Reading {
    /// Returns true if an encoded text has this content.
    pub(crate) fn is(&self, raw: &str, decode: fn(&str) -> String) -> bool {
        match self {
            Reading::Text(text) => decode(raw) == *text,
            Reading::Json(value) => {
                serde_json::from_str::<Value>(&decode(raw)).is_ok_and(|found| found == *value)
            }
            Reading::Split(delimiters, texts) => {
                let mut parts = vec![raw.to_owned()];
                for delimiter in *delimiters {
                    parts = parts
                        .iter()
                        .flat_map(|part| part.split(delimiter))
                        .map(str::to_owned)
                        .collect();
                }
                parts
                    .iter()
                    .map(|part| decode(part))
                    .eq(texts.iter().cloned())
            }
        }
    }
}

/// Decodes a query or form value, in which `+` is a space.
pub(crate) fn decode_query(raw: &str) -> String {
    percent_decode_str(&raw.replace('+', "%20"))
        .decode_utf8_lossy()
        .into_owned()
}

/// Decodes a path segment or a cookie.
pub(crate) fn decode(raw: &str) -> String {
    percent_decode_str(raw).decode_utf8_lossy().into_owned()
}

/// Returns a header value, which is not encoded.
pub(crate) fn identity(raw: &str) -> String {
    raw.to_owned()
}

/// Returns a scalar as text.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(map) => map
            .iter()
            .flat_map(|(key, value)| [key.clone(), plain(value)])
            .collect(),
        other => vec![plain(other)],
    }
}

/// Returns a value as its style represents it. Only JSON text has null properties.
fn represented<'a>(style: &Style, value: &'a Value) -> Cow<'a, Value> {
    match value {
        Value::Object(map) if style.name != "json" && map.values().any(Value::is_null) => {
            let mut map = map.clone();
            map.retain(|_, value| !value.is_null());
            Cow::Owned(map.into())
        }
        value => Cow::Borrowed(value),
    }
}

/// Splits a query or form into decoded names and encoded values.
pub(crate) fn raw_pairs(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, raw)| (decode_query(name), raw.to_owned()))
        .collect()
}

/// Returns the expected names of a query or form with the expected content of each.
pub(crate) fn query(name: &str, style: &Style, value: &Value) -> Vec<(String, Reading)> {
    let one = |reading: Reading| vec![(name.to_owned(), reading)];
    let delimiters: &[&str] = match style.name.as_str() {
        "spaceDelimited" => &["%20", "+"],
        "pipeDelimited" => &["%7C", "%7c", "|"],
        _ => &[","],
    };
    match represented(style, value).as_ref() {
        Value::Null => Vec::new(),
        value if style.name == "json" => one(Reading::Json(value.clone())),
        value if style.name == "deepObject" => deep(name, value),
        Value::Array(items) if items.is_empty() => Vec::new(),
        Value::Object(map) if map.is_empty() => Vec::new(),
        Value::Array(items) if style.name == NUMBERED => (1..)
            .zip(items)
            .map(|(number, item): (usize, &Value)| {
                let key = name.replace("{n}", &number.to_string());
                (key, Reading::Text(plain(item)))
            })
            .collect(),
        Value::Array(items) if style.explode => items
            .iter()
            .map(|item| (name.to_owned(), Reading::Text(plain(item))))
            .collect(),
        Value::Object(map) if style.explode => map
            .iter()
            .map(|(key, value)| (key.clone(), Reading::Text(plain(value))))
            .collect(),
        value @ (Value::Array(_) | Value::Object(_)) => {
            one(Reading::Split(delimiters, texts(value)))
        }
        scalar => one(Reading::Text(plain(scalar))),
    }
}

/// Returns the expected pairs of a value in the style `deepObject`, one for each scalar in it.
fn deep(name: &str, value: &Value) -> Vec<(String, Reading)> {
    match value {
        Value::Null => Vec::new(),
        Value::Object(map) => map
            .iter()
            .flat_map(|(key, value)| deep(&format!("{name}[{key}]"), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .flat_map(|(index, item)| deep(&format!("{name}[{index}]"), item))
            .collect(),
        scalar => vec![(name.to_owned(), Reading::Text(plain(scalar)))],
    }
}

/// Compares the pairs of a query or form with the expected ones. The order of values counts only
/// under the same name.
pub(crate) fn compare(
    found: &[(String, String)],
    expected: &[(String, Reading)],
) -> Result<(), String> {
    let fault = || Err(format!("expected {expected:?}, received {found:?}"));
    if found.len() != expected.len() {
        return fault();
    }
    let mut names: Vec<&String> = expected.iter().map(|(name, _)| name).collect();
    names.dedup();
    for name in names {
        let raws = found
            .iter()
            .filter(|(own, _)| own == name)
            .map(|(_, raw)| raw);
        let readings: Vec<&Reading> = expected
            .iter()
            .filter(|(own, _)| own == name)
            .map(|(_, reading)| reading)
            .collect();
        let raws: Vec<&String> = raws.collect();
        if raws.len() != readings.len()
            || !raws
                .iter()
                .zip(readings)
                .all(|(raw, reading)| reading.is(raw, decode_query))
        {
            return fault();
        }
    }
    Ok(())
}

/// Returns the expected content of a header or cookie. `None` if it must be absent.
pub(crate) fn single(style: &Style, value: &Value) -> Option<Reading> {
    match represented(style, value).as_ref() {
        Value::Null => None,
        value if style.name == "json" => Some(Reading::Json(value.clone())),
        Value::Array(items) if items.is_empty() => None,
        Value::Object(map) if map.is_empty() => None,
        Value::Object(map) if style.explode => {
            let pairs = map
                .iter()
                .map(|(key, value)| format!("{key}={}", plain(value)));
            Some(Reading::Split(&[","], pairs.collect()))
        }
        value @ (Value::Array(_) | Value::Object(_)) => Some(Reading::Split(&[","], texts(value))),
        scalar => Some(Reading::Text(plain(scalar))),
    }
}

/// Returns the expected decoded text of a path parameter, and true if its delimiters must not be
/// encoded.
pub(crate) fn path(name: &str, style: &Style, value: &Value) -> (String, bool) {
    let delimiter = match (style.name.as_str(), style.explode) {
        ("label", true) => ".",
        ("matrix", true) => ";",
        _ => ",",
    };
    let is_matrix = style.name == "matrix";
    let named = |text: String| {
        if is_matrix {
            format!("{name}={text}")
        } else {
            text
        }
    };
    let text = match represented(style, value).as_ref() {
        value if style.name == "json" => value.to_string(),
        Value::Array(items) if style.explode => items
            .iter()
            .map(|item| named(plain(item)))
            .collect::<Vec<_>>()
            .join(delimiter),
        Value::Object(map) if style.explode => map
            .iter()
            .map(|(key, value)| format!("{key}={}", plain(value)))
            .collect::<Vec<_>>()
            .join(delimiter),
        other => named(texts(other).join(",")),
    };
    let before = match style.name.as_str() {
        "label" => ".",
        "matrix" => ";",
        _ => "",
    };
    (
        format!("{before}{text}"),
        value.is_array() || value.is_object(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn style(name: &str, explode: bool) -> Style {
        Style {
            name: name.to_owned(),
            explode,
        }
    }

    #[test]
    fn encoded_delimiters_do_not_delimit() {
        let list = json!(["a", "b"]);
        let fits =
            |raw: &str, style: &Style| compare(&raw_pairs(raw), &query("q", style, &list)).is_ok();
        for (raw, form, exploded, piped) in [
            ("q=a,b", true, false, false),
            ("q=a%2Cb", false, false, false),
            ("q=a&q=b", false, true, false),
            ("q=b&q=a", false, false, false),
            ("q=a%7Cb", false, false, true),
            ("q=a,b&x=1", false, false, false),
            ("", false, false, false),
        ] {
            let found = (
                fits(raw, &style("form", false)),
                fits(raw, &style("form", true)),
                fits(raw, &style("pipeDelimited", false)),
            );
            assert_eq!(found, (form, exploded, piped), "{raw}");
        }
    }

    #[test]
    fn writes_path_styles() {
        let map = json!({"a": 1, "b": 2});
        for (name, explode, text) in [
            ("simple", false, "a,1,b,2"),
            ("label", true, ".a=1.b=2"),
            ("matrix", false, ";p=a,1,b,2"),
            ("matrix", true, ";a=1;b=2"),
        ] {
            assert_eq!(
                path("p", &style(name, explode), &map),
                (text.to_owned(), true)
            );
        }
        assert_eq!(
            path("p", &style("matrix", true), &json!(["x", "y"])).0,
            ";p=x;p=y"
        );
        assert_eq!(path("p", &style("matrix", true), &json!("x")).0, ";p=x");
    }

    #[test]
    fn only_json_text_has_null_properties() {
        let text = |text: &str| Reading::Text(text.to_owned());
        let (map, null) = (json!({"a": 1, "b": null}), json!({"b": null}));
        let deep = style("deepObject", true);
        assert_eq!(query("p", &deep, &map), [("p[a]".to_owned(), text("1"))]);
        assert_eq!(query("p", &style("form", false), &null), []);
        assert_eq!(single(&style("simple", false), &null), None);
        let split = Reading::Split(&[","], vec!["a".to_owned(), "1".to_owned()]);
        assert_eq!(single(&style("simple", false), &map), Some(split));
        assert_eq!(path("p", &style("simple", true), &map).0, "a=1");
        let json = Reading::Json(map.clone());
        assert_eq!(
            query("p", &style("json", true), &map),
            [("p".to_owned(), json)]
        );
    }
}
