//! Checks of argument values: they arrive unchanged, or nothing is sent.

use serde_json::{Value, json};

use crate::conformance::adapter::Arguments;
use crate::conformance::checks::context::CheckContext;
use crate::conformance::checks::request_rules::rejected;
use crate::conformance::checks::variants;
use crate::conformance::outcome::{FailureKind, Outcome};
use crate::document::{Endpoint, Location, Parameter};
use crate::sample;

/// Characters with a meaning in URLs, servers and proxies, and unusual Unicode.
const HOSTILE: &[&str] = &[
    "%",
    "/",
    "?",
    "#",
    "[",
    "]",
    "@",
    "!",
    "$",
    "&",
    "'",
    "(",
    ")",
    "*",
    "+",
    ",",
    ";",
    "=",
    ":",
    "\\",
    "|",
    "^",
    "\"",
    "<",
    ">",
    "{",
    "}",
    "`",
    " ",
    " a ",
    "\t",
    "\n",
    "a/b",
    "a/../b",
    "../x",
    "..%2F",
    "%2E%2E",
    "%2e",
    "%25",
    "%41",
    "a?b=c",
    "a#b",
    "...",
    ".a",
    "a.",
    "~",
    "ü",
    "e\u{301}",
    "\u{1F600}",
    "\u{202E}x",
    "\u{0}",
    "-",
    "_",
    "null",
    "true",
    "0",
];

/// Strings that a header can have.
const IN_HEADERS: &[&str] = &[
    "a b",
    "a,b;c=d",
    "\"q\"",
    "%41%",
    "ü",
    "\u{1F600}",
    "=",
    "a\tb",
    "0",
    "null",
    "A",
];

/// Returns true for an unrestricted string. Other parameters have their own checks.
pub(super) fn is_text(parameter: &Parameter) -> bool {
    let Some(keys) = parameter.schema.as_object() else {
        return false;
    };
    let open = keys.keys().all(|key| {
        !matches!(
            key.as_str(),
            "enum" | "$ref" | "oneOf" | "anyOf" | "allOf" | "properties" | "items"
        )
    });
    open && parameter.style.name != "json"
        && matches!(
            keys.get("type").and_then(Value::as_str),
            Some("string") | None
        )
}

fn is_list(parameter: &Parameter) -> bool {
    let texts = parameter
        .schema
        .pointer("/items/type")
        .is_some_and(|kind| kind == "string");
    texts
        && parameter.schema.pointer("/items/enum").is_none()
        && parameter.location != Location::Path
}

fn is_scalar(parameter: &Parameter) -> bool {
    let kind = parameter.schema.get("type").and_then(Value::as_str);
    parameter.schema.get("enum").is_some() || matches!(kind, Some("integer" | "number" | "boolean"))
}

pub(super) fn has_lists(endpoint: &Endpoint) -> bool {
    endpoint.parameters.iter().any(is_list)
}

pub(super) fn has_scalars(endpoint: &Endpoint) -> bool {
    endpoint.parameters.iter().any(is_scalar)
}

pub(super) fn has_text_in_path(endpoint: &Endpoint) -> bool {
    endpoint.of(Location::Path).any(is_text)
}

pub(super) fn has_text_in_query(endpoint: &Endpoint) -> bool {
    endpoint.of(Location::Query).any(is_text)
}

pub(super) fn has_text_in_headers(endpoint: &Endpoint) -> bool {
    endpoint
        .of(Location::Header)
        .chain(endpoint.of(Location::Cookie))
        .any(is_text)
}

pub(super) fn path_arguments(context: &CheckContext<'_>) -> Result<(), String> {
    let long = "x/".repeat(150);
    let texts: Vec<&str> = HOSTILE.iter().copied().chain([long.as_str()]).collect();
    in_turn(context, Location::Path, &texts)
}

pub(super) fn query_values(context: &CheckContext<'_>) -> Result<(), String> {
    let long = "ü ".repeat(150);
    let texts: Vec<&str> = HOSTILE.iter().copied().chain(["", long.as_str()]).collect();
    in_turn(context, Location::Query, &texts)
}

/// Sends each string in each parameter of a location. Parameters have different values at a time,
/// so that swapped ones are detected.
fn in_turn(context: &CheckContext<'_>, location: Location, texts: &[&str]) -> Result<(), String> {
    let parameters: Vec<&Parameter> = context
        .endpoint
        .of(location)
        .filter(|parameter| is_text(parameter))
        .collect();
    for begin in 0..texts.len() {
        let mut arguments = context.required();
        let mut changes_path = false;
        for (at, parameter) in parameters.iter().enumerate() {
            let text = texts[(begin + 7 * at) % texts.len()];
            changes_path |= parameter.allows_slashes
                && text
                    .split('/')
                    .any(|segment| matches!(segment, "" | "." | ".."));
            arguments = arguments.with(location, &parameter.name, json!(text));
        }
        if changes_path {
            rejected(context, &arguments)
                .map_err(|failure| format!("with {}: {failure}", arguments.shown(location)))?;
            continue;
        }
        let call = context.call(&arguments)?;
        context
            .sent(&call, &arguments)
            .map_err(|failure| format!("with {}: {failure}", arguments.shown(location)))?;
    }
    Ok(())
}

pub(super) fn path_refusals(context: &CheckContext<'_>) -> Result<(), String> {
    for parameter in context
        .endpoint
        .of(Location::Path)
        .filter(|parameter| is_text(parameter))
    {
        let with_slashes = ["/", "/a", "a/", "a//b", "./a", "a/./b", "a/.."];
        let with_slashes = with_slashes.iter().filter(|_| parameter.allows_slashes);
        for value in ["", ".", ".."].iter().chain(with_slashes) {
            let arguments = context
                .required()
                .with(Location::Path, &parameter.name, json!(value));
            rejected(context, &arguments)
                .map_err(|failure| format!("with `{}` = {value:?}: {failure}", parameter.name))?;
        }
    }
    Ok(())
}

pub(super) fn header_values(context: &CheckContext<'_>) -> Result<(), String> {
    for location in [Location::Header, Location::Cookie] {
        for parameter in context
            .endpoint
            .of(location)
            .filter(|parameter| is_text(parameter))
        {
            let texts = if location == Location::Header {
                IN_HEADERS
            } else {
                HOSTILE
            };
            for text in texts {
                let arguments = context
                    .required()
                    .with(location, &parameter.name, json!(text));
                arrives_or_is_rejected(context, &arguments).map_err(|failure| {
                    format!("with `{}` = {text:?}: {failure}", parameter.name)
                })?;
            }
            let evil = context
                .required()
                .with(location, &parameter.name, json!("x\r\nX-Evil: 1"));
            if location == Location::Header {
                rejected(context, &evil).map_err(|failure| {
                    format!("with a line break in `{}`: {failure}", parameter.name)
                })?;
            }
        }
    }
    Ok(())
}

pub(super) fn scalars(context: &CheckContext<'_>) -> Result<(), String> {
    for parameter in context
        .endpoint
        .parameters
        .iter()
        .filter(|parameter| is_scalar(parameter))
    {
        let schema = sample::flat(context.document, &parameter.schema);
        let values = sample::values(&schema).unwrap_or_else(|| {
            match schema.get("type").and_then(Value::as_str) {
                Some("boolean") => vec![json!(true), json!(false)],
                _ => variants::numbers(&schema),
            }
        });
        for value in values {
            let arguments =
                context
                    .required()
                    .with(parameter.location, &parameter.name, value.clone());
            let call = context.call(&arguments)?;
            context
                .sent(&call, &arguments)
                .map_err(|failure| format!("with `{}` = {value}: {failure}", parameter.name))?;
        }
        if sample::values(&schema).is_some_and(|values| values.iter().all(Value::is_string)) {
            let unlisted = json!("unlisted-value");
            let arguments = context
                .required()
                .with(parameter.location, &parameter.name, unlisted);
            arrives_or_is_rejected(context, &arguments)
                .map_err(|failure| format!("with an unlisted `{}`: {failure}", parameter.name))?;
        }
        if schema.get("type").is_some_and(|kind| kind == "integer") && schema.get("enum").is_none()
        {
            let arguments =
                context
                    .required()
                    .with(parameter.location, &parameter.name, json!(u64::MAX));
            arrives_or_is_rejected(context, &arguments).map_err(|failure| {
                format!("with `{}` = {}: {failure}", parameter.name, u64::MAX)
            })?;
        }
    }
    Ok(())
}

pub(super) fn lists(context: &CheckContext<'_>) -> Result<(), String> {
    for parameter in context
        .endpoint
        .parameters
        .iter()
        .filter(|parameter| is_list(parameter))
    {
        for items in [
            &["a,b", "c&d=e", "f g"][..],
            &["x|y", "ü%2C+", "100%"],
            &["one"],
            &["", "b"],
            &["b", "a", "b"],
            &[],
        ] {
            if items.is_empty() && parameter.required {
                continue; // No style can express a required empty array.
            }
            let arguments =
                context
                    .required()
                    .with(parameter.location, &parameter.name, json!(items));
            arrives_or_is_rejected(context, &arguments)
                .map_err(|failure| format!("with `{}` = {items:?}: {failure}", parameter.name))?;
        }
        if parameter.location == Location::Query {
            let many: Vec<String> = (0..1000).map(|number| format!("item{number}")).collect();
            let arguments =
                context
                    .required()
                    .with(parameter.location, &parameter.name, json!(many));
            context
                .sent(&context.call(&arguments)?, &arguments)
                .map_err(|failure| {
                    format!("with 1000 items for `{}`: {failure}", parameter.name)
                })?;
        }
    }
    Ok(())
}

/// Checks that a call sends its arguments unchanged, or fails before sending.
pub(super) fn arrives_or_is_rejected(
    context: &CheckContext<'_>,
    arguments: &Arguments,
) -> Result<(), String> {
    let call = context.call(arguments)?;
    if call.requests.is_empty()
        && matches!(
            call.outcome,
            Outcome::Failure {
                kind: FailureKind::InvalidRequest,
                ..
            }
        )
    {
        return Ok(());
    }
    context.sent(&call, arguments).map(|_| ())
}
