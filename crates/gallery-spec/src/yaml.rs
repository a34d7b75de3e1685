//! Takes the YAML of a file, gives a JSON value, and refuses what no JSON can say.
//!
//! The listings' keys are not always strings (status codes are integers); JSON's are. Depth and alias expansion are bounded by
//! the parser, so that a hostile file is an error like any other.

use serde_json::map::Entry;
use serde_json::{Map, Number, Value};
use serde_yaml::Value as Yaml;

use crate::diagnostic::{Diagnostics, Place, Severity};
use crate::front_matter::{self, Body};

/// Parses the YAML in a file's bytes. What cannot be read is an error in `diagnostics`, with file, line and column.
pub fn parse(file: &str, bytes: &[u8], diagnostics: &mut Diagnostics) -> Option<Value> {
    let body = match front_matter::body(bytes) {
        Ok(body) => body,
        Err(error) => {
            diagnostics.push(Severity::Error, "unreadable-file", Place::file(file), error.to_string());
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
        let (line, column) = crate::config::line_column(body.text, at);
        let message = format!("more than {MAX_OPEN_BRACKETS} brackets are open at once");
        diagnostics.push(Severity::Error, "yaml-syntax", Place::line(file, line + body.lines_before, column), message);
        return None;
    }
    let yaml: Yaml = match serde_yaml::from_str(body.text) {
        Ok(yaml) => yaml,
        Err(error) => {
            let place = match error.location() {
                Some(location) => Place::line(file, location.line() + body.lines_before, location.column()),
                None => Place::file(file),
            };
            diagnostics.push(Severity::Error, "yaml-syntax", place, format!("the YAML cannot be read: {}", reason(&error)));
            return None;
        }
    };
    json(yaml, &Way::Root, &mut |way, message| {
        diagnostics.push(Severity::Error, "yaml-not-json", Place::pointer(file, way.pointer()), message);
    })
}

/// The parser's own message, without the position, which the place already has (and which counts from the body, not the file).
fn reason(error: &serde_yaml::Error) -> String {
    let message = error.to_string();
    match message.find(" at line ") {
        Some(at) => message[..at].to_owned(),
        None => message,
    }
}

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

fn json(yaml: Yaml, way: &Way<'_>, refuse: &mut dyn FnMut(&Way<'_>, String)) -> Option<Value> {
    Some(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => Value::Bool(value),
        Yaml::Number(number) => match json_number(&number) {
            Some(number) => Value::Number(number),
            None => {
                refuse(way, format!("{number} is a number that JSON does not have"));
                return None;
            }
        },
        Yaml::String(value) => Value::String(value),
        Yaml::Sequence(items) => {
            let items = items.into_iter().enumerate();
            Value::Array(items.map(|(index, item)| json(item, &Way::Item(way, index), refuse)).collect::<Option<_>>()?)
        }
        Yaml::Mapping(entries) => {
            let mut map = Map::new();
            for (key, value) in entries {
                let Some(key) = key_text(key) else {
                    refuse(way, "a mapping has a key that is a list or a mapping".to_owned());
                    return None;
                };
                let value = json(value, &Way::Key(way, &key), refuse)?;
                match map.entry(key) {
                    Entry::Vacant(free) => _ = free.insert(value),
                    Entry::Occupied(taken) => {
                        refuse(way, format!("the key `{}` is there twice", taken.key()));
                        return None;
                    }
                }
            }
            Value::Object(map)
        }
        Yaml::Tagged(tagged) => {
            refuse(way, format!("a value has the tag `{}`, which means nothing here", tagged.tag));
            return None;
        }
    })
}

/// A key as one segment of a JSON pointer (RFC 6901).
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn key_text(key: Yaml) -> Option<String> {
    match key {
        Yaml::String(key) => Some(key),
        Yaml::Number(key) => Some(key.to_string()),
        Yaml::Bool(key) => Some(key.to_string()),
        Yaml::Null => Some("null".to_owned()),
        Yaml::Sequence(_) | Yaml::Mapping(_) | Yaml::Tagged(_) => None,
    }
}

fn json_number(number: &serde_yaml::Number) -> Option<Number> {
    if let Some(value) = number.as_u64() {
        return Some(value.into());
    }
    if let Some(value) = number.as_i64() {
        return Some(value.into());
    }
    Number::from_f64(number.as_f64()?)
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
    fn integer_keys_become_strings() {
        let mut diagnostics = Diagnostics::default();
        let value = parse("a.md", b"---\r\nresponses:\n  200:\n    description: OK\r\n---", &mut diagnostics);
        assert_eq!(value, Some(serde_json::json!({"responses": {"200": {"description": "OK"}}})));
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
            bomb.push_str(&format!("a{level}: &a{level} [{}]\n", vec![format!("*a{before}"); 10].join(", ")));
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
