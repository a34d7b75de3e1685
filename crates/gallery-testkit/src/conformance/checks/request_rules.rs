//! Compares requests with the document and the arguments.

use serde_json::Value;

use crate::conformance::adapter::Arguments;
use crate::conformance::checks::context::{Call, CheckContext};
use crate::conformance::multipart;
use crate::conformance::outcome::{FailureKind, Outcome};
use crate::document::{Body, Endpoint, FORM, Location, MULTIPART, Parameter, essence, is_json};
use crate::request::RecordedRequest;
use crate::style::{self, Reading, Style};

impl CheckContext<'_> {
    /// Returns the only request of a call, if it matches the arguments.
    pub(super) fn sent<'a>(
        &self,
        call: &'a Call,
        arguments: &Arguments,
    ) -> Result<&'a RecordedRequest, String> {
        let [request] = call.requests.as_slice() else {
            return Err(format!(
                "expected one request, received {}; the call returned {:?}",
                call.requests.len(),
                call.outcome
            ));
        };
        self.fits(request, arguments).map(|()| request)
    }

    /// Compares a request with the document and the arguments.
    pub(super) fn fits(
        &self,
        request: &RecordedRequest,
        arguments: &Arguments,
    ) -> Result<(), String> {
        self.check_request_at(&self.base_path(), request, arguments)
    }

    /// Compares a request below another base path.
    pub(super) fn check_request_at(
        &self,
        base_path: &str,
        request: &RecordedRequest,
        arguments: &Arguments,
    ) -> Result<(), String> {
        if request.method != self.endpoint.method {
            return Err(format!(
                "method: received {}, expected {}",
                request.method, self.endpoint.method
            ));
        }
        let (segments, (expected, raw)) = (request.segments(base_path), self.segments(arguments));
        if segments.as_ref() != Some(&expected) {
            return Err(format!(
                "path {:?}: received the segments {segments:?} after `{base_path}`, expected {expected:?}",
                request.path
            ));
        }
        if let Some(missing) = raw.iter().find(|text| !request.path.contains(*text)) {
            return Err(format!(
                "path {:?}: {missing:?} is missing or encoded",
                request.path
            ));
        }
        let pairs = style::raw_pairs(request.query.as_deref().unwrap_or_default());
        style::compare(&pairs, &self.query(arguments))
            .map_err(|failure| format!("query {:?}: {failure}", request.query))?;
        if let Some(constant) = self
            .constants(Location::Header)
            .find(|constant| !request.has(constant))
        {
            return Err(format!(
                "the header `{}` must be `{}`",
                constant.name, constant.value
            ));
        }
        for parameter in &self.endpoint.parameters {
            self.arrived(request, arguments, parameter)?;
        }
        self.body_arrived(request, arguments)
    }

    fn constants(&self, location: Location) -> impl Iterator<Item = &crate::document::Constant> {
        self.endpoint
            .constants
            .iter()
            .filter(move |constant| constant.location == location)
    }

    /// Returns the expected decoded segments, and the texts that must not be encoded.
    fn segments(&self, arguments: &Arguments) -> (Vec<String>, Vec<String>) {
        let mut raw = Vec::new();
        let mut fill = |segment: &str| {
            let mut before_slash = Vec::new();
            let mut filled = String::new();
            let mut rest = segment;
            while let Some((before, after)) = rest.split_once('{') {
                let (name, after) = after.split_once('}').unwrap_or((after, ""));
                filled.push_str(&style::decode(before));
                let parameter = self
                    .endpoint
                    .of(Location::Path)
                    .find(|parameter| parameter.name == name);
                if let (Some(parameter), Some(value)) =
                    (parameter, arguments.given(Location::Path, name))
                {
                    let (text, has_delimiters) = style::path(name, &parameter.style, value);
                    let mut text = text;
                    while parameter.allows_slashes
                        && let Some((segment, rest)) = text.split_once('/')
                    {
                        filled.push_str(segment);
                        before_slash.push(std::mem::take(&mut filled));
                        text = rest.to_owned();
                    }
                    filled.push_str(&text);
                    raw.extend(has_delimiters.then_some(text));
                }
                rest = after;
            }
            before_slash.push(filled + &style::decode(rest));
            before_slash
        };
        let template = self.endpoint.template();
        let segments = template
            .strip_prefix('/')
            .unwrap_or(template)
            .split('/')
            .flat_map(&mut fill)
            .collect();
        (segments, raw)
    }

    fn query(&self, arguments: &Arguments) -> Vec<(String, Reading)> {
        let given = self.endpoint.of(Location::Query).filter_map(|parameter| {
            let value = arguments.given(Location::Query, &parameter.name)?;
            Some(style::query(&parameter.key, &parameter.style, value))
        });
        let constants = self.constants(Location::Query);
        let constants = constants
            .map(|constant| (constant.name.clone(), Reading::Text(constant.value.clone())));
        constants.chain(given.flatten()).collect()
    }

    /// Compares a header or cookie with its argument.
    fn arrived(
        &self,
        request: &RecordedRequest,
        arguments: &Arguments,
        parameter: &Parameter,
    ) -> Result<(), String> {
        let (found, decode): (_, fn(&str) -> String) = match parameter.location {
            Location::Header => (
                request.header(&parameter.name.to_ascii_lowercase()),
                style::identity,
            ),
            Location::Cookie => (request.cookie(&parameter.name), style::decode),
            // Paths and queries are compared as a whole.
            Location::Path | Location::Query => return Ok(()),
        };
        let given = arguments.given(parameter.location, &parameter.name);
        let expected = given.and_then(|value| style::single(&parameter.style, value));
        match (found, &expected) {
            (None, None) => Ok(()),
            // Without an argument, `Accept` and `Content-Type` have the values of the document.
            (Some(_), None) if is_sent_anyway(&parameter.name) => Ok(()),
            (Some(found), Some(expected)) if expected.is(found, decode) => Ok(()),
            _ => {
                let (place, name) = (parameter.location.as_str(), &parameter.name);
                Err(format!(
                    "{place} `{name}` of `{}`: received {found:?}, expected {expected:?}",
                    self.endpoint.id
                ))
            }
        }
    }

    /// Compares body and content type with the argument.
    fn body_arrived(&self, request: &RecordedRequest, arguments: &Arguments) -> Result<(), String> {
        match (&self.endpoint.body, arguments.given_body()) {
            (Some(documented), Some(body)) => {
                content_type(self.endpoint, request, documented)?;
                let failure = |failure: String| {
                    format!(
                        "body: received {}, expected {}: {failure}",
                        excerpt(&request.body),
                        excerpt(body.to_string().as_bytes())
                    )
                };
                same_body(request, documented, body).map_err(failure)
            }
            _ if !request.body.is_empty() => {
                Err(format!("unexpected body: {}", excerpt(&request.body)))
            }
            _ => match request.header("content-type") {
                Some(kind) if !says_content_type(self.endpoint) => {
                    Err(format!("unexpected Content-Type `{kind}` without a body"))
                }
                _ => Ok(()),
            },
        }
    }
}

/// Returns true for headers that are sent without an argument too.
fn is_sent_anyway(header: &str) -> bool {
    ["accept", "content-type", "host"].contains(&header.to_ascii_lowercase().as_str())
}

/// Returns true if a parameter sets the content type.
fn says_content_type(endpoint: &Endpoint) -> bool {
    endpoint
        .of(Location::Header)
        .any(|parameter| parameter.name.eq_ignore_ascii_case("content-type"))
}

fn content_type(
    endpoint: &Endpoint,
    request: &RecordedRequest,
    documented: &Body,
) -> Result<(), String> {
    let found: Vec<&str> = request
        .headers
        .iter()
        .filter(|(name, _)| name == "content-type")
        .map(|(_, value)| value.as_str())
        .collect();
    // A parameter replaces the documented type; a media range cannot be sent.
    let expected = (!documented.media_type.contains('*')).then(|| essence(&documented.media_type));
    if says_content_type(endpoint) || found.iter().map(|kind| essence(kind)).eq(expected.clone()) {
        return Ok(());
    }
    Err(format!(
        "Content-Type: received {found:?}, expected {expected:?}"
    ))
}

/// Compares bodies by their media type.
fn same_body(request: &RecordedRequest, documented: &Body, body: &Value) -> Result<(), String> {
    let kind = essence(&documented.media_type);
    let equal = |equal: bool| {
        if equal {
            Ok(())
        } else {
            Err("the content differs".to_owned())
        }
    };
    if is_json(&kind) {
        return equal(
            request
                .json()
                .map_err(|error| format!("it is not JSON ({error})"))?
                == *body,
        );
    }
    if kind == FORM {
        let text = std::str::from_utf8(&request.body).map_err(|error| error.to_string())?;
        let by_default = Style {
            name: "form".to_owned(),
            explode: true,
        };
        let fields = body
            .as_object()
            .into_iter()
            .flatten()
            .flat_map(|(name, value)| {
                let style = documented
                    .fields
                    .iter()
                    .find(|(own, _)| own == name)
                    .map_or(&by_default, |(_, style)| style);
                in_form(name, style, value)
            });
        return style::compare(&style::raw_pairs(text), &fields.collect::<Vec<_>>());
    }
    if kind != MULTIPART {
        return equal(
            body.as_str()
                .is_some_and(|text| text.as_bytes() == request.body.as_ref()),
        );
    }
    multipart::same(&request.parts()?, body)
}

/// Returns the expected pairs of a form field. Objects are JSON, also in arrays.
fn in_form(name: &str, style: &Style, value: &Value) -> Vec<(String, Reading)> {
    match value {
        Value::Object(_) => vec![(name.to_owned(), Reading::Json(value.clone()))],
        Value::Array(items) if items.iter().any(Value::is_object) => items
            .iter()
            .map(|item| (name.to_owned(), Reading::Json(item.clone())))
            .collect(),
        plain => style::query(name, style, plain),
    }
}

/// Returns the first 200 bytes as text.
pub(super) fn excerpt(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned()
}

/// Checks that a call fails before sending.
pub(super) fn rejected(context: &CheckContext<'_>, arguments: &Arguments) -> Result<(), String> {
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
