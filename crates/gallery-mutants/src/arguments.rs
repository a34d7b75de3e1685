//! Faults in arguments and bodies: what methods and setters set.

use crate::change::Change;
use crate::description::Setting;
use crate::settings::setting;
use crate::source::{Argument, Body, Operation, Source};

/// Returns the name of an argument's parameter.
fn name<'o>(operation: &'o Operation, argument: &Argument) -> &'o str {
    let parameter = operation.description.parameters.get(argument.index);
    parameter
        .map(|own| own.name.value.as_str())
        .unwrap_or_default()
}

fn location<'o>(operation: &'o Operation, argument: &Argument) -> &'o str {
    let parameter = operation.description.parameters.get(argument.index);
    parameter
        .map(|own| own.kind.value.as_str())
        .unwrap_or_default()
}

pub(super) fn argument_crossed(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let arguments = &operation.arguments;
    let change = |(at, own): (usize, &Argument)| {
        let (before, after) = arguments.split_at(at);
        let mut others = after[1..].iter().chain(before);
        let is_like = |other: &&Argument| {
            (other.is_list, other.is_optional) == (own.is_list, own.is_optional)
                && location(operation, other) == location(operation, own)
        };
        let other = others.find(is_like)?;
        let (name, other_name) = (name(operation, own), name(operation, other));
        Some(
            Change::new(name, format!("`{name}` sets `{other_name}`"))
                .replace(&own.index_range, other.index.to_string()),
        )
    };
    arguments.iter().enumerate().filter_map(change).collect()
}

/// Returns a change for each argument.
fn each(
    operation: &Operation,
    wanted: impl Fn(&Argument) -> bool,
    what: &str,
    change: impl Fn(Change, &Argument) -> Change,
) -> Vec<Change> {
    let wanted = operation.arguments.iter().filter(|own| wanted(own));
    let changes = wanted.map(|own| {
        let name = name(operation, own);
        change(Change::new(name, format!("`{name}` {what}")), own)
    });
    changes.collect()
}

pub(super) fn argument_silent(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    each(
        operation,
        |_| true,
        "is not sent",
        |change, own| {
            // The value stays used.
            let value = &source.text[own.value.clone()];
            change.replace(&own.range, format!("let _ = {value};"))
        },
    )
}

/// Returns a value with another type of the same kind, which loses some values.
pub(super) fn argument_narrowed(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let smaller = |declared: &str| match declared {
        "i64" | "impl Into<Option<i64>>" => Some("i32"),
        "i32" | "impl Into<Option<i32>>" => Some("i16"),
        "f64" | "impl Into<Option<f64>>" => Some("f32"),
        _ => None,
    };
    let is_number = |own: &Argument| smaller(&own.declared).is_some();
    each(operation, is_number, "has a smaller type", |change, own| {
        let value = source.text[own.value.clone()]
            .trim_start_matches('&')
            .to_owned();
        let kind = smaller(&own.declared).unwrap_or_default();
        let wide = own
            .declared
            .trim_start_matches("impl Into<")
            .trim_end_matches(">>");
        let value = match own.is_optional {
            true => format!(
                "&{value}.map(|value: {}| value as {kind})",
                wide.trim_start_matches("Option<")
            ),
            false => format!("&({value} as {kind})"),
        };
        change.replace(&own.value, value)
    })
}

fn is_query(operation: &Operation) -> impl Fn(&Argument) -> bool {
    move |own| location(operation, own) == "query" && !own.is_list
}

pub(super) fn query_constant(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    each(
        operation,
        is_query(operation),
        "is always 7",
        |change, own| {
            let value = &source.text[own.value.clone()];
            change.replace(&own.value, format!("&{{ let _ = {value}; 7 }}"))
        },
    )
}

/// Sets an optional argument before the setters are called.
fn preset(operation: &Operation, source: &Source<'_>, what: &str, value: &str) -> Vec<Change> {
    let wanted = |own: &Argument| is_query(operation)(own) && own.is_optional;
    each(operation, wanted, what, |change, own| {
        let call = &source.text[operation.call.clone()];
        let index = own.index;
        change.replace(
            &operation.call,
            format!("{{ let mut preset = {call}; preset.set({index}, {value}); preset }}"),
        )
    })
}

pub(super) fn query_defaulted(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    preset(operation, source, "is 0 if it is absent", "\"0\"")
}

pub(super) fn query_empty(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    preset(operation, source, "is empty if it is absent", "\"\"")
}

/// Returns a change of the body, if it is of one of these kinds.
fn body(
    operation: &Operation,
    kinds: &[&str],
    what: &str,
    change: impl Fn(Change, &Body) -> Change,
) -> Vec<Change> {
    let own = operation.body.as_ref();
    let own = own.filter(|own| kinds.contains(&own.kind.value.as_str()));
    own.map(|own| change(Change::new("body", what), own))
        .into_iter()
        .collect()
}

pub(super) fn body_dropped(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let all = ["json", "form", "bytes", "multipart"];
    body(operation, &all, "the body is missing", |change, own| {
        change.replace(&own.range, "let _ = body;")
    })
}

pub(super) fn body_wrapped(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let what = "the body is the property `body` of an object";
    body(operation, &["json", "form"], what, |change, own| {
        change.replace(
            &own.value,
            "&std::collections::BTreeMap::from([(\"body\", body)])",
        )
    })
}

pub(super) fn body_truncated(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let what = "the last item, field or byte of the body is missing";
    let mut changes = body(operation, &["json", "form"], what, |change, own| {
        change.replace(
            &own.value,
            "&match serde_json::to_value(body).unwrap_or_default() { \
             serde_json::Value::Array(mut items) => { items.pop(); serde_json::Value::Array(items) } \
             serde_json::Value::Object(mut fields) => { \
             fields.keys().next_back().cloned().map(|last| fields.remove(&last)); \
             serde_json::Value::Object(fields) } \
             other => other }",
        )
    });
    changes.extend(body(operation, &["bytes"], what, |change, own| {
        change.replace(
            &own.value,
            "{ let bytes: gallery_runtime::Bytes = body.into(); \
             bytes.slice(..bytes.len().saturating_sub(1)) }",
        )
    }));
    changes
}

pub(super) fn body_limited(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let is_list = operation
        .body
        .as_ref()
        .is_some_and(|own| own.declared.starts_with("&["));
    let what = "only the first hundred items of a list are sent";
    let changes = body(operation, &["json"], what, |change, own| {
        change.replace(&own.value, "&body[..body.len().min(100)]")
    });
    changes.into_iter().filter(|_| is_list).collect()
}

pub(super) fn body_as_text(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let what = "the body is a JSON string that contains the JSON";
    body(operation, &["json"], what, |change, own| {
        change.replace(
            &own.value,
            "&serde_json::to_string(body).unwrap_or_default()",
        )
    })
}

pub(super) fn body_as_other(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let mut changes = body(operation, &["json"], "the body is a form", |change, own| {
        change.replace(&own.kind.range, "form")
    });
    changes.extend(body(
        operation,
        &["form"],
        "the body is JSON",
        |change, own| change.replace(&own.kind.range, "json"),
    ));
    changes
}

/// Changes or removes a setting of the body.
fn body_setting(
    operation: &Operation,
    name: &str,
    what: &str,
    change: impl Fn(Change, &Setting) -> Change,
) -> Vec<Change> {
    setting(operation, name, |setting| {
        vec![change(Change::new("body", what), setting)]
    })
}

pub(super) fn form_style_lost(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    body_setting(
        operation,
        "fields",
        "the styles of fields are lost",
        |change, setting| change.remove(&setting.range),
    )
}

pub(super) fn content_type_changed(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    body_setting(
        operation,
        "body",
        "the media type is `text/plain`",
        |change, setting| change.replace(&setting.arguments[0], "\"text/plain\""),
    )
}

pub(super) fn body_null(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let is_optional = operation.body.as_ref().is_some_and(|own| own.is_optional);
    let what = "`null` is sent if no body is given";
    let changes = body(operation, &["json"], what, |change, _| {
        let call = &source.text[operation.call.clone()];
        change.replace(
            &operation.call,
            format!("{{ let mut preset = {call}; preset.json(&()); preset }}"),
        )
    });
    changes.into_iter().filter(|_| is_optional).collect()
}
