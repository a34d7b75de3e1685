//! Text of paths, query strings and headers.

use crate::template::{Piece, pieces};

/// The text with one slash where several stand together.
pub(crate) fn collapse(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '/' || !result.ends_with('/') {
            result.push(c);
        }
    }
    result
}

/// The text with percent-encoded braces and angles read.
pub(crate) fn decode_braces(text: &str) -> String {
    let mut text = text.to_owned();
    for (code, character) in [("%7B", "{"), ("%7D", "}"), ("%3C", "<"), ("%3E", ">")] {
        text = text
            .replace(code, character)
            .replace(&code.to_ascii_lowercase(), character);
    }
    text
}

/// The path, and from its first `#` outside of braces on the rest.
pub(crate) fn split_fragment(path: &str) -> (&str, &str) {
    path.split_at(outside_of_braces(path, '#').unwrap_or(path.len()))
}

/// Where a character stands first outside of braces.
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

/// A text with all that a path or a fragment cannot have percent-encoded, braces too. What is a percent-code stays one.
pub(crate) fn encode_literal(text: &str) -> String {
    let kept = |c: char| c.is_ascii_alphanumeric() || "/-._~!$&'()*+,;=:@".contains(c);
    let mut result = String::with_capacity(text.len());
    let mut buffer = [0; 4];
    for (at, c) in text.char_indices() {
        if kept(c) || (c == '%' && is_code(&text[at + 1..])) {
            result.push(c);
        } else {
            c.encode_utf8(&mut buffer)
                .bytes()
                .for_each(|byte| result.push_str(&format!("%{byte:02X}")));
        }
    }
    result
}

fn is_code(after: &str) -> bool {
    after.len() >= 2 && after.bytes().take(2).all(|byte| byte.is_ascii_hexdigit())
}

/// A text with its percent-codes read; what is no code, or no UTF-8, stays as it is.
pub(crate) fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut result = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = text
            .get(at + 1..at + 3)
            .filter(|code| bytes[at] == b'%' && is_code(code));
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                result.push(byte);
                at += 3;
            }
            None => {
                result.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(result).unwrap_or_else(|_| text.to_owned())
}
/// A token of RFC 9110.
pub fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
