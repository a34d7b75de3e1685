//! Example `curl` calls.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::document::{Document, Endpoint, Location, Parameter, SecurityScheme, is_json};
use crate::sample::{self, Samples};
use crate::schema::{Direction, Validator};
use crate::style::plain;

/// Characters that are percent-encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Returns the `curl` arguments of a call with samples for the required arguments. `None` if one of
/// them is not a plain value, or the body is not JSON.
pub(super) fn curl(document: &Document, base_url: &str, endpoint: &Endpoint) -> Option<String> {
    let mut target = endpoint.template().to_owned();
    let (mut query, mut headers, mut cookies) = (Vec::new(), Vec::new(), Vec::new());
    for constant in &endpoint.constants {
        let pair = (constant.name.clone(), constant.value.clone());
        if constant.location == Location::Query {
            query.push(pair);
        } else {
            headers.push(pair);
        }
    }
    for parameter in endpoint
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
    {
        let text = argument(document, parameter)?;
        match parameter.location {
            Location::Path => {
                target = target.replace(&format!("{{{}}}", parameter.name), &encoded(&text));
            }
            Location::Query => query.push((parameter.name.clone(), text)),
            Location::Header => headers.push((parameter.name.clone(), text)),
            Location::Cookie => cookies.push(format!("{}={}", parameter.name, encoded(&text))),
        }
    }
    // The first alternative of the credentials.
    let security = endpoint.security.as_deref().unwrap_or_default();
    for scheme in security.first().into_iter().flatten() {
        match scheme {
            SecurityScheme::Bearer => {
                headers.push(("authorization".to_owned(), "Bearer TOKEN".to_owned()));
            }
            SecurityScheme::Basic => {
                // `user:password` in Base64.
                let value = "Basic dXNlcjpwYXNzd29yZA==".to_owned();
                headers.push(("authorization".to_owned(), value));
            }
            SecurityScheme::ApiKey(Location::Query, name) => {
                query.push((name.clone(), "KEY".to_owned()));
            }
            SecurityScheme::ApiKey(Location::Cookie, name) => cookies.push(format!("{name}=KEY")),
            SecurityScheme::ApiKey(_, name) => headers.push((name.clone(), "KEY".to_owned())),
        }
    }
    let body = match endpoint.body.as_ref().filter(|body| body.required) {
        None => None,
        Some(body) if is_json(&body.media_type) => {
            headers.push(("content-type".to_owned(), body.media_type.clone()));
            Some(
                sample::sent(
                    Validator::new(document, Direction::Request),
                    &body.schema,
                    Samples::Plausible,
                )
                .to_string(),
            )
        }
        Some(_) => return None,
    };
    let query: Vec<String> = query
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    let query = if query.is_empty() {
        String::new()
    } else {
        format!("?{}", query.join("&"))
    };
    if !cookies.is_empty() {
        headers.push(("cookie".to_owned(), cookies.join("; ")));
    }
    let method = match endpoint.method.as_str() {
        "GET" => String::new(),
        "HEAD" => "-I ".to_owned(),
        method => format!("-X {method} "),
    };
    let headers: String = headers
        .iter()
        .map(|(name, value)| format!(" -H {}", quoted(&format!("{name}: {value}"))))
        .collect();
    let body = body
        .map(|body| format!(" -d {}", quoted(&body)))
        .unwrap_or_default();
    Some(format!(
        "{method}{}{headers}{body}",
        quoted(&format!("{base_url}{target}{query}"))
    ))
}

/// Returns a plain value of a parameter.
fn argument(document: &Document, parameter: &Parameter) -> Option<String> {
    let validator = Validator::new(document, Direction::Request);
    let schema = &parameter.schema;
    let own = ["example", "default"]
        .into_iter()
        .filter_map(|keyword| schema.get(keyword).cloned());
    let made = [
        sample::argument(document, schema, &parameter.name, 1),
        sample::sent(validator, schema, Samples::Plausible),
    ];
    let fitting = own
        .chain(made)
        .find(|value| validator.is_valid(schema, value))?;
    let is_plain = matches!(
        fitting,
        Value::String(_) | Value::Number(_) | Value::Bool(_)
    );
    let is_written_so = !matches!(parameter.style.name.as_str(), "label" | "matrix" | "json");
    (is_plain && is_written_so)
        .then(|| plain(&fitting))
        .filter(|text| !text.is_empty())
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// Quotes a shell argument.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
