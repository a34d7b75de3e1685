//! Operations whose successes are events that arrive one after another.

use gallery_spec::canonical::Canonical;
use gallery_spec::draft::Method;
use openapi_text::media_type::{essence, is_sequence};
use openapi_text::pointer::escape;
use openapiv3::Operation;

use crate::reference;
use crate::responses::{ResponseSchema, is_any_json, is_string};

/// The events of an operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Events {
    /// The media type of the response.
    pub media_type: String,
    /// The type of the data of an event.
    pub content: EventContent,
}

/// The type of the data of an event.
#[derive(Clone, Debug, PartialEq)]
pub enum EventContent {
    /// JSON with this schema.
    Json(ResponseSchema),
    /// Any JSON.
    Untyped,
    /// Text.
    Text,
}

/// Returns the events of an operation: those of the first success whose media type is a sequence.
///
/// The schema of such a media type is that of an event's data. A string stands for the whole
/// response, as text, and says nothing about events.
pub(crate) fn events(
    canonical: &Canonical,
    method: Method,
    operation: &Operation,
) -> Option<Events> {
    if method == Method::Head {
        return None;
    }
    let mut responses: Vec<_> = reference::responses(canonical, operation)
        .filter(|(key, _)| key.class() == Some(2))
        .collect();
    responses.sort_by_key(|(key, _)| *key);
    responses.into_iter().find_map(|(key, response)| {
        let mut content = response.content.iter();
        let (media_type, media) = content.find(|(media_type, _)| is_sequence(media_type))?;
        let schema = media.schema.as_ref();
        let content = match schema.filter(|schema| !is_string(schema)) {
            Some(schema) if is_any_json(schema) => EventContent::Untyped,
            Some(schema) => EventContent::Json(ResponseSchema {
                pointer: format!("{key}/content/{}/schema", escape(media_type)),
                schema: Box::new(schema.clone()),
            }),
            None if essence(media_type) == "text/event-stream" => EventContent::Text,
            None => EventContent::Untyped,
        };
        let media_type = media_type.clone();
        Some(Events {
            media_type,
            content,
        })
    })
}
