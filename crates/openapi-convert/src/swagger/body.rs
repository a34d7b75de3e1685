//! Bodies and forms of version 2.0.

use serde_json::{Map, Value, json};

use super::media::MediaTypes;
use super::parameter::style;
use crate::context::Context;
use crate::media::{is_multipart, is_urlencoded};
use crate::note::NoteKind;
use openapi_text::media_type::essence;

/// Converts a body parameter.
pub(super) fn body(
    mut parameter: Map<String, Value>,
    consumes: &MediaTypes,
    pointer: &str,
    context: &mut Context,
) -> Map<String, Value> {
    let schema = parameter.remove("schema").unwrap_or_else(|| json!({}));
    let (schema, is_file) = without_file(schema);
    let examples = parameter.remove("x-examples");
    let kinds = match consumes.list() {
        [] if is_file => vec!["application/octet-stream".to_owned()],
        [] => vec!["application/json".to_owned()],
        list => list.to_vec(),
    };
    let mut body = Map::new();
    let content = content(&kinds, Some(schema), examples, pointer, context, &mut body);
    body.insert("content".to_owned(), content.into());
    parameter.remove("in");
    if let Some(name) = parameter.remove("name")
        && name != "body"
    {
        body.insert("x-body-name".to_owned(), name);
    }
    for (key, value) in parameter {
        if key.starts_with("x-") || matches!(key.as_str(), "description" | "required") {
            body.insert(key, value);
        }
    }
    body
}

/// Returns the schema, and true if its type is `file`.
pub(super) fn without_file(schema: Value) -> (Value, bool) {
    match schema {
        Value::Object(mut map) if map.get("type").is_some_and(|kind| kind == "file") => {
            map.insert("type".to_owned(), "string".into());
            map.insert("format".to_owned(), "binary".into());
            (map.into(), true)
        }
        other => (other, false),
    }
}

/// Returns the content for each media type, with its example. Other examples are kept in `owner`.
pub(super) fn content(
    kinds: &[String],
    schema: Option<Value>,
    examples: Option<Value>,
    pointer: &str,
    context: &mut Context,
    owner: &mut Map<String, Value>,
) -> Map<String, Value> {
    let mut examples = match examples {
        Some(Value::Object(examples)) => examples,
        Some(other) => {
            owner.insert("x-examples".to_owned(), other);
            Map::new()
        }
        None => Map::new(),
    };
    let mut content = Map::new();
    let mut schema = schema;
    for (index, kind) in kinds.iter().enumerate() {
        let mut media = Map::new();
        let copy = match &schema {
            Some(_) if index + 1 == kinds.len() => schema.take(),
            Some(schema) => Some(context.budget.copy(schema).unwrap_or_else(|| {
                let message = format!("the schema is not copied for `{kind}`");
                context.note(
                    NoteKind::NotExpressed,
                    "consumes",
                    pointer.to_owned(),
                    message,
                );
                json!({})
            })),
            None => None,
        };
        if let Some(schema) = copy {
            media.insert("schema".to_owned(), schema);
        }
        let name = examples
            .keys()
            .find(|name| *name == kind || essence(name) == essence(kind))
            .cloned();
        if let Some(example) = name.and_then(|name| examples.remove(&name)) {
            media.insert("example".to_owned(), example);
        }
        content.insert(kind.clone(), media.into());
    }
    if !examples.is_empty() {
        owner.insert("x-examples".to_owned(), examples.into());
    }
    content
}

/// Converts the fields of a form.
pub(super) fn form(
    fields: Vec<(Map<String, Value>, String)>,
    consumes: &MediaTypes,
    context: &mut Context,
) -> Map<String, Value> {
    let is_file = |(field, _): &(Map<String, Value>, String)| {
        let format = field.get("schema").and_then(|schema| schema.get("format"));
        format.is_some_and(|format| format == "binary")
    };
    let listed: Vec<String> = consumes
        .list()
        .iter()
        .filter(|kind| is_multipart(kind) || is_urlencoded(kind))
        .cloned()
        .collect();
    let kinds = match listed.as_slice() {
        [] if fields.iter().any(is_file) => vec!["multipart/form-data".to_owned()],
        [] => vec!["application/x-www-form-urlencoded".to_owned()],
        _ => listed,
    };
    let has_multipart = kinds.iter().any(|kind| is_multipart(kind));
    let (mut properties, mut required, mut encoding) = (Map::new(), Vec::new(), Map::new());
    for (mut field, pointer) in fields {
        let Some(Value::String(name)) = field.remove("name") else {
            continue;
        };
        if field
            .remove("required")
            .is_some_and(|required| required == true)
        {
            required.push(Value::String(name.clone()));
        }
        if let Some((style, explode)) = array_style(&mut field, has_multipart, &pointer, context) {
            encoding.insert(name.clone(), json!({"style": style, "explode": explode}));
        }
        let mut schema = match field.remove("schema") {
            Some(Value::Object(schema)) => schema,
            _ => Map::new(),
        };
        if let Some(allows) = field.remove("allowEmptyValue") {
            field.insert("x-allowEmptyValue".to_owned(), allows);
        }
        field.remove("in");
        for (key, value) in field {
            schema.entry(key).or_insert(value);
        }
        properties.insert(name, schema.into());
    }
    let mut schema = json!({"type": "object", "properties": properties});
    let mut body = Map::new();
    if !required.is_empty() {
        schema["required"] = required.into();
        body.insert("required".to_owned(), true.into());
    }
    let mut content = content(&kinds, Some(schema), None, "", context, &mut body);
    if !encoding.is_empty() {
        for (kind, media) in &mut content {
            if is_urlencoded(kind)
                && let Value::Object(media) = media
            {
                media.insert("encoding".to_owned(), encoding.clone().into());
            }
        }
    }
    body.insert("content".to_owned(), content.into());
    body
}

/// Removes the format of a field's array. Returns style and `explode` if they are not the default.
fn array_style(
    field: &mut Map<String, Value>,
    is_multipart: bool,
    pointer: &str,
    context: &mut Context,
) -> Option<(&'static str, bool)> {
    let format = field.remove("collectionFormat");
    let kind = field.get("schema").and_then(|schema| schema.get("type"));
    if kind.is_none_or(|kind| kind != "array") {
        return None;
    }
    let format = format.as_ref().and_then(Value::as_str).unwrap_or("csv");
    let style = style(format, "formData").filter(|_| !is_multipart || format == "multi");
    match style {
        Some(("form", true)) => None,
        Some(style) => Some(style),
        None => {
            let message = format!(
                "OpenAPI 3.0 has no style for `{format}` here; the field is text, and its schema \
                 is kept in `x-schema`"
            );
            let pointer = format!("{pointer}/collectionFormat");
            context.note(NoteKind::NotExpressed, "collectionFormat", pointer, message);
            super::parameter::as_text(field, format);
            None
        }
    }
}
