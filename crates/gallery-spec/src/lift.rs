//! From Swagger 2.0 to OpenAPI 3.0: takes a repaired operation, gives its endpoint with an OpenAPI operation, or, where its path is none,
//! the reason to drop it. `parameter` and `body` say the parts.

use openapiv3::{
    MediaType, Operation as Operation3, ReferenceOr, Response as Response3, Responses,
    Server as Server3, StatusCode,
};
use serde_json::json;

use crate::canonical::ASSUMED;
use crate::dropped::Reason;
use crate::server::Known;
use crate::swagger2::{Change, Location, Method, Operation, Response};
use openapi_text::template;

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
    /// The slug that ties it to an index entry.
    pub slug: Option<String>,
    /// `operationId` as listed.
    pub listed_id: Option<String>,
    /// What repair did to it.
    pub changes: Vec<Change>,
}

/// One operation entry that could not be kept.
#[derive(Clone, Debug)]
pub struct Dropped {
    /// Why not.
    pub reason: Reason,
    /// The same, of this entry.
    pub message: String,
    /// What repair did to it.
    pub changes: Vec<Change>,
}

/// Lifts a repaired operation. `known` is what the listing's index knows of its server.
pub fn lift(listed: Operation, known: &Known) -> Result<LiftedEndpoint, Dropped> {
    let dropped = |reason, why: String| {
        let message = format!("{} {}: {why}", listed.method, listed.path);
        Err(Dropped {
            reason,
            message,
            changes: listed.changes.clone(),
        })
    };
    if let Some(why) = listed.unclear {
        return dropped(Reason::UnclearPath, format!("the path is none: {why}"));
    }
    if let Some(dots) = template::on_the_wire(&listed.path)
        .split('/')
        .find(|segment| template::is_dots(segment))
    {
        return dropped(
            Reason::DotSegment,
            format!("the path has the segment `{dots}`, which URLs do not keep"),
        );
    }
    Ok(LiftedEndpoint {
        key: key(&listed),
        operation: operation(&listed),
        path: listed.path,
        server: known.resolve(&listed.server),
        server_in_path: listed.server_in_path,
        slug: listed.slug,
        listed_id: listed.operation_id,
        changes: listed.changes,
    })
}

fn key(listed: &Operation) -> EndpointKey {
    let mut path = template::by_position(&listed.path);
    for (position, name) in listed.query_variables.iter().enumerate() {
        path.push(if position == 0 { '?' } else { '&' });
        path.push_str(name);
    }
    EndpointKey {
        path,
        method: listed.method,
        server: None,
    }
}

fn operation(listed: &Operation) -> Operation3 {
    let mut result = Operation3 {
        tags: listed.tags.clone(),
        summary: listed.summary.clone(),
        description: listed.description.clone(),
        deprecated: listed.deprecated,
        ..Operation3::default()
    };
    result.parameters.extend(
        listed
            .constants
            .iter()
            .map(|constant| ReferenceOr::Item(parameter::constant(constant))),
    );
    let (mut fields, mut body) = (Vec::new(), None);
    for listed_parameter in &listed.parameters {
        match listed_parameter.location {
            Location::Body => body = Some(body::any(listed_parameter, &listed.consumes)),
            Location::FormData => fields.push(listed_parameter),
            _ => result
                .parameters
                .push(ReferenceOr::Item(parameter::parameter(listed_parameter))),
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
    let mut result = Response3 {
        description: listed.description.clone().unwrap_or_default(),
        ..Response3::default()
    };
    let schema = listed.schema.as_ref().and_then(body::schema);
    let status = status(&listed.status);
    if may_have_content(status.as_ref()) {
        if schema.is_none() {
            result
                .extensions
                .insert(ASSUMED.to_owned(), json!(["content"]));
        }
        for kind in body::media_types(produces, "*/*") {
            result.content.insert(
                kind,
                MediaType {
                    schema: schema.clone(),
                    ..MediaType::default()
                },
            );
        }
    }
    match status {
        Some(status) => {
            responses
                .responses
                .insert(status, ReferenceOr::Item(result));
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
    !matches!(
        status,
        Some(StatusCode::Code(100..=199 | 204 | 205 | 304) | StatusCode::Range(1))
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse;
    use crate::repair::repair;
    use crate::store::RawFile;
    use expect_test::expect;
    use openapi_text::Diagnostics;

    fn lifted(paths: &str) -> LiftedEndpoint {
        let text = format!(
            "swagger: '2.0'\nconsumes: [application/json]\nproduces: [application/json]\npaths:\n{paths}"
        );
        let file = RawFile::new("a".to_owned(), text.into_bytes());
        let mut operation = parse(&file, &mut Diagnostics::default())
            .unwrap()
            .operations
            .remove(0);
        let known = Known::default();
        repair(&mut operation, false, &known);
        lift(operation, &known).unwrap()
    }

    #[test]
    fn an_untyped_operation_says_what_was_assumed() {
        let lifted = lifted(
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
        .assert_eq(&serde_json::to_string_pretty(&lifted.operation).unwrap());
    }
}
