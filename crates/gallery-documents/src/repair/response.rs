//! Repairs of responses and their content.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::context::RepairContext;
use crate::entry::Entry;
use gallery_draft::DropReason;

/// Corrects invalid media types.
pub(super) fn media_types(part: &mut Map<String, Value>, context: &mut RepairContext<'_>) {
    let Some(Value::Object(content)) = part.get_mut("content") else {
        return;
    };
    let odd: Vec<String> = content
        .keys()
        .filter(|key| !is_media_type(key))
        .cloned()
        .collect();
    for key in odd {
        let Some(value) = content.remove(&key) else {
            continue;
        };
        let meant = match key.trim().to_ascii_lowercase().as_str() {
            trimmed if is_media_type(trimmed) => trimmed.to_owned(),
            "text" | "plain" => "text/plain".to_owned(),
            "xml" => "application/xml".to_owned(),
            "html" => "text/html".to_owned(),
            _ => "application/json".to_owned(),
        };
        match content.contains_key(&meant) {
            true => context.record(format!("`{key}` is not a media type; removed")),
            false => {
                context.record(format!("`{key}` is not a media type; read as `{meant}`"));
                content.insert(meant, value);
            }
        }
    }
}

fn is_media_type(key: &str) -> bool {
    let essence = key.split(';').next().unwrap_or(key).trim_end();
    let is_token = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
    };
    key.trim_start() == key
        && essence
            .split_once('/')
            .is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}

/// Corrects statuses: `2` is any success, `400: for …` is 400, `5xx` is `5XX`. Removes responses
/// whose key is prose.
pub(super) fn statuses(responses: &mut Map<String, Value>, context: &mut RepairContext<'_>) {
    let odd: BTreeSet<String> = responses
        .keys()
        .filter(|key| !key.starts_with("x-") && status(key).as_deref() != Some(key))
        .cloned()
        .collect();
    for key in odd {
        let Some(response) = responses.remove(&key) else {
            continue;
        };
        match status(&key) {
            None => context.record(format!(
                "`{key}` is not an HTTP status; the response is removed"
            )),
            Some(status) if responses.contains_key(&status) => context.record(format!(
                "`{key}` is the status {status}, which exists already; removed"
            )),
            Some(status) => {
                context.record(format!("`{key}` is not an HTTP status; read as {status}"));
                responses.insert(status, response);
            }
        }
    }
}

/// Returns the status that a key means.
fn status(key: &str) -> Option<String> {
    let key = key.trim();
    if key.eq_ignore_ascii_case("default") {
        return Some("default".to_owned());
    }
    let end = key
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(key.len());
    let (word, prose) = key.split_at(end);
    let first = word.chars().next().filter(|it| ('1'..='5').contains(it))?;
    let rest = &word[1..];
    match rest.len() {
        2 if rest.bytes().all(|byte| byte.is_ascii_digit()) => Some(word.to_owned()),
        2 if rest.eq_ignore_ascii_case("xx") => Some(format!("{first}XX")),
        0 if prose.is_empty() => Some(format!("{first}XX")),
        _ => None,
    }
}

/// Adds a `default` response to an operation without responses.
pub(super) fn assume_default(
    entry: &mut Entry,
    context: &mut RepairContext<'_>,
) -> Result<(), (DropReason, String)> {
    let responses = entry.operation.get("responses").and_then(Value::as_object);
    let has_one = responses.is_some_and(|all| all.keys().any(|key| !key.starts_with("x-")));
    if !has_one {
        context.record("the operation has no response; a `default` one is assumed");
        entry.operation["responses"] = json!({"default": {"description": ""}});
    }
    Ok(())
}
