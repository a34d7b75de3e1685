//! The canonical document: one valid OpenAPI 3.0 document per client. People review it, and
//! everything else is generated from it.
//!
//! It has two extensions. `x-gallery` on the document has its provenance. `x-gallery-assumed` lists
//! assumptions where the source is incomplete.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use openapiv3::{OpenAPI, Operation, PathItem, ReferenceOr, RequestBody};
use serde_json::Value;
use thiserror::Error;

use gallery_draft::{ASSUMED, Draft, EndpointKey, Method, PROVENANCE, Provenance, encoding};
use openapi_text::pointer::escape;

/// A canonical document, created by [`Canonical::assemble`] or [`Canonical::parse`].
#[derive(Clone, Debug, PartialEq)]
pub struct Canonical {
    /// Shared, because the document of a large API needs much memory.
    document: Arc<OpenAPI>,
}

/// One operation of a canonical document.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint<'a> {
    /// The method.
    pub method: Method,
    /// The path template.
    pub path: &'a str,
    /// The path item, with the parameters that its operations share.
    pub item: &'a PathItem,
    /// The operation.
    pub operation: &'a Operation,
}

impl<'a> Endpoint<'a> {
    /// Returns the JSON pointer of the operation.
    pub fn pointer(&self) -> String {
        format!("/paths/{}/{}", escape(self.path), self.method.key())
    }

    /// Returns the `operationId`. Every operation of a canonical document has one.
    pub fn id(&self) -> &'a str {
        self.operation.operation_id.as_deref().unwrap_or_default()
    }
}

/// An error from creating a canonical document.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CanonicalError {
    /// The text is not JSON, or not an OpenAPI document.
    #[error("not an OpenAPI 3.0 document in JSON: {0}")]
    Unreadable(String),
    /// A part of the document is not valid.
    #[error("#{0}: not valid in OpenAPI 3.0: {1}")]
    InvalidPart(String, String),
    /// The version of OpenAPI is not supported.
    #[error("#/openapi: OpenAPI version `{0}` is not supported; the supported version is 3.0")]
    Version(String),
    /// A path item is a reference.
    #[error("#{0}: a `$ref` instead of a path item is not supported; copy the path item here")]
    PathReference(String),
    /// A path does not start with a slash.
    #[error("#{0}: the path does not start with a slash")]
    InvalidPath(String),
    /// An operation has no `operationId`.
    #[error("#{0}: the operation has no `operationId`; add one")]
    NoOperationId(String),
    /// Two operations have the same `operationId`.
    #[error("#{0}: duplicate operationId `{1}`; each operation needs its own")]
    DuplicateOperationId(String, String),
}

impl Canonical {
    /// Builds the canonical document of a draft. `names` has the name of each endpoint.
    pub fn assemble(
        draft: &Draft,
        names: &BTreeMap<EndpointKey, String>,
    ) -> Result<Canonical, CanonicalError> {
        let mut document = draft.assemble(|key| names.get(key).map(String::as_str));
        let provenance = serde_json::to_value(&draft.provenance)
            .map_err(|error| CanonicalError::Unreadable(error.to_string()))?;
        document
            .extensions
            .insert(PROVENANCE.to_owned(), provenance);
        Canonical::check(document)
    }

    /// Parses an OpenAPI 3.0 document in JSON, for example a committed `openapi.json`.
    pub fn parse(text: &str) -> Result<Canonical, CanonicalError> {
        // The model silently drops keys of `paths` that do not start with a slash.
        let written: Value = serde_json::from_str(text)
            .map_err(|error| CanonicalError::Unreadable(error.to_string()))?;
        let mut paths = written
            .get("paths")
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(serde_json::Map::keys);
        if let Some(path) = paths.find(|path| !path.starts_with('/') && !path.starts_with("x-")) {
            return Err(CanonicalError::InvalidPath(format!(
                "/paths/{}",
                escape(path)
            )));
        }
        gallery_draft::check_document(&written)
            .map_err(|part| CanonicalError::InvalidPart(part.pointer, part.reason))?;
        let mut document: OpenAPI = serde_json::from_str(text)
            .map_err(|error| CanonicalError::Unreadable(error.to_string()))?;
        explode_forms(&mut document, &written);
        Canonical::check(document)
    }

    fn check(document: OpenAPI) -> Result<Canonical, CanonicalError> {
        if !document.openapi.starts_with("3.0.") {
            return Err(CanonicalError::Version(document.openapi));
        }
        if let Some((path, _)) = document
            .paths
            .paths
            .iter()
            .find(|(_, item)| item.as_item().is_none())
        {
            return Err(CanonicalError::PathReference(format!(
                "/paths/{}",
                escape(path)
            )));
        }
        let canonical = Canonical {
            document: Arc::new(document),
        };
        let mut seen = BTreeSet::new();
        for endpoint in canonical.endpoints() {
            if endpoint.id().is_empty() {
                return Err(CanonicalError::NoOperationId(endpoint.pointer()));
            }
            if !seen.insert(endpoint.id()) {
                return Err(CanonicalError::DuplicateOperationId(
                    endpoint.pointer(),
                    endpoint.id().to_owned(),
                ));
            }
        }
        Ok(canonical)
    }

    /// Returns the document.
    pub fn document(&self) -> &OpenAPI {
        &self.document
    }

    /// Returns the operations, in the order of the document.
    pub fn endpoints(&self) -> Vec<Endpoint<'_>> {
        let mut endpoints = Vec::new();
        for (path, item) in &self.document.paths.paths {
            let Some(item) = item.as_item() else { continue };
            for (method, operation) in item.iter() {
                if let Some(method) = Method::from_key(method) {
                    endpoints.push(Endpoint {
                        method,
                        path,
                        item,
                        operation,
                    });
                }
            }
        }
        endpoints
    }

    /// Returns the provenance of the document, if it has one.
    pub fn provenance(&self) -> Option<Provenance> {
        serde_json::from_value(self.document.extensions.get(PROVENANCE)?.clone()).ok()
    }

    /// Returns the path of the first server's URL, without a trailing slash.
    pub fn base_path(&self) -> String {
        let Some(server) = self.document.servers.first() else {
            return String::new();
        };
        let after_host = server
            .url
            .split_once("://")
            .map_or(server.url.as_str(), |(_, rest)| rest);
        let path = after_host.find('/').map_or("", |at| &after_host[at..]);
        path.trim_end_matches('/').to_owned()
    }

    /// Renders the document as indented JSON, with keys in the order of the OpenAPI specification.
    /// The output is deterministic.
    pub fn render(&self) -> Result<String, serde_json::Error> {
        let text = serde_json::to_string_pretty(self.document())?;
        let text = encoding::without_null_media_types(text)?;
        Ok(format!("{text}\n"))
    }
}

impl TryFrom<OpenAPI> for Canonical {
    type Error = CanonicalError;

    fn try_from(document: OpenAPI) -> Result<Canonical, CanonicalError> {
        Canonical::check(document)
    }
}

/// Returns the methods and operations of a path item.
pub fn operations_mut(item: &mut PathItem) -> [(&'static str, &mut Option<Operation>); 8] {
    [
        ("get", &mut item.get),
        ("put", &mut item.put),
        ("post", &mut item.post),
        ("delete", &mut item.delete),
        ("options", &mut item.options),
        ("head", &mut item.head),
        ("patch", &mut item.patch),
        ("trace", &mut item.trace),
    ]
}

/// Corrects the encodings of form fields of all bodies.
fn explode_forms(document: &mut OpenAPI, written: &Value) {
    let explode = |pointer: &str, body: &mut ReferenceOr<RequestBody>| {
        if let (ReferenceOr::Item(body), Some(written)) = (body, written.pointer(pointer)) {
            encoding::explode_forms(body, written);
        }
    };
    for (path, item) in &mut document.paths.paths {
        let ReferenceOr::Item(item) = item else {
            continue;
        };
        for (method, operation) in operations_mut(item) {
            let body = operation.as_mut().and_then(|it| it.request_body.as_mut());
            if let Some(body) = body {
                let pointer = format!("/paths/{}/{method}/requestBody", escape(path));
                explode(&pointer, body);
            }
        }
    }
    if let Some(components) = &mut document.components {
        for (name, body) in &mut components.request_bodies {
            explode(&format!("/components/requestBodies/{}", escape(name)), body);
        }
    }
}

/// Returns the OpenAPI keywords whose values were assumed for a part of a document.
pub fn assumed(extensions: &indexmap::IndexMap<String, Value>) -> Vec<&str> {
    let list = extensions.get(ASSUMED).and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn returns_the_path_of_the_server_as_base_path() {
        for (url, path) in [
            ("https://h/api/v4", "/api/v4"),
            ("https://{host}/a/", "/a"),
            ("https://h", ""),
            ("/v1", "/v1"),
        ] {
            let text = format!(
                r#"{{"openapi": "3.0.3", "info": {{"title": "T", "version": "1"}}, "servers": [{{"url": "{url}"}}], "paths": {{}}}}"#
            );
            assert_eq!(Canonical::parse(&text).unwrap().base_path(), path);
        }
    }

    #[test]
    fn form_fields_explode_unless_the_document_says_otherwise() {
        let text = r##"{"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {
            "/a": {"post": {"operationId": "a", "requestBody": {"content": {"a/b": {"encoding": {
                "default": {}, "form": {"style": "form"}, "list": {"style": "form", "explode": false},
                "deep": {"style": "deepObject"}}}}}, "responses": {}}}},
            "components": {"requestBodies": {"B": {"content": {"a/b": {"encoding": {"x": {}}}}}}}}"##;
        let canonical = Canonical::parse(text).unwrap();
        let document = serde_json::to_value(canonical.document()).unwrap();
        let explode = |pointer: &str, field: &str| {
            document.pointer(&format!("{pointer}/content/a~1b/encoding/{field}/explode"))
        };
        for (field, expected) in [
            ("default", true),
            ("form", true),
            ("list", false),
            ("deep", false),
        ] {
            let found = explode("/paths/~1a/post/requestBody", field);
            assert_eq!(found, Some(&Value::Bool(expected)), "{field}");
        }
        assert_eq!(
            explode("/components/requestBodies/B", "x"),
            Some(&Value::Bool(true))
        );
        let again = Canonical::parse(&canonical.render().unwrap()).unwrap();
        assert_eq!(again, canonical);
    }

    #[test]
    fn locates_an_error_below_many_schemas() {
        let mut schema = r#"{"nullable": "yes"}"#.to_owned();
        for _ in 0..50 {
            schema = format!(r#"{{"items": {schema}}}"#);
        }
        let text = format!(
            r#"{{"openapi": "3.0.3", "info": {{"title": "T", "version": "1"}}, "paths": {{}}, "components": {{"schemas": {{"A": {schema}}}}}}}"#
        );
        assert_eq!(
            Canonical::parse(&text).unwrap_err().to_string(),
            format!(
                "#/components/schemas/A{}: not valid in OpenAPI 3.0: invalid type: string \"yes\", \
                 expected a boolean",
                "/items".repeat(50)
            )
        );
    }

    #[test]
    fn rejects_documents_that_are_not_canonical() {
        let document = |version: &str, paths: &str| {
            Canonical::parse(&format!(
                r#"{{"openapi": "{version}", "info": {{"title": "T", "version": "1"}}, "paths": {paths}}}"#
            ))
        };
        assert!(matches!(
            document("3.1.0", "{}"),
            Err(CanonicalError::Version(_))
        ));
        assert!(matches!(
            document("3.0.3", r##"{"/a": {"$ref": "#/x"}}"##),
            Err(CanonicalError::PathReference(_))
        ));
        assert!(matches!(
            document("3.0.3", r#"{"/a": {"get": {"responses": {}}}}"#),
            Err(CanonicalError::NoOperationId(_))
        ));
        let twice = r#"{"/a": {"get": {"operationId": "x", "responses": {}}, "put": {"operationId": "x", "responses": {}}}}"#;
        assert!(matches!(
            document("3.0.3", twice),
            Err(CanonicalError::DuplicateOperationId(..))
        ));
        assert!(matches!(
            Canonical::parse("{"),
            Err(CanonicalError::Unreadable(_))
        ));
        assert!(matches!(
            document("3.0.3", r#"{"a": {}}"#),
            Err(CanonicalError::InvalidPath(_))
        ));
        assert!(document("3.0.3", r#"{"x-a": {}}"#).is_ok());
    }
}
