//! Changes the structure of documents at random.

use fastrand::Rng;
use openapi_text::pointer::escape;
use serde_json::{Map, Value, json};

use crate::seeds;

/// The kind of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    OpenApi,
    Swagger,
    Overlay,
}

/// A document with changes.
pub(crate) struct Mutated {
    pub(crate) kind: Kind,
    pub(crate) value: Value,
    /// The text of `value`, which may have changes of its own.
    pub(crate) text: String,
}

/// Names and texts that have caused errors, or look as if they could.
const TEXTS: &[&str] = &[
    "",
    " ",
    "$ref",
    "#",
    "#/",
    "#/paths",
    "/",
    "//",
    "~",
    "a/b~c",
    "x-gallery-pages",
    "try_into",
    "tryInto",
    "type",
    "self",
    "Self",
    "gen",
    "_",
    "0",
    "-1",
    "1e400",
    "\u{0}",
    "\u{202e}x",
    "\u{feff}",
    "e\u{301}",
    "\u{e9}",
    "\u{ff46}ile",
    "日本語",
    "🦀",
    "'",
    "\"",
    "`",
    "*/",
    "{",
    "}",
    "{a}{b}",
    "/{a}/{a}",
    "https://",
    "http://[::1",
    "file:///etc/passwd",
    "//h",
    "application/json",
    "a/b; c=\"",
    "text/*",
    "multipart/form-data",
    "default",
    "2XX",
    "999",
    "^(a+)+$",
    "(",
    "\\",
    "[",
    "string",
    "integer",
    "object",
    "array",
    "null",
    "binary",
    "date-time",
    "oneOf",
    "allOf",
    "anyOf",
    "not",
    "items",
    "properties",
    "additionalProperties",
    "discriminator",
    "required",
    "enum",
    "nullable",
    "readOnly",
    "deepObject",
    "spaceDelimited",
    "query",
    "path",
    "header",
    "cookie",
    "body",
    "formData",
    "$..*",
    "$",
    "$[?@.a",
    "---",
    "<<",
    "Type",
    "page",
    "per_page",
];

/// Returns a document for a generator.
pub(crate) fn document(random: &mut Rng) -> Mutated {
    let (kind, mut value) = match random.u8(..8) {
        0 => (Kind::Overlay, seeds::overlay()),
        1 | 2 => (Kind::Swagger, seeds::swagger()),
        _ => (Kind::OpenApi, seeds::openapi()),
    };
    for _ in 0..random.usize(1..6) {
        change(&mut value, random);
    }
    let mut text = value.to_string();
    if random.u8(..4) == 0 {
        damage(&mut text, random);
    }
    Mutated { kind, value, text }
}

/// Changes one node.
fn change(document: &mut Value, random: &mut Rng) {
    let pointers = pointers(document);
    let at = pick(&pointers, random).clone();
    let other = document
        .pointer(pick::<String>(&pointers, random))
        .cloned()
        .unwrap_or_default();
    let Some(node) = document.pointer_mut(&at) else {
        return;
    };
    match random.u8(..11) {
        0 => remove(node, random),
        1 => *node = json!({"$ref": format!("#{}", pick(&pointers, random))}),
        2 => *node = leaf(random),
        3 => *node = other,
        4 => insert(node, text(random), other),
        5 => insert(node, text(random), leaf(random)),
        6 => rename(node, random),
        7 => *node = nested(node.take(), random),
        8 => *node = repeated(node.take(), random),
        9 => double(document, &at, random),
        _ => *node = Value::String(text(random).repeat(random.usize(1..200))),
    }
}

fn remove(node: &mut Value, random: &mut Rng) {
    match node {
        Value::Object(map) if !map.is_empty() => {
            let key = map.keys().nth(random.usize(..map.len())).cloned();
            map.remove(&key.unwrap_or_default());
        }
        Value::Array(items) if !items.is_empty() => drop(items.remove(random.usize(..items.len()))),
        _ => *node = Value::Null,
    }
}

fn insert(node: &mut Value, key: String, value: Value) {
    match node {
        Value::Object(map) => drop(map.insert(key, value)),
        Value::Array(items) => items.push(value),
        _ => *node = value,
    }
}

fn rename(node: &mut Value, random: &mut Rng) {
    if let Value::Object(map) = node
        && !map.is_empty()
    {
        let key = map.keys().nth(random.usize(..map.len())).cloned();
        let value = map.remove(&key.unwrap_or_default()).unwrap_or_default();
        map.insert(text(random), value);
    }
}

/// Puts a node below many schemas.
fn nested(node: Value, random: &mut Rng) -> Value {
    let keyword = random.u8(..6);
    (0..random.usize(1..24)).fold(node, |inner, _| match keyword {
        0 => json!({"items": inner, "type": "array"}),
        1 => json!({"properties": {"a": inner}, "type": "object"}),
        2 => json!({"allOf": [{"description": "d"}, inner]}),
        3 => json!({"anyOf": [{"type": "string"}, inner]}),
        4 => json!({"oneOf": [inner]}),
        _ => json!({"additionalProperties": inner}),
    })
}

/// Returns many copies of a node.
fn repeated(node: Value, random: &mut Rng) -> Value {
    let copies = random.usize(1..40);
    if node.to_string().len() * copies > 100_000 {
        return node;
    }
    match random.bool() {
        true => Value::Array(vec![node; copies]),
        false => (0..copies)
            .map(|number| (format!("k{number}"), node.clone()))
            .collect::<Map<_, _>>()
            .into(),
    }
}

/// Replaces a node by a chain of schemas, each of which refers to the next one twice.
fn double(document: &mut Value, at: &str, random: &mut Rng) {
    let levels = random.usize(1..24);
    let keyword = *pick(&["allOf", "anyOf", "oneOf"], random);
    let last = document.pointer(at).cloned().unwrap_or_default();
    if let Some(node) = document.pointer_mut(at) {
        *node = json!({"$ref": "#/components/schemas/L0"});
    }
    let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    for level in 0..levels {
        let next = json!({"$ref": format!("#/components/schemas/L{}", level + 1)});
        schemas.insert(format!("L{level}"), json!({keyword: [next, next]}));
    }
    schemas.insert(format!("L{levels}"), last);
}

/// Removes or repeats some bytes of a text.
fn damage(text: &mut String, random: &mut Rng) {
    let boundary = |at: usize| (0..=at).rev().find(|&at| text.is_char_boundary(at));
    let start = boundary(random.usize(..text.len())).unwrap_or_default();
    let end = boundary((start + random.usize(1..30)).min(text.len())).unwrap_or_default();
    let part = text.get(start..end).unwrap_or_default().to_owned();
    match random.u8(..3) {
        0 => text.replace_range(start..end.max(start), ""),
        1 => text.insert_str(start, &part),
        _ => text.insert_str(
            start,
            pick::<&str>(&["\n---\n", "&a", "*a", "{", "]", "\t", "#", ": "], random),
        ),
    }
}

fn leaf(random: &mut Rng) -> Value {
    match random.u8(..8) {
        0 => Value::Null,
        1 => random.bool().into(),
        2 => random.i64(..).into(),
        3 => random.i64(-2..200).into(),
        4 => json!(1e300),
        5 => json!([]),
        6 => json!({}),
        _ => text(random).into(),
    }
}

fn text(random: &mut Rng) -> String {
    (*pick(TEXTS, random)).to_owned()
}

fn pick<'a, T>(list: &'a [T], random: &mut Rng) -> &'a T {
    &list[random.usize(..list.len())]
}

/// Returns the JSON pointers of all nodes.
fn pointers(document: &Value) -> Vec<String> {
    let mut all = Vec::new();
    let mut open = vec![(String::new(), document)];
    while let Some((pointer, node)) = open.pop() {
        match node {
            Value::Object(map) => open.extend(
                map.iter()
                    .map(|(key, value)| (format!("{pointer}/{}", escape(key)), value)),
            ),
            Value::Array(items) => open.extend(
                items
                    .iter()
                    .enumerate()
                    .map(|(index, value)| (format!("{pointer}/{index}"), value)),
            ),
            _ => {}
        }
        all.push(pointer);
    }
    all
}
