//! Describes an operation of a document to the runtime.

use anyhow::{Result, anyhow};
use gallery_runtime::{AuthScheme, FieldStyle, Operation, Parameter, Style};
use gallery_testkit::{Document, Endpoint, Location, SecurityScheme};

use crate::similar::similar;

/// Finds an operation by its ID. Case and separators do not matter.
pub(super) fn find<'a>(document: &'a Document, name: &str) -> Result<&'a Endpoint> {
    let endpoints = &document.endpoints;
    let exact = endpoints.iter().find(|endpoint| endpoint.id == name);
    let mut plain_matches = endpoints
        .iter()
        .filter(|endpoint| plain(&endpoint.id) == plain(name));
    let only = plain_matches
        .next()
        .filter(|_| plain_matches.next().is_none());
    exact.or(only).ok_or_else(|| {
        let names = endpoints.iter().map(|endpoint| endpoint.id.as_str());
        match &similar(name, names)[..] {
            [] => anyhow!("the API has no operation `{name}`"),
            names => anyhow!(
                "the API has no operation `{name}`; did you mean {}?",
                names.join(", ")
            ),
        }
    })
}

/// Returns a name in lowercase and without separators.
pub(super) fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// Returns the description of an operation. It lives until the process ends, as the descriptions of
/// generated clients do.
pub(super) fn describe(endpoint: &Endpoint) -> &'static Operation {
    let parameters: Vec<Parameter> = endpoint.parameters.iter().map(parameter).collect();
    let constants = endpoint.constants.iter().map(|constant| {
        let parameter = at(constant.location, leaked(&constant.name));
        (parameter, leaked(&constant.value))
    });
    let constants: Vec<(Parameter, &'static str)> = constants.collect();
    let mut operation = Operation::new(
        leaked(&endpoint.id),
        leaked(&endpoint.method),
        leaked(&endpoint.path),
    )
    .parameters(parameters.leak())
    .constants(constants.leak());
    if let Some(server) = &endpoint.server {
        let default = server.default.as_deref().map(leaked);
        operation = operation.server(leaked(&server.url), default);
    }
    if let Some(body) = &endpoint.body {
        let fields = body.fields.iter().map(|(name, own)| {
            let field: FieldStyle = (leaked(name), style(&own.name), own.explode);
            field
        });
        let fields: Vec<FieldStyle> = fields.collect();
        operation = operation
            .body(leaked(&body.media_type))
            .fields(fields.leak());
    }
    let mut accepted: Vec<&str> = Vec::new();
    let contents = endpoint.responses.iter().flat_map(|own| &own.content);
    for (media_type, _) in contents {
        if !accepted.contains(&media_type.as_str()) {
            accepted.push(media_type);
        }
    }
    if !accepted.is_empty() {
        operation = operation.accept(leaked(&accepted.join(", ")));
    }
    if let Some(security) = &endpoint.security {
        let alternatives = security.iter().map(|schemes| {
            let schemes: Vec<AuthScheme> = schemes.iter().map(scheme).collect();
            &*schemes.leak()
        });
        let alternatives: Vec<&'static [AuthScheme]> = alternatives.collect();
        operation = operation.security(alternatives.leak());
    }
    if endpoint.has_side_effects {
        operation = operation.side_effects();
    }
    Box::leak(Box::new(operation))
}

fn parameter(own: &gallery_testkit::Parameter) -> Parameter {
    let parameter = at(own.location, leaked(&own.key));
    let parameter = parameter.style(style(&own.style.name), own.style.explode);
    if own.allows_slashes {
        parameter.with_slashes()
    } else {
        parameter
    }
}

fn at(location: Location, name: &'static str) -> Parameter {
    match location {
        Location::Path => Parameter::path(name),
        Location::Query => Parameter::query(name),
        Location::Header => Parameter::header(name),
        Location::Cookie => Parameter::cookie(name),
    }
}

fn style(name: &str) -> Style {
    match name {
        "simple" => Style::Simple,
        "label" => Style::Label,
        "matrix" => Style::Matrix,
        "spaceDelimited" => Style::SpaceDelimited,
        "pipeDelimited" => Style::PipeDelimited,
        "deepObject" => Style::DeepObject,
        "numbered" => Style::Numbered,
        "json" => Style::Json,
        _ => Style::Form,
    }
}

fn scheme(scheme: &SecurityScheme) -> AuthScheme {
    match scheme {
        SecurityScheme::Bearer => AuthScheme::Bearer,
        SecurityScheme::Basic => AuthScheme::Basic,
        SecurityScheme::ApiKey(location, name) => api_key(*location, name),
    }
}

/// Returns the scheme of an API key.
pub(super) fn api_key(location: Location, name: &str) -> AuthScheme {
    let name = leaked(name);
    match location {
        Location::Query => AuthScheme::Query(name),
        Location::Cookie => AuthScheme::Cookie(name),
        Location::Header | Location::Path => AuthScheme::Header(name),
    }
}

/// Returns a text that lives until the process ends. A command describes one operation.
fn leaked(text: &str) -> &'static str {
    text.to_owned().leak()
}
