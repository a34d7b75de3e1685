//! Takes the YAML of a file, gives a JSON value, and refuses what no JSON can say.
//!
//! The listings' keys are not always strings (status codes are integers); JSON's are. Depth and alias expansion are bounded by
//! the parser, so that a hostile file is an error like any other.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use serde_yaml::Value as Yaml;

use crate::diagnostic::{Diagnostics, Location, Severity};
use crate::front_matter::{self, Body};
use crate::pointer::escape;

/// Parses the YAML in a file's bytes. What cannot be read is an error in `diagnostics`, with file, line and column.
pub fn parse(file: &str, bytes: &[u8], diagnostics: &mut Diagnostics) -> Option<Value> {
    let body = match front_matter::body(bytes) {
        Ok(body) => body,
        Err(error) => {
            diagnostics.push(
                Severity::Error,
                "unreadable-file",
                Location::file(file),
                error.to_string(),
            );
            return None;
        }
    };
    parse_body(file, body, diagnostics)
}

/// How many flow collections may be open at once. The parser's own limit is lower, but it looks at the whole text first, and takes the
/// square of their number.
const MAX_OPEN_BRACKETS: usize = 1_000;

/// Where the brackets are too many, if they are. Brackets in prose close again, so that counting them all is near enough.
fn too_deep(text: &str) -> Option<usize> {
    let mut open = 0usize;
    text.bytes().position(|byte| {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        open > MAX_OPEN_BRACKETS
    })
}

fn parse_body(file: &str, body: Body<'_>, diagnostics: &mut Diagnostics) -> Option<Value> {
    if let Some(at) = too_deep(body.text) {
        let (line, column) = crate::positions::line_column(body.text, at);
        let message = format!("more than {MAX_OPEN_BRACKETS} brackets are open at once");
        diagnostics.push(
            Severity::Error,
            "yaml-syntax",
            Location::line(file, line + body.lines_before, column),
            message,
        );
        return None;
    }
    match serde_yaml::from_str(body.text) {
        Ok(Json(value)) => Some(value),
        Err(error) => {
            let (place, code, message) = refused(file, body, &error);
            diagnostics.push(Severity::Error, code, place, message);
            None
        }
    }
}

/// Why a body cannot be read. It is read once more, for the place of what is YAML and no JSON.
fn refused(
    file: &str,
    body: Body<'_>,
    error: &serde_yaml::Error,
) -> (Location, &'static str, String) {
    let parsed = serde_yaml::from_str::<Yaml>(body.text);
    if let Ok(yaml) = &parsed
        && let Some((pointer, message)) = no_json(yaml, &Way::Root)
    {
        return (Location::pointer(file, pointer), "yaml-not-json", message);
    }
    let error = parsed.as_ref().err().unwrap_or(error);
    let place = match error.location() {
        Some(location) => {
            Location::line(file, location.line() + body.lines_before, location.column())
        }
        None => Location::file(file),
    };
    (
        place,
        "yaml-syntax",
        format!("the YAML cannot be read: {}", reason(error)),
    )
}

/// The parser's own message, without the position, which the place already has (and which counts from the body, not the file).
fn reason(error: &serde_yaml::Error) -> String {
    let message = error.to_string();
    match message.find(" at line ") {
        Some(at) => message[..at].to_owned(),
        None => message,
    }
}

/// A JSON value, read from JSON or YAML, in which no key is there twice. Of YAML its error is only that there is none: [`no_json`] finds out why.
pub(crate) struct Json(pub(crate) Value);

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor).map(Json)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what JSON can say")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("no number of JSON"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Json(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(Json(key)) = entries.next_key()? {
            let Json(value) = entries.next_value()?;
            let key = match key {
                Value::String(key) => key,
                Value::Array(_) | Value::Object(_) => {
                    return Err(de::Error::custom("a key that is no text"));
                }
                // As YAML writes it.
                Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
                    Some(number) => serde_yaml::Number::from(number).to_string(),
                    None => number.to_string(),
                },
                scalar => scalar.to_string(),
            };
            if map.contains_key(&key) {
                return Err(de::Error::custom(twice(&key)));
            }
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

/// How a key that is there twice is told.
fn twice(key: &str) -> String {
    format!("{DUPLICATE_KEY}`{key}` is there twice")
}

/// How that begins, by which it is known again in an error of a parser.
pub(crate) const DUPLICATE_KEY: &str = "the key ";

/// The way to a value. Its JSON pointer is written only where there is something to say.
enum Way<'a> {
    Root,
    Item(&'a Way<'a>, usize),
    Key(&'a Way<'a>, &'a str),
}

impl Way<'_> {
    fn pointer(&self) -> String {
        match self {
            Way::Root => String::new(),
            Way::Item(way, index) => format!("{}/{index}", way.pointer()),
            Way::Key(way, key) => format!("{}/{}", way.pointer(), escape(key)),
        }
    }
}

/// What of a value JSON cannot say, if there is such: its JSON pointer, and what it is.
fn no_json(yaml: &Yaml, way: &Way<'_>) -> Option<(String, String)> {
    match yaml {
        Yaml::Null | Yaml::Bool(_) | Yaml::String(_) => None,
        Yaml::Number(number) if number.as_f64().is_some_and(f64::is_finite) => None,
        Yaml::Number(number) => Some((
            way.pointer(),
            format!("{number} is a number that JSON does not have"),
        )),
        Yaml::Sequence(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| no_json(item, &Way::Item(way, index))),
        Yaml::Mapping(entries) => {
            let mut keys = BTreeSet::new();
            entries.iter().find_map(|(key, value)| {
                let Some(key) = key_text(key) else {
                    return Some((
                        way.pointer(),
                        "a mapping has a key that is a list or a mapping".to_owned(),
                    ));
                };
                let refused = || Some((way.pointer(), twice(&key)));
                no_json(value, &Way::Key(way, &key)).or_else(|| {
                    if keys.insert(key.clone()) {
                        None
                    } else {
                        refused()
                    }
                })
            })
        }
        Yaml::Tagged(tagged) => Some((
            way.pointer(),
            format!(
                "a value has the tag `{}`, which means nothing here",
                tagged.tag
            ),
        )),
    }
}

fn key_text(key: &Yaml) -> Option<String> {
    match key {
        Yaml::String(key) => Some(key.clone()),
        Yaml::Number(key) => Some(key.to_string()),
        Yaml::Bool(key) => Some(key.to_string()),
        Yaml::Null => Some("null".to_owned()),
        Yaml::Sequence(_) | Yaml::Mapping(_) | Yaml::Tagged(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn refused(bytes: &[u8], message: Expect) {
        let mut diagnostics = Diagnostics::default();
        assert_eq!(parse("a.md", bytes, &mut diagnostics), None);
        let all: Vec<_> = diagnostics.iter().map(ToString::to_string).collect();
        message.assert_eq(&all.join("\n"));
    }

    #[test]
    fn keys_become_strings() {
        let mut diagnostics = Diagnostics::default();
        let value = parse(
            "a.md",
            b"---\r\nresponses:\n  200:\n    description: OK\r\n---",
            &mut diagnostics,
        );
        assert_eq!(
            value,
            Some(serde_json::json!({"responses": {"200": {"description": "OK"}}}))
        );
        let value = parse(
            "a.md",
            b"{~: ~, true: -1, 1.50: 1.50, 0x10: [0x10]}",
            &mut diagnostics,
        );
        assert_eq!(
            value,
            Some(serde_json::json!({"null": null, "true": -1, "1.5": 1.5, "16": [16]}))
        );
        assert!(!diagnostics.has_errors());
    }

    #[test]
    fn syntax_errors_have_the_line_of_the_file() {
        refused(
            b"---\r\na: 1\nb: [1,\n---",
            expect![[r#"
            error[yaml-syntax]: the YAML cannot be read: did not find expected node content
              --> a.md:4:1"#]],
        );
        refused(
            b"a: 1\na: 2\n",
            expect![[r#"
            error[yaml-syntax]: the YAML cannot be read: duplicate entry with key "a"
              --> a.md:1:1"#]],
        );
        refused(
            b"200: 1\n'200': 2\n",
            expect![[r#"
            error[yaml-not-json]: the key `200` is there twice
              --> a.md#"#]],
        );
        refused(
            b"a: {b: .nan}\n",
            expect![[r#"
            error[yaml-not-json]: .nan is a number that JSON does not have
              --> a.md#/a/b"#]],
        );
        refused(
            b"a: !what 1\n",
            expect![[r#"
            error[yaml-not-json]: a value has the tag `!what`, which means nothing here
              --> a.md#/a"#]],
        );
        refused(
            b"? [1]\n: 2\n",
            expect![[r#"
            error[yaml-not-json]: a mapping has a key that is a list or a mapping
              --> a.md#"#]],
        );
    }

    #[test]
    fn hostile_documents_end_in_an_error() {
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..12 {
            let before = level - 1;
            bomb.push_str(&format!(
                "a{level}: &a{level} [{}]\n",
                vec![format!("*a{before}"); 10].join(", ")
            ));
        }
        refused(
            bomb.as_bytes(),
            expect![[r#"
            error[yaml-syntax]: the YAML cannot be read: repetition limit exceeded
              --> a.md"#]],
        );
        refused(
            "[".repeat(500).as_bytes(),
            expect![[r#"
            error[yaml-syntax]: the YAML cannot be read: recursion limit exceeded
              --> a.md:1:129"#]],
        );
        refused(
            "[".repeat(100_000).as_bytes(),
            expect![[r#"
                error[yaml-syntax]: more than 1000 brackets are open at once
                  --> a.md:1:1001"#]],
        );
        refused(
            b"a: &a [*a]\n",
            expect![[r#"
            error[yaml-syntax]: the YAML cannot be read: recursion limit exceeded
              --> a.md:1:4"#]],
        );
    }
}
