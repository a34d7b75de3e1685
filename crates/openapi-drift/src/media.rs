//! Media types.

use crate::tree::Node;

/// Normalizes a media type: lowercase, without white space and `charset`.
pub(crate) fn normalized(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_ascii_lowercase();
    let parts: Vec<&str> = text
        .split(';')
        .filter(|part| !part.starts_with("charset="))
        .collect();
    parts.join(";")
}

/// Returns a media type without its parameters.
fn essence(media: &str) -> &str {
    media.split(';').next().unwrap_or(media)
}

/// Returns true if a range such as `image/*` includes a media type.
pub(crate) fn includes(range: &str, media: &str) -> bool {
    let (range, media) = (normalized(range), normalized(media));
    match range.strip_suffix("/*") {
        Some("*") => true,
        Some(kind) => range != media && essence(&media).split('/').next() == Some(kind),
        None => false,
    }
}

/// Returns true if a media type is JSON, by name or suffix.
pub(crate) fn is_json(media: &str) -> bool {
    let kind = essence(media);
    kind == "application/json" || kind.ends_with("+json")
}

/// Returns true if a client has a Rust type for request bodies of a media type. Other bodies are
/// bytes.
pub(crate) fn has_type(media: &str) -> bool {
    is_json(media) || is_form(media)
}

/// Returns true if a media type is that of forms.
fn is_form(media: &str) -> bool {
    const FORMS: [&str; 2] = ["application/x-www-form-urlencoded", "multipart/form-data"];
    FORMS.contains(&essence(media))
}

/// Returns the media type that a client sends: JSON, otherwise a form, otherwise the first.
pub(crate) fn preferred(content: Node<'_>) -> Option<String> {
    let all: Vec<String> = content.keys().map(normalized).collect();
    all.iter()
        .find(|media| is_json(media))
        .or_else(|| all.iter().find(|media| is_form(media)))
        .or_else(|| all.first())
        .cloned()
}
