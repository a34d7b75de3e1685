//! Suggestions for queries that match nothing.

use serde_json::Value;

use openapi_overlay::Query;
use openapi_text::suggest::closest;

/// The minimum similarity of suggested keys. It is low, because keys are short.
const MIN_SIMILARITY: f64 = 0.4;

/// Returns a suggestion for a query that matches nothing, to be appended to a message: the closest
/// key below the longest prefix that matches something.
pub(super) fn nearest(query: &Query, document: &Value) -> String {
    let ends = query
        .text
        .char_indices()
        .filter(|(_, c)| matches!(c, '.' | '['))
        .map(|(at, _)| at);
    let longest = ends.rev().find_map(|end| {
        let prefix = Query::parse(&query.text[..end])?;
        let matches = prefix.select(document);
        Some((end, matches)).filter(|(_, matches)| !matches.is_empty())
    });
    let Some((end, matches)) = longest else {
        return String::new();
    };
    let (prefix, rest) = query.text.split_at(end);
    let key = rest.trim_start_matches(['.', '[', '\'', '"']);
    let key = key
        .split(
            ["']", "\"]"]
                .iter()
                .find(|close| key.contains(**close))
                .copied()
                .unwrap_or("."),
        )
        .next()
        .unwrap_or(key);
    let keys = matches
        .iter()
        .filter_map(|it| document.pointer(it)?.as_object())
        .flat_map(serde_json::Map::keys);
    match closest(key, keys.map(String::as_str), MIN_SIMILARITY) {
        Some(key) => format!(
            "; the nearest match is `{prefix}['{}']`",
            key.replace('\'', "\\'")
        ),
        None => format!("; the longest matching prefix is `{prefix}`"),
    }
}
