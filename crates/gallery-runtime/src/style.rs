//! The styles of OpenAPI: how a value becomes part of a path, a query, a header, a cookie or a form. Takes anything that serializes,
//! writes text that a server reads back as the same value, or refuses what the style cannot say.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Map, Value};
use thiserror::Error;

/// All but what RFC 3986 calls unreserved. More than needed, so that no server or proxy reads a delimiter into an argument.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

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

/// How a text is written: encoded or as it is.
type Writer = fn(&mut String, &str);

/// What a style sees of a value: nothing inside a list or object is one itself, and nothing in an object is null.
fn plain<T: Serialize + ?Sized>(
    name: &str,
    value: &T,
    style: Style,
) -> Result<Value, InvalidArgument> {
    let refused = |why: String| InvalidArgument(format!("the argument `{name}` {why}"));
    let mut value = serde_json::to_value(value)
        .map_err(|error| refused(format!("cannot be written: {error}")))?;
    if style == Style::Json {
        return Ok(if value.is_null() {
            value
        } else {
            Value::String(value.to_string())
        });
    }
    let is_nested = |value: &Value| value.is_array() || value.is_object();
    let nested = match &mut value {
        Value::Array(items) => items.iter().any(is_nested),
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values().any(is_nested)
        }
        _ => false,
    };
    if nested {
        Err(refused(
            "has a list or object inside another, which no style can say".to_owned(),
        ))
    } else {
        Ok(value)
    }
}

/// The text of what is no list and no object.
fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Null => Cow::Borrowed(""),
        other => Cow::Owned(other.to_string()),
    }
}

pub(crate) fn encode(out: &mut String, text: &str) {
    out.extend(utf8_percent_encode(text, RESERVED));
}

/// `name=`, encoded.
fn named(out: &mut String, name: &str) {
    encode(out, name);
    out.push('=');
}

/// `a,b`.
fn list(out: &mut String, items: &[Value], delimiter: &str, write: Writer) {
    for (number, item) in items.iter().enumerate() {
        out.push_str(if number == 0 { "" } else { delimiter });
        write(out, &text(item));
    }
}

/// `a,1,b,2`, or `a=1,b=2` when exploded.
fn object(
    out: &mut String,
    map: &Map<String, Value>,
    explode: bool,
    delimiter: &str,
    write: Writer,
) {
    for (number, (key, value)) in map.iter().enumerate() {
        out.push_str(if number == 0 { "" } else { delimiter });
        write(out, key);
        out.push_str(if explode { "=" } else { delimiter });
        write(out, &text(value));
    }
}

/// Writes the part of a path that stands for a variable.
///
/// What is empty, `.` or `..` is refused. An empty segment is another path, and URL parsers treat `.` and `..` as dot segments even
/// when they are percent-encoded.
pub(crate) fn path<T: Serialize + ?Sized>(
    out: &mut String,
    name: &str,
    style: Style,
    explode: bool,
    value: &T,
) -> Result<(), InvalidArgument> {
    let elsewhere = |value: &str| {
        let message =
            format!("the path argument `{name}` is {value:?}, which would lead to another path");
        Err(InvalidArgument(message))
    };
    let (prefix, delimiter) = match style {
        Style::Label => (".", if explode { "." } else { "," }),
        Style::Matrix => (";", if explode { ";" } else { "," }),
        _ => ("", ","),
    };
    let value = plain(name, value, style)?;
    let begin = out.len();
    out.push_str(prefix);
    if style == Style::Matrix && !(explode && (value.is_array() || value.is_object())) {
        named(out, name);
    }
    let content = out.len();
    match &value {
        Value::Null => return elsewhere("null"),
        Value::Array(items) if style == Style::Matrix && explode => {
            for (number, item) in items.iter().enumerate() {
                out.push_str(if number == 0 { "" } else { delimiter });
                named(out, name);
                encode(out, &text(item));
            }
        }
        Value::Array(items) => list(out, items, delimiter, encode),
        Value::Object(map) => object(out, map, explode, delimiter, encode),
        scalar => match text(scalar).as_ref() {
            dots @ ("" | "." | "..") => return elsewhere(dots),
            text => encode(out, text),
        },
    }
    if out.len() == content || matches!(&out[begin..], "." | "..") {
        elsewhere(&out[content..])
    } else {
        Ok(())
    }
}

/// Writes the encoded `name=value` texts of a query parameter, or of a form's field, behind those that are there.
pub(crate) fn pairs<T: Serialize + ?Sized>(
    out: &mut String,
    name: &str,
    style: Style,
    explode: bool,
    value: &T,
) -> Result<(), InvalidArgument> {
    let (delimiter, meaning) = match style {
        Style::SpaceDelimited => ("%20", ' '),
        Style::PipeDelimited => ("%7C", '|'),
        _ => (",", ','),
    };
    let unclear = |text: &str| delimiter != "," && text.contains(meaning);
    let begin = |out: &mut String, name: &str| {
        out.push_str(if out.is_empty() { "" } else { "&" });
        named(out, name);
    };
    match &plain(name, value, style)? {
        Value::Null => {}
        Value::Object(map) if style == Style::DeepObject => map.iter().for_each(|(key, value)| {
            begin(out, &format!("{name}[{key}]"));
            encode(out, &text(value));
        }),
        _ if style == Style::DeepObject => {
            return Err(InvalidArgument(format!(
                "the argument `{name}` is no object"
            )));
        }
        Value::Array(items) if explode => items.iter().for_each(|item| {
            begin(out, name);
            encode(out, &text(item));
        }),
        Value::Object(map) if explode => map.iter().for_each(|(key, value)| {
            begin(out, key);
            encode(out, &text(value));
        }),
        Value::Array(items) => {
            if let Some(item) = items.iter().map(text).find(|text| unclear(text)) {
                let message = format!(
                    "the argument `{name}` has {meaning:?} in {item:?}, which would end the item"
                );
                return Err(InvalidArgument(message));
            }
            if !items.is_empty() {
                begin(out, name);
                list(out, items, delimiter, encode);
            }
        }
        Value::Object(map) => {
            if map
                .iter()
                .any(|(key, value)| unclear(key) || unclear(&text(value)))
            {
                let message = format!(
                    "the argument `{name}` has {meaning:?} in a key or value, which would end it"
                );
                return Err(InvalidArgument(message));
            }
            if !map.is_empty() {
                begin(out, name);
                object(out, map, false, delimiter, encode);
            }
        }
        scalar => {
            begin(out, name);
            encode(out, &text(scalar));
        }
    }
    Ok(())
}

/// The value of a header, in the `simple` style; nothing when there is none to send.
pub(crate) fn header<T: Serialize + ?Sized>(
    name: &str,
    style: Style,
    explode: bool,
    value: &T,
) -> Result<Option<String>, InvalidArgument> {
    let clear = |text: &str| {
        if text.contains(',') {
            return Err(InvalidArgument(format!(
                "the header argument `{name}` has a comma in {text:?}, which would end the item"
            )));
        }
        Ok(())
    };
    let mut out = String::new();
    match plain(name, value, style)? {
        Value::Null => return Ok(None),
        Value::Array(items) => {
            items.iter().try_for_each(|item| clear(&text(item)))?;
            if items.is_empty() {
                return Ok(None);
            }
            list(&mut out, &items, ",", String::push_str);
        }
        Value::Object(map) => {
            map.iter()
                .try_for_each(|(key, value)| clear(key).and_then(|()| clear(&text(value))))?;
            if map.is_empty() {
                return Ok(None);
            }
            object(&mut out, &map, explode, ",", String::push_str);
        }
        Value::String(text) => out = text,
        scalar => out.push_str(&text(&scalar)),
    }
    Ok(Some(out))
}

/// Writes `name=value` of a cookie behind those that are there; nothing when there is none to send.
pub(crate) fn cookie<T: Serialize + ?Sized>(
    out: &mut String,
    name: &str,
    style: Style,
    value: &T,
) -> Result<(), InvalidArgument> {
    let value = plain(name, value, style)?;
    if value.is_null() || value.as_array().is_some_and(Vec::is_empty) {
        return Ok(());
    }
    out.push_str(if out.is_empty() { "" } else { "; " });
    out.push_str(name);
    out.push('=');
    match &value {
        Value::Array(items) => list(out, items, ",", encode),
        Value::Object(map) => object(out, map, false, ",", encode),
        scalar => encode(out, &text(scalar)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// What is written into an empty text.
    fn written(
        write: impl FnOnce(&mut String) -> Result<(), InvalidArgument>,
    ) -> Result<String, InvalidArgument> {
        let mut out = String::new();
        write(&mut out).map(|()| out)
    }

    fn path<T: Serialize + ?Sized>(
        name: &str,
        style: Style,
        explode: bool,
        value: &T,
    ) -> Result<String, InvalidArgument> {
        written(|out| super::path(out, name, style, explode, value))
    }

    fn pairs<T: Serialize + ?Sized>(
        name: &str,
        style: Style,
        explode: bool,
        value: &T,
    ) -> Result<String, InvalidArgument> {
        written(|out| super::pairs(out, name, style, explode, value))
    }

    #[test]
    fn paths_as_openapi_shows_them() {
        let (list, map) = (json!(["blue", "black"]), json!({"G": 2, "R": 1}));
        for (style, explode, scalar, of_list, of_map) in [
            (Style::Simple, false, "blue", "blue,black", "G,2,R,1"),
            (Style::Simple, true, "blue", "blue,black", "G=2,R=1"),
            (Style::Label, false, ".blue", ".blue,black", ".G,2,R,1"),
            (Style::Label, true, ".blue", ".blue.black", ".G=2.R=1"),
            (
                Style::Matrix,
                false,
                ";c=blue",
                ";c=blue,black",
                ";c=G,2,R,1",
            ),
            (
                Style::Matrix,
                true,
                ";c=blue",
                ";c=blue;c=black",
                ";G=2;R=1",
            ),
        ] {
            let sent = |value: &Value| path("c", style, explode, value).unwrap();
            assert_eq!(
                (sent(&json!("blue")), sent(&list), sent(&map)),
                (scalar.into(), of_list.into(), of_map.into())
            );
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
            assert_eq!(
                path("id", Style::Simple, false, value).as_deref(),
                Ok(segment)
            );
            let url = url::Url::parse(&format!("http://host/a/{segment}/b")).unwrap();
            assert_eq!(
                url.path(),
                format!("/a/{segment}/b"),
                "a URL parser leaves it as it is"
            );
        }
    }

    #[test]
    fn what_would_be_another_path_is_refused() {
        for value in [
            json!(""),
            json!("."),
            json!(".."),
            json!(null),
            json!([]),
            json!({}),
        ] {
            assert!(path("id", Style::Simple, false, &value).is_err(), "{value}");
            assert!(path("id", Style::Label, true, &value).is_err(), "{value}");
        }
        assert!(path("id", Style::Simple, false, &[".."]).is_err());
        assert_eq!(
            path("team_id", Style::Simple, false, "..")
                .unwrap_err()
                .to_string(),
            "the path argument `team_id` is \"..\", which would lead to another path; nothing was sent"
        );
    }

    #[test]
    fn queries_as_openapi_shows_them() {
        let (list, map) = (json!(["blue", "bl&ck,"]), json!({"G": 2, "R": 1}));
        for (style, explode, of_list, of_map) in [
            (Style::Form, true, "c=blue&c=bl%26ck%2C", "G=2&R=1"),
            (Style::Form, false, "c=blue,bl%26ck%2C", "c=G,2,R,1"),
            (
                Style::SpaceDelimited,
                false,
                "c=blue%20bl%26ck%2C",
                "c=G%202%20R%201",
            ),
            (
                Style::PipeDelimited,
                false,
                "c=blue%7Cbl%26ck%2C",
                "c=G%7C2%7CR%7C1",
            ),
            (
                Style::Json,
                false,
                "c=%5B%22blue%22%2C%22bl%26ck%2C%22%5D",
                "c=%7B%22G%22%3A2%2C%22R%22%3A1%7D",
            ),
        ] {
            assert_eq!(pairs("c", style, explode, &list).unwrap(), of_list);
            assert_eq!(pairs("c", style, explode, &map).unwrap(), of_map);
            for nothing in [json!(null), json!([])] {
                let expected = if style == Style::Json && nothing.is_array() {
                    "c=%5B%5D"
                } else {
                    ""
                };
                assert_eq!(pairs("c", style, explode, &nothing).unwrap(), expected);
            }
        }
        assert_eq!(
            pairs("c", Style::DeepObject, true, &map).unwrap(),
            "c%5BG%5D=2&c%5BR%5D=1"
        );
        assert_eq!(
            pairs("c", Style::Form, true, &9_007_199_254_740_993_i64).unwrap(),
            "c=9007199254740993"
        );
    }

    #[test]
    fn what_a_style_cannot_say_is_refused() {
        assert!(pairs("q", Style::Form, true, &json!([[1]])).is_err());
        assert!(pairs("q", Style::DeepObject, true, &json!("x")).is_err());
        assert_eq!(
            pairs("q", Style::PipeDelimited, false, &json!(["a|b"]))
                .unwrap_err()
                .to_string(),
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
        assert_eq!(
            header("X", Style::Simple, true, &json!({"a": 1, "b": 2}))
                .unwrap()
                .as_deref(),
            Some("a=1,b=2")
        );
        assert_eq!((sent(json!(null)), sent(json!([]))), (None, None));
        let mut cookies = String::new();
        for value in [
            json!("a;b"),
            json!(null),
            json!(["a", "b"]),
            json!([]),
            json!({"a": 1, "b": null}),
        ] {
            cookie(&mut cookies, "s", Style::Form, &value).unwrap();
        }
        assert_eq!(cookies, "s=a%3Bb; s=a,b; s=a,1");
    }
}
