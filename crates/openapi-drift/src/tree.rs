//! Walks both documents in parallel. JSON pointers are rendered only for reported differences.

use serde_json::Value;

use crate::document::Document;
use crate::users::Users;
use crate::{references, values};
use openapi_text::pointer::escape;

/// A step from a value to a nested value or to the target of a reference.
#[derive(Clone, Copy)]
enum Step<'d> {
    Key(&'d str),
    Index(usize),
    /// A reference, resolved from the root.
    Reference(&'d str),
}

/// A value of one document, or its absence, with its path.
#[derive(Clone, Copy)]
pub(crate) struct Node<'d> {
    pub(crate) value: Option<&'d Value>,
    /// The index of the last step in [`Side::paths`].
    path: usize,
}

/// A part of both documents.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'d> {
    pub(crate) base: Node<'d>,
    pub(crate) revision: Node<'d>,
}

/// One of the two documents.
pub(crate) struct Side<'d> {
    pub(crate) document: &'d Document,
    pub(crate) users: Users<'d>,
    /// The steps taken so far, each with the index of the step before it.
    paths: Vec<(usize, Step<'d>)>,
}

impl<'d> Node<'d> {
    /// Returns the keys of a map. Other values have none.
    pub(crate) fn keys(self) -> impl Iterator<Item = &'d str> {
        self.value
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(|map| map.keys().map(String::as_str))
    }

    pub(crate) fn items(self) -> &'d [Value] {
        self.value
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    /// Returns the items of a list at a key. Other values have none.
    pub(crate) fn items_of(self, key: &str) -> &'d [Value] {
        self.get(key)
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    pub(crate) fn get(self, key: &str) -> Option<&'d Value> {
        self.value?.get(key)
    }

    pub(crate) fn text(self, key: &str) -> Option<&'d str> {
        self.get(key)?.as_str()
    }

    pub(crate) fn flag(self, key: &str) -> bool {
        self.get(key).and_then(Value::as_bool).unwrap_or(false)
    }

    /// Returns the value of `$ref`.
    pub(crate) fn reference(self) -> Option<&'d str> {
        self.text("$ref")
    }

    /// Returns the address of the value, which identifies visited values.
    pub(crate) fn address(self) -> usize {
        self.value
            .map_or(0, |value| std::ptr::from_ref(value) as usize)
    }

    /// Returns the node without its value.
    pub(crate) fn absent(self) -> Node<'d> {
        Node {
            value: None,
            ..self
        }
    }

    /// Returns true if the value is present.
    pub(crate) fn is_present(self) -> bool {
        self.value.is_some()
    }
}

impl<'d> Pair<'d> {
    /// Returns true if both values are present.
    pub(crate) fn both(self) -> bool {
        self.base.is_present() && self.revision.is_present()
    }

    /// Returns true if both values are absent, or equal and without references.
    pub(crate) fn is_settled(self) -> bool {
        match (self.base.value, self.revision.value) {
            (Some(base), Some(revision)) => values::settled(base, revision),
            (None, None) => true,
            _ => false,
        }
    }

    /// Returns true if the values of a key need no comparison.
    pub(crate) fn is_settled_at(self, key: &str) -> bool {
        match (self.base.get(key), self.revision.get(key)) {
            (Some(base), Some(revision)) => values::settled(base, revision),
            (None, None) => true,
            _ => false,
        }
    }

    /// Returns the keys of both maps without duplicates, those of the base first.
    pub(crate) fn keys(self) -> Vec<&'d str> {
        let mut keys: Vec<&str> = self.base.keys().collect();
        let base = self.base.value.and_then(Value::as_object);
        keys.extend(
            self.revision
                .keys()
                .filter(|key| base.is_none_or(|base| !base.contains_key(*key))),
        );
        keys
    }
}

impl<'d> Side<'d> {
    pub(crate) fn new(document: &'d Document) -> Side<'d> {
        Side {
            document,
            users: Users::new(document),
            paths: vec![(0, Step::Reference("#"))],
        }
    }

    pub(crate) fn root(&self) -> Node<'d> {
        Node {
            value: Some(self.document.normal_form().document()),
            path: 0,
        }
    }

    fn step(&mut self, from: Node<'d>, step: Step<'d>, value: Option<&'d Value>) -> Node<'d> {
        if value.is_none() {
            return Node {
                value,
                path: from.path,
            };
        }
        self.paths.push((from.path, step));
        Node {
            value,
            path: self.paths.len() - 1,
        }
    }

    pub(crate) fn key(&mut self, from: Node<'d>, key: &'d str) -> Node<'d> {
        self.step(from, Step::Key(key), from.get(key))
    }

    pub(crate) fn index(&mut self, from: Node<'d>, at: Option<usize>) -> Node<'d> {
        self.step(
            from,
            Step::Index(at.unwrap_or_default()),
            at.and_then(|at| from.items().get(at)),
        )
    }

    /// Resolves chained references. A node without a reference is returned as it is.
    pub(crate) fn resolved(&mut self, mut node: Node<'d>) -> Node<'d> {
        for _ in 0..references::MAX_HOPS {
            let Some(reference) = node.reference() else {
                return node;
            };
            let Some(value) = self.target(reference) else {
                return node;
            };
            node = self.step(node, Step::Reference(reference), Some(value));
        }
        node
    }

    /// Returns the names of the schemas whose names are values of a schema's discriminator.
    pub(crate) fn children(&self, schema: Node<'d>) -> Vec<&'d str> {
        let inheritance = self.users.inheritance();
        let name = inheritance.name(schema.address());
        name.map(|name| inheritance.selected_by(name).into_iter().collect())
            .unwrap_or_default()
    }

    /// Returns the schema with this name.
    pub(crate) fn schema(&mut self, name: &'d str) -> Node<'d> {
        let components = self.key(self.root(), "components");
        let schemas = self.key(components, "schemas");
        self.key(schemas, name)
    }

    /// Returns the target of a reference. Targets within a schema may exist only in the original
    /// document.
    fn target(&self, reference: &str) -> Option<&'d Value> {
        let normal_form = self.document.normal_form().document();
        references::target(normal_form, reference)
            .or_else(|| references::target(self.document.value(), reference))
    }

    /// Renders the JSON pointer of a node in the original document.
    pub(crate) fn pointer(&self, node: Node<'d>) -> String {
        let mut steps = Vec::new();
        let mut path = node.path;
        let start = loop {
            match self.paths.get(path) {
                Some((before, step @ (Step::Key(_) | Step::Index(_)))) => {
                    steps.push(*step);
                    path = *before;
                }
                Some((_, Step::Reference(reference))) => break references::pointer(reference),
                None => break String::new(),
            }
        };
        let mut pointer = start;
        for step in steps.into_iter().rev() {
            pointer.push('/');
            match step {
                Step::Key(key) => pointer.push_str(&escape(key)),
                Step::Index(at) => pointer.push_str(&at.to_string()),
                Step::Reference(_) => {}
            }
        }
        self.document.normal_form().origin(&pointer).into_owned()
    }
}
