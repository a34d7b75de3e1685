//! Text of paths, query strings and headers.

use openapi_text::template::{Piece, pieces};

/// Replaces repeated slashes by one.
pub(crate) fn collapse(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '/' || !result.ends_with('/') {
            result.push(c);
        }
    }
    result
}

/// Decodes percent-encoded braces and angle brackets.
pub(crate) fn decode_braces(text: &str) -> String {
    let mut text = text.to_owned();
    for (code, character) in [("%7B", "{"), ("%7D", "}"), ("%3C", "<"), ("%3E", ">")] {
        text = text
            .replace(code, character)
            .replace(&code.to_ascii_lowercase(), character);
    }
    text
}

/// Splits a path before its first `#` outside of braces.
pub(crate) fn split_fragment(path: &str) -> (&str, &str) {
    path.split_at(outside_of_braces(path, '#').unwrap_or(path.len()))
}

/// Returns the position of the first `wanted` outside of braces.
pub(crate) fn outside_of_braces(path: &str, wanted: char) -> Option<usize> {
    let mut at = 0;
    for piece in pieces(path) {
        match piece {
            Piece::Literal(text) => match text.find(wanted) {
                Some(inside) => return Some(at + inside),
                None => at += text.len(),
            },
            Piece::Variable(name) => at += name.len() + 2,
        }
    }
    None
}

/// Returns the letters and digits of a name in lowercase. Names that differ only in separators and
/// case are equal.
pub(crate) fn folded(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Returns true if a text can be the name of a header: a token of RFC 9110.
pub fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
