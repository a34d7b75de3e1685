//! The judge's own reading of an OpenAPI 3.0 document: what a request must be and what an answer may be.
//!
//! It is read from the JSON itself, not through the generator's models, so that a misreading there is seen here.

use serde_json::Value;
use thiserror::Error;

/// What a document says of requests and answers.
#[derive(Clone, Debug)]
pub struct Document {
    /// The path of the first server's URL, without a slash at its end.
    pub base_path: String,
    /// The operations.
    pub endpoints: Vec<Endpoint>,
    root: Value,
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// `operationId`.
    pub id: String,
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path template.
    pub path: String,
    /// The parameters, those of the path included.
    pub parameters: Vec<Parameter>,
    /// The body.
    pub body: Option<Body>,
    /// The answers.
    pub responses: Vec<Response>,
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names of OpenAPI's places say it")]
pub enum Location {
    Path,
    Query,
    Header,
}

impl Location {
    /// The word that OpenAPI has for it.
    pub fn key(self) -> &'static str {
        match self {
            Location::Path => "path",
            Location::Query => "query",
            Location::Header => "header",
        }
    }
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Where it goes.
    pub location: Location,
    /// Its name over the wire.
    pub name: String,
    /// Whether it must be given.
    pub required: bool,
    /// Its schema, references resolved.
    pub schema: Value,
}

/// A body.
#[derive(Clone, Debug)]
pub struct Body {
    /// Whether it must be given.
    pub required: bool,
    /// Its media type.
    pub media_type: String,
    /// Its schema, as written.
    pub schema: Value,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// A status, a range such as `2XX`, or `default`.
    pub status: String,
    /// Media types, each with its schema if there is one.
    pub content: Vec<(String, Option<Value>)>,
}

/// Why a document cannot be judged by.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DocumentError {
    /// It is not JSON.
    #[error("the document is not JSON: {0}")]
    NotJson(String),
    /// A part that is not as OpenAPI 3.0 has it.
    #[error("#{0}: {1}")]
    Malformed(String, String),
}

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "head", "patch", "options"];

impl Document {
    /// Reads a document.
    pub fn parse(text: &str) -> Result<Document, DocumentError> {
        let root: Value = serde_json::from_str(text).map_err(|error| DocumentError::NotJson(error.to_string()))?;
        let mut document = Document { base_path: base_path(&root), endpoints: Vec::new(), root };
        let paths = document.root.get("paths").and_then(Value::as_object).cloned().unwrap_or_default();
        for (path, item) in &paths {
            for method in METHODS {
                if let Some(operation) = item.get(method) {
                    let pointer = format!("/paths/{}/{method}", path.replace('~', "~0").replace('/', "~1"));
                    let endpoint = document.endpoint(&pointer, path, method, item, operation)?;
                    document.endpoints.push(endpoint);
                }
            }
        }
        Ok(document)
    }

    /// What a value refers to, or the value itself.
    pub fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        let target = value.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
        target.and_then(|pointer| self.root.pointer(pointer)).unwrap_or(value)
    }

    fn endpoint(
        &self,
        pointer: &str,
        path: &str,
        method: &str,
        item: &Value,
        operation: &Value,
    ) -> Result<Endpoint, DocumentError> {
        let malformed = |what: &str| DocumentError::Malformed(pointer.to_owned(), what.to_owned());
        let id = operation
            .get("operationId")
            .and_then(Value::as_str)
            .ok_or_else(|| malformed("the operation has no `operationId`"))?;
        let mut parameters: Vec<Parameter> = Vec::new();
        for listed in [operation, item].into_iter().filter_map(|owner| owner.get("parameters")?.as_array()).flatten() {
            let parameter = self.parameter(listed).ok_or_else(|| malformed("a parameter cannot be read"))?;
            if !parameters.iter().any(|own| own.name == parameter.name && own.location == parameter.location) {
                parameters.push(parameter);
            }
        }
        let responses =
            operation.get("responses").and_then(Value::as_object).ok_or_else(|| malformed("there are no `responses`"))?;
        Ok(Endpoint {
            id: id.to_owned(),
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            parameters,
            body: operation
                .get("requestBody")
                .map(|body| self.body(body).ok_or_else(|| malformed("the body has no content")))
                .transpose()?,
            responses: responses.iter().map(|(status, response)| self.response(status, response)).collect(),
        })
    }

    fn parameter(&self, listed: &Value) -> Option<Parameter> {
        let parameter = self.resolve(listed);
        let location = match parameter.get("in")?.as_str()? {
            "path" => Location::Path,
            "query" => Location::Query,
            "header" => Location::Header,
            _ => return None,
        };
        Some(Parameter {
            location,
            name: parameter.get("name")?.as_str()?.to_owned(),
            required: parameter.get("required").and_then(Value::as_bool).unwrap_or(false),
            schema: self.resolve(parameter.get("schema")?).clone(),
        })
    }

    fn body(&self, listed: &Value) -> Option<Body> {
        let body = self.resolve(listed);
        let (media_type, media) = body.get("content")?.as_object()?.iter().next()?;
        Some(Body {
            required: body.get("required").and_then(Value::as_bool).unwrap_or(false),
            media_type: media_type.clone(),
            schema: media.get("schema").cloned().unwrap_or_else(|| serde_json::json!({})),
        })
    }

    fn response(&self, status: &str, listed: &Value) -> Response {
        let response = self.resolve(listed);
        let content = response.get("content").and_then(Value::as_object).into_iter().flatten();
        let content = content.map(|(kind, media)| (kind.clone(), media.get("schema").cloned())).collect();
        Response { status: status.to_owned(), content }
    }
}

impl Endpoint {
    /// The schema of the success, when every success has the same: then clients have a type for it.
    pub fn success_schema(&self) -> Option<&Value> {
        if self.has_no_answer_body() {
            return None;
        }
        let mut successes: Vec<&Response> = self.responses.iter().filter(|response| response.status.starts_with('2')).collect();
        if successes.is_empty() {
            successes.extend(self.responses.iter().filter(|response| response.status == "default"));
        }
        common_schema(&successes)
    }

    /// The schema of the errors, when every documented error has the same, and whether it holds for this status.
    pub fn error_schema(&self, status: u16) -> Option<&Value> {
        let errors = self.errors();
        let schema = common_schema(&errors)?;
        // As soon as a range or `default` is there, the schema holds for every error.
        let every = errors.iter().any(|response| response.status.parse::<u16>().is_err());
        (every || errors.iter().any(|response| response.status == status.to_string())).then_some(schema)
    }

    /// Whether the errors of this operation have a type.
    pub fn has_error_schema(&self) -> bool {
        common_schema(&self.errors()).is_some()
    }

    /// The documented errors that have a body.
    fn errors(&self) -> Vec<&Response> {
        let is_error = |response: &&Response| response.status.starts_with(['4', '5']) || response.status == "default";
        self.responses.iter().filter(|_| !self.has_no_answer_body()).filter(is_error).collect()
    }

    /// Whether answers come without a body, whatever the server has: those to HEAD.
    pub fn has_no_answer_body(&self) -> bool {
        self.method == "HEAD"
    }

    /// The media types that the answers are documented with.
    pub fn media_types(&self) -> Vec<&str> {
        self.responses.iter().flat_map(|response| &response.content).map(|(kind, _)| kind.as_str()).collect()
    }

    /// The parameters of one place.
    pub fn of(&self, location: Location) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(move |parameter| parameter.location == location)
    }
}

fn common_schema<'a>(responses: &[&'a Response]) -> Option<&'a Value> {
    let mut common = None;
    for response in responses {
        let [(kind, Some(schema))] = response.content.as_slice() else { return None };
        let open = schema.as_object().is_some_and(|keys| keys.keys().all(|key| key.starts_with("x-")));
        if !kind.starts_with("application/json") || open || common.is_some_and(|other| other != schema) {
            return None;
        }
        common = Some(schema);
    }
    common
}

fn base_path(root: &Value) -> String {
    let url = root.pointer("/servers/0/url").and_then(Value::as_str).unwrap_or_default();
    let after_host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = after_host.find('/').map_or("", |at| &after_host[at..]);
    path.trim_end_matches('/').to_owned()
}
