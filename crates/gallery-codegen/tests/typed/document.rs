//! Original documents, read without code of the generator.

use openapi_text::{METHODS, pointer};
use serde_json::{Map, Value};

/// The maximum number of references and compositions that are followed.
const DEPTH: usize = 16;

/// A document as published: OpenAPI 2.0, 3.0 or 3.1.
#[derive(Clone)]
pub(crate) struct Document {
    pub(crate) file: String,
    pub(crate) value: Value,
}

/// A response with a schema.
pub(crate) struct Response {
    pub(crate) method: String,
    /// The path as written.
    pub(crate) path: String,
    pub(crate) operation_id: Option<String>,
    pub(crate) status: String,
    /// The media types and schemas.
    pub(crate) content: Vec<(String, Schema)>,
}

/// A schema and its JSON pointer.
#[derive(Clone)]
pub(crate) struct Schema {
    pub(crate) pointer: String,
    pub(crate) value: Value,
}

/// Returns a path without percent-encoding, query and fragment, whose variables have no names.
pub(crate) fn nameless(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = pointer::percent_decode(path);
    let mut parts = path.split('{');
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        result.push('{');
        result.push_str(part.find('}').map_or(part, |end| &part[end..]));
    }
    result
}

/// Returns true for keywords that do not restrict values to a type.
fn is_annotation(keyword: &str) -> bool {
    let annotations = "title description example examples default deprecated readOnly writeOnly \
        externalDocs nullable xml $comment $schema $id";
    keyword.starts_with("x-") || annotations.split(' ').any(|own| own == keyword.trim())
}

impl Document {
    pub(crate) fn new(file: &str, value: Value) -> Document {
        let file = file.to_owned();
        Document { file, value }
    }

    fn text(&self, at: &Value, key: &str) -> Option<String> {
        Some(at.get(key)?.as_str()?.to_owned())
    }

    /// Returns the target of a reference in this document.
    fn target(&self, reference: &str) -> Option<(String, &Value)> {
        let pointer = pointer::of_reference(reference)?.into_owned();
        Some((pointer.clone(), self.value.pointer(&pointer)?))
    }

    /// Returns what is behind references. `None` if one leads nowhere in this document.
    fn resolved<'v>(&'v self, at: &str, mut value: &'v Value) -> Option<(String, &'v Value)> {
        let mut at = at.to_owned();
        for _ in 0..DEPTH {
            match self.text(value, "$ref") {
                Some(reference) => (at, value) = self.target(&reference)?,
                None => return Some((at, value)),
            }
        }
        None
    }

    /// Returns the responses that have a schema with a type.
    pub(crate) fn responses(&self) -> Vec<Response> {
        let mut found = Vec::new();
        for (path, method, at, operation) in self.operations() {
            let at = format!("{at}/responses");
            for (status, response) in object(operation.get("responses")) {
                let at = format!("{at}/{}", pointer::escape(status));
                let Some((at, response)) = self.resolved(&at, response) else {
                    continue;
                };
                let mut content = self.content(&at, operation, response);
                content.retain(|(_, schema)| self.is_typed(schema));
                if !content.is_empty() {
                    found.push(Response {
                        method: method.clone(),
                        path: path.clone(),
                        operation_id: self.text(operation, "operationId"),
                        status: status.to_uppercase().replace("DEFAULT", "default"),
                        content,
                    });
                }
            }
        }
        found
    }

    /// Returns the operations that have a body with a schema.
    pub(crate) fn bodies(&self) -> Vec<(String, String, Schema)> {
        let mut found = Vec::new();
        for (path, method, at, operation) in self.operations() {
            let at = format!("{at}/requestBody");
            let body = operation.get("requestBody");
            let Some((at, body)) = body.and_then(|body| self.resolved(&at, body)) else {
                continue;
            };
            let content = self.content(&at, operation, body);
            let json = content.into_iter().find(|(kind, _)| kind.contains("json"));
            if let Some((_, schema)) = json {
                found.push((method, path, schema));
            }
        }
        found
    }

    /// Returns the named schemas of the document.
    pub(crate) fn components(&self) -> Vec<Schema> {
        let mut found = Vec::new();
        for at in ["/definitions", "/components/schemas"] {
            for (name, value) in object(self.value.pointer(at)) {
                let pointer = format!("{at}/{}", pointer::escape(name));
                let value = value.clone();
                found.push(Schema { pointer, value });
            }
        }
        found
    }

    /// Returns true if the document has an operation. Some describe webhooks only.
    pub(crate) fn has_operations(&self) -> bool {
        !self.operations().is_empty()
    }

    fn operations(&self) -> Vec<(String, String, String, &Value)> {
        let mut found = Vec::new();
        let paths = object(self.value.get("paths"));
        for (path, item) in paths.filter(|(path, _)| !path.starts_with("x-")) {
            let at = format!("/paths/{}", pointer::escape(path));
            let Some((at, item)) = self.resolved(&at, item) else {
                continue;
            };
            for (method, operation) in object(Some(item)) {
                if METHODS.contains(&method.as_str()) && operation.is_object() {
                    let at = format!("{at}/{method}");
                    found.push((path.clone(), method.clone(), at, operation));
                }
            }
        }
        found
    }

    /// Returns the media types of a response or body, with their schemas.
    fn content(&self, at: &str, operation: &Value, part: &Value) -> Vec<(String, Schema)> {
        let schema = |media: &Value, at: String| {
            let value = media.get("schema")?.clone();
            let pointer = format!("{at}/schema");
            Some(Schema { pointer, value })
        };
        let content = object(part.get("content")).filter_map(|(kind, media)| {
            let at = format!("{at}/content/{}", pointer::escape(kind));
            Some((kind.clone(), schema(media, at)?))
        });
        let mut all: Vec<_> = content.collect();
        if let Some(schema) = schema(part, at.to_owned()) {
            let produces = operation.get("produces").or(self.value.get("produces"));
            let kinds = produces.and_then(Value::as_array).into_iter().flatten();
            let mut kinds: Vec<&str> = kinds.filter_map(Value::as_str).collect();
            if kinds.is_empty() {
                kinds.push("application/json");
            }
            all.extend(
                kinds
                    .iter()
                    .map(|kind| ((*kind).to_owned(), schema.clone())),
            );
        }
        all
    }

    /// Returns true if a schema has a keyword that determines a type. A reference to another file
    /// counts, and one that leads nowhere does not.
    pub(crate) fn is_typed(&self, schema: &Schema) -> bool {
        self.parts(std::slice::from_ref(schema))
            .iter()
            .any(|part| has_type(&part.value))
    }

    /// Returns the parts of schemas: what is behind references, and the members of compositions.
    pub(crate) fn parts(&self, schemas: &[Schema]) -> Vec<Schema> {
        let mut parts: Vec<Schema> = Vec::new();
        let mut open: Vec<(usize, Schema)> = schemas.iter().map(|own| (0, own.clone())).collect();
        while let Some((depth, schema)) = open.pop() {
            let is_seen = parts.iter().any(|part| part.pointer == schema.pointer);
            if depth == DEPTH || is_seen || !schema.value.is_object() {
                continue;
            }
            let reference = self.text(&schema.value, "$ref");
            let target = reference.as_deref().and_then(|own| self.target(own));
            if let Some((pointer, value)) = target {
                let value = value.clone();
                open.push((depth + 1, Schema { pointer, value }));
            }
            for keyword in ["allOf", "oneOf", "anyOf"] {
                let members = schema.value.get(keyword).and_then(Value::as_array);
                for (index, value) in members.into_iter().flatten().enumerate() {
                    let pointer = format!("{}/{keyword}/{index}", schema.pointer);
                    let value = value.clone();
                    open.push((depth + 1, Schema { pointer, value }));
                }
            }
            parts.push(schema);
        }
        parts
    }

    /// Returns the alternatives of unions, and of the unions in them, in order.
    pub(crate) fn alternatives(&self, schemas: &[Schema]) -> Vec<Schema> {
        let mut found: Vec<Schema> = Vec::new();
        let mut open: Vec<(usize, Schema)> = schemas.iter().map(|own| (0, own.clone())).collect();
        open.reverse();
        while let Some((depth, schema)) = open.pop() {
            let resolved = self.resolved(&schema.pointer, &schema.value);
            let Some((pointer, value)) = resolved.filter(|_| depth < DEPTH) else {
                continue;
            };
            let members = ["oneOf", "anyOf", "allOf"].into_iter().find_map(|keyword| {
                let all = value.get(keyword)?.as_array()?;
                (keyword != "allOf" || all.len() == 1).then_some((keyword, all))
            });
            if let Some((keyword, all)) = members {
                for (index, value) in all.iter().enumerate().rev() {
                    let pointer = format!("{pointer}/{keyword}/{index}");
                    let value = value.clone();
                    open.push((depth + 1, Schema { pointer, value }));
                }
            } else if !found.iter().any(|own| own.pointer == pointer) {
                let value = value.clone();
                found.push(Schema { pointer, value });
            }
        }
        found
    }

    /// Returns the subschemas of these parts at a keyword, such as `items`.
    pub(crate) fn inside(&self, parts: &[Schema], key: &str) -> Vec<Schema> {
        let found = parts.iter().filter_map(|part| {
            let value = part.value.pointer(&format!("/{key}"))?.clone();
            let pointer = format!("{}/{key}", part.pointer);
            value.is_object().then_some(Schema { pointer, value })
        });
        found.collect()
    }
}

/// Returns true if a part of a schema restricts values to a type. Compositions are other parts.
pub(crate) fn has_type(part: &Value) -> bool {
    let is_composition = |keyword: &str| {
        matches!(
            keyword,
            "allOf" | "oneOf" | "anyOf" | "not" | "discriminator"
        )
    };
    let is_local = |reference: &Value| reference.as_str().is_some_and(|own| own.starts_with('#'));
    // Null is not a type of its own in Rust.
    let is_null = |value: &Value| value.is_null() || value == "null";
    let is_only_null = |value: &Value| match value {
        Value::Array(all) => all.iter().all(is_null),
        value => is_null(value),
    };
    object(Some(part)).any(|(keyword, value)| match keyword.as_str() {
        "$ref" => !is_local(value),
        "type" | "enum" | "const" => !is_only_null(value),
        keyword => !is_annotation(keyword) && !is_composition(keyword),
    })
}

/// Returns true if a response is a file or a binary string, and not JSON.
pub(crate) fn is_binary(document: &Document, content: &[(String, Schema)]) -> bool {
    content.iter().all(|(kind, schema)| {
        let parts = document.parts(std::slice::from_ref(schema));
        let is_file = |part: &Schema| {
            let text = |key: &str| part.value.get(key).and_then(Value::as_str);
            let is_bytes = || matches!(text("format"), Some("binary" | "byte" | "file"));
            text("type") == Some("file")
                || text("type") == Some("string") && is_bytes()
                || text("contentMediaType").is_some()
        };
        !kind.contains("json") && parts.iter().any(is_file)
            || parts
                .iter()
                .any(|part| part.value.get("type") == Some(&"file".into()))
    })
}

fn object(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::iter)
}

/// Returns a pointer of OpenAPI 2.0 or 3 in the form of OpenAPI 3.
pub(crate) fn modern(pointer: &str) -> String {
    match pointer.strip_prefix("/definitions/") {
        Some(rest) => format!("/components/schemas/{rest}"),
        None => pointer.to_owned(),
    }
}
