//! Checks of the headers of requests.

use crate::conformance::checks::context::CheckContext;
use crate::conformance::checks::fetch_limits::ADDED_HEADERS;
use crate::conformance::checks::requests::has_cookies;
use crate::conformance::settings::Settings;
use crate::document::{Endpoint, Location};
use crate::request::RecordedRequest;

/// Headers of HTTP itself.
const OF_HTTP: &[&str] = &[
    "host",
    "accept",
    "content-type",
    "content-length",
    "user-agent",
    "accept-encoding",
];

/// Headers that `fetch` adds in Node.js.
const OF_FETCH: &[&str] = &["accept-language", "connection", "sec-fetch-mode"];

/// A `User-Agent` of a caller.
const USER_AGENT: &str = "a-caller/1.0 (of the tests)";

/// An argument `Accept` replaces the documented value.
pub(super) fn has_accept(endpoint: &Endpoint) -> bool {
    !endpoint
        .of(Location::Header)
        .any(|parameter| parameter.required && parameter.name.eq_ignore_ascii_case("accept"))
}

pub(super) fn has_headers(endpoint: &Endpoint) -> bool {
    endpoint.of(Location::Header).next().is_some()
}

pub(super) fn headers(context: &CheckContext<'_>) -> Result<(), String> {
    for arguments in [context.required(), context.all()] {
        let call = context.call(&arguments)?;
        declared(context, context.sent(&call, &arguments)?)?;
    }
    user_agent(context)
}

/// Checks that the caller's `User-Agent` is sent, unless an argument replaces it. Without one, the
/// client sends its name and version.
fn user_agent(context: &CheckContext<'_>) -> Result<(), String> {
    let arguments = context.required();
    let mut parameters = context.endpoint.of(Location::Header);
    if parameters.any(|parameter| parameter.name.eq_ignore_ascii_case("user-agent")) {
        return Ok(());
    }
    let call = context.call(&arguments)?;
    let request = context.sent(&call, &arguments)?;
    let own = request.header("user-agent").unwrap_or_default();
    if !own
        .split_once('/')
        .is_some_and(|(name, version)| is_product(name, version))
    {
        return Err(format!(
            "the `User-Agent` is `{own}`, expected the name and the version of the client"
        ));
    }
    let client = context.client(&Settings {
        user_agent: Some(USER_AGENT.into()),
        ..Settings::default()
    })?;
    let call = context.call_with_client(&client, &arguments, context.success())?;
    let request = context.sent(&call, &arguments)?;
    declared(context, request)?;
    match request.header("user-agent") {
        Some(USER_AGENT) => Ok(()),
        received => Err(format!(
            "the `User-Agent` is {received:?}, expected `{USER_AGENT}`"
        )),
    }
}

/// Returns true for the name and the version of a program.
fn is_product(name: &str, version: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    !name.is_empty()
        && name.chars().all(is_name)
        && version.starts_with(|c: char| c.is_ascii_digit())
}

/// Checks that all headers are declared or part of HTTP, and occur once.
fn declared(context: &CheckContext<'_>, request: &RecordedRequest) -> Result<(), String> {
    let is_of_fetch = |name: &str| OF_FETCH.contains(&name);
    let headers = request.headers.iter();
    let without_fetch = RecordedRequest {
        headers: headers
            .filter(|(name, _)| !is_of_fetch(name))
            .cloned()
            .collect(),
        ..request.clone()
    };
    only_declared(context.endpoint, &without_fetch)?;
    context.unless_limited(&ADDED_HEADERS, only_declared(context.endpoint, request))
}

fn only_declared(endpoint: &Endpoint, request: &RecordedRequest) -> Result<(), String> {
    for (at, (name, value)) in request.headers.iter().enumerate() {
        let parameters = endpoint
            .of(Location::Header)
            .map(|parameter| &parameter.name);
        let constants = endpoint.constants.iter().map(|constant| &constant.name);
        let mut declared = parameters.chain(constants);
        let is_cookie = name == "cookie" && has_cookies(endpoint);
        if !is_cookie
            && !declared.any(|own| own.eq_ignore_ascii_case(name))
            && !OF_HTTP.contains(&name.as_str())
        {
            return Err(format!("the header `{name}: {value}` is not declared"));
        }
        if request.headers[..at].iter().any(|(own, _)| own == name) {
            return Err(format!("the header `{name}` occurs twice"));
        }
    }
    Ok(())
}

pub(super) fn accept(context: &CheckContext<'_>) -> Result<(), String> {
    let arguments = context.required();
    let call = context.call(&arguments)?;
    let accept = context
        .sent(&call, &arguments)?
        .header("accept")
        .unwrap_or_default()
        .to_owned();
    let mut named: Vec<&str> = accept
        .split(',')
        .map(|kind| kind.split(';').next().unwrap_or(kind).trim())
        .collect();
    let mut documented: Vec<_> = context
        .endpoint
        .media_types()
        .into_iter()
        .map(|kind| kind.split(';').next().unwrap_or(kind).trim())
        .collect();
    if documented.is_empty() {
        documented.push("*/*");
    }
    named.sort_unstable();
    documented.sort_unstable();
    documented.dedup();
    if named == documented {
        Ok(())
    } else {
        Err(format!(
            "`Accept` is `{accept}`, the documented media types are {documented:?}"
        ))
    }
}
