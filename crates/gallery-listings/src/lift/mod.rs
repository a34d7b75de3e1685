//! Converts repaired operations from Swagger 2.0 to OpenAPI 3.0, or finds the reason to drop them.

mod body;
mod parameter;

use openapiv3::{
    MediaType, Operation as OpenApiOperation, ReferenceOr, Response as OpenApiResponse, Responses,
    Server, StatusCode,
};
use serde_json::json;

use super::server::normalize;
use super::server_index::ServerIndex;
use super::swagger2::{Operation, ParameterLocation, Response, Server as SwaggerServer};
use super::text::folded;
use gallery_draft::{ASSUMED, Change, DropReason, EndpointKey, Method, SIDE_EFFECTS};
use openapi_text::template;

/// The assumption of a body that the listing does not mention.
pub(crate) const UNLISTED_BODY: &str = "body";

/// One operation entry in OpenAPI 3.0.
#[derive(Clone, Debug)]
pub(crate) struct LiftedEndpoint {
    /// The endpoint's identity; it has no server yet.
    pub(crate) key: EndpointKey,
    /// The path template with the names of its variables.
    pub(crate) path: String,
    /// The server that responds.
    pub(crate) server: Server,
    /// The server of the document, if it can replace [`LiftedEndpoint::server`].
    pub(crate) document_server: Option<Server>,
    /// The servers that the index names for the endpoint, each once.
    pub(crate) index_servers: Vec<Server>,
    /// True if the server was part of the path: no other document is more certain.
    pub(crate) server_in_path: bool,
    /// The operation; it has no `operationId` yet.
    pub(crate) operation: OpenApiOperation,
    /// The slug that connects the entry with an entry of the index.
    pub(crate) slug: Option<String>,
    /// `operationId` as listed.
    pub(crate) listed_id: Option<String>,
    /// The changes that repair made.
    pub(crate) changes: Vec<Change>,
}

/// An operation entry that could not be kept.
#[derive(Clone, Debug)]
pub(crate) struct DroppedEntry {
    /// The reason.
    pub(crate) reason: DropReason,
    /// The reason as it applies to this entry.
    pub(crate) message: String,
    /// The changes that repair made.
    pub(crate) changes: Vec<Change>,
}

/// Lifts a repaired operation. `servers` are those that the listing's index names.
pub(crate) fn lift(
    listed: Operation,
    servers: &ServerIndex,
) -> Result<LiftedEndpoint, DroppedEntry> {
    let dropped = |reason, why: String| {
        let message = format!("{} {}: {why}", listed.method, listed.path);
        Err(DroppedEntry {
            reason,
            message,
            changes: listed.changes.clone(),
        })
    };
    if let Some(why) = listed.unclear {
        return dropped(
            DropReason::UnclearPath,
            format!("the path cannot be used: {why}"),
        );
    }
    if let Some(dots) = template::on_the_wire(&listed.path)
        .split('/')
        .find(|segment| template::is_dots(segment))
    {
        return dropped(
            DropReason::DotSegment,
            format!("the path has the segment `{dots}`, which URLs do not keep"),
        );
    }
    Ok(LiftedEndpoint {
        key: key(&listed),
        operation: operation(&listed),
        path: listed.path,
        document_server: replacement(
            listed.document_server.as_ref().unwrap_or(&listed.server),
            servers,
        ),
        index_servers: listed.index_servers.iter().fold(
            Vec::new(),
            |mut distinct: Vec<Server>, server| {
                distinct.extend(
                    replacement(server, servers).filter(|server| !distinct.contains(server)),
                );
                distinct
            },
        ),
        server: servers.resolve(&listed.server),
        server_in_path: listed.server_in_path,
        slug: listed.slug,
        listed_id: listed.operation_id,
        changes: listed.changes,
    })
}

/// Converts a server that may replace the one an operation has. A base path with variables is part
/// of the paths, so that such a server cannot.
fn replacement(listed: &SwaggerServer, servers: &ServerIndex) -> Option<Server> {
    let normalized = normalize(listed);
    normalized
        .prefix
        .is_empty()
        .then(|| servers.resolve(&normalized.server))
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

fn operation(listed: &Operation) -> OpenApiOperation {
    let mut result = OpenApiOperation {
        tags: listed.tags.clone(),
        summary: listed.summary.clone(),
        description: listed.description.clone().filter(|description| {
            let summary = listed.summary.as_deref().unwrap_or_default();
            folded(description).is_empty() || folded(description) != folded(summary)
        }),
        deprecated: listed.deprecated,
        ..OpenApiOperation::default()
    };
    result.parameters.extend(
        listed
            .constants
            .iter()
            .map(|constant| ReferenceOr::Item(parameter::constant(constant))),
    );
    if has_side_effects(listed) {
        result
            .extensions
            .insert(SIDE_EFFECTS.to_owned(), json!(true));
    }
    let (mut fields, mut body) = (Vec::new(), None);
    for listed_parameter in &listed.parameters {
        match listed_parameter.location {
            ParameterLocation::Body => body = Some(body::any(listed_parameter, &listed.consumes)),
            ParameterLocation::FormData => fields.push(listed_parameter),
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

/// Names of constants that select an operation, such as `Action` in `/?Action=CreateUser`.
const SELECTORS: &[&str] = &[
    "action",
    "cmd",
    "command",
    "function",
    "method",
    "operation",
];

/// First words of operations that only read.
const READS: &[&str] = &[
    "batchget", "browse", "check", "count", "describe", "download", "estimate", "export", "fetch",
    "find", "get", "has", "is", "list", "lookup", "preview", "query", "read", "resolve",
    "retrieve", "scan", "search", "select", "show", "test", "validate", "verify", "view",
];

/// Returns true if a GET or HEAD has a constant that selects an operation that may write.
fn has_side_effects(listed: &Operation) -> bool {
    let is_selector = |name: &str| SELECTORS.contains(&name.to_ascii_lowercase().as_str());
    matches!(listed.method, Method::Get | Method::Head)
        && listed
            .constants
            .iter()
            .any(|constant| is_selector(&constant.name) && !reads(&constant.value))
}

/// Returns true if the last part of an operation's name begins with a word that reads:
/// `DescribeInstances`, `flickr.photos.getInfo`.
fn reads(operation: &str) -> bool {
    let name = operation
        .rsplit(['.', '/', ':'])
        .next()
        .unwrap_or(operation);
    let name = name.trim_start_matches(['_', '-']);
    READS.iter().any(|word| {
        let begins = name
            .get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word));
        // A word ends before a capital or a separator: `isolate` is not `is`.
        begins && !name[word.len()..].starts_with(|c: char| c.is_ascii_lowercase())
    })
}

fn response(listed: &Response, produces: &[String], responses: &mut Responses) {
    let mut result = OpenApiResponse {
        description: listed.description.clone().unwrap_or_default(),
        ..OpenApiResponse::default()
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

/// Returns the status of a key, or nothing for `default`. Repair leaves no other keys.
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
    use expect_test::expect;
    use gallery_draft::RawFile;
    use openapi_text::Diagnostics;

    fn lifted(paths: &str) -> LiftedEndpoint {
        let text = format!(
            "swagger: '2.0'\nconsumes: [application/json]\nproduces: [application/json]\npaths:\n{paths}"
        );
        let file = RawFile::new("a", text);
        let mut operation = parse(&file, &mut Diagnostics::default())
            .unwrap()
            .operations
            .remove(0);
        let servers = ServerIndex::default();
        repair(&mut operation, false, &servers);
        lift(operation, &servers).unwrap()
    }

    #[test]
    fn marks_actions_that_write() {
        for (path, method, is_marked) in [
            ("/?Action=CreateUser", "get", true),
            ("/?Action=RunInstances", "get", true),
            ("/?Action=IsolateHost", "get", true),
            ("/?method=photos.delete", "get", true),
            ("/?Action=DescribeInstances", "get", false),
            ("/?Action=ListUsers", "get", false),
            ("/?method=flickr.photos.getInfo", "get", false),
            ("/?format=json", "get", false),
            ("/?Action=CreateUser", "post", false),
        ] {
            let lifted = lifted(&format!("  {path}: {{{method}: {{}}}}\n"));
            let extension = lifted.operation.extensions.get(SIDE_EFFECTS);
            assert_eq!(extension.is_some(), is_marked, "{method} {path}");
        }
    }

    #[test]
    fn records_what_was_assumed_of_an_untyped_operation() {
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
