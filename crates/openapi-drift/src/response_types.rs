//! The Rust types of responses, by the rule of the generator: one type if all successes have the
//! same schema, an `Option` if the others have no content, else an enum by status. The same holds
//! for errors.

use std::collections::BTreeMap;

use openapi_text::media_type::{essence, is_any, is_text};
use serde_json::Value;

use crate::level::Source;
use crate::media;
use crate::schema::allows_everything;
use crate::tree::{Node, Side};

/// The class of a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Success,
    Error,
    Other,
    Default,
}

pub(crate) fn class(status: &str) -> Class {
    match status.as_bytes().first() {
        Some(b'2') => Class::Success,
        Some(b'4' | b'5') => Class::Error,
        _ if status == "default" => Class::Default,
        _ => Class::Other,
    }
}

/// The types of successes and of errors.
pub(crate) struct ResponseTypes<'d> {
    success: ResponseType<'d>,
    error: ResponseType<'d>,
    has_success: bool,
}

/// The type of successes or of errors.
enum ResponseType<'d> {
    Untyped,
    Value,
    Optional,
    ByStatus(BTreeMap<String, Content<'d>>),
}

/// The content of a response.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Content<'d> {
    Json(&'d Value),
    Text(&'d Value),
    Untyped,
    Empty,
}

impl<'d> ResponseTypes<'d> {
    /// Reads the types of an operation's responses.
    pub(crate) fn read(side: &mut Side<'d>, responses: Node<'d>) -> ResponseTypes<'d> {
        let (mut successes, mut errors) = (BTreeMap::new(), BTreeMap::new());
        let mut default = None;
        for status in responses.keys() {
            let response = side.key(responses, status);
            let content = content(status, side.resolved(response));
            let key = status.to_ascii_uppercase();
            match class(status) {
                Class::Success => successes.insert(key, content),
                Class::Error => errors.insert(key, content),
                Class::Default => default.replace(content),
                Class::Other => None,
            };
        }
        let default = default.map(|content| ("DEFAULT".to_owned(), content));
        let has_success = !successes.is_empty();
        if !has_success {
            successes.extend(default.clone());
        }
        errors.extend(default);
        ResponseTypes {
            success: response_type(successes),
            error: response_type(errors),
            has_success,
        }
    }

    /// Returns true if the response of a status has a type.
    pub(crate) fn is_typed(&self, status: &str) -> bool {
        let mut types = self.of(status);
        types.any(|kind| match kind {
            ResponseType::Untyped => false,
            ResponseType::Value | ResponseType::Optional => true,
            ResponseType::ByStatus(contents) => {
                let content = contents.get(&status.to_ascii_uppercase());
                matches!(content, Some(Content::Json(_) | Content::Text(_)))
            }
        })
    }

    /// Returns the effect on code of the change to `revision`, of the type that contains the
    /// response of a status.
    pub(crate) fn source(&self, revision: &ResponseTypes<'_>, status: &str) -> Source {
        let is_default = class(status) == Class::Default;
        if is_default && self.has_success != revision.has_success {
            return Source::Breaking;
        }
        let pairs = self.of(status).zip(revision.of(status));
        let sources = pairs.map(|(base, revision)| base.source(revision, status));
        sources.max().unwrap_or(Source::None)
    }

    /// Returns the types that contain the response of a status.
    fn of(&self, status: &str) -> impl Iterator<Item = &ResponseType<'d>> {
        let (success, error) = match class(status) {
            Class::Success => (true, false),
            Class::Error => (false, true),
            Class::Default => (!self.has_success, true),
            Class::Other => (false, false),
        };
        let success = success.then_some(&self.success);
        success.into_iter().chain(error.then_some(&self.error))
    }
}

impl ResponseType<'_> {
    fn source(&self, revision: &ResponseType<'_>, status: &str) -> Source {
        match (self, revision) {
            (ResponseType::Untyped, ResponseType::Untyped)
            | (ResponseType::Value, ResponseType::Value)
            | (ResponseType::Optional, ResponseType::Optional) => Source::None,
            (ResponseType::ByStatus(base), ResponseType::ByStatus(revision)) => {
                let status = status.to_ascii_uppercase();
                match (base.get(&status), revision.get(&status)) {
                    (None, None) => Source::None,
                    // Enums of responses are not exhaustive.
                    (None, Some(_)) => Source::Safe,
                    (Some(_), None) => Source::Breaking,
                    (Some(base), Some(revision)) => base.source(*revision),
                }
            }
            _ => Source::Breaking,
        }
    }
}

impl Content<'_> {
    /// Returns the effect of a change of the kind. Changes of schemas have rules of their own.
    fn source(self, revision: Content<'_>) -> Source {
        let is_typed = |content| matches!(content, Content::Json(_) | Content::Text(_));
        match is_typed(self) && is_typed(revision) || self == revision {
            true => Source::None,
            false => Source::Breaking,
        }
    }
}

fn response_type(contents: BTreeMap<String, Content<'_>>) -> ResponseType<'_> {
    let is_exact = |status: &str| status.bytes().all(|byte| byte.is_ascii_digit());
    let mut typed = contents
        .values()
        .filter(|content| matches!(content, Content::Json(_) | Content::Text(_)));
    let Some(first) = typed.next() else {
        return ResponseType::Untyped;
    };
    let is_shared = typed.all(|other| other == first);
    let are_others_empty = contents.iter().all(|(status, content)| match content {
        Content::Empty => is_exact(status),
        content => *content != Content::Untyped,
    });
    match is_shared && are_others_empty {
        true if contents.values().any(|content| *content == Content::Empty) => {
            ResponseType::Optional
        }
        true => ResponseType::Value,
        false => ResponseType::ByStatus(contents),
    }
}

fn content<'d>(status: &str, response: Node<'d>) -> Content<'d> {
    if matches!(status, "204" | "205") {
        return Content::Empty;
    }
    let documented = response.get("content").and_then(Value::as_object);
    let Some(documented) = documented.filter(|documented| !documented.is_empty()) else {
        return match class(status) {
            Class::Success => Content::Untyped,
            _ => Content::Empty,
        };
    };
    let all: Vec<(String, Option<&Value>)> = documented
        .iter()
        .map(|(kind, media)| (media::normalized(kind), media.get("schema")))
        .collect();
    if let [(kind, Some(schema))] = all.as_slice()
        && kind.starts_with("text/")
        && is_string(schema)
    {
        return Content::Text(schema);
    }
    if !all.iter().all(|(kind, _)| is_text(kind) || is_any(kind)) {
        return Content::Untyped;
    }
    let offered = all.iter().filter(|(kind, schema)| {
        media::is_json(kind) || is_any(kind) && schema.is_some_and(|schema| !is_string(schema))
    });
    let chosen = offered.min_by_key(|(kind, _)| {
        let is_plain = essence(kind) == "application/json";
        (!is_plain, is_any(kind), kind)
    });
    let schema = chosen.and_then(|(_, schema)| *schema);
    let schema = schema.filter(|schema| !allows_everything(Some(schema)));
    schema.map_or(Content::Untyped, Content::Json)
}

fn is_string(schema: &Value) -> bool {
    schema.get("type").is_some_and(|kind| kind == "string")
}
