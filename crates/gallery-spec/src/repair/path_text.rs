//! Paths as text: HTML entities, white space, percent-encoded braces, slashes, characters that no URL has, and what stands after a `#`.

use crate::entities::decode;
use crate::repair::Found;
use crate::swagger2::Operation;
use openapi_text::template::{Piece, encode_literal, map_literals, pieces};

/// Changes the path, and says so where that makes a difference. What is taken out of a path leaves no empty segment behind.
pub(crate) fn rewrite(
    operation: &mut Operation,
    found: &mut Found<'_>,
    what: &str,
    change: impl Fn(&str) -> String,
) {
    let mut changed = change(&operation.path);
    if !operation.path.contains("//") {
        changed = collapse(&changed);
    }
    if changed != operation.path {
        found.at(
            &operation.pointer,
            format!("the path `{}` {what}; read as `{changed}`", operation.path),
        );
        operation.path = changed;
    }
}

pub(crate) fn entities(operation: &mut Operation, found: &mut Found<'_>) {
    rewrite(operation, found, "has HTML entities", decode);
    for parameter in &mut operation.parameters {
        let decoded = decode(&parameter.name);
        if decoded != parameter.name {
            let message = format!(
                "the name `{}` of a parameter has HTML entities; read as `{decoded}`",
                parameter.name
            );
            found.at(&parameter.pointer, message);
            parameter.name = decoded;
        }
    }
}

/// White space at the ends, around slashes and in braces is no part of a path.
pub(crate) fn spaces(operation: &mut Operation, found: &mut Found<'_>) {
    // A sentence is no path.
    if !operation.path.contains(['/', '{']) && operation.path.split_whitespace().count() > 2 {
        operation.unclear = Some("it is prose");
        return;
    }
    rewrite(operation, found, "has white space in it", |path| {
        let path: String = path
            .chars()
            .filter(|&c| !is_invisible(c))
            .map(|c| if c.is_whitespace() { ' ' } else { c })
            .collect();
        let trim = |separator: char, text: &str| {
            let parts: Vec<&str> = text
                .split(separator)
                .map(|part| part.trim_matches(' '))
                .collect();
            parts.join(&separator.to_string())
        };
        // Spaces before `{` and after `}` may be meant: those of `a {x}` stay, those of `{ x }` go.
        let tight = trim('/', &path).replace("{ ", "{").replace(" }", "}");
        trim('&', &trim('?', &tight))
    });
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
    ) || (c.is_control() && !c.is_whitespace())
}

/// `%7Bid%7D` is a variable.
pub(crate) fn encoded_braces(operation: &mut Operation, found: &mut Found<'_>) {
    rewrite(
        operation,
        found,
        "has percent-encoded braces",
        decode_braces,
    );
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

/// A slash at the start. `//` inside of a path is an empty segment, which servers may tell from none: it stays.
pub(crate) fn slashes(operation: &mut Operation, found: &mut Found<'_>) {
    let path = split_fragment(&operation.path).0;
    if path.len() > 1 && path.bytes().all(|byte| byte == b'/') {
        operation.unclear = Some("it is slashes that no host follows");
        return;
    }
    rewrite(
        operation,
        found,
        "has slashes missing or turned round",
        |path| {
            let (path, fragment) = split_fragment(path);
            let path = map_literals(path, |text| text.replace("\\/", "/").replace('\\', "/"));
            let path = path.strip_prefix("./").unwrap_or(&path);
            let path = if path.starts_with('/') {
                path.to_owned()
            } else {
                format!("/{path}")
            };
            format!("{path}{fragment}")
        },
    );
}

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

/// What comes after a `#` never goes over the wire. It stays, to tell endpoints apart; `#/a` is a page in a browser, and no path of an API.
pub(crate) fn fragment(operation: &mut Operation, found: &mut Found<'_>) {
    if split_fragment(&operation.path)
        .1
        .trim_start_matches(['#', '!'])
        .starts_with('/')
    {
        operation.unclear =
            Some("it is a page in a browser, of which nothing after the `#` goes over the wire");
        return;
    }
    if outside_of_braces(&operation.path, '#').is_some() {
        let path = without_pages(&operation.path);
        let message = format!(
            "the path `{}` has a `#` in it, after which nothing goes over the wire; read as `{path}`",
            operation.path
        );
        found.at(&operation.pointer, message);
        operation.path = path;
    }
}

fn without_pages(path: &str) -> String {
    let (before, fragment) = split_fragment(path);
    let after = fragment.trim_start_matches(['#', '!']);
    if after.is_empty() {
        before.to_owned()
    } else if after.starts_with('?') {
        without_pages(&format!("{before}{after}"))
    } else {
        format!("{before}#{}", encode_literal(after))
    }
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

/// What URLs cannot have as it stands is percent-encoded.
pub(crate) fn encode(operation: &mut Operation, found: &mut Found<'_>) {
    rewrite(
        operation,
        found,
        "has characters that a URL cannot have",
        |path| {
            let (path, fragment) = split_fragment(path);
            format!("{}{fragment}", map_literals(path, encode_literal))
        },
    );
}
