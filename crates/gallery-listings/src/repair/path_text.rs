//! Paths as text: HTML entities, white space, percent-encoded braces, slashes, characters that no URL has, and what stands after a `#`.

use super::context::RepairContext;
use crate::entities::decode;
use crate::swagger2::Operation;
use crate::text::{collapse, decode_braces, outside_of_braces, split_fragment};
use openapi_text::template::encode_literal;
use openapi_text::template::map_literals;

/// Changes the path, and says so where that makes a difference. What is taken out of a path leaves no empty segment behind.
pub(crate) fn rewrite(
    operation: &mut Operation,
    context: &mut RepairContext<'_>,
    what: &str,
    change: impl Fn(&str) -> String,
) {
    let mut changed = change(&operation.path);
    if !operation.path.contains("//") {
        changed = collapse(&changed);
    }
    if changed != operation.path {
        context.record(
            &operation.pointer,
            format!("the path `{}` {what}; read as `{changed}`", operation.path),
        );
        operation.path = changed;
    }
}

pub(crate) fn entities(operation: &mut Operation, context: &mut RepairContext<'_>) {
    rewrite(operation, context, "has HTML entities", decode);
    for parameter in &mut operation.parameters {
        let decoded = decode(&parameter.name);
        if decoded != parameter.name {
            let message = format!(
                "the name `{}` of a parameter has HTML entities; read as `{decoded}`",
                parameter.name
            );
            context.record(&parameter.pointer, message);
            parameter.name = decoded;
        }
    }
}

/// White space at the ends, around slashes and in braces is no part of a path.
pub(crate) fn spaces(operation: &mut Operation, context: &mut RepairContext<'_>) {
    // A sentence is no path.
    if !operation.path.contains(['/', '{']) && operation.path.split_whitespace().count() > 2 {
        operation.unclear = Some("it is prose");
        return;
    }
    rewrite(operation, context, "has white space in it", |path| {
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
pub(crate) fn encoded_braces(operation: &mut Operation, context: &mut RepairContext<'_>) {
    rewrite(
        operation,
        context,
        "has percent-encoded braces",
        decode_braces,
    );
}

/// A slash at the start. `//` inside of a path is an empty segment, which servers may tell from none: it stays.
pub(crate) fn slashes(operation: &mut Operation, context: &mut RepairContext<'_>) {
    let path = split_fragment(&operation.path).0;
    if path.len() > 1 && path.bytes().all(|byte| byte == b'/') {
        operation.unclear = Some("it is slashes that no host follows");
        return;
    }
    rewrite(
        operation,
        context,
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

/// What comes after a `#` never goes over the wire. It stays, to tell endpoints apart; `#/a` is a page in a browser, and no path of an API.
pub(crate) fn fragment(operation: &mut Operation, context: &mut RepairContext<'_>) {
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
        context.record(&operation.pointer, message);
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

/// What URLs cannot have as it stands is percent-encoded.
pub(crate) fn encode(operation: &mut Operation, context: &mut RepairContext<'_>) {
    rewrite(
        operation,
        context,
        "has characters that a URL cannot have",
        |path| {
            let (path, fragment) = split_fragment(path);
            format!("{}{fragment}", map_literals(path, encode_literal))
        },
    );
}
