//! Resolves references (`$ref`) within a document.

use gallery_spec::canonical::Canonical;
use indexmap::IndexMap;
use openapi_text::pointer::unescape;
use openapiv3::{
    Components, Operation, Parameter, ReferenceOr, RequestBody, Response, Schema, SecurityScheme,
};

use crate::statuses::StatusKey;

/// Returns the parameter itself or the component that it refers to.
pub(crate) fn parameter<'a>(
    canonical: &'a Canonical,
    parameter: &'a ReferenceOr<Parameter>,
) -> Option<&'a Parameter> {
    component(canonical, parameter, "parameters", |components| {
        &components.parameters
    })
}

/// Returns the request body itself or the component that it refers to.
pub(crate) fn body<'a>(
    canonical: &'a Canonical,
    body: &'a ReferenceOr<RequestBody>,
) -> Option<&'a RequestBody> {
    component(canonical, body, "requestBodies", |components| {
        &components.request_bodies
    })
}

/// Returns the response itself or the component that it refers to.
pub(crate) fn response<'a>(
    canonical: &'a Canonical,
    response: &'a ReferenceOr<Response>,
) -> Option<&'a Response> {
    component(canonical, response, "responses", |components| {
        &components.responses
    })
}

/// Returns the responses of an operation, without dangling references.
pub(crate) fn responses<'a>(
    canonical: &'a Canonical,
    operation: &'a Operation,
) -> impl Iterator<Item = (StatusKey, &'a Response)> {
    let all = operation.responses.responses.iter();
    let all = all.map(|(status, response)| (StatusKey::from(status), response));
    let default = operation.responses.default.iter();
    all.chain(default.map(|response| (StatusKey::Default, response)))
        .filter_map(|(key, own)| Some((key, response(canonical, own)?)))
}

/// Returns the security scheme itself or the component that it refers to.
pub(crate) fn security_scheme<'a>(
    canonical: &'a Canonical,
    scheme: &'a ReferenceOr<SecurityScheme>,
) -> Option<&'a SecurityScheme> {
    component(canonical, scheme, "securitySchemes", |components| {
        &components.security_schemes
    })
}

/// Returns the value itself or the component at the end of its references. Returns `None` if a
/// reference dangles or refers to itself.
fn component<'a, T>(
    canonical: &'a Canonical,
    value: &'a ReferenceOr<T>,
    section: &str,
    components: impl Fn(&'a Components) -> &'a IndexMap<String, ReferenceOr<T>>,
) -> Option<&'a T> {
    let all = canonical.document().components.as_ref().map(components);
    let mut value = value;
    for _ in 0..=all.map_or(0, IndexMap::len) {
        match value {
            ReferenceOr::Item(item) => return Some(item),
            ReferenceOr::Reference { reference } => {
                let name = reference
                    .strip_prefix("#/components/")?
                    .strip_prefix(section)?
                    .strip_prefix('/')?;
                value = all?.get(&unescape(name))?;
            }
        }
    }
    None
}

/// Returns the name of the component schema that a reference points to.
pub(crate) fn schema_name(reference: &str) -> Option<String> {
    let token = reference
        .strip_prefix("#/components/schemas/")
        .filter(|token| !token.contains('/'))?;
    let decoded = percent_encoding::percent_decode_str(token).decode_utf8_lossy();
    Some(unescape(&decoded))
}

/// Returns the component schema that a reference points to.
pub(crate) fn schema_in<'a>(
    schemas: &'a IndexMap<String, ReferenceOr<Schema>>,
    reference: &str,
) -> Option<&'a ReferenceOr<Schema>> {
    schemas.get(&schema_name(reference)?)
}

/// Returns the schema itself or the schema at the end of its references. Returns `None` if a
/// reference dangles or refers to itself.
pub(crate) fn schema<'a>(
    canonical: &'a Canonical,
    schema: &'a ReferenceOr<Schema>,
) -> Option<&'a Schema> {
    let components = canonical.document().components.as_ref();
    let mut schema = schema;
    for _ in 0..=components.map_or(0, |components| components.schemas.len()) {
        match schema {
            ReferenceOr::Item(schema) => return Some(schema),
            ReferenceOr::Reference { reference } => {
                schema = schema_in(&components?.schemas, reference)?;
            }
        }
    }
    None
}
