//! The styles of OpenAPI: how a value becomes part of a path, a query, a header, a cookie or a form. Takes anything that serializes,
//! gives text that a server reads back as the same value, or refuses what the style cannot say.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

/// All but what RFC 3986 calls unreserved. More than needed, so that no server or proxy reads a delimiter into an argument.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How a value that is a list or an object is written. Plain values look the same in most of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names of OpenAPI's styles say it")]
pub enum Style {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    /// No style, but a text in JSON.
    Json,
}

/// An argument that cannot be sent as it is.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{0}; nothing was sent")]
pub struct InvalidArgument(pub(crate) String);

/// A name and a value, both as they are, not encoded.
type Pair = (String, String);

/// What a style sees of a value.
enum Shape {
    Absent,
    Scalar(String),
    List(Vec<String>),
    Object(Vec<Pair>),
}

fn shape<T: Serialize + ?Sized>(name: &str, value: &T, style: Style) -> Result<Shape, InvalidArgument> {
    let refused = |why: String| InvalidArgument(format!("the argument `{name}` {why}"));
    let value = serde_json::to_value(value).map_err(|error| refused(format!("cannot be written: {error}")))?;
    if style == Style::Json {
        return Ok(if value.is_null() { Shape::Absent } else { Shape::Scalar(value.to_string()) });
    }
    let text = |value: &Value| {
        scalar(value).ok_or_else(|| refused("has a list or object inside another, which no style can say".to_owned()))
    };
    Ok(match &value {
        Value::Null => Shape::Absent,
        Value::Array(items) => Shape::List(items.iter().map(text).collect::<Result<_, _>>()?),
        Value::Object(map) => {
            let given = map.iter().filter(|(_, value)| !value.is_null());
            Shape::Object(given.map(|(key, value)| Ok((key.clone(), text(value)?))).collect::<Result<_, _>>()?)
        }
        other => Shape::Scalar(text(other)?),
    })
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null => Some(String::new()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Joins texts after `write` has encoded them.
fn joined<'a>(texts: impl IntoIterator<Item = &'a String>, delimiter: &str, write: fn(&str) -> String) -> String {
    texts.into_iter().map(|text| write(text)).collect::<Vec<_>>().join(delimiter)
}

/// `a,1,b,2`, or `a=1,b=2` when exploded.
fn object(pairs: &[Pair], explode: bool, delimiter: &str, write: fn(&str) -> String) -> String {
    let between = if explode { "=" } else { delimiter };
    let written: Vec<_> = pairs.iter().map(|(key, value)| format!("{}{between}{}", write(key), write(value))).collect();
    written.join(delimiter)
}

/// The part of a path that stands for a variable.
///
/// What is empty, `.` or `..` is refused. An empty segment is another path, and URL parsers treat `.` and `..` as dot segments even
/// when they are percent-encoded.
pub(crate) fn path<T: Serialize + ?Sized>(name: &str, style: Style, explode: bool, value: &T) -> Result<String, InvalidArgument> {
    let elsewhere = |value: &str| {
        let message = format!("the path argument `{name}` is {value:?}, which would lead to another path");
        Err(InvalidArgument(message))
    };
    let delimiter = match style {
        Style::Label if explode => ".",
        Style::Matrix if explode => ";",
        _ => ",",
    };
    let shape = shape(name, value, style)?;
    let text = match &shape {
        Shape::Absent => return elsewhere("null"),
        Shape::Scalar(text) if matches!(text.as_str(), "" | "." | "..") => return elsewhere(text),
        Shape::Scalar(text) => encode(text),
        Shape::List(items) if style == Style::Matrix && explode => {
            let written: Vec<_> = items.iter().map(|item| format!("{}={}", encode(name), encode(item))).collect();
            written.join(";")
        }
        Shape::List(items) => joined(items, delimiter, encode),
        Shape::Object(pairs) => object(pairs, explode, delimiter, encode),
    };
    let named = matches!(shape, Shape::Scalar(_)) || !explode;
    let whole = match style {
        Style::Label => format!(".{text}"),
        Style::Matrix if named => format!(";{}={text}", encode(name)),
        Style::Matrix => format!(";{text}"),
        _ => text.clone(),
    };
    if text.is_empty() || matches!(whole.as_str(), "." | "..") { elsewhere(&text) } else { Ok(whole) }
}

/// The encoded `name=value` texts of a query parameter, or of a form's field.
pub(crate) fn pairs<T: Serialize + ?Sized>(
    name: &str,
    style: Style,
    explode: bool,
    value: &T,
) -> Result<Vec<String>, InvalidArgument> {
    let (delimiter, meaning) = match style {
        Style::SpaceDelimited => ("%20", ' '),
        Style::PipeDelimited => ("%7C", '|'),
        _ => (",", ','),
    };
    let unclear = |text: &&String| delimiter != "," && text.contains(meaning);
    let pair = |name: &str, text: &str| format!("{}={text}", encode(name));
    let texts = match shape(name, value, style)? {
        Shape::Absent => Vec::new(),
        Shape::Scalar(_) | Shape::List(_) if style == Style::DeepObject => {
            return Err(InvalidArgument(format!("the argument `{name}` is no object")));
        }
        Shape::Scalar(text) => vec![pair(name, &encode(&text))],
        Shape::List(items) if explode => items.iter().map(|item| pair(name, &encode(item))).collect(),
        Shape::List(items) => {
            if let Some(item) = items.iter().find(unclear) {
                let message = format!("the argument `{name}` has {meaning:?} in {item:?}, which would end the item");
                return Err(InvalidArgument(message));
            }
            if items.is_empty() { Vec::new() } else { vec![pair(name, &joined(&items, delimiter, encode))] }
        }
        Shape::Object(pairs) if style == Style::DeepObject => {
            pairs.iter().map(|(key, value)| pair(&format!("{name}[{key}]"), &encode(value))).collect()
        }
        Shape::Object(pairs) if explode => pairs.iter().map(|(key, value)| pair(key, &encode(value))).collect(),
        Shape::Object(pairs) if pairs.is_empty() => Vec::new(),
        Shape::Object(pairs) => {
            if pairs.iter().any(|(key, value)| unclear(&key) || unclear(&value)) {
                let message = format!("the argument `{name}` has {meaning:?} in a key or value, which would end it");
                return Err(InvalidArgument(message));
            }
            vec![pair(name, &object(&pairs, false, delimiter, encode))]
        }
    };
    Ok(texts)
}

/// The value of a header, in the `simple` style; nothing when there is none to send.
pub(crate) fn header<T: Serialize + ?Sized>(
    name: &str,
    style: Style,
    explode: bool,
    value: &T,
) -> Result<Option<String>, InvalidArgument> {
    let clear = |texts: &[&String]| match texts.iter().find(|text| text.contains(',')) {
        None => Ok(()),
        Some(text) => {
            Err(InvalidArgument(format!("the header argument `{name}` has a comma in {text:?}, which would end the item")))
        }
    };
    Ok(match shape(name, value, style)? {
        Shape::Absent => None,
        Shape::Scalar(text) => Some(text),
        Shape::List(items) => {
            clear(&items.iter().collect::<Vec<_>>())?;
            (!items.is_empty()).then(|| joined(&items, ",", str::to_owned))
        }
        Shape::Object(pairs) => {
            clear(&pairs.iter().flat_map(|(key, value)| [key, value]).collect::<Vec<_>>())?;
            (!pairs.is_empty()).then(|| object(&pairs, explode, ",", str::to_owned))
        }
    })
}

/// `name=value` of a cookie; nothing when there is none to send.
pub(crate) fn cookie<T: Serialize + ?Sized>(name: &str, style: Style, value: &T) -> Result<Option<String>, InvalidArgument> {
    Ok(match shape(name, value, style)? {
        Shape::Absent => None,
        Shape::Scalar(text) => Some(format!("{name}={}", encode(&text))),
        Shape::List(items) if items.is_empty() => None,
        Shape::List(items) => Some(format!("{name}={}", joined(&items, ",", encode))),
        Shape::Object(pairs) => Some(format!("{name}={}", object(&pairs, false, ",", encode))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_as_openapi_shows_them() {
        let (list, map) = (json!(["blue", "black"]), json!({"G": 2, "R": 1}));
        for (style, explode, scalar, of_list, of_map) in [
            (Style::Simple, false, "blue", "blue,black", "G,2,R,1"),
            (Style::Simple, true, "blue", "blue,black", "G=2,R=1"),
            (Style::Label, false, ".blue", ".blue,black", ".G,2,R,1"),
            (Style::Label, true, ".blue", ".blue.black", ".G=2.R=1"),
            (Style::Matrix, false, ";c=blue", ";c=blue,black", ";c=G,2,R,1"),
            (Style::Matrix, true, ";c=blue", ";c=blue;c=black", ";G=2;R=1"),
        ] {
            let sent = |value: &Value| path("c", style, explode, value).unwrap();
            assert_eq!((sent(&json!("blue")), sent(&list), sent(&map)), (scalar.into(), of_list.into(), of_map.into()));
        }
    }

    #[test]
    fn every_delimiter_in_a_path_is_encoded() {
        for (value, segment) in [
            ("abc-DEF_0.9~", "abc-DEF_0.9~"),
            ("a/b", "a%2Fb"),
            ("a\\b", "a%5Cb"),
            ("a%2Fb", "a%252Fb"),
            ("../x", "..%2Fx"),
            ("...", "..."),
            ("a b\t\n", "a%20b%09%0A"),
            ("ü", "%C3%BC"),
            ("?#;=+,", "%3F%23%3B%3D%2B%2C"),
        ] {
            assert_eq!(path("id", Style::Simple, false, value).as_deref(), Ok(segment));
            let url = url::Url::parse(&format!("http://host/a/{segment}/b")).unwrap();
            assert_eq!(url.path(), format!("/a/{segment}/b"), "a URL parser leaves it as it is");
        }
    }

    #[test]
    fn what_would_be_another_path_is_refused() {
        for value in [json!(""), json!("."), json!(".."), json!(null), json!([]), json!({})] {
            assert!(path("id", Style::Simple, false, &value).is_err(), "{value}");
            assert!(path("id", Style::Label, true, &value).is_err(), "{value}");
        }
        assert!(path("id", Style::Simple, false, &[".."]).is_err());
        assert_eq!(
            path("team_id", Style::Simple, false, "..").unwrap_err().to_string(),
            "the path argument `team_id` is \"..\", which would lead to another path; nothing was sent"
        );
    }

    #[test]
    fn queries_as_openapi_shows_them() {
        let (list, map) = (json!(["blue", "bl&ck,"]), json!({"G": 2, "R": 1}));
        for (style, explode, of_list, of_map) in [
            (Style::Form, true, vec!["c=blue", "c=bl%26ck%2C"], vec!["G=2", "R=1"]),
            (Style::Form, false, vec!["c=blue,bl%26ck%2C"], vec!["c=G,2,R,1"]),
            (Style::SpaceDelimited, false, vec!["c=blue%20bl%26ck%2C"], vec!["c=G%202%20R%201"]),
            (Style::PipeDelimited, false, vec!["c=blue%7Cbl%26ck%2C"], vec!["c=G%7C2%7CR%7C1"]),
            (Style::Json, false, vec!["c=%5B%22blue%22%2C%22bl%26ck%2C%22%5D"], vec!["c=%7B%22G%22%3A2%2C%22R%22%3A1%7D"]),
        ] {
            assert_eq!(pairs("c", style, explode, &list).unwrap(), of_list);
            assert_eq!(pairs("c", style, explode, &map).unwrap(), of_map);
            for nothing in [json!(null), json!([])] {
                let expected: &[&str] = if style == Style::Json && nothing.is_array() { &["c=%5B%5D"] } else { &[] };
                assert_eq!(pairs("c", style, explode, &nothing).unwrap(), expected);
            }
        }
        assert_eq!(pairs("c", Style::DeepObject, true, &map).unwrap(), ["c%5BG%5D=2", "c%5BR%5D=1"]);
        assert_eq!(pairs("c", Style::Form, true, &9_007_199_254_740_993_i64).unwrap(), ["c=9007199254740993"]);
    }

    #[test]
    fn what_a_style_cannot_say_is_refused() {
        assert!(pairs("q", Style::Form, true, &json!([[1]])).is_err());
        assert!(pairs("q", Style::DeepObject, true, &json!("x")).is_err());
        assert_eq!(
            pairs("q", Style::PipeDelimited, false, &json!(["a|b"])).unwrap_err().to_string(),
            "the argument `q` has '|' in \"a|b\", which would end the item; nothing was sent"
        );
        assert!(pairs("q", Style::SpaceDelimited, false, &json!({"a b": 1})).is_err());
        assert!(header("X", Style::Simple, false, &json!(["a,b"])).is_err());
    }

    #[test]
    fn headers_and_cookies() {
        let sent = |value: Value| header("X", Style::Simple, false, &value).unwrap();
        assert_eq!(sent(json!(["a", 1])).as_deref(), Some("a,1"));
        assert_eq!(sent(json!("a, b")).as_deref(), Some("a, b"));
        assert_eq!(header("X", Style::Simple, true, &json!({"a": 1, "b": 2})).unwrap().as_deref(), Some("a=1,b=2"));
        assert_eq!((sent(json!(null)), sent(json!([]))), (None, None));
        assert_eq!(cookie("s", Style::Form, &json!("a;b")).unwrap().as_deref(), Some("s=a%3Bb"));
        assert_eq!(cookie("s", Style::Form, &json!(["a", "b"])).unwrap().as_deref(), Some("s=a,b"));
    }
}
