//! Media types.

/// The media type of URL-encoded forms.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// The media type of forms with files.
pub(crate) const MULTIPART: &str = "multipart/form-data";

/// Returns a media type in lowercase and without parameters.
pub(crate) fn essence(kind: &str) -> String {
    kind.split(';')
        .next()
        .unwrap_or(kind)
        .trim()
        .to_ascii_lowercase()
}

/// The media type of server-sent events.
pub(crate) const EVENT_STREAM: &str = "text/event-stream";

/// Returns true if a media type is a sequence of events: server-sent events, or JSON in lines or
/// after separators.
pub(crate) fn is_sequence(kind: &str) -> bool {
    let kind = essence(kind);
    let name = kind.strip_prefix("application/").unwrap_or_default();
    let lines = name.strip_prefix("x-").unwrap_or(name);
    kind == EVENT_STREAM || matches!(lines, "ndjson" | "jsonl" | "jsonlines") || name == "json-seq"
}

/// Returns true if a media type is JSON, by its name or suffix.
pub(crate) fn is_json(kind: &str) -> bool {
    let kind = essence(kind);
    kind == "application/json" || kind.ends_with("+json")
}

/// Returns true if a media type is text: JSON, also in sequences, XML, YAML, a form, or `text/…`.
pub(crate) fn is_text(kind: &str) -> bool {
    let kind = essence(kind);
    let is_markup = ["xml", "yaml"]
        .iter()
        .any(|name| kind == format!("application/{name}") || kind.ends_with(&format!("+{name}")));
    is_json(&kind)
        || is_sequence(&kind)
        || is_markup
        || kind.starts_with("text/")
        || kind == "application/x-yaml"
        || kind == FORM
}
