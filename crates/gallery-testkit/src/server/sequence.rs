//! Bodies that are sequences of events.

use crate::document::{EVENT_STREAM, essence};

/// Returns a body with these events. Server-sent events have the IDs 1, 2, and so on.
pub(super) fn sequence(media_type: &str, events: &[String]) -> String {
    let kind = essence(media_type);
    let texts = events.iter().enumerate().map(|(index, text)| {
        if kind == EVENT_STREAM {
            let lines = text.split('\n').map(|line| format!("data: {line}\n"));
            format!("id: {}\n{}\n", index + 1, lines.collect::<String>())
        } else if kind == "application/json-seq" {
            format!("\u{1e}{text}\n")
        } else {
            format!("{text}\n")
        }
    });
    texts.collect()
}
