//! Reads an OpenAPI 3.0 document.
//!
//! The reader works on JSON and shares no model with the generator. A mistake in the generator's
//! models is therefore found by the checks.

use serde_json::Value;
use thiserror::Error;

use crate::pattern::Patterns;
use crate::pointer::escape;
use crate::style::{self, Style};
use parts::{constants, media_type as parse_media_type};
use server::{base_path, own_server};

mod endpoint;
mod media_type;
mod model;
mod paging;
mod parts;
mod server;

pub(crate) use endpoint::{Expected, is_string};
pub(crate) use media_type::{EVENT_STREAM, FORM, MULTIPART, essence, is_json, is_sequence};
pub use model::{
    Body, Constant, Endpoint, Location, MediaType, OwnServer, Parameter, Response, SecurityScheme,
};
pub(crate) use paging::LINKED_ITEM;
pub use paging::{CursorPlace, Paging, PagingSize, PagingStep};
#[cfg(feature = "conformance")]
pub(crate) use server::path_of;

/// The operations of an OpenAPI document.
#[derive(Clone, Debug)]
pub struct Document {
    /// The path of the first server's URL, without a trailing slash.
    pub base_path: String,
    /// The operations.
    pub endpoints: Vec<Endpoint>,
    root: Value,
    pub(crate) patterns: Patterns,
}

/// An error from [`Document::parse`].
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DocumentError {
    /// The text is not JSON.
    #[error("the document is not JSON: {0}")]
    NotJson(String),
    /// A part of the document does not follow OpenAPI 3.0: its JSON pointer and the reason.
    #[error("#{0}: {1}")]
    Malformed(String, String),
}

/// The maximum number of references from one to the next.
const MAX_REFERENCES: usize = 64;

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "head", "patch", "options", "trace",
];

impl Document {
    /// Returns the security schemes that operations use, each once.
    pub(crate) fn schemes(&self) -> Vec<&SecurityScheme> {
        let mut schemes = Vec::new();
        let endpoints = self.endpoints.iter();
        for scheme in endpoints.flat_map(|own| own.security.iter().flatten().flatten()) {
            if !schemes.contains(&scheme) {
                schemes.push(scheme);
            }
        }
        schemes
    }

    /// Parses a document.
    pub fn parse(text: &str) -> Result<Document, DocumentError> {
        let root: Value = serde_json::from_str(text)
            .map_err(|error| DocumentError::NotJson(error.to_string()))?;
        let mut document = Document {
            base_path: base_path(&root),
            endpoints: Vec::new(),
            root,
            patterns: Patterns::default(),
        };
        let paths = document
            .root
            .get("paths")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        for (path, item) in &paths {
            for method in METHODS {
                if let Some(operation) = item.get(method) {
                    let pointer = format!("/paths/{}/{method}", escape(path));
                    let mut endpoint =
                        document.endpoint(&pointer, path, method, item, operation)?;
                    endpoint.security = document.security(operation);
                    document.endpoints.push(endpoint);
                }
            }
        }
        Ok(document)
    }

    /// Returns the JSON of the document.
    pub fn root(&self) -> &Value {
        &self.root
    }

    /// Follows a `$ref`, and those of its targets. Returns the value itself if it has none, and a
    /// reference if it leads to itself.
    pub fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        let target = |value: &'a Value| {
            let reference = value.get("$ref").and_then(Value::as_str)?;
            self.root.pointer(reference.strip_prefix('#')?)
        };
        let mut resolved = value;
        for _ in 0..MAX_REFERENCES {
            match target(resolved) {
                Some(next) => resolved = next,
                None => break,
            }
        }
        resolved
    }

    /// Returns the schemas in `components`, by name.
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
            .ok_or_else(|| malformed("the operation has no `responses`"))?;
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
                        .ok_or_else(|| malformed("the request body has no content"))
                })
                .transpose()?,
            responses: responses
                .iter()
                .map(|(status, response)| self.response(status, response))
                .collect(),
            security: None,
            is_deprecated: operation.get("deprecated") == Some(&Value::Bool(true)),
            has_side_effects: operation.get("x-gallery-side-effects") == Some(&Value::Bool(true)),
            pages: operation
                .get("x-gallery-pages")
                .map(|pages| {
                    Paging::read(pages).ok_or_else(|| malformed("`x-gallery-pages` cannot be read"))
                })
                .transpose()?,
        })
    }

    /// Returns the alternatives of an operation, without those that need an unsupported scheme.
    /// Returns `None` if neither the operation nor the document has `security`.
    fn security(&self, operation: &Value) -> Option<Vec<Vec<SecurityScheme>>> {
        let listed = operation
            .get("security")
            .or_else(|| self.root.get("security"))?
            .as_array();
        let schemes = self.root.pointer("/components/securitySchemes");
        let place = |name: &String| self.scheme(schemes?.get(name)?);
        let all = |alternative: &Value| alternative.as_object()?.keys().map(place).collect();
        Some(listed.into_iter().flatten().filter_map(all).collect())
    }

    /// Returns the names of query parameters that have credentials of an operation. An operation
    /// of unknown security may have those of each scheme.
    pub(crate) fn query_keys(&self, endpoint: &Endpoint) -> Vec<String> {
        let schemes: Vec<SecurityScheme> = match &endpoint.security {
            Some(alternatives) => alternatives.iter().flatten().cloned().collect(),
            None => {
                let declared = self.root.pointer("/components/securitySchemes");
                let declared = declared.and_then(Value::as_object).into_iter().flatten();
                declared
                    .filter_map(|(_, scheme)| self.scheme(scheme))
                    .collect()
            }
        };
        let key = |scheme| match scheme {
            SecurityScheme::ApiKey(Location::Query, name) => Some(name),
            _ => None,
        };
        schemes.into_iter().filter_map(key).collect()
    }

    /// Returns the place of a scheme's credential, or `None` if the scheme is not supported.
    fn scheme(&self, declared: &Value) -> Option<SecurityScheme> {
        let scheme = self.resolve(declared);
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
        let numbered_keys = parameter
            .get("x-gallery-numbered-keys")
            .and_then(Value::as_str);
        let name = match numbered_keys {
            _ if content.is_some_and(|(kind, _)| is_json(kind)) => "json",
            Some(_) => style::NUMBERED,
            None => name,
        };
        let schema =
            content.map_or_else(|| parameter.get("schema"), |(_, media)| media.get("schema"));
        let own_name = parameter.get("name")?.as_str()?;
        Some(Parameter {
            location,
            name: own_name.to_owned(),
            key: numbered_keys.unwrap_or(own_name).to_owned(),
            is_deprecated: parameter.get("deprecated") == Some(&Value::Bool(true)),
            allows_slashes: parameter.get("x-gallery-allow-slashes") == Some(&Value::Bool(true)),
            required: location == Location::Path
                || parameter
                    .get("required")
                    .and_then(Value::as_bool)
                    .unwrap_or(false),
            allows_empty: location == Location::Query
                && parameter
                    .get("allowEmptyValue")
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
            .map(parse_media_type)
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
        // `Content-Type` follows from the content.
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
