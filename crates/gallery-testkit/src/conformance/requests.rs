//! Checks of what is sent.

use serde_json::{Value, json};

use crate::conformance::adapter::{Arguments, FailureKind, Outcome};
use crate::conformance::bench::Bench;
use crate::document::{Body, Endpoint, FORM, Location, MULTIPART, Parameter, essence, is_json};
use crate::request::Recorded;
use crate::style;

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

/// A parameter that takes any text. Those whose schema is not plainly a text have checks of their own.
fn is_text(parameter: &Parameter) -> bool {
    let Some(keys) = parameter.schema.as_object() else { return false };
    let open =
        keys.keys().all(|key| !matches!(key.as_str(), "enum" | "$ref" | "oneOf" | "anyOf" | "allOf" | "properties" | "items"));
    open && parameter.style.name != "json" && matches!(keys.get("type").and_then(Value::as_str), Some("string") | None)
}

fn is_list(parameter: &Parameter) -> bool {
    let texts = parameter.schema.pointer("/items/type").is_some_and(|kind| kind == "string");
    texts && parameter.schema.pointer("/items/enum").is_none() && parameter.location != Location::Path
}

pub(super) fn is_of_documents_server(endpoint: &Endpoint) -> bool {
    endpoint.server.is_none()
}

pub(super) fn has_own_server(endpoint: &Endpoint) -> bool {
    endpoint.server.is_some()
}

pub(super) fn has_lists(endpoint: &Endpoint) -> bool {
    endpoint.parameters.iter().any(is_list)
}

pub(super) fn has_cookies(endpoint: &Endpoint) -> bool {
    endpoint.of(Location::Cookie).next().is_some()
}

/// An argument may stand in for what the document says.
pub(super) fn has_accept(endpoint: &Endpoint) -> bool {
    !endpoint.of(Location::Header).any(|parameter| parameter.name.eq_ignore_ascii_case("accept"))
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

pub(super) fn own_server(bench: &Bench) -> Result<(), String> {
    let Some(own) = &bench.endpoint.server else { return Ok(()) };
    if bench.accepts_any_server() {
        return Err("the client takes a base URL for a server that the document does not have".to_owned());
    }
    let arguments = bench.required();
    let (urls, outcome) = bench.catch(&arguments)?;
    match (&own.default, urls.as_slice()) {
        (Some(default), [url]) if url.starts_with(&format!("{default}/")) => {}
        (None, []) if matches!(outcome, Outcome::Failure { kind: FailureKind::InvalidRequest, .. }) => {}
        (default, urls) => {
            return Err(format!("by default calls go to {urls:?}, not to {default:?}; the client said {outcome:?}"));
        }
    }
    bench.sent(&bench.call(&arguments)?, &arguments).map(|_| ())
}

pub(super) fn styles(bench: &Bench) -> Result<(), String> {
    for parameter in bench.endpoint.parameters.iter().filter(|parameter| is_list(parameter)) {
        for items in [&["a,b", "c&d=e", "f g"][..], &["x|y", "ü%2C+", "100%"], &["one"], &["", "b"]] {
            let arguments = bench.required().with(parameter.location, &parameter.name, json!(items));
            let call = bench.call(&arguments)?;
            if call.requests.is_empty() && matches!(call.outcome, Outcome::Failure { kind: FailureKind::InvalidRequest, .. }) {
                continue; // What a style cannot say must not be sent as something else.
            }
            let fault = |fault| format!("with `{}` = {items:?}: {fault}", parameter.name);
            arrived(bench, bench.sent(&call, &arguments).map_err(fault)?, &arguments, parameter).map_err(fault)?;
        }
    }
    Ok(())
}

/// Whether a header or cookie is what it must be.
fn arrived(bench: &Bench, request: &Recorded, arguments: &Arguments, parameter: &Parameter) -> Result<(), String> {
    let (found, decode): (_, fn(&str) -> String) = match parameter.location {
        Location::Header => (request.header(&parameter.name.to_ascii_lowercase()), style::as_it_is),
        Location::Cookie => (request.cookie(&parameter.name), style::decode),
        // The bench has looked at them already.
        Location::Path | Location::Query => return Ok(()),
    };
    let given = arguments.given(parameter.location, &parameter.name);
    let expected = given.and_then(|value| style::single(&parameter.style, value));
    match (found, &expected) {
        (None, None) => Ok(()),
        // Without an argument these two are the document's business.
        (Some(_), None) if ["accept", "content-type"].contains(&parameter.name.to_ascii_lowercase().as_str()) => Ok(()),
        (Some(found), Some(expected)) if expected.is(found, decode) => Ok(()),
        _ => {
            let (place, name) = (parameter.location.key(), &parameter.name);
            Err(format!("the {place} `{name}` of `{}` is {found:?}, not {expected:?}", bench.endpoint.id))
        }
    }
}

pub(super) fn cookies(bench: &Bench) -> Result<(), String> {
    alone_and_absent(bench, Location::Cookie)?;
    let none_needed = bench.endpoint.of(Location::Cookie).all(|parameter| !parameter.required);
    let arguments = bench.required();
    let call = bench.call(&arguments)?;
    match bench.sent(&call, &arguments)?.header("cookie") {
        Some(cookie) if none_needed => Err(format!("there is a cookie `{cookie}` without any argument")),
        _ => Ok(()),
    }
}

/// Each parameter of a place alone, and absent where it may be.
fn alone_and_absent(bench: &Bench, location: Location) -> Result<(), String> {
    for alone in bench.endpoint.of(location) {
        for wanted in [true, false] {
            let is_it = |parameter: &Parameter| wanted && parameter.name == alone.name && parameter.location == location;
            let arguments = bench.arguments(is_it);
            let call = bench.call(&arguments)?;
            arrived(bench, bench.sent(&call, &arguments)?, &arguments, alone)?;
        }
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
    let constants = bench.endpoint.constants.iter().any(|constant| constant.location == Location::Query);
    let wanted = constants || bench.endpoint.of(Location::Query).any(|parameter| parameter.required);
    match (&request.query, wanted) {
        (Some(query), false) => Err(format!("there is a query `?{query}` without any argument")),
        _ => Ok(()),
    }
}

pub(super) fn header_arguments(bench: &Bench) -> Result<(), String> {
    alone_and_absent(bench, Location::Header)
}

pub(super) fn headers(bench: &Bench) -> Result<(), String> {
    for arguments in [bench.required(), bench.arguments(|_| true)] {
        let call = bench.call(&arguments)?;
        for (name, value) in &bench.sent(&call, &arguments)?.headers {
            let parameters = bench.endpoint.of(Location::Header).map(|parameter| &parameter.name);
            let constants = bench.endpoint.constants.iter().map(|constant| &constant.name);
            let mut declared = parameters.chain(constants);
            let is_cookie = name == "cookie" && has_cookies(&bench.endpoint);
            if !is_cookie && !declared.any(|own| own.eq_ignore_ascii_case(name)) && !OF_HTTP.contains(&name.as_str()) {
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
    let mut documented: Vec<_> =
        bench.endpoint.media_types().into_iter().map(|kind| kind.split(';').next().unwrap_or(kind).trim()).collect();
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
    for body in bench.bodies(documented) {
        let arguments = bench.required().with_body(Some(body.clone()));
        let call = bench.call(&arguments)?;
        let request = bench.sent(&call, &arguments)?;
        content_type(bench, request, documented)?;
        let fault = |fault: String| {
            format!("the body is {}, not {}: {fault}", excerpt(&request.body), excerpt(body.to_string().as_bytes()))
        };
        same_body(request, documented, &body).map_err(fault)?;
    }
    Ok(())
}

/// Whether an argument says the type of the body.
fn says_content_type(endpoint: &Endpoint) -> bool {
    endpoint.of(Location::Header).any(|parameter| parameter.name.eq_ignore_ascii_case("content-type"))
}

fn content_type(bench: &Bench, request: &Recorded, documented: &Body) -> Result<(), String> {
    // An argument may stand in for what the document says; and a range is nothing that can be sent.
    let said = says_content_type(&bench.endpoint);
    let found = request.header("content-type");
    let expected = (!documented.media_type.contains('*')).then(|| essence(&documented.media_type));
    if said || found.map(essence) == expected {
        return Ok(());
    }
    Err(format!("the Content-Type is {found:?}, not {expected:?}"))
}

/// Whether the body of a request is the given one, in the way of its media type.
fn same_body(request: &Recorded, documented: &Body, body: &Value) -> Result<(), String> {
    let kind = essence(&documented.media_type);
    let equal = |equal: bool| if equal { Ok(()) } else { Err("it is another".to_owned()) };
    if is_json(&kind) {
        return equal(request.json().map_err(|error| format!("it is not JSON ({error})"))? == *body);
    }
    if kind == FORM {
        let text = std::str::from_utf8(&request.body).map_err(|error| error.to_string())?;
        let by_default = style::Style { name: "form".to_owned(), explode: true };
        let fields = body.as_object().into_iter().flatten().flat_map(|(name, value)| {
            let style = documented.fields.iter().find(|(own, _)| own == name).map_or(&by_default, |(_, style)| style);
            in_form(name, style, value)
        });
        return style::compare(&style::raw_pairs(text), &fields.collect::<Vec<_>>());
    }
    if kind != MULTIPART {
        return equal(body.as_str().is_some_and(|text| text.as_bytes() == request.body.as_ref()));
    }
    let parts = request.parts()?;
    let given = body.as_object().ok_or("no parts were given")?;
    let is_given = |part: &crate::request::Part| match given.get(&part.name) {
        Some(Value::Object(file)) => {
            let same = |key: &str, found: Option<&str>| file.get(key).and_then(Value::as_str) == found;
            same("name", part.file_name.as_deref())
                && same("type", part.content_type.as_deref())
                && same("content", std::str::from_utf8(&part.content).ok())
        }
        Some(text) => text.as_str().is_some_and(|text| text.as_bytes() == part.content) && part.file_name.is_none(),
        None => false,
    };
    equal(parts.len() == given.len() && parts.iter().all(is_given))
}

/// A field of a form: objects are JSON, also in lists.
fn in_form(name: &str, style: &style::Style, value: &Value) -> Vec<(String, style::Reading)> {
    match value {
        Value::Object(_) => vec![(name.to_owned(), style::Reading::Json(value.clone()))],
        Value::Array(items) if items.iter().any(Value::is_object) => {
            items.iter().map(|item| (name.to_owned(), style::Reading::Json(item.clone()))).collect()
        }
        plain => style::query(name, style, plain),
    }
}

pub(super) fn no_body(bench: &Bench) -> Result<(), String> {
    let arguments = bench.required();
    let call = bench.call(&arguments)?;
    let request: &Recorded = bench.sent(&call, &arguments)?;
    if !request.body.is_empty() {
        return Err(format!("there is a body: {}", excerpt(&request.body)));
    }
    match request.header("content-type") {
        Some(_) if says_content_type(&bench.endpoint) => Ok(()),
        Some(kind) => Err(format!("there is a Content-Type `{kind}` without a body")),
        None => Ok(()),
    }
}

fn excerpt(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned()
}
