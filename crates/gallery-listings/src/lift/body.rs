//! Bodies in OpenAPI 3.0: untyped JSON, and forms.

use indexmap::IndexMap;
use openapiv3::{
    AnySchema, Content, MediaType, ObjectType, ReferenceOr, RequestBody, Schema, SchemaData,
    SchemaKind, Type,
};
use serde_json::{Value, json};

use super::parameter::{self, assumed};
use crate::swagger2::Parameter;

const URLENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// Lifts a body in the media types that the operation consumes.
pub(super) fn any(listed: &Parameter, consumes: &[String]) -> RequestBody {
    let any = || Schema {
        schema_data: SchemaData::default(),
        schema_kind: SchemaKind::Any(AnySchema::default()),
    };
    let schema = listed
        .schema
        .as_ref()
        .and_then(schema)
        .unwrap_or_else(|| ReferenceOr::Item(any()));
    let mut extensions = assumed(listed);
    // OpenAPI 3.0 has no name for a body. The listing's name hints at its content, so it is kept.
    if !listed.name.is_empty() && listed.name != "body" {
        extensions.insert("x-body-name".to_owned(), json!(listed.name));
    }
    let mut content = Content::new();
    for kind in media_types(consumes, "application/json") {
        content.insert(
            kind,
            MediaType {
                schema: Some(schema.clone()),
                ..MediaType::default()
            },
        );
    }
    RequestBody {
        description: listed.description.clone(),
        content,
        required: listed.required,
        extensions,
    }
}

/// Joins a document and a form into alternatives. If both would have the same media type, the
/// document is JSON.
pub(super) fn either(mut document: RequestBody, form: RequestBody) -> RequestBody {
    let any = document
        .content
        .first()
        .map(|(_, media)| media.clone())
        .unwrap_or_default();
    document
        .content
        .retain(|kind, _| !kind.starts_with("multipart/") && !kind.starts_with(URLENCODED));
    if document.content.is_empty() {
        document.content.insert("application/json".to_owned(), any);
    }
    document.content.extend(form.content);
    document.required |= form.required;
    document
}

/// Returns the valid media types of a list, or `otherwise` if the list has no valid one.
pub(super) fn media_types(listed: &[String], otherwise: &str) -> Vec<String> {
    let is_part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+*".contains(&byte))
    };
    let is_media_type = |text: &str| {
        let essence = text.split(';').next().unwrap_or_default().trim();
        essence
            .split_once('/')
            .is_some_and(|(kind, subkind)| is_part(kind) && is_part(subkind))
    };
    let mut kinds: Vec<String> = Vec::new();
    for kind in listed
        .iter()
        .map(|kind| kind.trim())
        .filter(|kind| is_media_type(kind))
    {
        if !kinds.iter().any(|other| other == kind) {
            kinds.push(kind.to_owned());
        }
    }
    if kinds.is_empty() {
        vec![otherwise.to_owned()]
    } else {
        kinds
    }
}

/// Lifts a form: its fields are the properties of an object. Arrays have OpenAPI's default style,
/// one pair per item.
pub(super) fn form(fields: &[&Parameter], consumes: &[String]) -> RequestBody {
    let mut object = ObjectType::default();
    for field in fields {
        let mut schema = parameter::schema(field);
        schema
            .schema_data
            .description
            .clone_from(&field.description);
        schema.schema_data.extensions = assumed(field);
        object
            .properties
            .insert(field.name.clone(), ReferenceOr::Item(Box::new(schema)));
        if field.required {
            object.required.push(field.name.clone());
        }
    }
    let is_file = fields
        .iter()
        .any(|field| field.kind.as_deref() == Some("file"));
    let only_multipart = !consumes.is_empty()
        && consumes
            .iter()
            .all(|kind| kind.trim().starts_with("multipart/"));
    let kind = if is_file || only_multipart {
        MULTIPART
    } else {
        URLENCODED
    };
    let required = !object.required.is_empty();
    let schema = Schema {
        schema_data: SchemaData::default(),
        schema_kind: SchemaKind::Type(Type::Object(object)),
    };
    let media = MediaType {
        schema: Some(ReferenceOr::Item(schema)),
        ..MediaType::default()
    };
    RequestBody {
        description: None,
        content: [(kind.to_owned(), media)].into_iter().collect(),
        required,
        extensions: IndexMap::new(),
    }
}

/// Converts a schema of the listing. Repair leaves only those that are valid in OpenAPI 3.0.
pub(super) fn schema(listed: &Value) -> Option<ReferenceOr<Schema>> {
    serde_json::from_value(listed.clone()).ok()
}
