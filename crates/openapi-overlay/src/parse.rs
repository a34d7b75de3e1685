//! Parses an overlay document and reports all of its errors.

use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use crate::hint::quote_names;
use crate::{Action, Change, Overlay, Query, Version};
use openapi_text::Positions;
use openapi_text::yaml;
use openapi_text::{Diagnostics, Location, Severity};

/// The maximum number of opening brackets in a JSONPath, whose parser recurses for each.
const MAX_OPEN_BRACKETS: usize = 64;

/// Parses an overlay in YAML or JSON. `file` is its path, used in messages.
///
/// Errors are added to `diagnostics`. Returns `None` if there is one.
pub fn parse(file: &str, text: &str, diagnostics: &mut Diagnostics) -> Option<Overlay> {
    let value = yaml::parse(file, text.as_bytes(), diagnostics)?;
    let mut reader = Reader {
        file,
        positions: Positions::of(text),
        diagnostics,
        failed: false,
    };
    let overlay = reader.overlay(&value);
    overlay.filter(|_| !reader.failed)
}

struct Reader<'a> {
    file: &'a str,
    positions: Positions,
    diagnostics: &'a mut Diagnostics,
    failed: bool,
}

impl Reader<'_> {
    fn location(&self, pointer: &str) -> Location {
        let (line, column) = self.positions.at(pointer);
        Location::line(self.file, line, column)
    }

    fn refuse(&mut self, pointer: &str, message: impl Into<String>) {
        self.refuse_at(self.location(pointer), message);
    }

    fn refuse_at(&mut self, location: Location, message: impl Into<String>) {
        self.failed = true;
        self.diagnostics
            .push(Severity::Error, "overlay", location, message);
    }

    fn overlay(&mut self, value: &Value) -> Option<Overlay> {
        let Some(root) = value.as_object() else {
            self.refuse(
                "",
                "an overlay must be a map with `overlay`, `info` and `actions`",
            );
            return None;
        };
        self.unknown_fields("", root, &["overlay", "info", "extends", "actions"]);
        let version = self.version(root)?;
        let info = match root.get("info").and_then(Value::as_object) {
            Some(info) => info,
            None => {
                self.refuse("/info", "`info` must be a map with `title` and `version`");
                return None;
            }
        };
        let known: &[&str] = match version {
            Version::V1_0 => &["title", "version"],
            Version::V1_1 => &["title", "version", "description"],
        };
        self.unknown_fields("/info", info, known);
        let title = self.text("/info", info, "title", true).unwrap_or_default();
        self.text("/info", info, "version", true);
        let extends = self
            .text("", root, "extends", false)
            .map(|extends| (extends, self.location("/extends")));
        let actions = match root.get("actions").and_then(Value::as_array) {
            Some(actions) if !actions.is_empty() => actions,
            _ => {
                self.refuse(
                    "/actions",
                    "`actions` must be a list with at least one action",
                );
                return None;
            }
        };
        let actions: Vec<_> = actions
            .iter()
            .enumerate()
            .map(|(at, action)| self.action(version, at, action))
            .collect();
        let actions: Vec<_> = actions.into_iter().flatten().collect();
        self.duplicates(&actions);
        Some(Overlay {
            file: self.file.to_owned(),
            version,
            title,
            extends,
            actions,
            reason: self.text("", root, "x-reason", false),
            source: self.text("", root, "x-source", false),
        })
    }

    fn version(&mut self, root: &Map<String, Value>) -> Option<Version> {
        let text = self.text("", root, "overlay", true)?;
        let patch = |prefix: &str| {
            text.strip_prefix(prefix)
                .is_some_and(|rest| rest.parse::<u32>().is_ok())
        };
        match () {
            () if patch("1.0.") => Some(Version::V1_0),
            () if patch("1.1.") => Some(Version::V1_1),
            () => {
                self.refuse(
                    "/overlay",
                    format!(
                        "unsupported Overlay version `{text}`: supported are 1.0 and 1.1, written `1.1.0`"
                    ),
                );
                None
            }
        }
    }

    fn action(&mut self, version: Version, at: usize, action: &Value) -> Option<Action> {
        let pointer = format!("/actions/{at}");
        let Some(action) = action.as_object() else {
            self.refuse(
                &pointer,
                "an action must be a map with `target` and one of `update`, `remove`, `copy`",
            );
            return None;
        };
        let known: &[&str] = match version {
            Version::V1_0 => &["target", "description", "update", "remove"],
            Version::V1_1 => &["target", "description", "update", "remove", "copy"],
        };
        self.unknown_fields(&pointer, action, known);
        let target = self.query(&pointer, action, "target", true);
        let remove = match action.get("remove") {
            None => false,
            Some(Value::Bool(remove)) => *remove,
            Some(_) => {
                self.refuse(
                    &format!("{pointer}/remove"),
                    "`remove` must be `true` or `false`",
                );
                false
            }
        };
        let copy = if version == Version::V1_1 {
            self.query(&pointer, action, "copy", false)
        } else {
            None
        };
        // The order of the specification: `remove` before `update` before `copy`.
        let change = match (remove, action.get("update"), copy) {
            (true, _, _) => Change::Remove,
            (false, Some(update), _) => Change::Update(update.clone()),
            (false, None, Some(copy)) => Change::Copy(copy),
            (false, None, None) => Change::Nothing,
        };
        Some(Action {
            change,
            description: self.text(&pointer, action, "description", false),
            reason: self.text(&pointer, action, "x-reason", false),
            source: self.text(&pointer, action, "x-source", false),
            location: self.location(&pointer),
            target: target?,
        })
    }

    /// Refuses actions with the target and the change of an earlier action.
    fn duplicates(&mut self, actions: &[Action]) {
        for (at, action) in actions.iter().enumerate() {
            let first = actions[..at].iter().find(|first| {
                first.target.path == action.target.path && is_same(&first.change, &action.change)
            });
            if let Some(first) = first {
                let message = format!(
                    "the action duplicates the action at {}: remove one of them",
                    first.location
                );
                self.refuse_at(action.location.clone(), message);
            }
        }
    }

    fn query(
        &mut self,
        pointer: &str,
        map: &Map<String, Value>,
        key: &str,
        required: bool,
    ) -> Option<Query> {
        let text = self.text(pointer, map, key, required)?;
        let pointer = format!("{pointer}/{key}");
        if has_too_many_brackets(&text) {
            self.refuse(
                &pointer,
                format!("the JSONPath has more than {MAX_OPEN_BRACKETS} opening brackets"),
            );
            return None;
        }
        match JsonPath::parse(&text) {
            Ok(path) => Some(Query {
                path,
                location: self.location(&pointer),
                text,
            }),
            Err(error) => {
                let hint = correction(&text)
                    .map(|corrected| format!("; write `{corrected}`"))
                    .unwrap_or_default();
                self.refuse(
                    &pointer,
                    format!("`{text}` is not a JSONPath (RFC 9535): {error}{hint}"),
                );
                None
            }
        }
    }

    fn text(
        &mut self,
        pointer: &str,
        map: &Map<String, Value>,
        key: &str,
        required: bool,
    ) -> Option<String> {
        match map.get(key) {
            Some(Value::String(text)) => Some(text.clone()),
            None if !required => None,
            None => {
                self.refuse(pointer, format!("`{key}` is missing"));
                None
            }
            Some(_) => {
                self.refuse(
                    &format!("{pointer}/{key}"),
                    format!("`{key}` must be a string; put it in quotes"),
                );
                None
            }
        }
    }

    fn unknown_fields(&mut self, pointer: &str, map: &Map<String, Value>, known: &[&str]) {
        for key in map
            .keys()
            .filter(|key| !known.contains(&key.as_str()) && !key.starts_with("x-"))
        {
            let message = format!(
                "unknown field `{key}`: expected {}, or an extension `x-…`",
                known.join(", ")
            );
            self.refuse(
                &format!("{pointer}/{}", openapi_text::pointer::escape(key)),
                message,
            );
        }
    }
}

fn is_same(one: &Change, other: &Change) -> bool {
    match (one, other) {
        (Change::Remove, Change::Remove) | (Change::Nothing, Change::Nothing) => true,
        (Change::Update(one), Change::Update(other)) => one == other,
        (Change::Copy(one), Change::Copy(other)) => one.path == other.path,
        _ => false,
    }
}

fn has_too_many_brackets(query: &str) -> bool {
    query.matches(['[', '(']).count() > MAX_OPEN_BRACKETS
}

/// Returns the query with quoted member names, if that makes it valid.
fn correction(query: &str) -> Option<String> {
    let corrected = quote_names(query);
    let valid = !has_too_many_brackets(&corrected) && JsonPath::parse(&corrected).is_ok();
    valid.then_some(corrected)
}
