//! Repairs of the text of paths: HTML entities, white space, percent-encoded braces, slashes,
//! fragments, and characters that URLs cannot have.

use super::context::RepairContext;
use crate::entities::decode;
use crate::swagger2::Operation;
use crate::text::{collapse, decode_braces, outside_of_braces, split_fragment};
use openapi_text::template::encode_literal;
use openapi_text::template::map_literals;

/// Changes the path and records the change if there is one. Collapses
/// empty segments unless the path had one before.
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

/// Removes white space at the ends, around slashes, and in braces.
pub(crate) fn spaces(operation: &mut Operation, context: &mut RepairContext<'_>) {
    // A sentence is not a path.
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
        // Spaces before `{` and after `}` may be intended: `a {x}` keeps its space, `{ x }` does
        // not.
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

/// Decodes braces: `%7Bid%7D` is a variable.
pub(crate) fn encoded_braces(operation: &mut Operation, context: &mut RepairContext<'_>) {
    rewrite(
        operation,
        context,
        "has percent-encoded braces",
        decode_braces,
    );
}

/// Corrects slashes. `//` inside a path is an empty segment, which servers may distinguish: it
/// stays.
pub(crate) fn slashes(operation: &mut Operation, context: &mut RepairContext<'_>) {
    let path = split_fragment(&operation.path).0;
    if path.len() > 1 && path.bytes().all(|byte| byte == b'/') {
        operation.unclear = Some("it is only slashes");
        return;
    }
    rewrite(
        operation,
        context,
        "has missing slashes or backslashes",
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

/// Cleans the fragment. It is never sent and stays only to distinguish endpoints; `#/a` is a
/// browser page, not a path of an API.
pub(crate) fn fragment(operation: &mut Operation, context: &mut RepairContext<'_>) {
    if split_fragment(&operation.path)
        .1
        .trim_start_matches(['#', '!'])
        .starts_with('/')
    {
        operation.unclear = Some("it is a browser page: nothing after the `#` is sent");
        return;
    }
    if outside_of_braces(&operation.path, '#').is_some() {
        let path = without_pages(&operation.path);
        let message = format!(
            "the path `{}` has a `#` in it, after which nothing is sent; read as `{path}`",
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

/// Percent-encodes characters that URLs cannot have.
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
