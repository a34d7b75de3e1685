//! Values of a schema at its edges: all of it and only what must be there, each optional part absent, every value of an enumeration,
//! every alternative, numbers at the ends of their types.

use serde_json::{Value, json};

use crate::document::Document;
use crate::sample::{self, flat};
use crate::schema::Direction;

/// How many values one schema gives at most: big schemas have more edges than a test has time.
const MOST: usize = 150;

/// How deep edges are looked for.
const DEPTH: usize = 5;

/// A value, and what is special about it.
#[derive(Clone, Debug)]
pub(super) struct Variant {
    /// For people.
    pub(super) what: String,
    pub(super) value: Value,
    /// Another way to say it: what is null and may be absent may be left out.
    pub(super) otherwise: Option<Value>,
}

impl Variant {
    pub(super) fn new(what: impl Into<String>, value: Value) -> Variant {
        Variant {
            what: what.into(),
            value,
            otherwise: None,
        }
    }
}

/// Values of a schema, the fullest first and the barest second. What does not go one of these ways may be absent, required or not.
pub(super) fn variants(document: &Document, schema: &Value, ways: &[Direction]) -> Vec<Variant> {
    let full = sample::value(document, schema, 1);
    let mut edges = Edges {
        document,
        ways,
        whole: full.clone(),
        found: Vec::new(),
    };
    edges.find(schema, &full, String::new(), 0);
    let mut variants = vec![
        Variant::new("everything", full),
        Variant::new("only what is required", least(document, schema, ways)),
        Variant::new("empty lists", sample::value(document, schema, 0)),
    ];
    variants.extend(edges.found);
    variants
}

/// Values of a schema with many items, where it is a list.
pub(super) fn long(document: &Document, schema: &Value, ways: &[Direction]) -> Vec<Variant> {
    if flat(document, schema)
        .get("type")
        .is_none_or(|kind| kind != "array")
    {
        return Vec::new();
    }
    let item = flat(document, schema)
        .get("items")
        .cloned()
        .unwrap_or_default();
    let least = least(document, &item, ways);
    vec![Variant::new(
        "10000 items",
        Value::Array(vec![least; 10_000]),
    )]
}

/// Values that have, in one place, a word that an enumeration does not know.
pub(super) fn unknown_words(document: &Document, schema: &Value) -> Vec<Variant> {
    let full = sample::value(document, schema, 1);
    let mut edges = Edges {
        document,
        ways: &[],
        whole: full.clone(),
        found: Vec::new(),
    };
    edges.find_enumerations(schema, &full, String::new(), 0);
    edges.found
}

/// The edges of one value, each the whole with one change.
struct Edges<'a> {
    document: &'a Document,
    ways: &'a [Direction],
    whole: Value,
    found: Vec<Variant>,
}

impl Edges<'_> {
    fn add(&mut self, variant: Variant) {
        if self.found.len() < MOST {
            self.found.push(variant);
        }
    }

    fn put(&mut self, pointer: &str, what: &str, value: Value) {
        self.add(Variant::new(
            format!("{what} at {pointer:?}"),
            self.with(pointer, value),
        ));
    }

    fn with(&self, pointer: &str, value: Value) -> Value {
        let mut whole = self.whole.clone();
        if let Some(place) = whole.pointer_mut(pointer) {
            *place = value;
        }
        whole
    }

    fn without(&self, pointer: &str, name: &str) -> Value {
        let mut whole = self.whole.clone();
        if let Some(Value::Object(map)) = whole.pointer_mut(pointer) {
            map.remove(name);
        }
        whole
    }

    fn find(&mut self, schema: &Value, value: &Value, pointer: String, depth: usize) {
        if depth > DEPTH {
            return;
        }
        for alternative in alternatives(self.document, schema).iter().skip(1) {
            self.put(
                &pointer,
                "another alternative",
                sample::value(self.document, alternative, 1),
            );
        }
        let schema = flat(self.document, schema);
        for another in sample::values(&schema).unwrap_or_default() {
            if another != *value {
                self.put(&pointer, &format!("{another}"), another);
            }
        }
        if schema.get("enum").is_some() {
            return;
        }
        match value {
            Value::Object(map) => {
                for (name, inner) in map {
                    let Some(of) = property(&schema, name) else {
                        continue;
                    };
                    let absent = may_be_absent(self.document, &schema, name, self.ways)
                        .then(|| self.without(&pointer, name));
                    if let Some(absent) = &absent {
                        self.add(Variant::new(
                            format!("nothing at {:?}", below(&pointer, name)),
                            absent.clone(),
                        ));
                    }
                    let at = below(&pointer, name);
                    if flat(self.document, &of).get("nullable") == Some(&json!(true)) {
                        let null =
                            Variant::new(format!("null at {at:?}"), self.with(&at, Value::Null));
                        self.add(Variant {
                            otherwise: absent,
                            ..null
                        });
                    }
                    self.find(&of, inner, at, depth + 1);
                }
            }
            Value::Array(items) => {
                if let (Some(first), Some(of)) = (items.first(), schema.get("items")) {
                    if let Some(several) = several(self.document, &schema, first, self.ways) {
                        self.put(&pointer, "items that differ", several);
                    }
                    self.find(of, first, format!("{pointer}/0"), depth + 1);
                }
            }
            Value::Number(_) => {
                for edge in numbers(&schema) {
                    self.put(&pointer, &format!("{edge}"), edge);
                }
            }
            Value::String(_) if schema.get("format").is_none() => {
                for text in ["", "\u{feff}\"\\/\u{0}\u{1F600}e\u{301}\r\n"] {
                    self.put(&pointer, "another text", json!(text));
                }
            }
            Value::Bool(whether) => self.put(&pointer, "the contrary", json!(!whether)),
            _ => {}
        }
    }

    fn find_enumerations(&mut self, schema: &Value, value: &Value, pointer: String, depth: usize) {
        if depth > DEPTH || !alternatives(self.document, schema).is_empty() {
            return;
        }
        let schema = flat(self.document, schema);
        if schema.get("enum").is_some() && value.is_string() {
            self.put(&pointer, "an unknown word", json!("word-of-later-days"));
        }
        match value {
            Value::Object(map) => {
                for (name, inner) in map {
                    if let Some(of) = property(&schema, name) {
                        self.find_enumerations(&of, inner, below(&pointer, name), depth + 1);
                    }
                }
            }
            Value::Array(items) => {
                if let (Some(first), Some(of)) = (items.first(), schema.get("items")) {
                    self.find_enumerations(of, first, format!("{pointer}/0"), depth + 1);
                }
            }
            _ => {}
        }
    }
}

/// A list of items that differ, one of which comes twice, where the schema of lists lets there be one.
fn several(document: &Document, list: &Value, first: &Value, ways: &[Direction]) -> Option<Value> {
    let item = flat(document, list.get("items")?);
    let is_free = ["format", "pattern", "minLength", "maxLength"]
        .iter()
        .all(|keyword| item.get(keyword).is_none());
    let others = match (sample::values(&item), first) {
        (Some(values), _) => values,
        (None, Value::String(_)) if is_free => vec![json!("b"), json!("a")],
        (None, Value::Number(_)) => numbers(&item),
        (None, Value::Bool(whether)) => vec![json!(!whether)],
        (None, Value::Object(_)) => vec![least(document, &item, ways)],
        (None, _) => Vec::new(),
    };
    let others = others.into_iter().filter(|other| other != first).take(2);
    let twice = (list.get("uniqueItems") != Some(&Value::Bool(true))).then(|| first.clone());
    let items: Vec<Value> = std::iter::once(first.clone())
        .chain(others)
        .chain(twice)
        .collect();
    let limit = |keyword: &str| {
        list.get(keyword)
            .and_then(Value::as_u64)
            .and_then(|limit| usize::try_from(limit).ok())
    };
    let fits = limit("minItems").is_none_or(|least| items.len() >= least)
        && limit("maxItems").is_none_or(|most| items.len() <= most);
    (fits && items.windows(2).any(|pair| pair[0] != pair[1])).then(|| items.into())
}

/// Numbers at the ends of what a schema's type can say, where its limits let them.
pub(super) fn numbers(schema: &Value) -> Vec<Value> {
    let format = schema.get("format").and_then(Value::as_str);
    let edges = match (schema.get("type").and_then(Value::as_str), format) {
        (Some("integer"), Some("int32")) => {
            vec![json!(0), json!(-1), json!(i32::MAX), json!(i32::MIN)]
        }
        (Some("integer"), Some("int64") | None) => vec![
            json!(0),
            json!(-1),
            json!(1_i64 << 31),
            json!(-(1_i64 << 31) - 1),
            json!((1_i64 << 53) + 1),
            json!(i64::MAX),
            json!(i64::MIN),
        ],
        (Some("number"), None | Some("double" | "float")) => {
            vec![
                json!(0.5),
                json!(-2.25),
                json!(1_048_576.125),
                json!(-0.001_953_125),
            ]
        }
        _ => Vec::new(),
    };
    let limit = |name: &str| schema.get(name).and_then(Value::as_f64);
    let within = |edge: &Value| {
        let Some(number) = edge.as_f64() else {
            return false;
        };
        let strictly = |name: &str| {
            schema
                .get(name)
                .is_some_and(|strict| *strict == json!(true))
        };
        limit("minimum").is_none_or(|least| {
            number > least || (number >= least && !strictly("exclusiveMinimum"))
        }) && limit("maximum")
            .is_none_or(|most| number < most || (number <= most && !strictly("exclusiveMaximum")))
            && limit("multipleOf").is_none()
    };
    edges.into_iter().filter(within).collect()
}

/// The schema with each of its alternatives alone.
fn alternatives(document: &Document, schema: &Value) -> Vec<Value> {
    let schema = document.resolve(schema);
    let listed = ["oneOf", "anyOf"]
        .iter()
        .find_map(|keyword| schema.get(keyword)?.as_array());
    let alone = |alternative: &Value| {
        let mut parts = schema
            .get("allOf")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        parts.push(alternative.clone());
        let mut schema = schema.clone();
        if let Value::Object(keywords) = &mut schema {
            keywords.retain(|keyword, _| !["oneOf", "anyOf"].contains(&keyword.as_str()));
            keywords.insert("allOf".to_owned(), parts.into());
        }
        schema
    };
    listed.into_iter().flatten().map(alone).collect()
}

/// Whether a value without a property is one of the schema, when it goes one of these ways.
fn may_be_absent(document: &Document, schema: &Value, name: &str, ways: &[Direction]) -> bool {
    let required = schema
        .get("required")
        .and_then(Value::as_array)
        .is_some_and(|names| names.iter().any(|own| own == name));
    let own = schema
        .get("properties")
        .and_then(|properties| properties.get(name))
        .map(|own| flat(document, own));
    let is_excluded = |way: &Direction| {
        own.as_ref().and_then(|own| own.get(way.is_excluded())) == Some(&Value::Bool(true))
    };
    !required || ways.iter().any(is_excluded)
}

/// The schema of a property: its own, or that of all others.
fn property(schema: &Value, name: &str) -> Option<Value> {
    let own = schema
        .get("properties")
        .and_then(|properties| properties.get(name));
    own.or_else(|| {
        schema
            .get("additionalProperties")
            .filter(|inner| inner.is_object())
    })
    .cloned()
}

fn below(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// A value of a schema with nothing in it that may be absent.
fn least(document: &Document, schema: &Value, ways: &[Direction]) -> Value {
    let schema = &flat(document, schema);
    match schema.get("type").and_then(Value::as_str) {
        Some("array")
            if schema
                .get("minItems")
                .and_then(Value::as_u64)
                .unwrap_or_default()
                == 0 =>
        {
            json!([])
        }
        Some("object") => {
            let Value::Object(mut map) = sample::value(document, schema, 1) else {
                return json!({});
            };
            map.retain(|name, _| !may_be_absent(document, schema, name, ways));
            for (name, inner) in schema
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                // What contains itself ends where it may.
                if let Some(own) = map
                    .get_mut(name)
                    .filter(|own| own.is_object() || own.is_array())
                    && is_finite(document, inner, 0)
                {
                    *own = least(document, inner, ways);
                }
            }
            map.into()
        }
        _ => sample::value(document, schema, 1),
    }
}

/// Whether what a schema requires ends somewhere.
fn is_finite(document: &Document, schema: &Value, depth: usize) -> bool {
    let schema = flat(document, schema);
    let required = schema
        .get("required")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let of = |name: &Value| schema.get("properties")?.get(name.as_str()?);
    depth < 8
        && required
            .iter()
            .filter_map(of)
            .all(|inner| is_finite(document, inner, depth + 1))
}

/// A value with a field that its schema does not know, wherever the schema allows that.
pub(super) fn with_unknown_field(document: &Document, schema: &Value, mut value: Value) -> Value {
    let schema = flat(document, schema);
    match &mut value {
        // Where other fields have a schema of their own, none is unknown.
        Value::Object(map) if schema.get("additionalProperties").is_none() => {
            map.insert("a-field-of-later-days".to_owned(), json!({"x": 1}));
        }
        Value::Array(list) => {
            let inner = schema.get("items").cloned().unwrap_or_default();
            list.iter_mut()
                .for_each(|item| *item = with_unknown_field(document, &inner, item.take()));
        }
        _ => {}
    }
    value
}

/// JSON that no value of the schema is; none when the schema leaves that open.
pub(super) fn wrong(document: &Document, schema: &Value) -> Option<Value> {
    if !is_plain(document, schema) {
        return None;
    }
    match flat(document, schema).get("type").and_then(Value::as_str)? {
        "array" => Some(json!({"not": "a list"})),
        "string" => Some(json!([1])),
        "object" | "integer" | "number" | "boolean" => Some(json!("neither object nor number")),
        _ => None,
    }
}

/// Whether a schema says one type: it has no alternatives, and what it puts together are objects that do not contain themselves.
pub(super) fn is_plain(document: &Document, schema: &Value) -> bool {
    is_plain_at(document, schema, 0)
}

fn is_plain_at(document: &Document, schema: &Value, depth: usize) -> bool {
    let schema = document.resolve(schema);
    let parts = schema
        .get("allOf")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let is_object = |part: &Value| {
        flat(document, part)
            .get("type")
            .is_some_and(|kind| kind == "object")
    };
    let no_alternatives = ["oneOf", "anyOf"]
        .iter()
        .all(|keyword| schema.get(keyword).is_none());
    no_alternatives
        && depth < 16
        && parts
            .iter()
            .all(|part| is_object(part) && is_plain_at(document, part, depth + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(schema: &Value) -> Document {
        let text =
            json!({"openapi": "3.0.3", "paths": {}, "components": {"schemas": {"S": schema}}})
                .to_string();
        Document::parse(&text).unwrap()
    }

    #[test]
    fn each_edge_is_one_change_of_the_whole() {
        let schema = json!({
            "type": "object",
            "required": ["id"],
            "properties": {
                "id": {"type": "integer", "format": "int32", "minimum": 0},
                "kind": {"type": "string", "enum": ["a", "b"], "nullable": true},
                "tags": {"type": "array", "items": {"oneOf": [{"type": "boolean"}, {"type": "integer"}]}},
            },
        });
        let document = document(&schema);
        let found: Vec<_> = variants(&document, &schema, &[])
            .into_iter()
            .map(|variant| variant.value.to_string())
            .collect();
        let whole = |id: &str, rest: &str| format!("{{\"id\":{id}{rest}}}");
        let max = "2147483647";
        for wanted in [
            whole(max, ",\"kind\":\"b\",\"tags\":[true]"),
            whole(max, ""),
            whole("0", ",\"kind\":\"b\",\"tags\":[true]"),
            whole(max, ",\"kind\":null,\"tags\":[true]"),
            whole(max, ",\"kind\":\"a\",\"tags\":[true]"),
            whole(max, ",\"tags\":[true]"),
            whole(max, ",\"kind\":\"b\""),
            whole(max, ",\"kind\":\"b\",\"tags\":[true,false,true]"),
            whole(max, ",\"kind\":\"b\",\"tags\":[false]"),
            whole(max, ",\"kind\":\"b\",\"tags\":[9007199254740993]"),
        ] {
            assert!(found.contains(&wanted), "{wanted} is not among {found:#?}");
        }
        assert!(
            !found.iter().any(|text| text.contains("-1")),
            "the schema has a minimum"
        );
        let words = unknown_words(&document, &schema);
        assert_eq!(words.len(), 1);
        assert_eq!(words[0].value["kind"], "word-of-later-days");
    }

    #[test]
    fn an_alternative_keeps_what_stands_beside_it() {
        let schema = json!({
            "type": "object",
            "properties": {"a": {"type": "boolean"}, "b": {"type": "boolean"}},
            "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
        });
        let found = variants(&document(&schema), &schema, &[]);
        let another = found
            .iter()
            .find(|variant| variant.what.starts_with("another alternative"));
        assert_eq!(
            another.map(|variant| variant.value.to_string()).as_deref(),
            Some(r#"{"a":true,"b":true}"#)
        );
    }

    #[test]
    fn what_goes_the_other_way_may_be_absent() {
        let schema = json!({
            "type": "object",
            "required": ["id", "name", "pin"],
            "properties": {
                "id": {"type": "integer", "readOnly": true},
                "name": {"type": "string", "enum": ["n"]},
                "pin": {"type": "boolean", "writeOnly": true},
            },
        });
        let document = document(&schema);
        let barest = |ways: &[Direction]| variants(&document, &schema, ways)[1].value.to_string();
        assert_eq!(
            barest(&[]),
            r#"{"id":9007199254740993,"name":"n","pin":true}"#
        );
        assert_eq!(barest(&[Direction::Request]), r#"{"name":"n","pin":true}"#);
        assert_eq!(
            barest(&[Direction::Response]),
            r#"{"id":9007199254740993,"name":"n"}"#
        );
        let absent = |ways: &[Direction]| {
            let absent = |variant: &&Variant| variant.what.starts_with("nothing at");
            variants(&document, &schema, ways)
                .iter()
                .filter(absent)
                .map(|variant| variant.what.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            absent(&[Direction::Request, Direction::Response]),
            ["nothing at \"/id\"", "nothing at \"/pin\""]
        );
        assert!(absent(&[]).is_empty());
    }
}
