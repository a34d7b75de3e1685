//! Applies actions: selects nodes, merges values and removes nodes.

use std::cmp::Reverse;

use serde_json::Value;
use serde_json_path::{JsonPath, NormalizedPath, PathElement};

use crate::{Action, Applied, Change, Overlay, Query, Version};
use openapi_text::pointer::escape;
use openapi_text::{FileError, Location};

impl Overlay {
    /// Applies the actions in order and returns the matches of each. On an error the document is
    /// unchanged.
    ///
    /// `update` and `copy` merge recursively: properties of objects are merged, items of lists are
    /// appended, and primitive values are replaced. Merging values of different kinds is an error.
    ///
    /// If the target is a list, version 1.0 appends the value as one item. Version 1.1 appends the
    /// items of a list, and any other value as one item. Only version 1.1 updates primitive values;
    /// both remove them. A target that matches nothing changes nothing.
    ///
    /// # Errors
    ///
    /// Returns an error with the location of the action if
    ///
    /// - values of different kinds would be merged,
    /// - version 1.0 would update a primitive value,
    /// - version 1.1 would merge a value into nodes of different kinds (object, list, primitive),
    /// - `copy` does not select exactly one node, or
    /// - the root would be removed.
    pub fn apply(&self, document: &mut Value) -> Result<Vec<Applied>, FileError> {
        let mut changed = document.clone();
        let applied = self
            .actions
            .iter()
            .map(|action| self.apply_action(action, &mut changed))
            .collect::<Result<_, _>>()?;
        *document = changed;
        Ok(applied)
    }

    /// Applies one action. On an error the document is not changed.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Overlay::apply`].
    pub fn apply_action(
        &self,
        action: &Action,
        document: &mut Value,
    ) -> Result<Applied, FileError> {
        let matches = action.target.matches(document);
        let error = |location: &Location, message: String| FileError {
            location: location.clone(),
            message,
        };
        if let Some(message) = self.refused_kinds(&action.change, &matches, document) {
            return Err(error(&action.target.location, message));
        }
        match &action.change {
            Change::Nothing => {}
            Change::Remove => remove(document, &matches)
                .map_err(|message| error(&action.target.location, message))?,
            Change::Update(value) => {
                self.merge_into(document, &matches, value)
                    .map_err(|message| error(&action.location, message))?;
            }
            Change::Copy(source) => {
                let value = match &source.matches(document)[..] {
                    [one] => document.pointer(&one.pointer).cloned().unwrap_or_default(),
                    found => {
                        let message = format!(
                            "`copy` must select one node, but `{}` selects {}",
                            source.text,
                            found.len()
                        );
                        return Err(error(&source.location, message));
                    }
                };
                self.merge_into(document, &matches, &value)
                    .map_err(|message| error(&action.location, message))?;
            }
        }
        Ok(Applied {
            matches: matches.into_iter().map(|it| it.pointer).collect(),
        })
    }

    /// Returns a message if the change is not allowed for the kinds of the nodes.
    fn refused_kinds(
        &self,
        change: &Change,
        matches: &[Match],
        document: &Value,
    ) -> Option<String> {
        let mut nodes = matches
            .iter()
            .filter_map(|it| Some((&it.pointer, document.pointer(&it.pointer)?)));
        match (self.version, change) {
            (_, Change::Remove) | (Version::V1_1, Change::Nothing) => None,
            (Version::V1_0, _) => nodes.find(|(_, node)| is_primitive(node)).map(|(at, _)| {
                format!(
                    "{} is neither an object nor a list: Overlay 1.0 cannot update it, 1.1 can",
                    quote(at)
                )
            }),
            (Version::V1_1, Change::Update(_) | Change::Copy(_)) => {
                let mut kinds: Vec<(&String, &Value)> = Vec::new();
                for (at, node) in nodes {
                    if !kinds.iter().any(|(_, other)| is_same_kind(node, other)) {
                        kinds.push((at, node));
                    }
                }
                let names: Vec<String> = kinds
                    .iter()
                    .map(|(at, node)| format!("{} is {}", quote(at), kind(node)))
                    .collect();
                (names.len() > 1).then(|| {
                    format!(
                        "an action must select nodes of one kind, but {}",
                        names.join(" and ")
                    )
                })
            }
        }
    }

    fn merge_into(
        &self,
        document: &mut Value,
        matches: &[Match],
        value: &Value,
    ) -> Result<(), String> {
        let mut previous = Vec::new();
        for Match { pointer, .. } in matches {
            // An earlier match of the same action may have replaced this node.
            let Some(node) = document.pointer_mut(pointer) else {
                continue;
            };
            match (node, value) {
                (Value::Array(items), Value::Array(more)) if self.version == Version::V1_1 => {
                    items.extend(more.iter().cloned());
                }
                (Value::Array(items), one) => items.push(one.clone()),
                (node, value) => {
                    previous.push((pointer, node.clone()));
                    if let Err(message) = merge(node, value, pointer) {
                        restore(document, previous);
                        return Err(message);
                    }
                }
            }
        }
        Ok(())
    }
}

/// Restores nodes, the last one first.
fn restore(document: &mut Value, previous: Vec<(&String, Value)>) {
    for (pointer, value) in previous.into_iter().rev() {
        if let Some(node) = document.pointer_mut(pointer) {
            *node = value;
        }
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
                quote(pointer),
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

fn is_same_kind(one: &Value, other: &Value) -> bool {
    one.is_object() == other.is_object() && one.is_array() == other.is_array()
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "an object",
        Value::Array(_) => "a list",
        Value::String(_) => "a string",
        Value::Number(_) => "a number",
        Value::Bool(_) => "a boolean",
        Value::Null => "null",
    }
}

fn quote(pointer: &str) -> String {
    format!("`#{pointer}`")
}

/// Removes nodes. Later items of a list are removed first, so that indexes stay valid.
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
                drop(items.remove(*index));
            }
            _ => {}
        }
    }
    Ok(())
}

/// A selected node.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Match {
    pointer: String,
    path: Vec<Step>,
}

/// A step from a node to its child.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
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
    /// Parses a query without a location.
    pub fn parse(text: &str) -> Option<Query> {
        Some(Query {
            path: JsonPath::parse(text).ok()?,
            text: text.to_owned(),
            location: Location::file(""),
        })
    }

    /// Returns the JSON pointers of the selected nodes, each once.
    pub fn select(&self, document: &Value) -> Vec<String> {
        let matches = self.matches(document).into_iter();
        matches.map(|found| found.pointer).collect()
    }

    fn matches(&self, document: &Value) -> Vec<Match> {
        let mut found: Vec<Match> = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for path in self.path.query_located(document).locations() {
            let found_match = Match::new(path);
            if seen.insert(found_match.pointer.clone()) {
                found.push(found_match);
            }
        }
        found
    }
}
