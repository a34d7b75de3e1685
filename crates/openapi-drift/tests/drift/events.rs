//! Tests of events that are added, removed or replaced. The table of pairs does not have them,
//! because only their removal breaks code.

use openapi_drift::{Source, Wire};
use serde_json::{Value, json};

use crate::support::{changes, with_operation};

/// Returns a document whose response has these media types beside JSON.
fn with(content: &[(&str, Value)]) -> Value {
    let mut all = json!({"application/json": {"schema": {"type": "string"}}});
    for (media_type, schema) in content {
        all[*media_type] = json!({"schema": schema});
    }
    with_operation(
        "get",
        json!({"responses": {"200": {"description": "d", "content": all}}}),
    )
}

fn levels(base: &[(&str, Value)], revision: &[(&str, Value)]) -> Vec<(&'static str, Wire, Source)> {
    let changes = changes(&with(base), &with(revision));
    let levels = changes
        .iter()
        .map(|change| (change.rule.id, change.wire, change.source));
    levels.collect()
}

#[test]
fn code_depends_on_the_events_that_it_reads() {
    let text = || json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let number = || json!({"type": "object", "properties": {"a": {"type": "integer"}}});
    let (events, lines) = ("text/event-stream", "application/jsonl");
    let removed = |source| ("media-type-removed", Wire::Breaking, source);
    let added = |source| ("media-type-added", Wire::Risky, source);
    assert_eq!(
        levels(&[(events, text())], &[]),
        [removed(Source::Breaking)]
    );
    assert_eq!(levels(&[], &[(events, text())]), [added(Source::None)]);
    // The code reads the first sequence.
    let both = [(lines, text()), (events, number())];
    assert_eq!(levels(&both, &both[..1]), [removed(Source::None)]);
    assert_eq!(levels(&both, &both[1..]), [removed(Source::Breaking)]);
    // The type is that of the schema, whatever the media type is.
    let same = levels(&[(events, text())], &[(lines, text())]);
    assert_eq!(
        same.iter().map(|(.., source)| *source).max(),
        Some(Source::None)
    );
    let other = levels(&[(events, text())], &[(lines, number())]);
    assert_eq!(
        other.iter().map(|(.., source)| *source).max(),
        Some(Source::Breaking)
    );
}
