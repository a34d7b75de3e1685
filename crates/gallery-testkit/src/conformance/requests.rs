//! Checks of what is sent.

use serde_json::{Value, json};

use crate::conformance::adapter::{Arguments, FailureKind, Outcome};
use crate::conformance::context::CheckContext;
use crate::conformance::test_servers::Settings;
use crate::conformance::values;
use crate::document::{Endpoint, Location, Parameter};
use crate::request::RecordedRequest;
use crate::server::Reply;

/// Headers that HTTP itself needs, beside those that a document declares.
const OF_HTTP: &[&str] = &[
    "host",
    "accept",
    "content-type",
    "content-length",
    "user-agent",
    "accept-encoding",
];

pub(super) fn is_of_documents_server(endpoint: &Endpoint) -> bool {
    endpoint.server.is_none()
}

pub(super) fn has_own_server(endpoint: &Endpoint) -> bool {
    endpoint.server.is_some()
}

pub(super) fn has_cookies(endpoint: &Endpoint) -> bool {
    endpoint.of(Location::Cookie).next().is_some()
}

/// An argument may stand in for what the document says.
pub(super) fn has_accept(endpoint: &Endpoint) -> bool {
    !endpoint
        .of(Location::Header)
        .any(|parameter| parameter.name.eq_ignore_ascii_case("accept"))
}

pub(super) fn has_query(endpoint: &Endpoint) -> bool {
    endpoint.of(Location::Query).next().is_some()
}

pub(super) fn has_headers(endpoint: &Endpoint) -> bool {
    endpoint.of(Location::Header).next().is_some()
}

pub(super) fn has_required(endpoint: &Endpoint) -> bool {
    endpoint
        .parameters
        .iter()
        .any(|parameter| parameter.required)
        || endpoint.body.as_ref().is_some_and(|body| body.required)
}

pub(super) fn has_arguments(endpoint: &Endpoint) -> bool {
    !endpoint.parameters.is_empty() || has_body(endpoint)
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
            return Err(format!("the documented success became {:?}", call.outcome));
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
        let call = context.call_of(&*context.client(&settings)?, &arguments, context.success())?;
        let [request] = call.requests.as_slice() else {
            return Err(format!(
                "{} requests arrived; the client said {:?}",
                call.requests.len(),
                call.outcome
            ));
        };
        context
            .check_request_at(&format!("{before}{base_path}"), request, &arguments)
            .map_err(|fault| format!("with the base URL …{before}{base_path}{end}: {fault}"))?;
    }
    Ok(())
}

pub(super) fn own_server(context: &CheckContext<'_>) -> Result<(), String> {
    let Some(own) = &context.endpoint.server else {
        return Ok(());
    };
    if context.servers.accepts_any_server() {
        return Err(
            "the client takes a base URL for a server that the document does not have".to_owned(),
        );
    }
    let arguments = context.required();
    let caught = context.client(&Settings {
        caught: true,
        ..Settings::default()
    })?;
    context.servers.catcher.take();
    let call = context.call_of(&caught, &arguments, context.success())?;
    if let Some(request) = call.requests.first() {
        return Err(format!(
            "{} {} was sent past a hook",
            request.method, request.path
        ));
    }
    let urls: Vec<_> = context
        .servers
        .catcher
        .take()
        .into_iter()
        .map(|caught| caught.url)
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
                "by default calls go to {urls:?}, not to {default:?}; the client said {:?}",
                call.outcome
            ));
        }
    }
    context
        .sent(&context.call(&arguments)?, &arguments)
        .map(|_| ())
}

pub(super) fn operation(context: &CheckContext<'_>) -> Result<(), String> {
    let caught = context.client(&Settings {
        caught: true,
        ..Settings::default()
    })?;
    context.servers.catcher.take();
    context.call_of(&caught, &context.required(), context.success())?;
    let told = context.servers.catcher.take();
    // Whose server nobody knows is not called, and no hook hears of it.
    if told.is_empty()
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
    let expected = (method, context.endpoint.path.as_str());
    match told.as_slice() {
        [one] if one.operation == expected => Ok(()),
        told => Err(format!(
            "hooks are told of {:?}, not of {expected:?}",
            told.iter().map(|one| one.operation).collect::<Vec<_>>()
        )),
    }
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
        refused(context, &arguments)
            .map_err(|fault| format!("without `{}`: {fault}", parameter.name))?;
    }
    if context
        .endpoint
        .body
        .as_ref()
        .is_some_and(|body| body.required)
    {
        refused(context, &context.required().with_body(None))
            .map_err(|fault| format!("without the body: {fault}"))?;
    }
    Ok(())
}

/// Whether a call ends before anything is sent.
pub(super) fn refused(context: &CheckContext<'_>, arguments: &Arguments) -> Result<(), String> {
    let call = context.call(arguments)?;
    if let Some(request) = call.requests.first() {
        return Err(format!(
            "{} {} was sent instead of an error",
            request.method, request.path
        ));
    }
    match call.outcome {
        Outcome::Failure {
            kind: FailureKind::InvalidRequest,
            ..
        } => Ok(()),
        other => Err(format!("the outcome is {other:?}, not an invalid request")),
    }
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
        Some(cookie) if none_needed => {
            Err(format!("there is a cookie `{cookie}` without any argument"))
        }
        _ => Ok(()),
    }
}

pub(super) fn header_arguments(context: &CheckContext<'_>) -> Result<(), String> {
    alone_and_all(context, Location::Header)
}

/// Each parameter of a place alone, all of them, and none.
fn alone_and_all(context: &CheckContext<'_>, location: Location) -> Result<(), String> {
    for alone in context.endpoint.of(location) {
        let arguments = context
            .arguments(|parameter| parameter.name == alone.name && parameter.location == location);
        let call = context.call(&arguments)?;
        context
            .sent(&call, &arguments)
            .map_err(|fault| format!("with `{}` alone: {fault}", alone.name))?;
    }
    for (what, whether) in [("all of them", true), ("none of them", false)] {
        let arguments = context.arguments(|parameter| whether && parameter.location == location);
        context
            .sent(&context.call(&arguments)?, &arguments)
            .map_err(|fault| format!("with {what}: {fault}"))?;
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
        (Some(query), false) => Err(format!("there is a query `?{query}` without any argument")),
        _ => Ok(()),
    }
}

pub(super) fn headers(context: &CheckContext<'_>) -> Result<(), String> {
    for arguments in [context.required(), context.all()] {
        let call = context.call(&arguments)?;
        declared(context.endpoint, context.sent(&call, &arguments)?)?;
    }
    Ok(())
}

/// Whether all headers of a request are the document's or those of HTTP, each once.
fn declared(endpoint: &Endpoint, request: &RecordedRequest) -> Result<(), String> {
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
            return Err(format!("the header `{name}` is there twice"));
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

pub(super) fn body(context: &CheckContext<'_>) -> Result<(), String> {
    let Some(documented) = &context.endpoint.body else {
        return Ok(());
    };
    for body in context.bodies(documented) {
        let arguments = context.required().with_body(Some(body.value));
        let call = context.call(&arguments)?;
        let said_otherwise = body.otherwise.is_some_and(|otherwise| {
            context
                .sent(&call, &arguments.clone().with_body(Some(otherwise)))
                .is_ok()
        });
        if !said_otherwise {
            context
                .sent(&call, &arguments)
                .map_err(|fault| format!("with {}: {fault}", body.what))?;
        }
    }
    let built = context.all().built();
    context
        .sent(&context.call(&built)?, &built)
        .map_err(|fault| format!("set by its builder: {fault}"))
        .map(|_| ())
}

pub(super) fn no_body(context: &CheckContext<'_>) -> Result<(), String> {
    let arguments = context.required();
    context
        .sent(&context.call(&arguments)?, &arguments)
        .map(|_| ())
}

/// How many calls are under way at once.
const AT_ONCE: usize = 50;

/// The text parameters, which tell calls apart.
fn marks(endpoint: &Endpoint) -> impl Iterator<Item = &Parameter> {
    endpoint
        .parameters
        .iter()
        .filter(|parameter| values::is_text(parameter))
}

pub(super) fn can_be_marked(endpoint: &Endpoint) -> bool {
    marks(endpoint).next().is_some()
}

pub(super) fn at_once(context: &CheckContext<'_>) -> Result<(), String> {
    let echo = context.success();
    context.servers.server.respond_all(move |request| {
        echo.clone().with_header(
            "x-conformance-echo",
            &Value::from(request.target()).to_string(),
        )
    });
    context.servers.server.forget_requests();
    let marked = |number: usize| {
        marks(context.endpoint)
            .enumerate()
            .fold(context.required(), |arguments, (at, mark)| {
                arguments.with(
                    mark.location,
                    &mark.name,
                    json!(format!("call-{number}-{at}-")),
                )
            })
    };
    let all: Vec<Arguments> = (0..AT_ONCE).map(marked).collect();
    let outcomes = context.call_concurrently(&all)?;
    let mut requests = context.servers.server.requests();
    if requests.len() != AT_ONCE {
        return Err(format!(
            "{} requests arrived for {AT_ONCE} calls",
            requests.len()
        ));
    }
    for (number, (arguments, outcome)) in all.iter().zip(&outcomes).enumerate() {
        let Some(own) = requests
            .iter()
            .position(|request| context.fits(request, arguments).is_ok())
        else {
            return Err(format!(
                "no request has the arguments of call {number} of {AT_ONCE}"
            ));
        };
        let own = requests.remove(own);
        let Outcome::Success { headers, .. } = outcome else {
            return Err(format!("call {number} of {AT_ONCE} became {outcome:?}"));
        };
        let echoed = Value::from(own.target()).to_string();
        // Only arguments in the path or query are in what a request is for.
        let is_seen = marks(context.endpoint)
            .any(|mark| matches!(mark.location, Location::Path | Location::Query));
        if is_seen && !headers.contains(&("x-conformance-echo".to_owned(), echoed.clone())) {
            return Err(format!(
                "call {number} of {AT_ONCE}, for {echoed}, got the answer of another: {headers:?}"
            ));
        }
    }
    Ok(())
}

/// An answer that the server says is compressed.
pub(super) fn encodings(context: &CheckContext<'_>) -> Result<(), String> {
    if [204, 205].contains(&context.success_status()) {
        return Ok(()); // There is nothing to compress.
    }
    let arguments = context.required();
    let call = context.call(&arguments)?;
    let asked = context
        .sent(&call, &arguments)?
        .header("accept-encoding")
        .unwrap_or_default()
        .to_owned();
    let plain = context.call(&arguments)?.outcome;
    let status = context.success_status();
    let reply: Reply = context.success().gzipped();
    let outcome = context.answered(reply)?;
    let (asked, found) = (asked.contains("gzip"), outcome.status());
    match (&plain, &outcome) {
        _ if found != Some(status) => Err(format!(
            "the status of a compressed answer became {found:?}: {outcome:?}"
        )),
        // Who asks for it must read it.
        (
            Outcome::Success {
                content: wanted, ..
            },
            Outcome::Success { content, .. },
        ) if asked && wanted != content => Err(format!(
            "the client asks for gzip, and read {content:?} instead of {wanted:?}"
        )),
        (_, Outcome::Failure { .. }) if asked => Err(format!(
            "the client asks for gzip, and cannot read it: {outcome:?}"
        )),
        // Who does not ask for it gets it as it is, or says that it cannot be read.
        (
            Outcome::Success {
                content: wanted, ..
            },
            Outcome::Success { content, .. },
        ) if !asked && wanted == content => {
            Err("the client reads gzip, but does not ask for it".to_owned())
        }
        _ => Ok(()),
    }
}
