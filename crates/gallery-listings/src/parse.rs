//! Parses a document of a listing, and refuses what is not Swagger 2.0.
//!
//! Nothing is repaired here. A value of the wrong kind is left out with a warning, and an entry
//! whose method cannot be read is dropped with its reason.

use serde_json::Value;

use super::swagger2::{
    Contact, Document, Items, Operation, Parameter, ParameterLocation, Response, Server,
};
use crate::entities;
use gallery_draft::DropReason;
use gallery_draft::Method;
use gallery_draft::RawFile;
use openapi_text::Node;
use openapi_text::front_matter::{self, FrontMatterError};
use openapi_text::{Diagnostics, Location, Severity};

/// Parses one document.
pub(crate) fn parse(file: &RawFile, diagnostics: &mut Diagnostics) -> Option<Document> {
    if let Err(error @ (FrontMatterError::Empty | FrontMatterError::OnlyMarkers)) =
        front_matter::body(&file.bytes)
    {
        diagnostics.push(
            Severity::Warning,
            "empty-document",
            Location::file(&file.path),
            format!("{error}; it is not read"),
        );
        return None;
    }
    let value = file.read(diagnostics)?;
    let root = Node::root(&file.path, &value);
    if !is_swagger2(&value) {
        let message = format!(
            "{}; documents of a listing have `swagger: \"2.0\"`",
            describe(&value)
        );
        diagnostics.push(Severity::Error, "not-swagger", root.location(), message);
        return None;
    }
    root.only(
        &[
            "swagger",
            "info",
            "host",
            "basePath",
            "schemes",
            "produces",
            "consumes",
            "paths",
            "tags",
            "externalDocs",
        ],
        diagnostics,
    );
    let mut document = Document {
        file: file.path.clone(),
        title: String::new(),
        version: String::new(),
        description: None,
        terms_of_service: None,
        contact: None,
        server: Server {
            host: root
                .text("host", diagnostics)
                .filter(|host| !host.trim().is_empty()),
            base_path: root.text("basePath", diagnostics).unwrap_or_default(),
            schemes: root.texts("schemes", diagnostics),
        },
        slugs: Vec::new(),
        produces: root.texts("produces", diagnostics),
        consumes: root.texts("consumes", diagnostics),
        entries: 0,
        operations: Vec::new(),
    };
    if let Some(info) = root.get("info") {
        document.title = info.text("title", diagnostics).unwrap_or_default();
        document.version = version(&info, &file.bytes, diagnostics);
        document.description = info.text("description", diagnostics);
        document.terms_of_service = info.text("termsOfService", diagnostics);
        document.contact = contact(&info, diagnostics);
    }
    if let Some(paths) = root.get("paths") {
        for (path, item) in paths.entries(diagnostics) {
            path_item(path, &item, &mut document, diagnostics);
        }
    }
    Some(document)
}

fn is_swagger2(value: &Value) -> bool {
    match value.get("swagger") {
        Some(Value::String(version)) => version == "2.0",
        Some(Value::Number(version)) => version.as_f64() == Some(2.0),
        _ => false,
    }
}

fn describe(value: &Value) -> &'static str {
    let has = |key| value.get(key).is_some();
    if has("openapi") {
        "this is an OpenAPI 3 document"
    } else if has("swagger") {
        "this is another version of Swagger"
    } else if has("item") || has("requests") || has("collection") {
        "this looks like a Postman collection"
    } else if has("apis") {
        "this looks like an index"
    } else {
        "this is not a Swagger document"
    }
}

/// Reads `info.contact`. Returns `None` for an empty contact.
fn contact(info: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Contact> {
    let node = info.get("contact")?;
    let mut text = |key| {
        let text = node.text(key, diagnostics)?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let contact = Contact {
        name: text("name"),
        url: text("url"),
        email: text("email"),
    };
    let is_empty = contact.name.is_none() && contact.url.is_none() && contact.email.is_none();
    (!is_empty).then_some(contact)
}

/// Returns `info.version` as the source spells it: YAML reads an unquoted `1.10` as the number 1.1.
fn version(info: &Node<'_>, source: &[u8], diagnostics: &mut Diagnostics) -> String {
    let read = info.text("version", diagnostics).unwrap_or_default();
    if !info
        .get("version")
        .is_some_and(|node| node.value.is_number())
    {
        return read;
    }
    let source = String::from_utf8_lossy(source);
    let spelled = source
        .lines()
        .skip_while(|line| line.trim_end() != "info:")
        .skip(1)
        .take_while(|line| line.starts_with(' '))
        .find_map(|line| line.trim().strip_prefix("version:"))
        .map(|rest| rest.split(" #").next().unwrap_or(rest).trim().to_owned());
    match spelled {
        // Only if it is certainly the same scalar; in another layout the number stays as parsed.
        Some(spelled) if spelled.parse::<f64>().ok() == read.parse::<f64>().ok() => spelled,
        _ => read,
    }
}

fn path_item(path: &str, item: &Node<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    if item.value.is_null() {
        return;
    }
    let mut shared = Vec::new();
    let mut misplaced = None;
    if let Some(node) = item.get("parameters") {
        if node.value.is_array() {
            shared = parameters(&node, diagnostics);
        } else {
            // The gallery sometimes describes a path's `parameters` like a method.
            shared = node
                .get("parameters")
                .map(|list| parameters(&list, diagnostics))
                .unwrap_or_default();
            document
                .slugs
                .extend(node.text("x-api-path-slug", diagnostics));
            misplaced = Some(node.pointer);
        }
    }
    for (key, node) in item.entries(diagnostics) {
        if key == "parameters" || key.starts_with("x-") {
            continue;
        }
        document.entries += 1;
        let Some(method) = method(key) else {
            let message = format!("`{key}` under the path `{path}` is not an HTTP method");
            diagnostics.push(
                Severity::Dropped,
                DropReason::Method.code(),
                node.location(),
                message,
            );
            document
                .slugs
                .extend(node.text("x-api-path-slug", diagnostics));
            continue;
        };
        let mut operation = operation(path, method, &node, &shared, document, diagnostics);
        operation.method_key = key.to_owned();
        operation.misplaced_parameters.clone_from(&misplaced);
        document.slugs.extend(operation.slug.clone());
        document.operations.push(operation);
    }
}

/// Returns the method that a key names. Some keys have spaces or HTML spaces around them, or are in
/// capitals.
fn method(key: &str) -> Option<Method> {
    Method::from_key(key)
        .or_else(|| Method::from_key(&entities::decode(key).trim().to_ascii_lowercase()))
}

fn operation(
    path: &str,
    method: Method,
    node: &Node<'_>,
    shared: &[Parameter],
    document: &Document,
    diagnostics: &mut Diagnostics,
) -> Operation {
    node.only(
        &[
            "summary",
            "description",
            "operationId",
            "tags",
            "deprecated",
            "parameters",
            "responses",
            "produces",
            "consumes",
            "externalDocs",
        ],
        diagnostics,
    );
    let mut own = node
        .get("parameters")
        .map(|list| parameters(&list, diagnostics))
        .unwrap_or_default();
    // A path's parameters apply to all of its operations, unless the operation overrides them.
    for parameter in shared {
        if !own
            .iter()
            .any(|other| other.name == parameter.name && other.location == parameter.location)
        {
            own.push(parameter.clone());
        }
    }
    let or_documents = |own: Vec<String>, documents: &[String]| {
        if own.is_empty() {
            documents.to_vec()
        } else {
            own
        }
    };
    let responses = node
        .get("responses")
        .map(|map| responses(&map, diagnostics))
        .unwrap_or_default();
    Operation {
        pointer: node.pointer.clone(),
        server: document.server.clone(),
        document_server: None,
        index_servers: Vec::new(),
        server_in_path: false,
        path: path.to_owned(),
        constants: Vec::new(),
        query_variables: Vec::new(),
        unclear: None,
        method,
        method_key: String::new(),
        misplaced_parameters: None,
        is_map: node.value.is_object(),
        summary: node.text("summary", diagnostics),
        description: node.text("description", diagnostics),
        operation_id: node.text("operationId", diagnostics),
        slug: node.text("x-api-path-slug", diagnostics),
        tags: node.texts("tags", diagnostics),
        deprecated: node.flag("deprecated", diagnostics),
        parameters: own,
        responses,
        produces: or_documents(node.texts("produces", diagnostics), &document.produces),
        consumes: or_documents(node.texts("consumes", diagnostics), &document.consumes),
        changes: Vec::new(),
    }
}

fn parameters(list: &Node<'_>, diagnostics: &mut Diagnostics) -> Vec<Parameter> {
    let mut all = Vec::new();
    for node in list.items(diagnostics) {
        // A parameter that is not a map has no name; repair removes it.
        if node.value.is_object() {
            let known = [
                "name",
                "in",
                "description",
                "required",
                "type",
                "format",
                "items",
                "collectionFormat",
                "schema",
            ];
            node.only(&known, diagnostics);
        }
        let location = match node.text("in", diagnostics).unwrap_or_default().as_str() {
            "path" => ParameterLocation::Path,
            "query" => ParameterLocation::Query,
            "header" => ParameterLocation::Header,
            "formData" => ParameterLocation::FormData,
            "body" => ParameterLocation::Body,
            other => ParameterLocation::Other(other.to_owned()),
        };
        all.push(Parameter {
            pointer: node.pointer.clone(),
            name: node.text("name", diagnostics).unwrap_or_default(),
            location,
            description: node.text("description", diagnostics),
            required: node.flag("required", diagnostics),
            kind: node.text("type", diagnostics),
            format: node.text("format", diagnostics),
            items: node.get("items").map(|items| Items {
                kind: items.text("type", diagnostics),
                format: items.text("format", diagnostics),
            }),
            collection_format: node.text("collectionFormat", diagnostics),
            numbered_keys: None,
            schema: node.get("schema").map(|schema| schema.value.clone()),
            assumed: Vec::new(),
        });
    }
    all
}

fn responses(map: &Node<'_>, diagnostics: &mut Diagnostics) -> Vec<Response> {
    let mut all = Vec::new();
    for (status, node) in map.entries(diagnostics) {
        if status.starts_with("x-") {
            continue;
        }
        node.only(
            &["description", "schema", "headers", "examples"],
            diagnostics,
        );
        all.push(Response {
            pointer: node.pointer.clone(),
            status: status.to_owned(),
            description: node.text("description", diagnostics),
            schema: node.get("schema").map(|schema| schema.value.clone()),
        });
    }
    all
}

#[cfg(test)]
mod tests;
