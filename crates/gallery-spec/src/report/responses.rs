//! Counts of the responses for success, and of those that have a type.

use gallery_draft::Draft;
use openapiv3::{Components, MediaType, ReferenceOr, Response, Schema, SchemaKind, StatusCode};

/// The maximum length of a chain of references.
const MAX_CHAIN: usize = 16;

/// Counts of responses.
#[derive(Default)]
pub(super) struct Responses {
    /// Those that have content.
    pub(super) all: usize,
    /// Those whose content has a schema that does not allow everything.
    pub(super) typed: usize,
}

/// Counts the responses for success of all endpoints.
pub(super) fn count(draft: &Draft) -> Responses {
    let none = Components::default();
    let components = draft.document.components.as_ref().unwrap_or(&none);
    let mut counts = Responses::default();
    for endpoint in &draft.endpoints {
        for (status, response) in &endpoint.operation.responses.responses {
            let is_success = matches!(status, StatusCode::Code(200..=299) | StatusCode::Range(2));
            let Some(response) = resolved(components, response).filter(|_| is_success) else {
                continue;
            };
            if !response.content.is_empty() {
                counts.all += 1;
                let is_typed = response.content.values().any(has_schema);
                counts.typed += usize::from(is_typed);
            }
        }
    }
    counts
}

fn resolved<'a>(
    components: &'a Components,
    mut response: &'a ReferenceOr<Response>,
) -> Option<&'a Response> {
    for _ in 0..MAX_CHAIN {
        match response {
            ReferenceOr::Item(response) => return Some(response),
            ReferenceOr::Reference { reference } => {
                let name = reference.strip_prefix("#/components/responses/")?;
                response = components.responses.get(name)?;
            }
        }
    }
    None
}

fn has_schema(media: &MediaType) -> bool {
    let is_any = |schema: &Schema| match &schema.schema_kind {
        SchemaKind::Any(any) => *any == openapiv3::AnySchema::default(),
        _ => false,
    };
    match &media.schema {
        None => false,
        Some(ReferenceOr::Reference { .. }) => true,
        Some(ReferenceOr::Item(schema)) => !is_any(schema),
    }
}
