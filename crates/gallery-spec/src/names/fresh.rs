//! Derives names for new endpoints.

use gallery_draft::{DraftEndpoint, Method};
use heck::ToSnakeCase;

use super::rules::{MAX_LENGTH, is_usable};

/// Returns a new name, from the summary if possible, else from the method and the path.
pub(super) fn fresh(endpoint: &DraftEndpoint, taken: impl Fn(&str) -> bool) -> String {
    let from_summary = endpoint
        .operation
        .summary
        .as_deref()
        .map(from_summary)
        .unwrap_or_default();
    let from_path = from_path(endpoint.key.method, &endpoint.path);
    let candidates = [
        from_summary.clone(),
        from_path.clone(),
        shorten(&format!("{}_{from_summary}", endpoint.key.method.key())),
    ];
    if let Some(name) = candidates
        .into_iter()
        .find(|name| is_usable(name) && !taken(name))
    {
        return name;
    }
    let stem = if is_usable(&from_path) {
        from_path
    } else {
        format!("{}_operation", endpoint.key.method.key())
    };
    let stem: String = stem.chars().take(MAX_LENGTH - 6).collect();
    // The search ends because the number of taken names is finite.
    (2u32..)
        .map(|number| format!("{}_v{number}", stem.trim_end_matches('_')))
        .find(|name| is_usable(name) && !taken(name))
        .unwrap_or(stem)
}

fn from_summary(summary: &str) -> String {
    let words = ascii_words(summary);
    let words: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| !matches!(*word, "a" | "an" | "the"))
        .collect();
    shorten(&words.join("_"))
}

fn from_path(method: Method, path: &str) -> String {
    shorten(&format!("{}_{}", method.key(), ascii_words(path).join("_")))
}

fn ascii_words(text: &str) -> Vec<String> {
    let text: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect();
    text.to_snake_case()
        .split('_')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Shortens a name to at most [`MAX_LENGTH`] characters, between words if possible.
fn shorten(name: &str) -> String {
    if name.len() <= MAX_LENGTH {
        return name.to_owned();
    }
    let head = &name[..=MAX_LENGTH];
    head.rfind('_')
        .map_or(&name[..MAX_LENGTH], |at| &head[..at])
        .to_owned()
}
