//! Media types.

use openapi_text::media_type::{self, essence};

/// Returns true for media types of bytes, such as images.
pub(crate) fn is_binary(media_type: &str) -> bool {
    let essence = essence(media_type);
    let Some((kind, subkind)) = essence.split_once('/') else {
        return false;
    };
    match kind {
        "image" => !subkind.ends_with("+xml"),
        "audio" | "video" | "font" => subkind != "*",
        "application" => matches!(
            subkind,
            "octet-stream"
                | "pdf"
                | "zip"
                | "gzip"
                | "x-gzip"
                | "x-tar"
                | "x-bzip2"
                | "x-7z-compressed"
                | "vnd.rar"
                | "zstd"
                | "wasm"
                | "x-binary"
        ),
        _ => false,
    }
}

pub(crate) use media_type::is_sequence;

/// Returns true for server-sent events.
pub(crate) fn is_event_stream(media_type: &str) -> bool {
    essence(media_type) == "text/event-stream"
}

/// Returns true for JSON, and for formats based on it.
pub(crate) fn is_json(media_type: &str) -> bool {
    media_type::is_json(media_type) || essence(media_type) == "text/json"
}

/// Returns true for forms that are encoded like query strings.
pub(crate) fn is_urlencoded(media_type: &str) -> bool {
    essence(media_type) == "application/x-www-form-urlencoded"
}

/// Returns true for multipart bodies.
pub(crate) fn is_multipart(media_type: &str) -> bool {
    essence(media_type).starts_with("multipart/")
}
