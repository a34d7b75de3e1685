//! The judge's own reading of an OpenAPI 3.0 document: what a request must be and what an answer may be.
//!
//! It is read from the JSON itself, not through the generator's models, so that a misreading there is seen here.

use serde_json::Value;
use thiserror::Error;

use crate::style::{Style, decode};

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
    /// The path, as the document writes it.
    pub path: String,
    /// The parameters, those of the path included.
    pub parameters: Vec<Parameter>,
    /// The parameters that the path has behind its `#`: they are always sent with their one value.
    pub constants: Vec<Constant>,
    /// The server, where it is not the document's.
    pub server: Option<OwnServer>,
    /// The body.
    pub body: Option<Body>,
    /// The answers.
    pub responses: Vec<Response>,
    /// How the answer is a page of a list, which clients can walk through.
    pub pages: Option<Paging>,
    /// What it takes to be let in: any one of these lists, all that is in it. `None` where the document says nothing of security, for
    /// any operation.
    pub security: Option<Vec<Vec<SecurityScheme>>>,
}

/// How a list comes in pages: what `x-gallery-pages` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging {
    /// The query parameter with a page's number.
    pub page: String,
    /// The query parameter with a page's size.
    pub per_page: String,
    /// The number of the first page.
    pub first: i64,
    /// The size of a page when a request does not say it.
    pub default: i64,
    /// The size that a page has at most.
    pub max: Option<i64>,
}

/// Where a credential goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecurityScheme {
    /// `Authorization: Bearer …`.
    Bearer,
    /// `Authorization: Basic …`.
    Basic,
    /// A header, a parameter of the query or a cookie of this name.
    ApiKey(Location, String),
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names of OpenAPI's places say it")]
pub enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

impl Location {
    /// The word that OpenAPI has for it.
    pub fn key(self) -> &'static str {
        match self {
            Location::Path => "path",
            Location::Query => "query",
            Location::Header => "header",
            Location::Cookie => "cookie",
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
    /// How lists and objects are written.
    pub style: Style,
}

/// A parameter with one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constant {
    /// Where it goes.
    pub location: Location,
    /// Its name over the wire.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A server that an operation has for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnServer {
    /// Its URL, as the document writes it.
    pub url: String,
    /// The URL that calls go to by default; none where the host is a variable.
    pub default: Option<String>,
}

/// A body.
#[derive(Clone, Debug)]
pub struct Body {
    /// Whether it must be given.
    pub required: bool,
    /// Its media type: of several JSON, else a form, else the first.
    pub media_type: String,
    /// Its schema, as written.
    pub schema: Value,
    /// How the fields of a form are written, by name, where the document says it.
    pub fields: Vec<(String, Style)>,
    /// All that a server takes, the one above included.
    pub content: Vec<MediaType>,
}

/// A media type of a body.
#[derive(Clone, Debug)]
pub struct MediaType {
    /// The media type, or a range of them.
    pub media_type: String,
    /// Its schema, as written.
    pub schema: Value,
    /// How the fields of a form are written, by name, where the document says it.
    pub fields: Vec<(String, Style)>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// A status, a range such as `2XX`, or `default`.
    pub status: String,
    /// Media types, each with its schema if there is one.
    pub content: Vec<(String, Option<Value>)>,
    /// Headers that have a schema, with it.
    pub headers: Vec<(String, Value)>,
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

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "head", "patch", "options", "trace",
];

impl Document {
    /// Reads a document.
    pub fn parse(text: &str) -> Result<Document, DocumentError> {
        let root: Value = serde_json::from_str(text)
            .map_err(|error| DocumentError::NotJson(error.to_string()))?;
        let mut document = Document {
            base_path: base_path(&root),
            endpoints: Vec::new(),
            root,
        };
        let paths = document
            .root
            .get("paths")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        let operations = paths
            .values()
            .filter_map(Value::as_object)
            .flat_map(|item| item.values());
        let silent = document.root.get("security").is_none()
            && operations
                .into_iter()
                .all(|own| own.get("security").is_none());
        for (path, item) in &paths {
            for method in METHODS {
                if let Some(operation) = item.get(method) {
                    let pointer = format!(
                        "/paths/{}/{method}",
                        path.replace('~', "~0").replace('/', "~1")
                    );
                    let mut endpoint =
                        document.endpoint(&pointer, path, method, item, operation)?;
                    endpoint.security = (!silent).then(|| document.security(operation));
                    document.endpoints.push(endpoint);
                }
            }
        }
        Ok(document)
    }

    /// The document as it stands.
    pub fn root(&self) -> &Value {
        &self.root
    }

    /// What a value refers to, or the value itself.
    pub fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        let target = value
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| reference.strip_prefix('#'));
        target
            .and_then(|pointer| self.root.pointer(pointer))
            .unwrap_or(value)
    }

    /// The schemas that the document has names for.
    pub fn schemas(&self) -> impl Iterator<Item = (&str, &Value)> {
        let schemas = self
            .root
            .pointer("/components/schemas")
            .and_then(Value::as_object);
        schemas
            .into_iter()
            .flatten()
            .map(|(name, schema)| (name.as_str(), schema))
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
        for listed in [operation, item]
            .into_iter()
            .filter_map(|owner| owner.get("parameters")?.as_array())
            .flatten()
        {
            let parameter = self
                .parameter(listed)
                .ok_or_else(|| malformed("a parameter cannot be read"))?;
            if !parameters
                .iter()
                .any(|own| own.name == parameter.name && own.location == parameter.location)
            {
                parameters.push(parameter);
            }
        }
        let constants = constants(path, &mut parameters);
        let own = [operation, item]
            .into_iter()
            .find_map(|owner| owner.pointer("/servers/0"));
        let common = self.root.pointer("/servers/0/url");
        let responses = operation
            .get("responses")
            .and_then(Value::as_object)
            .ok_or_else(|| malformed("there are no `responses`"))?;
        Ok(Endpoint {
            id: id.to_owned(),
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            parameters,
            constants,
            server: own
                .filter(|own| own.get("url") != common)
                .and_then(own_server),
            body: operation
                .get("requestBody")
                .map(|body| {
                    self.body(body)
                        .ok_or_else(|| malformed("the body has no content"))
                })
                .transpose()?,
            responses: responses
                .iter()
                .map(|(status, response)| self.response(status, response))
                .collect(),
            security: None,
            pages: operation
                .get("x-gallery-pages")
                .map(|pages| {
                    paging(pages).ok_or_else(|| malformed("its `x-gallery-pages` cannot be read"))
                })
                .transpose()?,
        })
    }

    /// The alternatives of an operation; those with a scheme that clients have no word for are left out.
    fn security(&self, operation: &Value) -> Vec<Vec<SecurityScheme>> {
        let listed = operation
            .get("security")
            .or_else(|| self.root.get("security"))
            .and_then(Value::as_array);
        let place = |name: &String| {
            let scheme = self.resolve(
                self.root
                    .pointer("/components/securitySchemes")?
                    .get(name)?,
            );
            let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
            match (
                text("type"),
                text("scheme").to_ascii_lowercase().as_str(),
                text("in"),
            ) {
                ("http", "bearer", _) | ("oauth2" | "openIdConnect", ..) => {
                    Some(SecurityScheme::Bearer)
                }
                ("http", "basic", _) => Some(SecurityScheme::Basic),
                ("apiKey", _, "header") => Some(SecurityScheme::ApiKey(
                    Location::Header,
                    text("name").to_owned(),
                )),
                ("apiKey", _, "query") => Some(SecurityScheme::ApiKey(
                    Location::Query,
                    text("name").to_owned(),
                )),
                ("apiKey", _, "cookie") => Some(SecurityScheme::ApiKey(
                    Location::Cookie,
                    text("name").to_owned(),
                )),
                _ => None,
            }
        };
        let all = |alternative: &Value| alternative.as_object()?.keys().map(place).collect();
        listed.into_iter().flatten().filter_map(all).collect()
    }

    fn parameter(&self, listed: &Value) -> Option<Parameter> {
        let parameter = self.resolve(listed);
        let location = match parameter.get("in")?.as_str()? {
            "path" => Location::Path,
            "query" => Location::Query,
            "header" => Location::Header,
            "cookie" => Location::Cookie,
            _ => return None,
        };
        let content = parameter
            .get("content")
            .and_then(Value::as_object)
            .and_then(|content| content.iter().next());
        let by_default = if matches!(location, Location::Path | Location::Header) {
            "simple"
        } else {
            "form"
        };
        let name = parameter
            .get("style")
            .and_then(Value::as_str)
            .unwrap_or(by_default);
        let name = if content.is_some_and(|(kind, _)| is_json(kind)) {
            "json"
        } else {
            name
        };
        let schema =
            content.map_or_else(|| parameter.get("schema"), |(_, media)| media.get("schema"));
        Some(Parameter {
            location,
            name: parameter.get("name")?.as_str()?.to_owned(),
            required: location == Location::Path
                || parameter
                    .get("required")
                    .and_then(Value::as_bool)
                    .unwrap_or(false),
            schema: schema.map_or_else(
                || serde_json::json!({}),
                |schema| self.resolve(schema).clone(),
            ),
            style: Style {
                name: name.to_owned(),
                explode: parameter
                    .get("explode")
                    .and_then(Value::as_bool)
                    .unwrap_or(name == "form"),
            },
        })
    }

    fn body(&self, listed: &Value) -> Option<Body> {
        let body = self.resolve(listed);
        let content: Vec<MediaType> = body
            .get("content")?
            .as_object()?
            .iter()
            .map(media_type)
            .collect();
        let of = |wanted: &dyn Fn(&str) -> bool| {
            content
                .iter()
                .find(|media| wanted(&essence(&media.media_type)))
        };
        let chosen = of(&is_json)
            .or_else(|| of(&|kind| kind == FORM))
            .or_else(|| of(&|kind| kind == MULTIPART))
            .or_else(|| content.first())?
            .clone();
        Some(Body {
            required: body
                .get("required")
                .and_then(Value::as_bool)
                .unwrap_or(false),
            media_type: chosen.media_type,
            schema: chosen.schema,
            fields: chosen.fields,
            content,
        })
    }

    fn response(&self, status: &str, listed: &Value) -> Response {
        let response = self.resolve(listed);
        let content = response
            .get("content")
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        let content = content
            .map(|(kind, media)| (kind.clone(), media.get("schema").cloned()))
            .collect();
        let headers = response
            .get("headers")
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        let headers = headers.filter_map(|(name, header)| {
            Some((name.clone(), self.resolve(header).get("schema")?.clone()))
        });
        // `Content-Type` is what the content says.
        let headers = headers
            .filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"))
            .collect();
        Response {
            status: status.to_owned(),
            content,
            headers,
        }
    }
}

impl Endpoint {
    /// The schema of the success, when every success has the same: then clients have a type for it.
    pub fn success_schema(&self) -> Option<&Value> {
        if self.has_no_response_body() {
            return None;
        }
        let mut successes: Vec<&Response> = self
            .responses
            .iter()
            .filter(|response| response.status.starts_with('2'))
            .collect();
        if successes.is_empty() {
            successes.extend(
                self.responses
                    .iter()
                    .filter(|response| response.status == "default"),
            );
        }
        common_schema(&successes)
    }

    /// The schema of the errors, when every documented error has the same, and whether it holds for this status.
    pub fn error_schema(&self, status: u16) -> Option<&Value> {
        let errors = self.errors();
        let schema = common_schema(&errors)?;
        // As soon as a range or `default` is there, the schema holds for every error.
        let every = errors
            .iter()
            .any(|response| response.status.parse::<u16>().is_err());
        (every
            || errors
                .iter()
                .any(|response| response.status == status.to_string()))
        .then_some(schema)
    }

    /// Whether the errors of this operation have a type.
    pub fn has_error_schema(&self) -> bool {
        common_schema(&self.errors()).is_some()
    }

    /// The documented errors that have a body.
    fn errors(&self) -> Vec<&Response> {
        let is_error = |response: &&Response| {
            response.status.starts_with(['4', '5']) || response.status == "default"
        };
        self.responses
            .iter()
            .filter(|_| !self.has_no_response_body())
            .filter(is_error)
            .collect()
    }

    /// The path as it goes over the wire: what is behind a `#` is not a part of it.
    pub fn template(&self) -> &str {
        self.path.split('#').next().unwrap_or_default()
    }

    /// Whether answers come without a body, whatever the server has: those to HEAD.
    pub fn has_no_response_body(&self) -> bool {
        self.method == "HEAD"
    }

    /// The media types that the answers are documented with.
    pub fn media_types(&self) -> Vec<&str> {
        self.responses
            .iter()
            .flat_map(|response| &response.content)
            .map(|(kind, _)| kind.as_str())
            .collect()
    }

    /// The parameters of one place.
    pub fn of(&self, location: Location) -> impl Iterator<Item = &Parameter> {
        self.parameters
            .iter()
            .filter(move |parameter| parameter.location == location)
    }
}

fn media_type((kind, media): (&String, &Value)) -> MediaType {
    let fields = media
        .get("encoding")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(name, encoding)| {
            let style = encoding.get("style")?.as_str()?;
            let explode = encoding
                .get("explode")
                .and_then(Value::as_bool)
                .unwrap_or(style == "form");
            Some((
                name.clone(),
                Style {
                    name: style.to_owned(),
                    explode,
                },
            ))
        });
    MediaType {
        media_type: kind.clone(),
        fields: fields.collect(),
        schema: media
            .get("schema")
            .cloned()
            .unwrap_or_else(|| serde_json::json!({})),
    }
}

fn common_schema<'a>(responses: &[&'a Response]) -> Option<&'a Value> {
    let mut common = None;
    for response in responses {
        let [(kind, Some(schema))] = response.content.as_slice() else {
            return None;
        };
        let open = schema
            .as_object()
            .is_some_and(|keys| keys.keys().all(|key| key.starts_with("x-")));
        if !is_json(kind) || open || common.is_some_and(|other| other != schema) {
            return None;
        }
        common = Some(schema);
    }
    common
}

/// The media type of forms in the way of a query.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
/// The media type of forms with files.
pub(crate) const MULTIPART: &str = "multipart/form-data";

/// A media type without its parameters.
pub(crate) fn essence(kind: &str) -> String {
    kind.split(';')
        .next()
        .unwrap_or(kind)
        .trim()
        .to_ascii_lowercase()
}

/// Whether a media type is JSON, by its name or by its suffix.
pub(crate) fn is_json(kind: &str) -> bool {
    let kind = essence(kind);
    kind == "application/json" || kind.ends_with("+json")
}

/// Takes out of the parameters those that the path has behind its `#`.
fn constants(path: &str, parameters: &mut Vec<Parameter>) -> Vec<Constant> {
    let Some((_, fragment)) = path.split_once('#') else {
        return Vec::new();
    };
    let written: Vec<(String, String)> = fragment
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect();
    let mut constants = Vec::new();
    parameters.retain(|parameter| {
        let values = parameter
            .schema
            .get("enum")
            .and_then(Value::as_array)
            .map(Vec::as_slice);
        let Some([Value::String(value)]) = values else {
            return true;
        };
        let (name, location) = (parameter.name.clone(), parameter.location);
        let is_written = written.contains(&(name.clone(), value.clone()))
            || written.contains(&(name.clone(), decode(value)));
        let is_constant = is_written
            && parameter.required
            && matches!(location, Location::Query | Location::Header);
        if is_constant {
            constants.push(Constant {
                location,
                name,
                value: value.clone(),
            });
        }
        !is_constant
    });
    constants
}

fn paging(pages: &Value) -> Option<Paging> {
    let name = |key: &str| pages.get(key).and_then(Value::as_str).map(str::to_owned);
    let number = |key: &str| pages.get(key).and_then(Value::as_i64);
    Some(Paging {
        page: name("page")?,
        per_page: name("per_page")?,
        first: number("first")?,
        default: number("default")?,
        max: number("max"),
    })
}

fn own_server(server: &Value) -> Option<OwnServer> {
    let url = server.get("url")?.as_str()?.to_owned();
    let after_scheme = url.split_once("://").map(|(_, rest)| rest);
    let has_host = after_scheme.is_some_and(|rest| {
        !rest.starts_with('/') && !rest.split('/').next().unwrap_or(rest).contains('{')
    });
    let default = has_host.then(|| filled(server).trim_end_matches('/').to_owned());
    Some(OwnServer { url, default })
}

/// A server's URL with the defaults of its variables.
fn filled(server: &Value) -> String {
    let mut url = server
        .get("url")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    for (name, variable) in server
        .get("variables")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        url = url.replace(
            &format!("{{{name}}}"),
            variable
                .get("default")
                .and_then(Value::as_str)
                .unwrap_or_default(),
        );
    }
    url
}

fn base_path(root: &Value) -> String {
    path_of(&root.pointer("/servers/0").map(filled).unwrap_or_default())
}

/// The path of a URL, without a slash at its end.
pub(crate) fn path_of(url: &str) -> String {
    let after_host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = after_host.find('/').map_or("", |at| &after_host[at..]);
    path.trim_end_matches('/').to_owned()
}
