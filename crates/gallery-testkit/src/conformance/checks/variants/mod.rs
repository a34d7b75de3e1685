//! Values at the edges of a schema: full, minimal, each optional part absent, all enumeration
//! values and alternatives, extreme numbers.

use std::collections::VecDeque;

use serde_json::{Value, json};

use crate::document::Document;
use crate::sample::{self, flat};
use crate::sample::{alternatives, has_null_alternative};
use crate::schema::{Direction, Validator};
use parts::{below, least, may_be_absent, property};

mod parts;
mod tag;

pub(super) use parts::{is_plain, numbers, wrong};
pub(super) use tag::{Alternative, Tag, UNKNOWN, own_discriminator, with};

/// A character of four bytes, in one of the texts.
pub(super) const EMOJI: char = '\u{1F600}';

/// Maximum number of values of a schema.
const MOST: usize = 300;

/// Maximum depth of edges.
const DEPTH: usize = 5;

/// A value and its description.
#[derive(Clone, Debug)]
pub(super) struct Variant {
    /// The description.
    pub(super) what: String,
    pub(super) value: Value,
    /// An equivalent form: a response may have a nullable optional property or not.
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

/// Returns the full value, the minimal one, and the edges. Properties that are
/// excluded from one of `ways`, as `readOnly` and `writeOnly` do, may be absent.
pub(super) fn variants(document: &Document, schema: &Value, ways: &[Direction]) -> Vec<Variant> {
    let full = sample::value(document, schema, 1);
    let mut edges = Edges {
        document,
        ways,
        whole: full.clone(),
        found: Vec::new(),
        next: VecDeque::new(),
    };
    edges.find_all(schema, &full);
    let mut variants = vec![
        Variant::new("everything", full),
        Variant::new("only what is required", least(document, schema, ways)),
        Variant::new("empty lists", sample::value(document, schema, 0)),
    ];
    variants.extend(edges.found);
    variants
}

/// Returns a long array, if the schema is an array.
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

/// Returns values with one unknown enumeration value or tag of a union.
pub(super) fn unknown_values(document: &Document, schema: &Value) -> Vec<Variant> {
    let full = sample::value(document, schema, 1);
    let mut edges = Edges {
        document,
        ways: &[],
        whole: full.clone(),
        found: Vec::new(),
        next: VecDeque::new(),
    };
    edges.find_enumerations(schema, &full, String::new(), 0);
    edges.found
}

/// Collects edges, each with one change of the whole value.
struct Edges<'a> {
    document: &'a Document,
    ways: &'a [Direction],
    whole: Value,
    found: Vec<Variant>,
    /// The parts of the value whose edges are not found yet.
    next: VecDeque<Part>,
}

/// A part of a value.
struct Part {
    schema: Value,
    value: Value,
    pointer: String,
    depth: usize,
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

    /// Returns the index of the alternative that a value has. Deep in a value, it is the one with
    /// the smallest values, which can be too small for the schema: then its constants decide.
    fn own(&self, alternatives: &[Value], value: &Value) -> usize {
        let direction = self.ways.first().copied().unwrap_or(Direction::Response);
        let validator = Validator::new(self.document, direction);
        let position = |is_own: &dyn Fn(&Value) -> bool| alternatives.iter().position(is_own);
        position(&|alternative| validator.is_valid(alternative, value))
            .or_else(|| position(&|alternative| self.has_constants_of(value, alternative)))
            .unwrap_or_default()
    }

    /// Returns true if the properties of a value are among the listed ones of a schema.
    fn has_constants_of(&self, value: &Value, schema: &Value) -> bool {
        let schema = flat(self.document, schema);
        let properties = schema.get("properties").and_then(Value::as_object);
        let mut properties = properties.into_iter().flatten();
        properties.all(|(name, property)| {
            let listed = sample::values(&flat(self.document, property));
            let own = value.get(name);
            own.is_none_or(|own| listed.is_none_or(|listed| listed.contains(own)))
        })
    }

    /// Finds edges level by level, so that the deepest ones are left out if there are too many.
    fn find_all(&mut self, schema: &Value, value: &Value) {
        self.push(schema, value, String::new(), 0);
        while let Some(part) = self.next.pop_front().filter(|_| self.found.len() < MOST) {
            self.find(&part.schema, &part.value, &part.pointer, part.depth);
        }
    }

    fn push(&mut self, schema: &Value, value: &Value, pointer: String, depth: usize) {
        if depth <= DEPTH {
            self.next.push_back(Part {
                schema: schema.clone(),
                value: value.clone(),
                pointer,
                depth,
            });
        }
    }

    fn find(&mut self, schema: &Value, value: &Value, pointer: &str, depth: usize) {
        let alternatives = alternatives(self.document, schema);
        let own = self.own(&alternatives, value);
        let others = alternatives.iter().enumerate();
        for (_, alternative) in others.filter(|(index, _)| *index != own) {
            let value = sample::value(self.document, alternative, 1);
            let least = least(self.document, alternative, self.ways);
            if least != value {
                self.put(pointer, "what another alternative requires", least);
            }
            self.put(pointer, "another alternative", value);
        }
        let schema = flat(self.document, alternatives.get(own).unwrap_or(schema));
        for another in sample::values(&schema).unwrap_or_default() {
            if another != *value {
                self.put(pointer, &format!("{another}"), another);
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
                        .then(|| self.without(pointer, name));
                    if let Some(absent) = &absent {
                        self.add(Variant::new(
                            format!("nothing at {:?}", below(pointer, name)),
                            absent.clone(),
                        ));
                    }
                    let at = below(pointer, name);
                    let own = flat(self.document, &of);
                    if own.get("nullable") == Some(&json!(true))
                        || has_null_alternative(self.document, &of)
                    {
                        let null =
                            Variant::new(format!("null at {at:?}"), self.with(&at, Value::Null));
                        // Null and absent may be equal in a response. In a request they differ,
                        // unless the property occurs only in responses.
                        let is = |keyword: &str| own.get(keyword) == Some(&json!(true));
                        let is_sent = self.ways == [Direction::Request];
                        let may_be_equal = match is_sent {
                            true => is("readOnly"),
                            false => absent.is_some() || is("readOnly") || is("writeOnly"),
                        };
                        self.add(Variant {
                            otherwise: may_be_equal.then(|| self.without(pointer, name)),
                            ..null
                        });
                    }
                    self.push(&of, inner, at, depth + 1);
                }
            }
            Value::Array(items) => {
                if let (Some(first), Some(of)) = (items.first(), schema.get("items")) {
                    if let Some(several) = several(self.document, &schema, first, self.ways) {
                        self.put(pointer, "items that differ", several);
                    }
                    self.push(of, first, format!("{pointer}/0"), depth + 1);
                }
            }
            Value::Number(_) => {
                for edge in numbers(&schema) {
                    self.put(pointer, &format!("{edge}"), edge);
                }
            }
            Value::String(_) if schema.get("format").is_none() => {
                for text in ["", "\u{feff}\"\\/\u{0}\u{1F600}e\u{301}\r\n"] {
                    self.put(pointer, "another text", json!(text));
                }
            }
            Value::Bool(whether) => self.put(pointer, "the opposite", json!(!whether)),
            _ => {}
        }
    }

    fn find_enumerations(&mut self, schema: &Value, value: &Value, pointer: String, depth: usize) {
        if depth > DEPTH {
            return;
        }
        if let Some(tag) = Tag::of(self.document, schema).filter(|_| value.is_object()) {
            let unknown = with(value, &tag.property, json!(UNKNOWN));
            self.put(&pointer, "an unknown tag", unknown);
        }
        if !alternatives(self.document, schema).is_empty() {
            return;
        }
        let schema = flat(self.document, schema);
        if schema.get("enum").is_some() && value.is_string() {
            self.put(&pointer, "an unknown value", json!("unknown-value"));
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

/// Returns an array of different items with one duplicate, if the schema allows it.
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

/// Adds an unknown property wherever the schema allows one.
pub(super) fn with_unknown_field(document: &Document, schema: &Value, mut value: Value) -> Value {
    let schema = flat(document, schema);
    match &mut value {
        // Additional properties with a schema are not unknown.
        Value::Object(map) if schema.get("additionalProperties").is_none() => {
            map.insert("unknown-property".to_owned(), json!({"x": 1}));
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

#[cfg(test)]
mod tests;
