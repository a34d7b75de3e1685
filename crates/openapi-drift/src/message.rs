//! Describes differences in sentences.

use serde_json::Value;

use crate::difference::Difference;
use crate::document::Document;
use crate::level::Source;
use crate::rules;
use crate::subject;
use crate::usage::Direction;
use crate::values::{shown, shown_pair};

/// Describes a difference at a pointer, and the reasons for its levels.
pub(crate) fn message(difference: &Difference, document: &Document, pointer: &str) -> String {
    format!(
        "{}{}: {}",
        title(difference, document, pointer),
        values(difference),
        reasons(difference)
    )
}

/// Describes the change itself.
fn title(difference: &Difference, document: &Document, pointer: &str) -> String {
    let (key, part) = (subject::key(pointer), part(difference, document, pointer));
    // The part itself changed, not one of its keywords.
    let title = match part.ends_with(&key) {
        true => difference.rule.title.replace("{key} of the {}", "the {}"),
        false => difference.rule.title.to_owned(),
    };
    let (before, after) = (difference.before.as_ref(), difference.after.as_ref());
    let mut text = String::new();
    let mut rest = title.as_str();
    while let Some((start, (name, end))) = rest
        .split_once('{')
        .and_then(|(start, rest)| Some((start, rest.split_once('}')?)))
    {
        text.push_str(start);
        text.push_str(&match name {
            "key" => key.clone(),
            "value" => after.or(before).map(name_or_value).unwrap_or_default(),
            "before" => before.map_or_else(|| "nothing".to_owned(), name_or_value),
            "after" => after.map_or_else(|| "nothing".to_owned(), name_or_value),
            _ => part.clone(),
        });
        rest = end;
    }
    text.push_str(rest);
    text
}

/// Shows the name of a referenced schema, or another value.
fn name_or_value(value: &Value) -> String {
    let name = value
        .as_str()
        .and_then(|text| text.strip_prefix("#/components/schemas/"));
    name.map_or_else(|| shown(value), |name| shown(&name.into()))
}

/// Names the part that changed.
fn part(difference: &Difference, document: &Document, pointer: &str) -> String {
    let is = |direction| difference.directions.contains(&direction);
    let direction = match (is(Direction::Request), is(Direction::Response)) {
        (true, true) => "request and response ",
        (true, false) => "request ",
        (false, true) => "response ",
        (false, false) => "",
    };
    // A required name that the object does not declare is reported at the object.
    let is_requiredness = [
        rules::PROPERTY_BECAME_REQUIRED.id,
        rules::PROPERTY_BECAME_OPTIONAL.id,
    ]
    .contains(&difference.rule.id);
    match difference.after.as_ref().or(difference.before.as_ref()) {
        Some(name @ Value::String(_)) if is_requiredness => {
            format!("{direction}property {}", shown(name))
        }
        _ => subject::subject(document, pointer, direction),
    }
}

/// Shows the values, unless the title does, or they are flags.
fn values(difference: &Difference) -> String {
    let has_values = ["{value}", "{before}", "{after}"]
        .iter()
        .any(|placeholder| difference.rule.title.contains(placeholder));
    let is_flag = |value: &Option<Value>| value.as_ref().is_none_or(Value::is_boolean);
    let has_name = |value: &Option<Value>| value.as_ref().is_none_or(Value::is_string);
    let id = difference.rule.id;
    let is_one_sided = ["-added", "-removed"].iter().any(|end| id.ends_with(end));
    let is_name = id.starts_with("property-became") && has_name(&difference.before);
    if has_values
        || id.ends_with("-after-sunset")
        || is_name
        || is_flag(&difference.before) && is_flag(&difference.after)
    {
        return String::new();
    }
    match (&difference.before, &difference.after) {
        (None, Some(value)) | (Some(value), None) if is_one_sided => {
            // A parameter is named already, so only its schema is shown.
            format!(" ({})", shown(value.get("schema").unwrap_or(value)))
        }
        (before, after) => {
            let (before, after) = shown_pair(before.as_ref(), after.as_ref());
            format!(" ({before} → {after})")
        }
    }
}

/// Describes the effects on calls and code.
fn reasons(difference: &Difference) -> String {
    let rule = difference.rule;
    let code = match difference.source {
        Source::None => None,
        // The type of the whole response changes with this difference.
        source if source > rule.source => Some("the Rust type of the response changes"),
        _ => rule.reasons.code,
    };
    let reasons: Vec<&str> = difference.reasons.iter().copied().chain(code).collect();
    reasons.join("; ")
}
