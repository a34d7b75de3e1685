//! From Swagger 2.0 to OpenAPI 3.0: takes a repaired document, gives its endpoints as OpenAPI operations, and drops, with the
//! reason, what OpenAPI 3.0 cannot say.

use indexmap::IndexMap;
use openapiv3::{
    AnySchema, BooleanType, Content, IntegerType, MediaType, NumberType, Operation as Operation3, Parameter as Parameter3,
    ParameterData, ParameterSchemaOrContent, PathStyle, QueryStyle, ReferenceOr, RequestBody, Response as Response3, Responses,
    Schema, SchemaData, SchemaKind, StatusCode, StringType, Type, VariantOrUnknownOrEmpty,
};
use serde_json::{Value, json};

use crate::canonical::ASSUMED;
use crate::diagnostic::{Diagnostics, Place, Severity};
use crate::swagger2::{Change, Document, Location, Method, Operation, Parameter, Response, Server};
use crate::template;

/// What an endpoint is known by within a listing: its method and its path, with the variables by position.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndpointKey {
    /// The path template with nameless variables.
    pub path: String,
    /// The method.
    pub method: Method,
}

impl std::fmt::Display for EndpointKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
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
    /// Where the API answers.
    pub server: Server,
    /// The endpoints that could be kept.
    pub endpoints: Vec<LiftedEndpoint>,
}

/// One operation entry as OpenAPI 3.0.
#[derive(Clone, Debug)]
pub struct LiftedEndpoint {
    /// What it is known by.
    pub key: EndpointKey,
    /// The path template with the names of its variables.
    pub path: String,
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

/// Lifts every operation of a document.
pub fn lift(document: &Document, diagnostics: &mut Diagnostics) -> Lifted {
    let mut endpoints = Vec::new();
    for listed in &document.operations {
        match operation(listed) {
            Ok(operation) => endpoints.push(LiftedEndpoint {
                key: EndpointKey { path: template::by_position(&listed.path), method: listed.method },
                path: listed.path.clone(),
                operation,
                source: Source { file: document.file.clone(), pointer: listed.pointer.clone() },
                slug: listed.slug.clone(),
                listed_id: listed.operation_id.clone(),
                changes: listed.changes.clone(),
            }),
            Err(Unliftable { code, reason }) => {
                let place = Place::pointer(&document.file, &listed.pointer);
                diagnostics.push(Severity::Dropped, code, place, format!("{} {}: {reason}", listed.method, listed.path));
            }
        }
    }
    Lifted {
        file: document.file.clone(),
        version: document.version.clone(),
        terms_of_service: document.terms_of_service.clone(),
        server: document.server.clone(),
        endpoints,
    }
}

/// Why an operation cannot be said in OpenAPI 3.0.
struct Unliftable {
    code: &'static str,
    reason: String,
}

fn unliftable<T>(code: &'static str, reason: impl Into<String>) -> Result<T, Unliftable> {
    Err(Unliftable { code, reason: reason.into() })
}

fn operation(listed: &Operation) -> Result<Operation3, Unliftable> {
    if let Some(defect) = template::defect(&listed.path) {
        return unliftable("unusable-path", defect);
    }
    let mut result = Operation3 {
        tags: listed.tags.clone(),
        summary: listed.summary.clone(),
        description: listed.description.clone(),
        deprecated: listed.deprecated,
        ..Operation3::default()
    };
    let variables = template::variables(&listed.path);
    for (position, listed_parameter) in listed.parameters.iter().enumerate() {
        let same = |other: &Parameter| other.name == listed_parameter.name && other.location == listed_parameter.location;
        if listed.parameters[..position].iter().any(same) {
            return unliftable("repeated-parameter", format!("the parameter `{}` is there twice", listed_parameter.name));
        }
        if listed_parameter.location == Location::Path && !variables.contains(&listed_parameter.name.as_str()) {
            let reason = format!("the path parameter `{}` is not in the path", listed_parameter.name);
            return unliftable("superfluous-path-parameter", reason);
        }
        if listed_parameter.location == Location::Body {
            if result.request_body.is_some() {
                return unliftable("several-bodies", "the operation has more than one body");
            }
            result.request_body = Some(ReferenceOr::Item(body(listed_parameter, &listed.consumes)?));
        } else {
            result.parameters.push(ReferenceOr::Item(parameter(listed_parameter)?));
        }
    }
    for listed_response in &listed.responses {
        response(listed_response, &listed.produces, &mut result.responses)?;
    }
    Ok(result)
}

fn parameter(listed: &Parameter) -> Result<Parameter3, Unliftable> {
    if listed.name.is_empty() {
        return unliftable("nameless-parameter", "a parameter has no name");
    }
    if listed.location == Location::Header && !is_header_name(&listed.name) {
        return unliftable("header-name", format!("`{}` is no name of a header", listed.name));
    }
    let extensions = assumed(listed);
    let parameter_data = ParameterData {
        name: listed.name.clone(),
        description: listed.description.clone(),
        required: listed.required,
        deprecated: None,
        format: ParameterSchemaOrContent::Schema(ReferenceOr::Item(scalar(listed)?)),
        example: None,
        examples: IndexMap::new(),
        explode: None,
        extensions,
    };
    match &listed.location {
        Location::Path => Ok(Parameter3::Path { parameter_data, style: PathStyle::default() }),
        Location::Query => {
            Ok(Parameter3::Query { parameter_data, allow_reserved: false, style: QueryStyle::default(), allow_empty_value: None })
        }
        Location::Header => Ok(Parameter3::Header { parameter_data, style: Default::default() }),
        Location::FormData => unliftable("form-data", format!("`{}` is a form field, which is not supported yet", listed.name)),
        Location::Other(word) => {
            unliftable("parameter-location", format!("the parameter `{}` goes into `{word}`, which does not exist", listed.name))
        }
        Location::Body => unliftable("several-bodies", "a body is no parameter in OpenAPI 3.0"),
    }
}

/// What repair assumed, as the extension that says so.
fn assumed(listed: &Parameter) -> IndexMap<String, Value> {
    let assumed = Some(&listed.assumed).filter(|assumed| !assumed.is_empty());
    assumed.map(|assumed| (ASSUMED.to_owned(), json!(assumed))).into_iter().collect()
}

/// A token of RFC 9110.
pub fn is_header_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

fn scalar(listed: &Parameter) -> Result<Schema, Unliftable> {
    let format = listed.format.clone().unwrap_or_default();
    let kind = match listed.kind.as_deref() {
        Some("string") => Type::String(StringType { format: known_or_text(&format), ..StringType::default() }),
        Some("integer") => Type::Integer(IntegerType { format: known_or_text(&format), ..IntegerType::default() }),
        Some("number") => Type::Number(NumberType { format: known_or_text(&format), ..NumberType::default() }),
        Some("boolean") => Type::Boolean(BooleanType::default()),
        other => {
            let kind = other.unwrap_or("none");
            return unliftable(
                "parameter-type",
                format!("the parameter `{}` has the type `{kind}`, which is not supported yet", listed.name),
            );
        }
    };
    Ok(Schema { schema_data: SchemaData::default(), schema_kind: SchemaKind::Type(kind) })
}

/// A format that openapiv3 knows, else the word as it stands.
fn known_or_text<T: serde::de::DeserializeOwned>(format: &str) -> VariantOrUnknownOrEmpty<T> {
    if format.is_empty() {
        return VariantOrUnknownOrEmpty::Empty;
    }
    match serde_json::from_value(Value::String(format.to_owned())) {
        Ok(known) => VariantOrUnknownOrEmpty::Item(known),
        Err(_) => VariantOrUnknownOrEmpty::Unknown(format.to_owned()),
    }
}

fn body(listed: &Parameter, consumes: &[String]) -> Result<RequestBody, Unliftable> {
    let schema = match &listed.schema {
        Some(schema) => schema3(schema, &format!("the body `{}`", listed.name))?,
        None => ReferenceOr::Item(any()),
    };
    let mut extensions = assumed(listed);
    // OpenAPI 3.0 has no name for a body. The listing's name is a hint of what it holds, so it is kept.
    if !listed.name.is_empty() && listed.name != "body" {
        extensions.insert("x-body-name".to_owned(), json!(listed.name));
    }
    let media = |schema| MediaType { schema: Some(schema), ..MediaType::default() };
    let mut content = Content::new();
    for kind in or_json(consumes) {
        content.insert(kind, media(schema.clone()));
    }
    Ok(RequestBody { description: listed.description.clone(), content, required: listed.required, extensions })
}

fn or_json(consumes: &[String]) -> Vec<String> {
    if consumes.is_empty() { vec!["application/json".to_owned()] } else { consumes.to_vec() }
}

fn response(listed: &Response, produces: &[String], responses: &mut Responses) -> Result<(), Unliftable> {
    let mut result = Response3 { description: listed.description.clone().unwrap_or_default(), ..Response3::default() };
    let schema = listed.schema.as_ref().map(|schema| schema3(schema, "an answer")).transpose()?;
    let status = status(&listed.status)?;
    if may_have_content(status.as_ref()) {
        if schema.is_none() {
            result.extensions.insert(ASSUMED.to_owned(), json!(["content"]));
        }
        let kinds = if produces.is_empty() { vec!["*/*".to_owned()] } else { produces.to_vec() };
        for kind in kinds {
            result.content.insert(kind, MediaType { schema: schema.clone(), ..MediaType::default() });
        }
    }
    match status {
        Some(status) => {
            responses.responses.insert(status, ReferenceOr::Item(result));
        }
        None => responses.default = Some(ReferenceOr::Item(result)),
    }
    Ok(())
}

/// The status of a key; nothing for `default`.
fn status(key: &str) -> Result<Option<StatusCode>, Unliftable> {
    if key == "default" {
        return Ok(None);
    }
    match key.parse::<u16>() {
        Ok(code @ 100..=599) if key.len() == 3 => Ok(Some(StatusCode::Code(code))),
        _ => unliftable("status-key", format!("the status `{key}` is no HTTP status")),
    }
}

fn may_have_content(status: Option<&StatusCode>) -> bool {
    !matches!(status, Some(StatusCode::Code(100..=199 | 204 | 205 | 304)))
}

fn schema3(schema: &Value, whose: &str) -> Result<ReferenceOr<Schema>, Unliftable> {
    match serde_json::from_value(schema.clone()) {
        Ok(schema) => Ok(schema),
        Err(error) => unliftable("schema", format!("the schema of {whose} cannot be said in OpenAPI 3.0: {error}")),
    }
}

fn any() -> Schema {
    Schema { schema_data: SchemaData::default(), schema_kind: SchemaKind::Any(AnySchema::default()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse;
    use crate::repair::repair;
    use crate::store::RawFile;
    use expect_test::{Expect, expect};

    fn lifted(paths: &str) -> (Lifted, Diagnostics) {
        let text = format!("swagger: '2.0'\nconsumes: [application/json]\nproduces: [application/json]\npaths:\n{paths}");
        let mut diagnostics = Diagnostics::default();
        let document = parse(&RawFile { path: "a".to_owned(), bytes: text.into_bytes() }, &mut diagnostics).unwrap();
        let document = repair(document, &mut diagnostics);
        (lift(&document, &mut diagnostics), diagnostics)
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

    #[test]
    fn what_cannot_be_lifted_is_dropped_with_its_reason() {
        let check = |operation: &str, said: Expect| {
            let (lifted, diagnostics) = lifted(operation);
            assert!(lifted.endpoints.is_empty());
            let dropped: Vec<_> = diagnostics.of(Severity::Dropped).map(ToString::to_string).collect();
            said.assert_eq(&dropped.join("\n"));
        };
        check(
            "  /a?b=c:\n    get: {}\n",
            expect![[r#"
            dropped[unusable-path]: GET /a?b=c: the path has '?' in it, which is no part of a path
              --> a#/paths/~1a?b=c/get"#]],
        );
        check(
            "  /a:\n    get: {parameters: [{in: path, name: id}]}\n",
            expect![[r#"
            dropped[superfluous-path-parameter]: GET /a: the path parameter `id` is not in the path
              --> a#/paths/~1a/get"#]],
        );
        check(
            "  /a:\n    get: {parameters: [{in: query, name: q}, {in: query, name: q}]}\n",
            expect![[r#"
            dropped[repeated-parameter]: GET /a: the parameter `q` is there twice
              --> a#/paths/~1a/get"#]],
        );
        check(
            "  /a:\n    get: {parameters: [{in: cookie, name: q}]}\n",
            expect![[r#"
            dropped[parameter-location]: GET /a: the parameter `q` goes into `cookie`, which does not exist
              --> a#/paths/~1a/get"#]],
        );
        check(
            "  /a:\n    get: {parameters: [{in: query}]}\n",
            expect![[r#"
            dropped[nameless-parameter]: GET /a: a parameter has no name
              --> a#/paths/~1a/get"#]],
        );
        check(
            "  /a:\n    get: {parameters: [{in: query, name: q, type: array}]}\n",
            expect![[r#"
            dropped[parameter-type]: GET /a: the parameter `q` has the type `array`, which is not supported yet
              --> a#/paths/~1a/get"#]],
        );
        check(
            "  /a:\n    put: {parameters: [{in: body, name: a}, {in: body, name: b}]}\n",
            expect![[r#"
            dropped[several-bodies]: PUT /a: the operation has more than one body
              --> a#/paths/~1a/put"#]],
        );
        check(
            "  /a:\n    put: {parameters: [{in: formData, name: a}]}\n",
            expect![[r#"
            dropped[form-data]: PUT /a: `a` is a form field, which is not supported yet
              --> a#/paths/~1a/put"#]],
        );
        check(
            "  /a:\n    get: {responses: {2: {description: x}}}\n",
            expect![[r#"
            dropped[status-key]: GET /a: the status `2` is no HTTP status
              --> a#/paths/~1a/get"#]],
        );
    }
}
