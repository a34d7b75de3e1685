//! The types of an operation's responses.
//!
//! progenitor supports one type for successes and one for errors. The successes are typed if they
//! all offer JSON with the same schema, and so are the errors. Otherwise they are `Untyped`.

use gallery_spec::canonical::Canonical;
use gallery_spec::draft::Method;
use openapi_text::pointer::escape;
use openapiv3::{Operation, ReferenceOr, Response, Schema, SchemaKind, StatusCode};

use crate::reference;
use openapi_text::media_type::{essence, is_json, is_text};

/// The types of an operation's successes and errors.
#[derive(Clone, Debug, PartialEq)]
pub struct ResponseTypes {
    /// The type of 2xx responses.
    pub success: ResponseType,
    /// The type of 4xx and 5xx responses.
    pub error: ResponseType,
    /// The media types of all responses for `Accept`, without duplicates, in the order of the
    /// document.
    pub accept: Vec<String>,
}

/// The type of a response.
#[derive(Clone, Debug, PartialEq)]
pub enum ResponseType {
    /// Content without a type.
    Untyped,
    /// JSON with a schema.
    Typed {
        /// The statuses with this schema. `None` stands for all successes or all errors.
        statuses: Option<Vec<u16>>,
        /// The JSON pointer of the first occurrence of the schema, below `responses`.
        pointer: String,
        /// The schema.
        schema: Box<ReferenceOr<Schema>>,
    },
}

impl ResponseType {
    /// Returns the statuses with this type. `None` stands for all successes or all errors.
    pub(crate) fn statuses(&self) -> Option<&[u16]> {
        match self {
            ResponseType::Untyped => None,
            ResponseType::Typed { statuses, .. } => statuses.as_deref(),
        }
    }

    /// Returns true if the response has no type.
    pub fn is_untyped(&self) -> bool {
        matches!(self, ResponseType::Untyped)
    }
}

/// Returns the types of an operation's responses. Responses to `HEAD` are always untyped.
pub(crate) fn response_types(
    canonical: &Canonical,
    method: Method,
    operation: &Operation,
) -> ResponseTypes {
    let responses: Vec<(Option<&StatusCode>, &Response)> = operation
        .responses
        .responses
        .iter()
        .map(|(status, response)| (Some(status), response))
        .chain(
            operation
                .responses
                .default
                .iter()
                .map(|response| (None, response)),
        )
        .filter_map(|(status, response)| Some((status, reference::response(canonical, response)?)))
        .collect();
    let in_class = |class: u16| {
        responses
            .iter()
            .filter(move |(status, _)| status.is_some_and(|status| class_of(status) == class))
            .copied()
    };
    let default = || {
        responses
            .iter()
            .filter(|(status, _)| status.is_none())
            .copied()
    };

    let mut successes: Vec<_> = in_class(2).collect();
    if successes.is_empty() {
        successes.extend(default());
    }
    let errors: Vec<_> = in_class(4).chain(in_class(5)).chain(default()).collect();

    let mut accept: Vec<String> = Vec::new();
    for (_, response) in &responses {
        // Where JSON is offered, only JSON is read.
        let accepted = match typed_json(response) {
            Some((media_type, _)) => vec![media_type],
            None => response.content.keys().map(String::as_str).collect(),
        };
        for media_type in accepted {
            if !accept.iter().any(|own| own == media_type) {
                accept.push(media_type.to_owned());
            }
        }
    }
    let type_of = |responses: &[_]| {
        if method == Method::Head {
            ResponseType::Untyped
        } else {
            response_type(responses)
        }
    };
    ResponseTypes {
        success: type_of(&successes),
        error: type_of(&errors),
        accept,
    }
}

/// Returns the type that all responses share, or `Untyped`.
fn response_type(responses: &[(Option<&StatusCode>, &Response)]) -> ResponseType {
    let mut shared: Option<(String, &ReferenceOr<Schema>)> = None;
    let mut statuses = Some(Vec::new());
    for (status, response) in responses {
        let Some((media_type, schema)) = typed_json(response) else {
            return ResponseType::Untyped;
        };
        match &shared {
            Some((_, other)) if *other != schema => return ResponseType::Untyped,
            Some(_) => {}
            None => {
                let status = status.map_or_else(|| "default".to_owned(), ToString::to_string);
                shared = Some((
                    format!("{status}/content/{}/schema", escape(media_type)),
                    schema,
                ));
            }
        }
        match (status, &mut statuses) {
            (Some(StatusCode::Code(code)), Some(codes)) => codes.push(*code),
            _ => statuses = None,
        }
    }
    match shared {
        Some((pointer, schema)) => ResponseType::Typed {
            statuses,
            pointer,
            schema: Box::new(schema.clone()),
        },
        None => ResponseType::Untyped,
    }
}

/// Returns the media type and schema of a response that offers typed JSON: `application/json`, or
/// else the first JSON media type by name. Beside media types that are not text, such as images,
/// JSON is not chosen, because it may be other data.
fn typed_json(response: &Response) -> Option<(&str, &ReferenceOr<Schema>)> {
    if !response.content.keys().all(|kind| is_text(kind)) {
        return None;
    }
    let offered = response.content.iter().filter(|(kind, _)| is_json(kind));
    let (media_type, media) =
        offered.min_by_key(|(kind, _)| (essence(kind) != "application/json", *kind))?;
    let schema = media.schema.as_ref().filter(|schema| !is_any(schema))?;
    Some((media_type, schema))
}

/// Returns true if a schema allows any JSON.
fn is_any(schema: &ReferenceOr<Schema>) -> bool {
    let ReferenceOr::Item(schema) = schema else {
        return false;
    };
    match &schema.schema_kind {
        SchemaKind::Any(any) => *any == openapiv3::AnySchema::default(),
        _ => false,
    }
}

/// Returns the first digit of a status.
fn class_of(status: &StatusCode) -> u16 {
    match status {
        StatusCode::Code(code) => code / 100,
        StatusCode::Range(class) => *class,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn types_of(responses: Value) -> ResponseTypes {
        let document = json!({
            "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
            "paths": {"/a": {"get": {"operationId": "a", "responses": responses}}},
            "components": {"schemas": {"A": {"type": "object"}}},
        });
        let canonical = Canonical::parse(&document.to_string()).unwrap();
        response_types(&canonical, Method::Get, canonical.endpoints()[0].operation)
    }

    fn typed(reference: &str) -> Value {
        json!({"description": "", "content": {"application/json": {"schema": {"$ref": reference}}}})
    }

    #[test]
    fn types_responses_that_share_one_schema() {
        let a = || typed("#/components/schemas/A");
        let untyped = json!({"description": "", "content": {"application/json": {}}});
        let statuses = |kind: ResponseType| match kind {
            ResponseType::Typed { statuses, .. } => Some(statuses),
            ResponseType::Untyped => None,
        };
        let success = |responses: Value| statuses(types_of(responses).success);
        assert_eq!(success(json!({"200": a()})), Some(Some(vec![200])));
        assert_eq!(
            success(json!({"200": a(), "201": a(), "404": untyped})),
            Some(Some(vec![200, 201]))
        );
        assert_eq!(success(json!({"2XX": a()})), Some(None));
        assert_eq!(success(json!({"default": a()})), Some(None));
        assert_eq!(
            success(json!({"200": a(), "201": typed("#/components/schemas/B")})),
            None
        );
        assert_eq!(
            success(json!({"200": a(), "204": {"description": ""}})),
            None
        );
        assert_eq!(success(json!({"200": untyped})), None);
        let mut several = a();
        several["content"]["application/xml"] = json!({"schema": {"type": "string"}});
        several["content"]["application/a+json"] = json!({});
        let mut image = a();
        image["content"]["image/png"] = json!({});
        assert_eq!(success(json!({"200": image})), None);
        assert_eq!(success(json!({"200": several})), Some(Some(vec![200])));
        assert_eq!(
            types_of(json!({"200": several})).accept,
            ["application/json"]
        );
        assert_eq!(success(json!({"404": a()})), None);
        assert_eq!(
            statuses(types_of(json!({"200": untyped, "404": a(), "403": a()})).error),
            Some(Some(vec![403, 404]))
        );
        assert_eq!(
            types_of(
                json!({"200": untyped, "404": {"description": "", "content": {"text/plain": {}}}})
            )
            .accept,
            ["application/json", "text/plain"]
        );
    }
}
