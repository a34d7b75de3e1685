//! Walks a document, children first, without recursion.
//!
//! A node is moved out of its parent while it is converted. So nothing is copied, and the depth of
//! documents is limited by memory only.

use serde_json::{Map, Value};

use crate::structure::{Kind, Shape, fields};
use openapi_text::pointer::{escape, push};

/// A conversion of the nodes of a document.
pub(crate) trait Visitor {
    /// Converts a node whose children are converted.
    fn leave(&mut self, kind: Kind, node: &mut Value, path: &Path<'_>);
}

/// The location of a node in its parent.
#[derive(Debug)]
enum Slot {
    /// The value of a field.
    Field(&'static str),
    /// A value of a map in a field.
    Entry(&'static str, String),
    /// An item of a list in a field.
    Item(&'static str, usize),
    /// A value of the parent itself, which is a map.
    Own(String),
}

struct Frame {
    kind: Kind,
    node: Value,
    slot: Slot,
    /// The children to visit, last one first.
    children: Vec<(Slot, Kind)>,
}

/// The path from the root of the document to a node.
pub(crate) struct Path<'a>(&'a [Frame]);

impl Path<'_> {
    /// Returns the JSON pointer of the node.
    pub(crate) fn pointer(&self) -> String {
        pointer(self.0)
    }

    /// Returns the JSON pointer of a field of the node.
    pub(crate) fn field(&self, key: &str) -> String {
        format!("{}/{}", self.pointer(), escape(key))
    }

    /// Returns the JSON pointer of the outermost schema around the node.
    pub(crate) fn schema_root(&self) -> Option<String> {
        let at = self.0.iter().position(|frame| frame.kind.is_schema())?;
        Some(pointer(&self.0[..=at]))
    }

    /// Returns the name of the node in a map.
    pub(crate) fn name(&self) -> Option<&str> {
        match &self.0.last()?.slot {
            Slot::Entry(_, name) | Slot::Own(name) => Some(name),
            Slot::Field(_) | Slot::Item(..) => None,
        }
    }

    /// Returns true if the node is a component, so that a reference can lead to it.
    pub(crate) fn is_component(&self) -> bool {
        matches!(self.0, [_, parent, _] if parent.kind == Kind::Components)
    }
}

fn pointer(frames: &[Frame]) -> String {
    let mut pointer = String::new();
    for frame in frames.iter().skip(1) {
        match &frame.slot {
            Slot::Field(key) => push(&mut pointer, key),
            Slot::Entry(key, name) => {
                push(&mut pointer, key);
                push(&mut pointer, name);
            }
            Slot::Item(key, index) => {
                push(&mut pointer, key);
                push(&mut pointer, &index.to_string());
            }
            Slot::Own(name) => push(&mut pointer, name),
        }
    }
    pointer
}

/// Visits every node of a document.
pub(crate) fn walk(document: &mut Value, root: Kind, visitor: &mut impl Visitor) {
    let node = std::mem::take(document);
    let mut stack = vec![frame(root, node, Slot::Field(""))];
    while let Some(top) = stack.last_mut() {
        if let Some((slot, kind)) = top.children.pop() {
            if let Some(child) = child(&mut top.node, &slot) {
                let node = std::mem::take(child);
                stack.push(frame(kind, node, slot));
            }
            continue;
        }
        let (kind, mut node) = (top.kind, std::mem::take(&mut top.node));
        visitor.leave(kind, &mut node, &Path(&stack));
        let done = stack.pop();
        match (stack.last_mut(), done) {
            (Some(parent), Some(done)) => {
                if let Some(place) = child(&mut parent.node, &done.slot) {
                    *place = node;
                }
            }
            _ => *document = node,
        }
    }
}

fn frame(kind: Kind, node: Value, slot: Slot) -> Frame {
    let mut children = match &node {
        Value::Object(map) => children(kind, map),
        _ => Vec::new(),
    };
    children.reverse();
    Frame {
        kind,
        node,
        slot,
        children,
    }
}

fn child<'a>(node: &'a mut Value, slot: &Slot) -> Option<&'a mut Value> {
    match slot {
        Slot::Field(key) => node.get_mut(*key),
        Slot::Entry(key, name) => node.get_mut(*key)?.get_mut(name),
        Slot::Item(key, index) => node.get_mut(*key)?.get_mut(*index),
        Slot::Own(name) => node.get_mut(name),
    }
}

fn children(kind: Kind, node: &Map<String, Value>) -> Vec<(Slot, Kind)> {
    let mut children = Vec::new();
    if !kind.is_schema() && node.get("$ref").is_some_and(Value::is_string) && kind != Kind::PathItem
    {
        return children;
    }
    for &(key, shape, kind) in fields(kind) {
        if matches!(shape, Shape::Own) {
            let names = node.keys().filter(|name| !name.starts_with("x-"));
            children.extend(names.map(|name| (Slot::Own(name.clone()), kind)));
            continue;
        }
        match (shape, node.get(key)) {
            (Shape::One | Shape::OneOrList, Some(value)) if !value.is_array() => {
                children.push((Slot::Field(key), kind));
            }
            (Shape::List | Shape::OneOrList, Some(Value::Array(items))) => {
                children.extend((0..items.len()).map(|index| (Slot::Item(key, index), kind)));
            }
            (Shape::Map, Some(Value::Object(entries))) => {
                let names = entries.keys();
                children.extend(names.map(|name| (Slot::Entry(key, name.clone()), kind)));
            }
            (Shape::Patterned, Some(Value::Object(entries))) => {
                let names = entries.keys().filter(|name| !name.starts_with("x-"));
                children.extend(names.map(|name| (Slot::Entry(key, name.clone()), kind)));
            }
            _ => {}
        }
    }
    children
}
