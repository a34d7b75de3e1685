//! Reads the pairs of documents from the tables.
//!
//! A row is `[name, before, after, rule, levels, pointer, pointer in the revision]`.
//!
//! `before` and `after` are fragments, and the `frame` of the file is their location in a document.
//! The rule is `nothing` if the fragments are equivalent. A pointer is relative to the fragment, or
//! to the root if it starts with `#`. It is null if the part is missing.

use std::sync::OnceLock;

use openapi_drift::{Rule, rules};
use serde_json::{Value, json};

use crate::support::{with_fields, with_operation, with_paths, yaml};

const FILES: &[(&str, &str)] = &[
    ("bodies.yaml", include_str!("bodies.yaml")),
    ("documents.yaml", include_str!("documents.yaml")),
    ("operations.yaml", include_str!("operations.yaml")),
    ("parameters.yaml", include_str!("parameters.yaml")),
    ("responses.yaml", include_str!("responses.yaml")),
    ("schema-objects.yaml", include_str!("schema-objects.yaml")),
    ("schema-types.yaml", include_str!("schema-types.yaml")),
    ("schema-values.yaml", include_str!("schema-values.yaml")),
];

/// Two documents and their only difference.
pub(crate) struct Pair {
    pub(crate) name: String,
    pub(crate) before: Value,
    pub(crate) after: Value,
    pub(crate) expected: Option<Expected>,
    /// True if the difference is in a response.
    pub(crate) is_response: bool,
}

/// The expected difference.
pub(crate) struct Expected {
    pub(crate) rule: &'static Rule,
    pub(crate) wire: String,
    pub(crate) source: String,
    pub(crate) base: Option<String>,
    pub(crate) revision: Option<String>,
}

/// Returns the rule with this ID.
pub(crate) fn rule(id: &str) -> &'static Rule {
    rules()
        .find(|rule| rule.id == id)
        .unwrap_or_else(|| panic!("unknown rule {id}"))
}

/// Returns the document of a fragment, and the pointer of the fragment.
fn framed(frame: &str, fragment: &Value) -> (Value, String) {
    let content = |schema: &Value| json!({"application/json": {"schema": schema}});
    let with_optional = |key: &str| {
        let mut operation = json!({"responses": {}});
        if !fragment.is_null() {
            operation[key] = fragment.clone();
        }
        operation
    };
    match frame {
        "request" => (
            with_operation(
                "post",
                json!({"requestBody": {"content": content(fragment)}, "responses": {}}),
            ),
            "/paths/~1a/post/requestBody/content/application~1json/schema".to_owned(),
        ),
        "response" => (
            with_operation(
                "get",
                json!({"responses": {"200": {"description": "d", "content": content(fragment)}}}),
            ),
            "/paths/~1a/get/responses/200/content/application~1json/schema".to_owned(),
        ),
        "parameters" | "responses" => (
            with_operation("get", with_optional(frame)),
            format!("/paths/~1a/get/{frame}"),
        ),
        "requestBody" => (
            with_operation("post", with_optional(frame)),
            format!("/paths/~1a/post/{frame}"),
        ),
        "paths" => (with_paths(fragment.clone()), "/paths".to_owned()),
        "document" => (with_fields(fragment), String::new()),
        other => panic!("unknown frame {other}"),
    }
}

/// Returns the pairs of all tables.
pub(crate) fn pairs() -> &'static [Pair] {
    static PAIRS: OnceLock<Vec<Pair>> = OnceLock::new();
    PAIRS.get_or_init(read)
}

/// Reads all tables.
fn read() -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (file, text) in FILES {
        let table = yaml(file, text);
        let frames: &[&str] = match table["frame"].as_str().unwrap() {
            "schema" => &["request", "response"],
            frame => &[frame],
        };
        for row in table["pairs"].as_array().unwrap() {
            for (at, frame) in frames.iter().enumerate() {
                pairs.push(pair(file, row.as_array().unwrap(), frame, at, frames.len()));
            }
        }
    }
    pairs
}

fn pair(file: &str, row: &[Value], frame: &str, at: usize, frames: usize) -> Pair {
    let name = format!("{file}: {} ({frame})", row[0].as_str().unwrap());
    let (before, start) = framed(frame, &row[1]);
    let (after, _) = framed(frame, &row[2]);
    let id = row[3].as_str().unwrap();
    let expected = (id != "nothing").then(|| {
        let levels: Vec<&str> = row[4].as_str().unwrap().split(' ').collect();
        assert!(
            levels.len() == frames + 1 || levels.len() == 2 * frames,
            "{name}: one level per direction, and one or as many for source code"
        );
        let pointer = |document: &Value, value: &Value| {
            let text = value.as_str()?;
            let pointer = text
                .strip_prefix('#')
                .map_or_else(|| format!("{start}{text}"), ToOwned::to_owned);
            document.pointer(&pointer).map(|_| pointer)
        };
        let revision = row.get(6).unwrap_or(&row[5]);
        // A single pointer is for both documents, if they have the part.
        let base = if row.get(6).is_none() || !row[5].is_null() {
            pointer(&before, &row[5])
        } else {
            None
        };
        Expected {
            rule: rule(id),
            wire: levels[at].to_owned(),
            source: levels[(frames + at).min(levels.len() - 1)].to_owned(),
            base,
            revision: pointer(&after, revision),
        }
    });
    Pair {
        name,
        before,
        after,
        expected,
        is_response: frame == "response" || frame == "responses",
    }
}
