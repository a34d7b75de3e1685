//! The standard's rules: which nodes an action changes, and how values are merged.

use std::cmp::Reverse;

use serde_json::Value;
use serde_json_path::{JsonPath, NormalizedPath, PathElement};

use super::{Action, Applied, Change, Overlay, Query, Version};
use openapi_text::pointer::escape;
use openapi_text::{FileError, Location};

impl Overlay {
    /// Applies the actions in order, and says what each met. On an error the document is as it was.
    ///
    /// An `update` or `copy` is merged: properties of objects one by one and all the way down, items of lists are added at the end,
    /// a text, number, truth value or null replaces another; kinds that differ are an error. Where the target itself is a list, 1.0 adds
    /// the value as one item, and 1.1 adds the items of a list, and what is no list as one. Only 1.1 lets a target be a text, number,
    /// truth value or null. A target that selects nothing changes nothing.
    ///
    /// # Errors
    ///
    /// Kinds that differ; a target that 1.0 does not have; a `copy` that does not select exactly one node; the root removed. Each with
    /// the file and line of the action.
    pub fn apply(&self, document: &mut Value) -> Result<Vec<Applied>, FileError> {
        let mut changed = document.clone();
        let applied = self
            .actions
            .iter()
            .map(|action| self.apply_one(action, &mut changed))
            .collect::<Result<_, _>>()?;
        *document = changed;
        Ok(applied)
    }

    pub(super) fn apply_one(
        &self,
        action: &Action,
        document: &mut Value,
    ) -> Result<Applied, FileError> {
        let matches = action.target.locations(document);
        let error = |place: &Location, message: String| FileError {
            location: place.clone(),
            message,
        };
        if self.version == Version::V1_0 {
            let primitive = |it: &&Match| {
                document
                    .pointer(&it.pointer)
                    .is_some_and(|node| !node.is_object() && !node.is_array())
            };
            if let Some(it) = matches.iter().find(primitive) {
                let message = format!(
                    "{} is neither an object nor a list; Overlay 1.0 changes no other nodes, 1.1 does",
                    shown(&it.pointer)
                );
                return Err(error(&action.target.place, message));
            }
        }
        match &action.change {
            Change::Nothing => {}
            Change::Remove => remove(document, &matches)
                .map_err(|message| error(&action.target.place, message))?,
            Change::Update(value) => {
                self.merge_into(document, &matches, value)
                    .map_err(|message| error(&action.place, message))?;
            }
            Change::Copy(source) => {
                let value = match &source.locations(document)[..] {
                    [one] => document.pointer(&one.pointer).cloned().unwrap_or_default(),
                    found => {
                        let message = format!(
                            "`copy` selects one node; `{}` selects {}",
                            source.text,
                            found.len()
                        );
                        return Err(error(&source.place, message));
                    }
                };
                self.merge_into(document, &matches, &value)
                    .map_err(|message| error(&action.place, message))?;
            }
        }
        Ok(Applied {
            matches: matches.into_iter().map(|it| it.pointer).collect(),
        })
    }

    fn merge_into(
        &self,
        document: &mut Value,
        matches: &[Match],
        value: &Value,
    ) -> Result<(), String> {
        for Match { pointer, .. } in matches {
            // What an earlier match of the same action has replaced is gone.
            let Some(node) = document.pointer_mut(pointer) else {
                continue;
            };
            match (node, value) {
                (Value::Array(items), Value::Array(more)) if self.version == Version::V1_1 => {
                    items.extend(more.iter().cloned())
                }
                (Value::Array(items), one) => items.push(one.clone()),
                (node, value) => merge(node, value, pointer)?,
            }
        }
        Ok(())
    }
}

/// Merges a value into a node of the same kind.
fn merge(node: &mut Value, value: &Value, pointer: &str) -> Result<(), String> {
    match (node, value) {
        (Value::Object(node), Value::Object(value)) => {
            for (key, value) in value {
                match node.get_mut(key) {
                    Some(node) => merge(node, value, &format!("{pointer}/{}", escape(key)))?,
                    None => drop(node.insert(key.clone(), value.clone())),
                }
            }
        }
        (Value::Array(node), Value::Array(value)) => node.extend(value.iter().cloned()),
        (node, value) if is_primitive(node) && is_primitive(value) => *node = value.clone(),
        (node, value) => {
            return Err(format!(
                "{} is {}, and {} cannot be merged into it",
                shown(pointer),
                kind(node),
                kind(value)
            ));
        }
    }
    Ok(())
}

fn is_primitive(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "an object",
        Value::Array(_) => "a list",
        Value::String(_) => "a text",
        Value::Number(_) => "a number",
        Value::Bool(_) => "a truth value",
        Value::Null => "null",
    }
}

fn shown(pointer: &str) -> String {
    format!("`#{pointer}`")
}

/// Takes nodes out. Later items of a list go first, so that the positions of the others stay true.
fn remove(document: &mut Value, matches: &[Match]) -> Result<(), String> {
    let mut order: Vec<&Match> = matches.iter().collect();
    order.sort_by_key(|it| Reverse(&it.path));
    for Match { pointer, path } in order {
        let Some(last) = path.last() else {
            return Err("the root of the document cannot be removed".to_owned());
        };
        let parent = pointer
            .rfind('/')
            .and_then(|slash| document.pointer_mut(&pointer[..slash]));
        match (parent, last) {
            (Some(Value::Object(map)), Step::Name(name)) => drop(map.remove(name)),
            (Some(Value::Array(items)), Step::Index(index)) if *index < items.len() => {
                drop(items.remove(*index))
            }
            _ => {}
        }
    }
    Ok(())
}

/// Where a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) pointer: String,
    pub(super) path: Vec<Step>,
}

/// A step from a node to one in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Name(String),
    Index(usize),
}

impl Match {
    fn new(path: &NormalizedPath<'_>) -> Match {
        let path: Vec<Step> = path
            .iter()
            .map(|element| match element {
                PathElement::Name(name) => Step::Name((*name).to_owned()),
                PathElement::Index(index) => Step::Index(*index),
            })
            .collect();
        let segment = |step: &Step| match step {
            Step::Name(name) => format!("/{}", escape(name)),
            Step::Index(index) => format!("/{index}"),
        };
        Match {
            pointer: path.iter().map(segment).collect(),
            path,
        }
    }
}

impl Query {
    /// A query of ours.
    pub(super) fn read(text: &str) -> Option<Query> {
        Some(Query {
            path: JsonPath::parse(text).ok()?,
            text: text.to_owned(),
            place: Location::file(""),
        })
    }

    /// The nodes that it selects, each once.
    pub(super) fn locations(&self, document: &Value) -> Vec<Match> {
        let mut found: Vec<Match> = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for path in self.path.query_located(document).locations() {
            let location = Match::new(path);
            if seen.insert(location.pointer.clone()) {
                found.push(location);
            }
        }
        found
    }
}
