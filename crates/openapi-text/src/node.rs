//! A lenient reader of JSON values. A value of the wrong type becomes a warning with its JSON
//! pointer.

use serde_json::Value;

use crate::diagnostic::{Diagnostics, Location, Severity};
use crate::pointer::escape;

/// A value of a document and its JSON pointer.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    /// The value.
    pub value: &'a Value,
    /// Its JSON pointer.
    pub pointer: String,
    file: &'a str,
}

impl<'a> Node<'a> {
    /// Returns the root of the document in `file`.
    pub fn root(file: &'a str, value: &'a Value) -> Self {
        Node {
            value,
            pointer: String::new(),
            file,
        }
    }

    /// Returns the location for messages.
    pub fn location(&self) -> Location {
        Location::pointer(self.file, self.pointer.clone())
    }

    /// Returns the value under a key, unless it is absent or null.
    pub fn get(&self, key: &str) -> Option<Node<'a>> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(Node {
            value,
            pointer: format!("{}/{}", self.pointer, escape(key)),
            file: self.file,
        })
    }

    /// Returns the entries of a map. Warns if this is not a map.
    pub fn entries(&self, diagnostics: &mut Diagnostics) -> Vec<(&'a str, Node<'a>)> {
        let Some(map) = self.value.as_object() else {
            self.unexpected("a map", diagnostics);
            return Vec::new();
        };
        let node = |key: &str, value| Node {
            value,
            pointer: format!("{}/{}", self.pointer, escape(key)),
            file: self.file,
        };
        map.iter()
            .map(|(key, value)| (key.as_str(), node(key, value)))
            .collect()
    }

    /// Returns the items of a list. Warns if this is not a list.
    pub fn items(&self, diagnostics: &mut Diagnostics) -> Vec<Node<'a>> {
        let Some(list) = self.value.as_array() else {
            self.unexpected("a list", diagnostics);
            return Vec::new();
        };
        let node = |(index, value)| Node {
            value,
            pointer: format!("{}/{index}", self.pointer),
            file: self.file,
        };
        list.iter().enumerate().map(node).collect()
    }

    /// Returns the text under a key. Numbers and booleans become text, because a title such as `1`
    /// is often not quoted.
    pub fn text(&self, key: &str, diagnostics: &mut Diagnostics) -> Option<String> {
        let node = self.get(key)?;
        match node.value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(value) => Some(value.to_string()),
            _ => {
                node.unexpected("text", diagnostics);
                None
            }
        }
    }

    /// Returns the texts in the list under a key.
    pub fn texts(&self, key: &str, diagnostics: &mut Diagnostics) -> Vec<String> {
        let Some(list) = self.get(key) else {
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in list.items(diagnostics) {
            match item.value.as_str() {
                Some(text) => texts.push(text.to_owned()),
                None => item.unexpected("text", diagnostics),
            }
        }
        texts
    }

    /// Returns the boolean under a key, false if it is absent.
    pub fn flag(&self, key: &str, diagnostics: &mut Diagnostics) -> bool {
        let Some(node) = self.get(key) else {
            return false;
        };
        node.value.as_bool().unwrap_or_else(|| {
            node.unexpected("true or false", diagnostics);
            false
        })
    }

    /// Warns about each key that is neither in `known` nor an `x-` extension.
    pub fn only(&self, known: &[&str], diagnostics: &mut Diagnostics) {
        let Some(map) = self.value.as_object() else {
            return;
        };
        for key in map
            .keys()
            .filter(|key| !known.contains(&key.as_str()) && !key.starts_with("x-"))
        {
            let location =
                Location::pointer(self.file, format!("{}/{}", self.pointer, escape(key)));
            diagnostics.push(
                Severity::Warning,
                "key-not-read",
                location,
                format!("unknown key `{key}`; it is ignored"),
            );
        }
    }

    /// Warns that the value has the wrong type.
    pub fn unexpected(&self, expected: &str, diagnostics: &mut Diagnostics) {
        let found = match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "text",
            Value::Array(_) => "a list",
            Value::Object(_) => "a map",
        };
        let message = format!("expected {expected}, found {found}; it is ignored");
        diagnostics.push(
            Severity::Warning,
            "unexpected-value",
            self.location(),
            message,
        );
    }
}
