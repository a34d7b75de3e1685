//! What an operation's answers are read as: a typed value where every answer of a kind has the same schema, else as they are.
//!
//! progenitor can say one type for successes and one for errors. Where a document says more, the one honest common shape is the
//! content as it is.

use gallery_spec::canonical::Canonical;
use gallery_spec::draft::Method;
use openapi_text::pointer::escape;
use openapiv3::{MediaType, Operation, ReferenceOr, Response, Schema, SchemaKind, StatusCode};

/// How successes and errors are read.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    /// What a 2xx is read as.
    pub success: AnswerKind,
    /// What a 4xx or 5xx is read as.
    pub error: AnswerKind,
    /// The media types that the answers have, in the order of the document, each once. They go into `Accept`.
    pub accept: Vec<String>,
}

/// How an answer is read.
#[derive(Clone, Debug, PartialEq)]
pub enum AnswerKind {
    /// As it is.
    Untyped,
    /// As JSON with a schema.
    Typed {
        /// The statuses that the document gives this schema to; `None` is every status of the kind.
        statuses: Option<Vec<u16>>,
        /// Where the schema stands first, below `responses`: a JSON pointer.
        pointer: String,
        /// The schema.
        schema: Box<ReferenceOr<Schema>>,
    },
}

impl AnswerKind {
    /// Whether the answer is read as it is.
    pub fn is_untyped(&self) -> bool {
        matches!(self, AnswerKind::Untyped)
    }
}

/// Reads an operation's responses. Those to HEAD have no body, whatever the document says.
pub fn answers(canonical: &Canonical, method: Method, operation: &Operation) -> Answers {
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
        .filter_map(|(status, response)| Some((status, resolved(canonical, response)?)))
        .collect();
    let of = |class: u16| {
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

    let mut successes: Vec<_> = of(2).collect();
    if successes.is_empty() {
        successes.extend(default());
    }
    let errors: Vec<_> = of(4).chain(of(5)).chain(default()).collect();

    let mut accept: Vec<String> = Vec::new();
    for kind in responses
        .iter()
        .flat_map(|(_, response)| response.content.keys())
    {
        if !accept.contains(kind) {
            accept.push(kind.clone());
        }
    }
    let kind = |responses: &[_]| {
        if method == Method::Head {
            AnswerKind::Untyped
        } else {
            kind(responses)
        }
    };
    Answers {
        success: kind(&successes),
        error: kind(&errors),
        accept,
    }
}

fn kind(responses: &[(Option<&StatusCode>, &Response)]) -> AnswerKind {
    let mut found: Option<(String, &ReferenceOr<Schema>)> = None;
    let mut statuses = Some(Vec::new());
    for (status, response) in responses {
        let Some((media_type, schema)) = typed_json(response) else {
            return AnswerKind::Untyped;
        };
        match &found {
            Some((_, other)) if *other != schema => return AnswerKind::Untyped,
            Some(_) => {}
            None => {
                let status = status.map_or_else(|| "default".to_owned(), ToString::to_string);
                found = Some((
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
    match found {
        Some((pointer, schema)) => AnswerKind::Typed {
            statuses,
            pointer,
            schema: Box::new(schema.clone()),
        },
        None => AnswerKind::Untyped,
    }
}

/// Media type and schema of a response whose one content is JSON that has a shape.
fn typed_json(response: &Response) -> Option<(&str, &ReferenceOr<Schema>)> {
    let mut content = response.content.iter();
    let (
        Some((
            media_type,
            MediaType {
                schema: Some(schema),
                ..
            },
        )),
        None,
    ) = (content.next(), content.next())
    else {
        return None;
    };
    (is_json(media_type) && !is_any(schema)).then_some((media_type.as_str(), schema))
}

/// Whether a media type is JSON, by its name or by its suffix.
pub(crate) fn is_json(media_type: &str) -> bool {
    let kind = crate::wire::essence(media_type);
    kind == "application/json" || kind.ends_with("+json")
}

/// Whether a schema leaves everything open.
pub(crate) fn is_any(schema: &ReferenceOr<Schema>) -> bool {
    let ReferenceOr::Item(schema) = schema else {
        return false;
    };
    match &schema.schema_kind {
        SchemaKind::Any(any) => *any == openapiv3::AnySchema::default(),
        _ => false,
    }
}

fn class_of(status: &StatusCode) -> u16 {
    match status {
        StatusCode::Code(code) => code / 100,
        StatusCode::Range(class) => *class,
    }
}

pub(crate) fn resolved<'a>(
    canonical: &'a Canonical,
    response: &'a ReferenceOr<Response>,
) -> Option<&'a Response> {
    match response {
        ReferenceOr::Item(response) => Some(response),
        ReferenceOr::Reference { reference } => {
            let name = reference.strip_prefix("#/components/responses/")?;
            canonical
                .document()
                .components
                .as_ref()?
                .responses
                .get(name)?
                .as_item()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn of(responses: Value) -> Answers {
        let document = json!({
            "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
            "paths": {"/a": {"get": {"operationId": "a", "responses": responses}}},
            "components": {"schemas": {"A": {"type": "object"}}},
        });
        let canonical = Canonical::parse(&document.to_string()).unwrap();
        answers(&canonical, Method::Get, canonical.endpoints()[0].operation)
    }

    fn typed(reference: &str) -> Value {
        json!({"description": "", "content": {"application/json": {"schema": {"$ref": reference}}}})
    }

    #[test]
    fn one_schema_is_a_type_and_everything_else_is_untyped() {
        let a = || typed("#/components/schemas/A");
        let untyped = json!({"description": "", "content": {"application/json": {}}});
        let statuses = |kind: AnswerKind| match kind {
            AnswerKind::Typed { statuses, .. } => Some(statuses),
            AnswerKind::Untyped => None,
        };
        let success = |responses: Value| statuses(of(responses).success);
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
        assert_eq!(success(json!({"404": a()})), None);
        assert_eq!(
            statuses(of(json!({"200": untyped, "404": a(), "403": a()})).error),
            Some(Some(vec![403, 404]))
        );
        assert_eq!(
            of(json!({"200": untyped, "404": {"description": "", "content": {"text/plain": {}}}}))
                .accept,
            ["application/json", "text/plain"]
        );
    }
}
