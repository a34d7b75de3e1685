//! Validates a request body by its media type and schema.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::read::{Reader, Unread};
use crate::document::{Endpoint, FORM, MULTIPART, MediaType, essence, is_json};
use crate::request::RecordedRequest;
use crate::sample;
use crate::style::{Style, decode_query, raw_pairs};
use crate::violation::Violation;

pub(super) fn violations(
    reader: Reader<'_>,
    endpoint: &Endpoint,
    request: &RecordedRequest,
    violations: &mut Vec<Violation>,
) {
    let kind = request.header("content-type");
    let Some(body) = &endpoint.body else {
        if !request.body.is_empty() {
            violations.push(Violation::body(
                "",
                "is not allowed: the operation has no request body",
            ));
        }
        return;
    };
    if request.body.is_empty() && (kind.is_none() || body.required) {
        if body.required {
            violations.push(Violation::body("", "is required but missing"));
        }
        return;
    }
    let known: Vec<&str> = body
        .content
        .iter()
        .map(|media| media.media_type.as_str())
        .collect();
    let Some(kind) = kind else {
        violations.push(Violation::body(
            "",
            format!("has no content type; allowed: {}", known.join(", ")),
        ));
        return;
    };
    let Some(media) = media(&body.content, kind) else {
        violations.push(Violation::body(
            "",
            format!(
                "has the content type `{kind}`; allowed: {}",
                known.join(", ")
            ),
        ));
        return;
    };
    match value(reader, media, kind, request) {
        None => {}
        Some(Ok(value)) => {
            let found = reader.validator.violations(&media.schema, &value);
            violations.extend(
                found
                    .into_iter()
                    .map(|found| Violation::body(&found.pointer, found.reason)),
            );
        }
        Some(Err(violation)) => violations.push(violation),
    }
}

/// Returns the documented media type that matches best, such as `text/plain` before `text/*`.
pub(super) fn media<'a>(content: &'a [MediaType], kind: &str) -> Option<&'a MediaType> {
    let fitting = content
        .iter()
        .filter(|media| covers(&media.media_type, kind));
    fitting.min_by_key(|media| media.media_type.matches('*').count())
}

/// Returns the body as JSON. `None` for media types other than JSON and forms.
pub(super) fn value(
    reader: Reader<'_>,
    media: &MediaType,
    kind: &str,
    request: &RecordedRequest,
) -> Option<Result<Value, Violation>> {
    if is_json(kind) {
        Some(
            request
                .json()
                .map_err(|error| Violation::body("", format!("is not JSON: {error}"))),
        )
    } else if essence(kind) == FORM {
        Some(form(reader, media, request))
    } else if essence(kind) == MULTIPART {
        Some(parts(reader, media, request))
    } else {
        None
    }
}

fn covers(range: &str, kind: &str) -> bool {
    let (range, kind) = (essence(range), essence(kind));
    let class = range.strip_suffix("/*");
    range == kind
        || range == "*/*"
        || class.is_some_and(|class| kind.split('/').next() == Some(class))
}

/// Reads a form as an object.
fn form(
    reader: Reader<'_>,
    media: &MediaType,
    request: &RecordedRequest,
) -> Result<Value, Violation> {
    let text =
        std::str::from_utf8(&request.body).map_err(|_| Violation::body("", "is not UTF-8"))?;
    let mut pairs = raw_pairs(text);
    let schema = sample::flat(reader.validator.document, &media.schema);
    let mut object = Map::new();
    for (name, property) in schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let style = media
            .fields
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, style)| style.clone());
        // By default objects are JSON and arrays repeat their name.
        let is_object = !reader.validator.allows_type(property, "string")
            && reader.validator.allows_type(property, "object");
        let by_default = if is_object { "json" } else { "form" };
        let style = style.unwrap_or_else(|| Style {
            name: by_default.to_owned(),
            explode: true,
        });
        match reader.pairs(name, &style, property, &mut pairs, decode_query) {
            Ok(value) => _ = object.insert(name.clone(), value),
            Err(Unread::Absent) => {}
            Err(Unread::Wrong(reason)) => return Err(Violation::body(&format!("/{name}"), reason)),
        }
    }
    let left = pairs
        .into_iter()
        .map(|(name, raw)| (name, decode_query(&raw)))
        .collect();
    object.extend(others(reader, &schema, left));
    Ok(object.into())
}

/// Reads a multipart form as an object. The value of a file is its content.
fn parts(
    reader: Reader<'_>,
    media: &MediaType,
    request: &RecordedRequest,
) -> Result<Value, Violation> {
    let parts = request
        .parts()
        .map_err(|reason| Violation::body("", format!("is not valid `{MULTIPART}`: {reason}")))?;
    let schema = sample::flat(reader.validator.document, &media.schema);
    let mut texts = Vec::new();
    let mut object = Map::new();
    for part in parts {
        let text = String::from_utf8_lossy(&part.content).into_owned();
        if part.content_type.as_deref().is_some_and(is_json) {
            let value = serde_json::from_str(&text).map_err(|error| {
                Violation::body(&format!("/{}", part.name), format!("is not JSON: {error}"))
            })?;
            object.insert(part.name, value);
        } else {
            texts.push((part.name, text));
        }
    }
    object.extend(others(reader, &schema, texts));
    Ok(object.into())
}

/// Converts the remaining fields by the schema. Repeated fields become arrays.
fn others(reader: Reader<'_>, schema: &Value, texts: Vec<(String, String)>) -> Map<String, Value> {
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, text) in texts {
        fields.entry(name).or_default().push(text);
    }
    let open = Value::Object(Map::new());
    let of = |name: &str| {
        schema
            .get("properties")
            .and_then(|own| own.get(name))
            .or_else(|| schema.get("additionalProperties"))
    };
    let value = |(name, texts): (String, Vec<String>)| {
        let own = of(&name).unwrap_or(&open);
        let flat = sample::flat(reader.validator.document, own);
        let is_list = texts.len() > 1 || flat.get("type").is_some_and(|kind| kind == "array");
        let scalar = |own: &Value, text: &String| reader.scalar(own, text);
        let value = match texts.as_slice() {
            [text] if !is_list => scalar(own, text),
            texts => texts
                .iter()
                .map(|text| scalar(flat.get("items").unwrap_or(&open), text))
                .collect(),
        };
        (name, value)
    };
    fields.into_iter().map(value).collect()
}
