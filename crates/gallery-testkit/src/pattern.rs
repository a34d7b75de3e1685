//! Patterns of strings, as ECMA-262 defines them, matched in linear time.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use fancy_regex::{Regex, RegexBuilder};

/// Maximum number of steps of a pattern with lookarounds or backreferences, which need
/// backtracking.
const STEPS: usize = 100_000;

/// Maximum size of a compiled pattern in bytes.
const SIZE: usize = 1 << 20;

/// The compiled patterns of a document.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patterns(Arc<Mutex<HashMap<String, Option<Regex>>>>);

impl Patterns {
    /// Returns true if a text matches, or if the pattern cannot be evaluated.
    pub(crate) fn is_match(&self, pattern: &str, text: &str) -> bool {
        let regex = {
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match known.get(pattern) {
                Some(regex) => regex.clone(),
                None => known
                    .entry(pattern.to_owned())
                    .or_insert(compiled(pattern))
                    .clone(),
            }
        };
        regex.is_none_or(|regex| regex.is_match(text).unwrap_or(true))
    }
}

fn compiled(pattern: &str) -> Option<Regex> {
    let pattern = without_identity_escapes(pattern);
    let translated = jsonschema_regex::to_rust_regex(&pattern).ok()?;
    RegexBuilder::new(&translated)
        .backtrack_limit(STEPS)
        .delegate_size_limit(SIZE)
        .build()
        .ok()
}

/// Replaces escapes of characters that need none and that have a meaning in other dialects, such as
/// `\<`.
fn without_identity_escapes(pattern: &str) -> Cow<'_, str> {
    if !pattern.contains('\\') {
        return Cow::Borrowed(pattern);
    }
    let mut result = String::with_capacity(pattern.len());
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            result.push(character);
            continue;
        }
        let Some(escaped) = characters.next() else {
            result.push('\\');
            break;
        };
        let is_plain = matches!(
            escaped,
            '<' | '>' | '`' | '\'' | '"' | '@' | ':' | '=' | ' '
        ) || !escaped.is_ascii();
        if !is_plain {
            result.push('\\');
        }
        result.push(escaped);
    }
    Cow::Owned(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_ecma_262() {
        for (pattern, fits, other) in [
            (r"^[\w\-\.]+\@\w+$", "a-b.c@d", "a b@c"),
            (r"^\/a\_b\:\<\>\!\#\%\&\~$", "/a_b:<>!#%&~", "/a_b"),
            (r"^\d+$", "12", "१२"),
            (r"^\u0041$", "A", "B"),
            (r"^(?!x)\w(?=y)", "ay", "xy"),
            (r"^(a|b)\1$", "aa", "ab"),
            (r"^[^\]]$", "[", "]"),
            (r"^\p{L}+$", "ü", "1"),
        ] {
            let patterns = Patterns::default();
            assert!(patterns.is_match(pattern, fits), "{pattern}");
            assert!(!patterns.is_match(pattern, other), "{pattern}");
        }
    }

    #[test]
    fn matches_nested_repetitions_in_linear_time() {
        let text = format!("{}!", "a".repeat(100_000));
        assert!(!Patterns::default().is_match("^(a+)+$", &text));
    }
}
