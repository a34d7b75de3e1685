//! Checks of what is sent.

use serde_json::{Value, json};

use crate::conformance::adapter::{Arguments, FailureKind, Outcome};
use crate::conformance::bench::{Bench, plain};
use crate::document::{Endpoint, Location, Parameter};
use crate::request::Recorded;
use crate::sample;

/// Every character that means something to a URL, a server or a proxy, and some that mean much to people.
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
    "\t",
    "\n",
    "a/b",
    "a/../b",
    "../x",
    "..%2F",
    "%2E%2E",
    "%2e",
    "%",
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
    "-",
    "_",
    "null",
    "true",
    "0",
];

/// Headers that HTTP itself needs, beside those that a document declares.
const OF_HTTP: &[&str] = &["host", "accept", "content-type", "content-length", "user-agent", "accept-encoding"];

fn is_text(parameter: &Parameter) -> bool {
    matches!(parameter.schema.get("type").and_then(Value::as_str), Some("string") | None)
}

pub(super) fn has_text_in_path(endpoint: &Endpoint) -> bool {
    endpoint.of(Location::Path).any(is_text)
}

pub(super) fn has_text_in_query(endpoint: &Endpoint) -> bool {
    endpoint.of(Location::Query).any(is_text)
}

pub(super) fn has_query(endpoint: &Endpoint) -> bool {
    endpoint.of(Location::Query).next().is_some()
}

pub(super) fn has_headers(endpoint: &Endpoint) -> bool {
    endpoint.of(Location::Header).next().is_some()
}

pub(super) fn has_required(endpoint: &Endpoint) -> bool {
    endpoint.parameters.iter().any(|parameter| parameter.required) || endpoint.body.as_ref().is_some_and(|body| body.required)
}

pub(super) fn has_body(endpoint: &Endpoint) -> bool {
    endpoint.body.is_some()
}

pub(super) fn may_have_no_body(endpoint: &Endpoint) -> bool {
    endpoint.body.as_ref().is_none_or(|body| !body.required)
}

pub(super) fn request(bench: &Bench) -> Result<(), String> {
    for arguments in [bench.required(), bench.arguments(|_| true)] {
        let call = bench.call(&arguments)?;
        bench.sent(&call, &arguments)?;
        if !matches!(call.outcome, Outcome::Success { .. }) {
            return Err(format!("the documented success became {:?}", call.outcome));
        }
    }
    Ok(())
}

pub(super) fn base_url(bench: &Bench) -> Result<(), String> {
    let arguments = bench.required();
    for slash in ["", "/"] {
        let call = bench.call_at(slash, &arguments)?;
        bench.sent(&call, &arguments)?;
    }
    Ok(())
}

pub(super) fn path_arguments(bench: &Bench) -> Result<(), String> {
    let long = "x/".repeat(150);
    for parameter in bench.endpoint.of(Location::Path).filter(|parameter| is_text(parameter)) {
        for value in HOSTILE.iter().copied().chain([long.as_str()]) {
            let arguments = bench.required().with(Location::Path, &parameter.name, json!(value));
            let call = bench.call(&arguments)?;
            bench.sent(&call, &arguments).map_err(|fault| format!("with `{}` = {value:?}: {fault}", parameter.name))?;
        }
    }
    Ok(())
}

pub(super) fn path_refusals(bench: &Bench) -> Result<(), String> {
    for parameter in bench.endpoint.of(Location::Path).filter(|parameter| is_text(parameter)) {
        for value in ["", ".", ".."] {
            let arguments = bench.required().with(Location::Path, &parameter.name, json!(value));
            refused(bench, &arguments).map_err(|fault| format!("with `{}` = {value:?}: {fault}", parameter.name))?;
        }
    }
    Ok(())
}

pub(super) fn required(bench: &Bench) -> Result<(), String> {
    for parameter in bench.endpoint.parameters.iter().filter(|parameter| parameter.required) {
        let arguments = bench.required().without(parameter.location, &parameter.name);
        refused(bench, &arguments).map_err(|fault| format!("without `{}`: {fault}", parameter.name))?;
    }
    if bench.endpoint.body.as_ref().is_some_and(|body| body.required) {
        refused(bench, &bench.required().with_body(None)).map_err(|fault| format!("without the body: {fault}"))?;
    }
    Ok(())
}

fn refused(bench: &Bench, arguments: &Arguments) -> Result<(), String> {
    let call = bench.call(arguments)?;
    if let Some(request) = call.requests.first() {
        return Err(format!("{} {} was sent instead of an error", request.method, request.path));
    }
    match call.outcome {
        Outcome::Failure { kind: FailureKind::InvalidRequest, .. } => Ok(()),
        other => Err(format!("the outcome is {other:?}, not an invalid request")),
    }
}

pub(super) fn query(bench: &Bench) -> Result<(), String> {
    for alone in bench.endpoint.of(Location::Query) {
        let arguments = bench.arguments(|parameter| parameter.name == alone.name && parameter.location == alone.location);
        let call = bench.call(&arguments)?;
        bench.sent(&call, &arguments).map_err(|fault| format!("with `{}` alone: {fault}", alone.name))?;
    }
    let arguments = bench.arguments(|parameter| parameter.location == Location::Query);
    bench.sent(&bench.call(&arguments)?, &arguments).map_err(|fault| format!("with all of them: {fault}"))?;
    Ok(())
}

pub(super) fn query_values(bench: &Bench) -> Result<(), String> {
    for parameter in bench.endpoint.of(Location::Query).filter(|parameter| is_text(parameter)) {
        for value in HOSTILE.iter().copied().chain([""]) {
            let arguments = bench.required().with(Location::Query, &parameter.name, json!(value));
            let call = bench.call(&arguments)?;
            bench.sent(&call, &arguments).map_err(|fault| format!("with `{}` = {value:?}: {fault}", parameter.name))?;
        }
    }
    Ok(())
}

pub(super) fn no_query(bench: &Bench) -> Result<(), String> {
    let arguments = bench.required();
    let call = bench.call(&arguments)?;
    let request = bench.sent(&call, &arguments)?;
    let wanted = bench.endpoint.of(Location::Query).any(|parameter| parameter.required);
    match (&request.query, wanted) {
        (Some(query), false) => Err(format!("there is a query `?{query}` without any argument")),
        _ => Ok(()),
    }
}

pub(super) fn header_arguments(bench: &Bench) -> Result<(), String> {
    for alone in bench.endpoint.of(Location::Header) {
        let with = |wanted: bool| {
            bench.arguments(|parameter| wanted && parameter.name == alone.name && parameter.location == Location::Header)
        };
        for arguments in [with(true), with(false)] {
            let expected = arguments.given(Location::Header, &alone.name).map(plain);
            let call = bench.call(&arguments)?;
            let found = bench.sent(&call, &arguments)?.header(&alone.name.to_ascii_lowercase());
            if found != expected.as_deref() {
                return Err(format!("the header `{}` is {found:?}, not {expected:?}", alone.name));
            }
        }
    }
    Ok(())
}

pub(super) fn headers(bench: &Bench) -> Result<(), String> {
    for arguments in [bench.required(), bench.arguments(|_| true)] {
        let call = bench.call(&arguments)?;
        for (name, value) in &bench.sent(&call, &arguments)?.headers {
            let declared = bench.endpoint.of(Location::Header).any(|parameter| parameter.name.eq_ignore_ascii_case(name));
            if !declared && !OF_HTTP.contains(&name.as_str()) {
                return Err(format!("the header `{name}: {value}` is not declared"));
            }
        }
    }
    Ok(())
}

pub(super) fn accept(bench: &Bench) -> Result<(), String> {
    let arguments = bench.required();
    let call = bench.call(&arguments)?;
    let accept = bench.sent(&call, &arguments)?.header("accept").unwrap_or_default().to_owned();
    let mut named: Vec<&str> = accept.split(',').map(|kind| kind.split(';').next().unwrap_or(kind).trim()).collect();
    let mut documented = bench.endpoint.media_types();
    if documented.is_empty() {
        documented.push("*/*");
    }
    named.sort_unstable();
    documented.sort_unstable();
    documented.dedup();
    if named == documented {
        Ok(())
    } else {
        Err(format!("`Accept` is `{accept}`, the documented media types are {documented:?}"))
    }
}

pub(super) fn body(bench: &Bench) -> Result<(), String> {
    let Some(documented) = &bench.endpoint.body else { return Ok(()) };
    for body in bodies(bench, &documented.schema) {
        let arguments = bench.required().with_body(Some(body.clone()));
        let call = bench.call(&arguments)?;
        let request = bench.sent(&call, &arguments)?;
        let kind = request.header("content-type").unwrap_or_default();
        if kind.split(';').next().map(str::trim) != Some(documented.media_type.as_str()) {
            return Err(format!("the Content-Type is `{kind}`, not `{}`", documented.media_type));
        }
        let found = request.json().map_err(|error| format!("the body is not JSON ({error}): {}", excerpt(&request.body)))?;
        if found != body {
            return Err(format!("the body is {}, not {}", excerpt(&request.body), excerpt(body.to_string().as_bytes())));
        }
    }
    Ok(())
}

/// Bodies that a schema allows.
fn bodies(bench: &Bench, schema: &Value) -> Vec<Value> {
    let resolved = bench.document.resolve(schema);
    if resolved.as_object().is_some_and(serde_json::Map::is_empty) {
        let many: Vec<Value> = (0..1000).map(|number| json!(format!("id-{number}"))).collect();
        return vec![
            json!([]),
            json!({}),
            json!(null),
            json!("ü\u{1F600}\n\"\\"),
            json!(9_007_199_254_740_993_i64),
            json!({"a": {"b": [1, null]}}),
            json!(many),
        ];
    }
    [0, 1, 1000].into_iter().map(|items| sample::value(&bench.document, schema, items)).collect()
}

pub(super) fn no_body(bench: &Bench) -> Result<(), String> {
    let arguments = bench.required();
    let call = bench.call(&arguments)?;
    let request: &Recorded = bench.sent(&call, &arguments)?;
    if !request.body.is_empty() {
        return Err(format!("there is a body: {}", excerpt(&request.body)));
    }
    match request.header("content-type") {
        Some(kind) => Err(format!("there is a Content-Type `{kind}` without a body")),
        None => Ok(()),
    }
}

fn excerpt(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned()
}
