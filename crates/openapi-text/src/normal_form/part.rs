//! Parts of the normal form, and their origins.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::keywords::DROPPED_ANNOTATIONS;
use crate::pointer::escape;

/// The location of a part in the original document; an index into [`Origins`].
pub(super) type Origin = usize;

/// A keyword or a property and its value.
pub(super) type Field<'d> = (Cow<'d, str>, Part<'d>);

/// The keywords of a schema, shared.
pub(super) type Fields<'d> = Rc<Vec<Field<'d>>>;

/// A value of the normal form.
#[derive(Clone)]
pub(super) struct Part<'d> {
    pub(super) origin: Origin,
    pub(super) content: Content<'d>,
}

#[derive(Clone)]
pub(super) enum Content<'d> {
    /// A value of the original document, unchanged.
    Source(&'d Value),
    /// A value that the original document does not contain.
    Made(Value),
    Map(Rc<Vec<Field<'d>>>),
    List(Rc<Vec<Part<'d>>>),
}

impl<'d> Part<'d> {
    pub(super) fn source(value: &'d Value, origin: Origin) -> Part<'d> {
        Part {
            origin,
            content: Content::Source(value),
        }
    }

    pub(super) fn made(value: Value, origin: Origin) -> Part<'d> {
        Part {
            origin,
            content: Content::Made(value),
        }
    }

    pub(super) fn map(fields: Vec<Field<'d>>, origin: Origin) -> Part<'d> {
        Part {
            origin,
            content: Content::Map(Rc::new(fields)),
        }
    }

    pub(super) fn list(items: Vec<Part<'d>>, origin: Origin) -> Part<'d> {
        Part {
            origin,
            content: Content::List(Rc::new(items)),
        }
    }

    /// Returns true if this is that value of the original document.
    pub(super) fn is_source(&self, value: &Value) -> bool {
        matches!(self.content, Content::Source(source) if std::ptr::eq(source, value))
    }

    /// Returns true if both are the same value of the original document.
    pub(super) fn is_same_source(&self, other: &Part<'d>) -> bool {
        match other.content {
            Content::Source(value) => self.is_source(value),
            _ => false,
        }
    }

    /// Returns the reference of an `allOf` that has one reference and no other keyword beside it.
    pub(super) fn unwrapped(self) -> Part<'d> {
        let Content::Map(fields) = &self.content else {
            return self;
        };
        match fields.as_slice() {
            [(key, part)] if key == "allOf" => match &part.content {
                Content::List(items) if items.len() == 1 && items[0].reference().is_some() => {
                    items[0].clone()
                }
                _ => self,
            },
            _ => self,
        }
    }

    /// Returns the fields of a map, or `None` for other values.
    pub(super) fn fields(&self, origins: &mut Origins<'d>) -> Option<Vec<Field<'d>>> {
        match &self.content {
            Content::Map(fields) => Some(fields.as_ref().clone()),
            Content::Source(Value::Object(map)) => Some(
                map.iter()
                    .map(|(key, value)| {
                        let origin = origins.key(self.origin, key);
                        (Cow::Borrowed(key.as_str()), Part::source(value, origin))
                    })
                    .collect(),
            ),
            _ => None,
        }
    }

    /// Returns the items of a list. Other values have none.
    pub(super) fn items(&self, origins: &mut Origins<'d>) -> Vec<Part<'d>> {
        match &self.content {
            Content::List(items) => items.as_ref().clone(),
            Content::Source(Value::Array(items)) => (0..)
                .zip(items)
                .map(|(index, value)| Part::source(value, origins.index(self.origin, index)))
                .collect(),
            Content::Made(Value::Array(items)) => items
                .iter()
                .map(|value| Part::made(value.clone(), self.origin))
                .collect(),
            _ => Vec::new(),
        }
    }

    pub(super) fn is_list(&self) -> bool {
        match &self.content {
            Content::Source(value) => value.is_array(),
            Content::Made(value) => value.is_array(),
            Content::List(_) => true,
            Content::Map(_) => false,
        }
    }

    /// Returns the value of a leaf, such as a number or a text.
    pub(super) fn leaf(&self) -> Option<&Value> {
        match &self.content {
            Content::Source(value) => Some(value),
            Content::Made(value) => Some(value),
            Content::Map(_) | Content::List(_) => None,
        }
    }

    /// Returns the target if this is a reference.
    pub(super) fn reference(&self) -> Option<&str> {
        self.leaf()?.get("$ref")?.as_str()
    }

    /// Returns the value, without its origins.
    pub(super) fn value(&self) -> Value {
        match &self.content {
            Content::Source(value) => (*value).clone(),
            Content::Made(value) => value.clone(),
            Content::Map(fields) => {
                let fields = fields.iter();
                Value::Object(
                    fields
                        .map(|(key, part)| (key.to_string(), part.value()))
                        .collect(),
                )
            }
            Content::List(items) => Value::Array(items.iter().map(Part::value).collect()),
        }
    }

    /// Returns the number of values in this one, itself included.
    pub(super) fn size(&self) -> usize {
        match &self.content {
            Content::Source(value) => size(value),
            Content::Made(value) => size(value),
            Content::Map(fields) => 1 + fields.iter().map(|(_, part)| part.size()).sum::<usize>(),
            Content::List(items) => 1 + items.iter().map(Part::size).sum::<usize>(),
        }
    }
}

/// Returns the number of values in a JSON value, itself included.
pub(super) fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(map) => 1 + map.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

/// Returns the part under a keyword.
pub(super) fn get<'f, 'd>(fields: &'f [Field<'d>], keyword: &str) -> Option<&'f Part<'d>> {
    fields
        .iter()
        .find(|(key, _)| key == keyword)
        .map(|(_, part)| part)
}

/// Removes a keyword.
pub(super) fn take<'d>(fields: &mut Vec<Field<'d>>, keyword: &str) -> Option<Part<'d>> {
    let index = fields.iter().position(|(key, _)| key == keyword)?;
    Some(fields.remove(index).1)
}

/// Replaces a keyword, or adds it at the end.
pub(super) fn set<'d>(fields: &mut Vec<Field<'d>>, keyword: &'static str, part: Part<'d>) {
    match fields.iter_mut().find(|(key, _)| key == keyword) {
        Some((_, old)) => *old = part,
        None => fields.push((Cow::Borrowed(keyword), part)),
    }
}

/// The locations of parts. Each is a step from another one.
#[derive(Default)]
pub(super) struct Origins<'d> {
    steps: Vec<(Origin, Step<'d>)>,
}

#[derive(Clone, PartialEq, Eq)]
enum Step<'d> {
    Pointer(String),
    Key(&'d str),
    Index(usize),
}

impl<'d> Origins<'d> {
    fn push(&mut self, from: Origin, step: Step<'d>) -> Origin {
        self.steps.push((from, step));
        self.steps.len() - 1
    }

    pub(super) fn root(&mut self) -> Origin {
        self.pointer(String::new())
    }

    pub(super) fn pointer(&mut self, pointer: String) -> Origin {
        self.push(0, Step::Pointer(pointer))
    }

    pub(super) fn key(&mut self, from: Origin, key: &'d str) -> Origin {
        self.push(from, Step::Key(key))
    }

    pub(super) fn index(&mut self, from: Origin, index: usize) -> Origin {
        self.push(from, Step::Index(index))
    }

    fn text(&self, origin: Origin) -> String {
        let mut steps = Vec::new();
        let mut at = origin;
        let mut pointer = loop {
            match &self.steps[at] {
                (_, Step::Pointer(pointer)) => break pointer.clone(),
                (from, step) => {
                    steps.push(step);
                    at = *from;
                }
            }
        };
        for step in steps.into_iter().rev() {
            pointer.push('/');
            match step {
                Step::Key(key) => pointer.push_str(&escape(key)),
                Step::Index(index) => pointer.push_str(&index.to_string()),
                Step::Pointer(_) => {}
            }
        }
        pointer
    }

    /// Returns the value of a part. For each value that is at another pointer in the original
    /// document, adds both pointers to `moved`.
    pub(super) fn emit(&self, part: &Part<'d>, moved: &mut HashMap<String, String>) -> Value {
        self.emit_at(part, &mut String::new(), moved)
    }

    fn emit_at(
        &self,
        part: &Part<'d>,
        pointer: &mut String,
        moved: &mut HashMap<String, String>,
    ) -> Value {
        let length = pointer.len();
        match &part.content {
            Content::Source(value) => (*value).clone(),
            Content::Made(value) => value.clone(),
            Content::Map(fields) => {
                let mut map = Map::new();
                for (key, field) in fields.iter() {
                    pointer.push('/');
                    pointer.push_str(&escape(key));
                    let in_place = matches!(&self.steps[field.origin],
                        (from, Step::Key(step)) if *from == part.origin && *step == key.as_ref());
                    if !in_place {
                        moved.insert(pointer.clone(), self.text(field.origin));
                    }
                    map.insert(key.to_string(), self.emit_at(field, pointer, moved));
                    pointer.truncate(length);
                }
                Value::Object(map)
            }
            Content::List(items) => {
                let mut list = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    pointer.push('/');
                    pointer.push_str(&index.to_string());
                    let in_place = matches!(&self.steps[item.origin],
                        (from, Step::Index(step)) if *from == part.origin && *step == index);
                    if !in_place {
                        moved.insert(pointer.clone(), self.text(item.origin));
                    }
                    list.push(self.emit_at(item, pointer, moved));
                    pointer.truncate(length);
                }
                Value::Array(list)
            }
        }
    }
}

/// Keeps annotations of schemas that were merged into others.
pub(super) fn drop_annotations<'d>(
    fields: &mut Vec<Field<'d>>,
    annotations: Vec<Part<'d>>,
    origin: Origin,
) {
    if annotations.is_empty() {
        return;
    }
    let mut list = match get(fields, DROPPED_ANNOTATIONS).map(|part| &part.content) {
        Some(Content::List(list)) => list.as_ref().clone(),
        _ => Vec::new(),
    };
    list.extend(annotations);
    set(fields, DROPPED_ANNOTATIONS, Part::list(list, origin));
}
