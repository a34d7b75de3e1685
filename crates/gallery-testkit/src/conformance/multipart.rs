//! Arguments of multipart bodies. A file is an object with `name`, `type` and `content`.

use serde_json::{Map, Value, json};

use crate::document::{Document, is_json};
use crate::request::Part;
use crate::sample;

/// Returns the values of the parts of an argument: the items of a list, or the value.
pub(super) fn items(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        Value::Null => &[],
        value => std::slice::from_ref(value),
    }
}

/// Returns name, media type and content of a file.
pub(super) fn file(value: &Value) -> Option<(&str, &str, &str)> {
    let object = value.as_object().filter(|object| object.len() == 3)?;
    let text = |key: &str| object.get(key)?.as_str();
    Some((text("name")?, text("type")?, text("content")?))
}

/// Returns an argument in which the binary strings of a value of `schema` are files.
pub(super) fn with_files(document: &Document, schema: &Value, value: Value) -> Value {
    let schema = sample::flat(document, schema);
    let Value::Object(object) = value else {
        return value;
    };
    let convert = |(name, value): (String, Value)| {
        let property = schema.get("properties").and_then(|own| own.get(&name));
        let value = match property {
            Some(property) => with_file(document, property, value),
            None => value,
        };
        (name, value)
    };
    Value::Object(object.into_iter().map(convert).collect::<Map<_, _>>())
}

fn with_file(document: &Document, schema: &Value, value: Value) -> Value {
    let schema = sample::flat(document, schema);
    let is_binary = schema
        .get("format")
        .is_some_and(|format| format == "binary");
    match (value, schema.get("items")) {
        (Value::String(content), _) if is_binary => {
            json!({"name": "a \"b\".png", "type": "image/png", "content": content})
        }
        (Value::Array(items), Some(schema)) => items
            .into_iter()
            .map(|item| with_file(document, schema, item))
            .collect(),
        (value, _) => value,
    }
}

/// Compares the parts of a request with an argument.
pub(super) fn same(parts: &[Part], argument: &Value) -> Result<(), String> {
    let given = argument.as_object().ok_or("the argument has no parts")?;
    let count: usize = given.values().map(|value| items(value).len()).sum();
    if parts.len() != count {
        return Err(format!("{} parts instead of {count}", parts.len()));
    }
    for (name, value) in given {
        let own: Vec<&Part> = parts.iter().filter(|part| part.name == *name).collect();
        let mut pairs = own.iter().zip(items(value));
        if own.len() != items(value).len() || !pairs.all(|(part, value)| is_same(part, value)) {
            return Err(format!("the part `{name}` differs"));
        }
    }
    Ok(())
}

fn is_same(part: &Part, value: &Value) -> bool {
    let text = std::str::from_utf8(&part.content).ok();
    let (name, kind) = (part.file_name.as_deref(), part.content_type.as_deref());
    if let Some((file_name, file_kind, content)) = file(value) {
        return (name, kind, text) == (Some(file_name), Some(file_kind), Some(content));
    }
    if name.is_some() {
        return false;
    }
    match value {
        Value::String(value) => text == Some(value),
        Value::Bool(value) => text == Some(if *value { "true" } else { "false" }),
        Value::Number(value) => text.and_then(|text| text.parse().ok()) == value.as_f64(),
        value => {
            let sent = text.and_then(|text| serde_json::from_str::<Value>(text).ok());
            kind.is_some_and(is_json) && sent.as_ref() == Some(value)
        }
    }
}

#[cfg(test)]
mod tests {
    use gallery_runtime::Bytes;

    use super::*;

    fn part(name: &str, file: Option<(&str, &str)>, content: &'static str) -> Part {
        Part {
            name: name.to_owned(),
            file_name: file.map(|(name, _)| name.to_owned()),
            content_type: file.map(|(_, kind)| kind.to_owned()),
            content: Bytes::from(content).into(),
        }
    }

    fn json(name: &str, content: &'static str) -> Part {
        let content_type = Some("application/json".to_owned());
        Part {
            content_type,
            ..part(name, None, content)
        }
    }

    #[test]
    fn compares_each_part_with_its_value() {
        let argument = json!({
            "file": {"name": "x", "type": "image/png", "content": "1"},
            "list": ["a", "b"], "number": 1.0, "flag": true, "absent": null, "object": {"k": [1]},
        });
        let right = || {
            vec![
                part("file", Some(("x", "image/png")), "1"),
                part("list", None, "a"),
                part("list", None, "b"),
                part("number", None, "1"),
                part("flag", None, "true"),
                json("object", r#"{"k": [1]}"#),
            ]
        };
        assert_eq!(same(&right(), &argument), Ok(()));
        let wrong = [
            (0, part("file", Some(("y", "image/png")), "1")),
            (0, part("file", Some(("x", "text/plain")), "1")),
            (0, part("file", Some(("x", "image/png")), "2")),
            (0, part("file", None, "1")),
            (1, part("list", None, "b")),
            (2, part("file", None, "b")),
            (3, part("number", None, "1.5")),
            (3, part("number", Some(("x", "text/plain")), "1")),
            (4, part("flag", None, "True")),
            (5, part("object", None, r#"{"k": [1]}"#)),
            (5, json("object", r#"{"k": [2]}"#)),
            (5, json("absent", "null")),
        ];
        for (index, part) in wrong {
            let mut parts = right();
            parts[index] = part;
            assert!(same(&parts, &argument).is_err(), "{parts:?}");
        }
        assert!(same(&right()[1..], &argument).is_err());
    }

    #[test]
    fn binary_strings_are_files() {
        let document = json!({
            "openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {},
            "components": {"schemas": {"Scan": {"type": "string", "format": "binary"}}},
        });
        let document = Document::parse(&document.to_string()).unwrap();
        let schema = json!({"properties": {
            "one": {"$ref": "#/components/schemas/Scan"},
            "many": {"type": "array", "items": {"type": "string", "format": "binary"}},
            "text": {"type": "string"},
        }});
        let value = json!({"one": "1", "many": ["2"], "text": "3", "other": "4"});
        let file =
            |content: &str| json!({"name": "a \"b\".png", "type": "image/png", "content": content});
        assert_eq!(
            with_files(&document, &schema, value),
            json!({"one": file("1"), "many": [file("2")], "text": "3", "other": "4"})
        );
    }
}
