//! From Swagger 2.0 to OpenAPI 3.0: takes a repaired document, gives its endpoints as OpenAPI operations, and drops, with the
//! reason, those whose path is none. `parameter` and `body` say the parts.

use std::collections::BTreeSet;

use openapiv3::{
    MediaType, Operation as Operation3, ReferenceOr, Response as Response3, Responses, Server as Server3, StatusCode,
};
use serde_json::json;

use crate::canonical::ASSUMED;
use crate::diagnostic::{Diagnostics, Place, Severity};
use crate::documents::settled;
use crate::dropped::Reason;
use crate::server::Known;
use crate::swagger2::{Change, Document, Location, Method, Operation, Response};
use crate::template;

mod body;
mod parameter;

pub use parameter::is_header_name;

/// What an endpoint is known by within a client: its method and its path, with the variables by position, and with the constants
/// and the variables of its query string.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndpointKey {
    /// The path template with nameless variables; after a `#` what is constant in its query string, after a `?` what varies.
    pub path: String,
    /// The method.
    pub method: Method,
    /// The server's URL, only where the same method and path stand under two servers, and this is not the first.
    pub server: Option<String>,
}

impl std::fmt::Display for EndpointKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        match &self.server {
            Some(server) => write!(f, " on {server}"),
            None => Ok(()),
        }
    }
}

/// Where an operation entry stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// The document's file.
    pub file: String,
    /// JSON pointer of the operation in it.
    pub pointer: String,
}

/// The lifted content of one document.
#[derive(Clone, Debug)]
pub struct Lifted {
    /// The document's file.
    pub file: String,
    /// `info.version`.
    pub version: String,
    /// `info.termsOfService`.
    pub terms_of_service: Option<String>,
    /// The slugs whose own documents need not be read beside this one, if it is the combined document.
    pub settled: BTreeSet<String>,
    /// The endpoints that could be kept.
    pub endpoints: Vec<LiftedEndpoint>,
}

/// One operation entry as OpenAPI 3.0.
#[derive(Clone, Debug)]
pub struct LiftedEndpoint {
    /// What it is known by; it has no server yet.
    pub key: EndpointKey,
    /// The path template with the names of its variables.
    pub path: String,
    /// Where it answers.
    pub server: Server3,
    /// Whether its server stands in its path: no other document knows better.
    pub server_in_path: bool,
    /// The operation; it has no `operationId` yet.
    pub operation: Operation3,
    /// Where it stands.
    pub source: Source,
    /// The slug that ties it to an index entry.
    pub slug: Option<String>,
    /// `operationId` as listed.
    pub listed_id: Option<String>,
    /// What repair did to it.
    pub changes: Vec<Change>,
}

/// Lifts every operation of a document. `known` is what the listing's index knows of its servers.
pub fn lift(document: Document, known: &Known, diagnostics: &mut Diagnostics) -> Lifted {
    let mut endpoints = Vec::new();
    for listed in document.operations {
        if let Some(why) = listed.unclear {
            let place = Place::pointer(&document.file, &listed.pointer);
            let message = format!("{} {}: the path is none: {why}", listed.method, listed.path);
            diagnostics.push(Severity::Dropped, Reason::UnclearPath.code(), place, message);
            continue;
        }
        if let Some(dots) = template::on_the_wire(&listed.path).split('/').find(|segment| template::is_dots(segment)) {
            let place = Place::pointer(&document.file, &listed.pointer);
            let message = format!("{} {}: the path has the segment `{dots}`, which URLs do not keep", listed.method, listed.path);
            diagnostics.push(Severity::Dropped, Reason::DotSegment.code(), place, message);
            continue;
        }
        endpoints.push(LiftedEndpoint {
            key: key(&listed),
            operation: operation(&listed),
            path: listed.path,
            server: known.resolve(&listed.server),
            server_in_path: listed.server_in_path,
            source: Source { file: document.file.clone(), pointer: listed.pointer },
            slug: listed.slug,
            listed_id: listed.operation_id,
            changes: listed.changes,
        });
    }
    let settled = settled(document.slugs.iter().map(String::as_str), document.server.host.is_some(), known);
    let settled = settled.into_iter().map(str::to_owned).collect();
    let Document { file, version, terms_of_service, .. } = document;
    Lifted { file, version, terms_of_service, settled, endpoints }
}

fn key(listed: &Operation) -> EndpointKey {
    let mut path = template::by_position(&listed.path);
    for (position, name) in listed.query_variables.iter().enumerate() {
        path.push(if position == 0 { '?' } else { '&' });
        path.push_str(name);
    }
    EndpointKey { path, method: listed.method, server: None }
}

fn operation(listed: &Operation) -> Operation3 {
    let mut result = Operation3 {
        tags: listed.tags.clone(),
        summary: listed.summary.clone(),
        description: listed.description.clone(),
        deprecated: listed.deprecated,
        ..Operation3::default()
    };
    result.parameters.extend(listed.constants.iter().map(|constant| ReferenceOr::Item(parameter::constant(constant))));
    let (mut fields, mut body) = (Vec::new(), None);
    for listed_parameter in &listed.parameters {
        match listed_parameter.location {
            Location::Body => body = Some(body::any(listed_parameter, &listed.consumes)),
            Location::FormData => fields.push(listed_parameter),
            _ => result.parameters.push(ReferenceOr::Item(parameter::parameter(listed_parameter))),
        }
    }
    let form = (!fields.is_empty()).then(|| body::form(&fields, &listed.consumes));
    result.request_body = match (body, form) {
        (Some(document), Some(form)) => Some(body::either(document, form)),
        (one, other) => one.or(other),
    }
    .map(ReferenceOr::Item);
    for listed_response in &listed.responses {
        response(listed_response, &listed.produces, &mut result.responses);
    }
    result
}

fn response(listed: &Response, produces: &[String], responses: &mut Responses) {
    let mut result = Response3 { description: listed.description.clone().unwrap_or_default(), ..Response3::default() };
    let schema = listed.schema.as_ref().and_then(body::schema);
    let status = status(&listed.status);
    if may_have_content(status.as_ref()) {
        if schema.is_none() {
            result.extensions.insert(ASSUMED.to_owned(), json!(["content"]));
        }
        for kind in body::media_types(produces, "*/*") {
            result.content.insert(kind, MediaType { schema: schema.clone(), ..MediaType::default() });
        }
    }
    match status {
        Some(status) => {
            responses.responses.insert(status, ReferenceOr::Item(result));
        }
        None => responses.default = Some(ReferenceOr::Item(result)),
    }
}

/// The status of a key; nothing for `default`. Repair leaves no other keys.
fn status(key: &str) -> Option<StatusCode> {
    match key.strip_suffix("XX") {
        Some(class) => class.parse().ok().map(StatusCode::Range),
        None => key.parse().ok().map(StatusCode::Code),
    }
}

fn may_have_content(status: Option<&StatusCode>) -> bool {
    !matches!(status, Some(StatusCode::Code(100..=199 | 204 | 205 | 304) | StatusCode::Range(1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse;
    use crate::repair::repair;
    use crate::store::RawFile;
    use expect_test::expect;

    fn lifted(paths: &str) -> (Lifted, Diagnostics) {
        let text = format!("swagger: '2.0'\nconsumes: [application/json]\nproduces: [application/json]\npaths:\n{paths}");
        let mut diagnostics = Diagnostics::default();
        let document = parse(&RawFile { path: "a".to_owned(), bytes: text.into_bytes() }, &mut diagnostics).unwrap();
        let known = Known::default();
        let document = repair(document, &known, &mut diagnostics);
        (lift(document, &known, &mut diagnostics), diagnostics)
    }

    #[test]
    fn an_untyped_operation_says_what_was_assumed() {
        let (lifted, _) = lifted(
            "  /a/{id}:\n    post:\n      summary: S\n      parameters:\n      - {in: path, name: id}\n      - {in: query, name: n, type: integer, format: int64}\n      - {in: body, name: ids, schema: {$ref: '#/definitions/holder'}}\n      responses:\n        200: {description: OK}\n        204: {description: Nothing}\n",
        );
        expect![[r#"
            {
              "summary": "S",
              "parameters": [
                {
                  "in": "path",
                  "name": "id",
                  "required": true,
                  "schema": {
                    "type": "string"
                  },
                  "x-gallery-assumed": [
                    "type"
                  ],
                  "style": "simple"
                },
                {
                  "in": "query",
                  "name": "n",
                  "schema": {
                    "type": "integer",
                    "format": "int64"
                  },
                  "style": "form"
                }
              ],
              "requestBody": {
                "content": {
                  "application/json": {
                    "schema": {}
                  }
                },
                "x-gallery-assumed": [
                  "schema"
                ],
                "x-body-name": "ids"
              },
              "responses": {
                "200": {
                  "description": "OK",
                  "content": {
                    "application/json": {}
                  },
                  "x-gallery-assumed": [
                    "content"
                  ]
                },
                "204": {
                  "description": "Nothing"
                }
              }
            }"#]]
        .assert_eq(&serde_json::to_string_pretty(&lifted.endpoints[0].operation).unwrap());
    }
}
