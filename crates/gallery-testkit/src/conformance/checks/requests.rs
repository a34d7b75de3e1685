//! Checks of requests.

use std::borrow::Cow;

use crate::conformance::checks::context::CheckContext;
use crate::conformance::checks::fetch_limits::{HOST_HEADER, REPEATED_HEADERS};
use crate::conformance::checks::request_rules::rejected;
use crate::conformance::middleware::MARK;
use crate::conformance::outcome::{FailureKind, Outcome};
use crate::conformance::settings::Settings;
use crate::document::{Endpoint, Location};

pub(super) fn is_of_documents_server(endpoint: &Endpoint) -> bool {
    endpoint.server.is_none()
}

pub(super) fn has_own_server(endpoint: &Endpoint) -> bool {
    endpoint.server.is_some()
}

pub(super) fn has_cookies(endpoint: &Endpoint) -> bool {
    endpoint.of(Location::Cookie).next().is_some()
}

pub(super) fn has_query(endpoint: &Endpoint) -> bool {
    endpoint.of(Location::Query).next().is_some()
}

pub(super) fn has_required(endpoint: &Endpoint) -> bool {
    endpoint
        .parameters
        .iter()
        .any(|parameter| parameter.required)
        || endpoint.body.as_ref().is_some_and(|body| body.required)
}

pub(super) fn has_body(endpoint: &Endpoint) -> bool {
    endpoint.body.is_some()
}

pub(super) fn may_have_no_body(endpoint: &Endpoint) -> bool {
    endpoint.body.as_ref().is_none_or(|body| !body.required)
}

pub(super) fn request(context: &CheckContext<'_>) -> Result<(), String> {
    for arguments in [
        context.required(),
        context.arguments(|_| true),
        context.all(),
    ] {
        let call = context.call(&arguments)?;
        context.sent(&call, &arguments)?;
        if !matches!(call.outcome, Outcome::Success { .. }) {
            return Err(format!(
                "expected the documented success, received {:?}",
                call.outcome
            ));
        }
    }
    Ok(())
}

pub(super) fn base_url(context: &CheckContext<'_>) -> Result<(), String> {
    let arguments = context.required();
    let (origin, base_path) = (context.servers.server.origin(), context.base_path());
    for (before, end) in [
        ("", ""),
        ("", "/"),
        ("/behind%20a/proxy", ""),
        ("/behind%20a/proxy", "/"),
    ] {
        let settings = Settings {
            base_url: Some(format!("{origin}{before}{base_path}{end}")),
            ..Settings::default()
        };
        let call = context.call_with_client(
            &*context.client(&settings)?,
            &arguments,
            context.success(),
        )?;
        let [request] = call.requests.as_slice() else {
            return Err(format!(
                "received {} requests; the call returned {:?}",
                call.requests.len(),
                call.outcome
            ));
        };
        context
            .check_request_at(&format!("{before}{base_path}"), request, &arguments)
            .map_err(|failure| format!("with the base URL …{before}{base_path}{end}: {failure}"))?;
    }
    Ok(())
}

pub(super) fn own_server(context: &CheckContext<'_>) -> Result<(), String> {
    let Some(own) = &context.endpoint.server else {
        return Ok(());
    };
    if context.servers.accepts_any_server() {
        return Err("the client accepts a server URL that is not in the document".to_owned());
    }
    let arguments = context.required();
    let captured = context.client(&Settings {
        captured: true,
        ..Settings::default()
    })?;
    context.servers.capture.take();
    let call = context.call_with_client(&captured, &arguments, context.success())?;
    if let Some(request) = call.requests.first() {
        return Err(format!(
            "{} {} was sent without middleware",
            request.method, request.path
        ));
    }
    let urls: Vec<_> = context
        .servers
        .capture
        .take()
        .into_iter()
        .map(|captured| captured.url)
        .collect();
    match (&own.default, urls.as_slice()) {
        (Some(default), [url]) if url.starts_with(&format!("{default}/")) => {}
        (None, [])
            if matches!(
                call.outcome,
                Outcome::Failure {
                    kind: FailureKind::InvalidRequest,
                    ..
                }
            ) => {}
        (default, urls) => {
            return Err(format!(
                "default server: received {urls:?}, expected {default:?}; the call returned {:?}",
                call.outcome
            ));
        }
    }
    context
        .sent(&context.call(&arguments)?, &arguments)
        .map(|_| ())
}

pub(super) fn operation(context: &CheckContext<'_>) -> Result<(), String> {
    let captured = context.client(&Settings {
        captured: true,
        ..Settings::default()
    })?;
    context.servers.capture.take();
    context.call_with_client(&captured, &context.required(), context.success())?;
    let captured_requests = context.servers.capture.take();
    // Without a default server the call fails before middleware runs.
    if captured_requests.is_empty()
        && context
            .endpoint
            .server
            .as_ref()
            .is_some_and(|own| own.default.is_none())
    {
        return Ok(());
    }
    let method = context
        .surface()?
        .method_name(context.endpoint)
        .unwrap_or_default();
    let expected = (method.to_owned(), context.endpoint.path.clone());
    match captured_requests.as_slice() {
        [one] if one.operation == expected => middleware_order(context),
        captured_requests => Err(format!(
            "middleware received {:?}, expected {expected:?}",
            captured_requests
                .iter()
                .map(|one| &one.operation)
                .collect::<Vec<_>>()
        )),
    }
}

/// Checks that each middleware runs once, in the order in which it was added.
fn middleware_order(context: &CheckContext<'_>) -> Result<(), String> {
    let marks = ["first", "second", "third"];
    let client = context.client(&Settings {
        marks: marks.map(Cow::Borrowed).into(),
        ..Settings::default()
    })?;
    let call = context.call_with_client(&client, &context.required(), context.success())?;
    let headers = call.requests.iter().flat_map(|request| &request.headers);
    let received: Vec<_> = headers
        .filter(|(name, _)| name == MARK)
        .map(|(_, value)| value.as_str())
        .collect();
    let ran = |is_right: bool| match is_right {
        true => Ok(()),
        false => Err(format!(
            "the middleware {marks:?} ran as {received:?}; the call returned {:?}",
            call.outcome
        )),
    };
    ran(received.join(", ") == marks.join(", "))?;
    context.unless_limited(&REPEATED_HEADERS, ran(received == marks))
}

pub(super) fn required(context: &CheckContext<'_>) -> Result<(), String> {
    for parameter in context
        .endpoint
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
    {
        let arguments = context
            .required()
            .without(parameter.location, &parameter.name);
        rejected(context, &arguments)
            .map_err(|failure| format!("without `{}`: {failure}", parameter.name))?;
    }
    if context
        .endpoint
        .body
        .as_ref()
        .is_some_and(|body| body.required)
    {
        rejected(context, &context.required().with_body(None))
            .map_err(|failure| format!("without the body: {failure}"))?;
    }
    Ok(())
}

pub(super) fn query(context: &CheckContext<'_>) -> Result<(), String> {
    alone_and_all(context, Location::Query)
}

pub(super) fn cookies(context: &CheckContext<'_>) -> Result<(), String> {
    alone_and_all(context, Location::Cookie)?;
    let none_needed = context
        .endpoint
        .of(Location::Cookie)
        .all(|parameter| !parameter.required);
    let arguments = context.required();
    let call = context.call(&arguments)?;
    match context.sent(&call, &arguments)?.header("cookie") {
        Some(cookie) if none_needed => Err(format!(
            "unexpected cookie `{cookie}` without a cookie argument"
        )),
        _ => Ok(()),
    }
}

pub(super) fn header_arguments(context: &CheckContext<'_>) -> Result<(), String> {
    alone_and_all(context, Location::Header)
}

/// Sends each parameter of a location alone, all of them, and none.
fn alone_and_all(context: &CheckContext<'_>, location: Location) -> Result<(), String> {
    for alone in context.endpoint.of(location) {
        let arguments = context
            .arguments(|parameter| parameter.name == alone.name && parameter.location == location);
        let arguments = match context.is_unsendable(alone) {
            true => arguments.with(location, &alone.name, "example.org".into()),
            false => arguments,
        };
        let call = context.call(&arguments)?;
        let result = context
            .sent(&call, &arguments)
            .map(|_| ())
            .map_err(|failure| format!("with `{}` alone: {failure}", alone.name));
        match context.is_unsendable(alone) {
            true => context.unless_limited(&HOST_HEADER, result)?,
            false => result?,
        }
    }
    for (what, whether) in [("all of them", true), ("none of them", false)] {
        let arguments = context.arguments(|parameter| whether && parameter.location == location);
        context
            .sent(&context.call(&arguments)?, &arguments)
            .map_err(|failure| format!("with {what}: {failure}"))?;
    }
    Ok(())
}

pub(super) fn no_query(context: &CheckContext<'_>) -> Result<(), String> {
    let arguments = context.required();
    let call = context.call(&arguments)?;
    let request = context.sent(&call, &arguments)?;
    let constants = context
        .endpoint
        .constants
        .iter()
        .any(|constant| constant.location == Location::Query);
    let wanted = constants
        || context
            .endpoint
            .of(Location::Query)
            .any(|parameter| parameter.required);
    match (&request.query, wanted) {
        (Some(query), false) => Err(format!("unexpected query `?{query}`")),
        _ => Ok(()),
    }
}

pub(super) fn body(context: &CheckContext<'_>) -> Result<(), String> {
    let Some(documented) = &context.endpoint.body else {
        return Ok(());
    };
    for body in context.bodies(documented) {
        let arguments = context.required().with_body(Some(body.value));
        let call = context.call(&arguments)?;
        let is_equivalent = body.otherwise.is_some_and(|otherwise| {
            context
                .sent(&call, &arguments.clone().with_body(Some(otherwise)))
                .is_ok()
        });
        if !is_equivalent {
            context
                .sent(&call, &arguments)
                .map_err(|failure| format!("with {}: {failure}", body.what))?;
        }
    }
    Ok(())
}

pub(super) fn no_body(context: &CheckContext<'_>) -> Result<(), String> {
    let arguments = context.required();
    context
        .sent(&context.call(&arguments)?, &arguments)
        .map(|_| ())
}
