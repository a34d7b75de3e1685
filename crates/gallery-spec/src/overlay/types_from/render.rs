//! The text of a draft.

use std::fmt::Write as _;

use serde_json::{Value, json};

/// A draft of an overlay, and how many operations have a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypesDraft {
    /// The overlay, empty if nothing matches.
    pub text: String,
    /// The operations of the client that the other document has, as `METHOD PATH`.
    pub matched: Vec<String>,
    /// The operations of the client that the other document lacks.
    pub unmatched: Vec<String>,
    /// The operations of the other document that the client lacks.
    pub unused: Vec<String>,
}

pub(super) fn render(
    own: &Value,
    source: &str,
    draft: &TypesDraft,
    document_action: Option<Value>,
    operation_actions: &[(String, Vec<Value>)],
) -> String {
    let title = own.pointer("/info/title").and_then(Value::as_str);
    let mut text = format!(
        "# A draft with the types of {}: {} of {} operations.\n\
         # Review it: a document of the vendor may describe another version of the API.\n\
         overlay: 1.1.0\ninfo:\n  title: {}\n  version: 1.0.0\n\
         x-reason: {}\nx-source: {}\nactions:\n",
        comment(source),
        draft.matched.len(),
        draft.matched.len() + draft.unmatched.len(),
        json!(format!("Types of the {} API", title.unwrap_or_default())),
        json!("The listing has no types."),
        json!(source),
    );
    if let Some(action) = document_action {
        text.push_str(&action_text(&action));
    }
    for (title, actions) in operation_actions {
        let _ = writeln!(text, "  # {}", comment(title));
        actions
            .iter()
            .for_each(|action| text.push_str(&action_text(action)));
    }
    for (what, titles) in [
        ("Operations of the client without a match", &draft.unmatched),
        (
            "Operations of the other document without a match",
            &draft.unused,
        ),
    ] {
        if !titles.is_empty() {
            let _ = writeln!(text, "\n# {what}:");
            for title in titles {
                let _ = writeln!(text, "#   {}", comment(title));
            }
        }
    }
    text
}

/// Returns an action as an item of a YAML list, with the target first.
fn action_text(action: &Value) -> String {
    let mut text = String::new();
    let keys = ["target", "remove", "update", "x-source"];
    for (key, value) in keys.iter().filter_map(|key| Some((key, action.get(key)?))) {
        let yaml = serde_yaml::to_string(&json!({*key: value})).unwrap_or_default();
        for line in yaml.lines() {
            let start = if text.is_empty() { "  - " } else { "    " };
            // Lines of block scalars can be empty.
            let _ = writeln!(text, "{}", format!("{start}{line}").trim_end());
        }
    }
    text
}

/// Returns text that stays in one comment line.
fn comment(text: &str) -> String {
    openapi_text::printable(text)
}
