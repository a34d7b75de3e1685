//! Media types.

/// Returns a media type without its parameters, in lowercase.
pub fn essence(media_type: &str) -> String {
    media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// Returns true for media types that are text: JSON, also in [sequences](is_sequence), XML, YAML,
/// forms, and `text/…`.
pub fn is_text(media_type: &str) -> bool {
    const TEXTS: &[&str] = &[
        "application/xml",
        "application/yaml",
        "application/x-yaml",
        "application/x-www-form-urlencoded",
    ];
    let essence = essence(media_type);
    let suffix = essence.rsplit_once('+').map(|(_, suffix)| suffix);
    is_json(&essence)
        || is_sequence(&essence)
        || essence.starts_with("text/")
        || TEXTS.contains(&essence.as_str())
        || matches!(suffix, Some("xml" | "yaml"))
}

/// Returns true for media types whose content is a sequence of events: server-sent events, and JSON
/// in lines or after separators.
pub fn is_sequence(media_type: &str) -> bool {
    const SEQUENCES: &[&str] = &[
        "text/event-stream",
        "application/json-seq",
        "application/jsonl",
        "application/x-jsonl",
        "application/jsonlines",
        "application/x-jsonlines",
        "application/ndjson",
        "application/x-ndjson",
    ];
    SEQUENCES.contains(&essence(media_type).as_str())
}

/// Returns true for the range of all media types, `*/*`.
pub fn is_any(media_type: &str) -> bool {
    essence(media_type) == "*/*"
}

/// Returns true for `application/json` and media types with the suffix `+json`.
pub fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "application/json" || essence.ends_with("+json")
}
