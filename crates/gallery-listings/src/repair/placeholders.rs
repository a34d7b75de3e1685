//! Repairs of variables in other notations than `{x}`, and of unpaired braces.

use super::context::RepairContext;
use super::path_text::rewrite;
use crate::swagger2::Operation;
use openapi_text::template::{Piece, pieces};

/// Rewrites `<x>`, `[x]`, `${x}`, `#{x}` and `{x:regex}`, and optional parts `[/{x}]`.
pub(crate) fn foreign(operation: &mut Operation, context: &mut RepairContext<'_>) {
    rewrite(
        operation,
        context,
        "has variables in another notation",
        |path| {
            let path = path.replace("${", "{").replace("#{", "{");
            let path = without_patterns(&angles(&path));
            brackets(&path)
        },
    );
}

/// `<x>` is `{x}`.
fn angles(path: &str) -> String {
    let mut result = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('<') {
        result.push_str(before);
        match after
            .split_once('>')
            .filter(|(name, _)| !name.is_empty() && !name.contains(['/', '{', '}', '<']))
        {
            Some((name, after)) => {
                result.push_str(&format!("{{{name}}}"));
                rest = after;
            }
            None => {
                result.push('<');
                rest = after;
            }
        }
    }
    result + rest
}

/// Removes patterns: `{id:[0-9]{3}}` is `{id}`.
fn without_patterns(path: &str) -> String {
    let mut result = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        result.push_str(before);
        result.push('{');
        rest = after;
        let name = after
            .split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-')
            .next()
            .unwrap_or_default();
        let is_pattern = !name.is_empty() && after[name.len()..].trim_start().starts_with(':');
        if let Some(end) = closing(after).filter(|_| is_pattern) {
            result.push_str(name);
            rest = &after[end..];
        }
    }
    result + rest
}

/// Returns the position that closes the brace before `text`.
fn closing(text: &str) -> Option<usize> {
    let mut open = 1usize;
    text.char_indices().find_map(|(at, c)| {
        match c {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        (open == 0).then_some(at)
    })
}

/// `/[x]/` is `/{x}/`, and `[/{x}]` is `/{x}`.
fn brackets(path: &str) -> String {
    let mut result = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('[') {
        result.push_str(before);
        let starts_segment = result.is_empty() || result.ends_with('/');
        let inside = after.split_once(']');
        match inside {
            Some((name, after))
                if starts_segment
                    && is_name(name)
                    && !after.starts_with(|c: char| c.is_alphanumeric()) =>
            {
                result.push_str(&format!("{{{name}}}"));
                rest = after;
            }
            Some((part, after)) if part.starts_with(['/', '?', '&', '.']) => {
                result.push_str(part);
                rest = after;
            }
            _ => {
                result.push('[');
                rest = after;
            }
        }
    }
    result + rest
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '))
}

/// Expands the operators of RFC 6570: `{?a,b}` is a query string, `{/a}` a segment, `{+a}` and
/// `{a*}` are `{a}`.
pub(crate) fn expressions(operation: &mut Operation, context: &mut RepairContext<'_>) {
    rewrite(
        operation,
        context,
        "has expressions of URI templates (RFC 6570)",
        |path| {
            let part = |piece| match piece {
                Piece::Literal(text) => text.to_owned(),
                Piece::Variable(expression) => expand(expression),
            };
            pieces(path).into_iter().map(part).collect()
        },
    );
}

fn expand(expression: &str) -> String {
    let (operator, list) = match expression.chars().next() {
        Some(operator @ ('+' | '#' | '.' | '/' | ';' | '?' | '&')) => {
            (Some(operator), &expression[1..])
        }
        _ => (None, expression),
    };
    let names: Vec<&str> = list
        .split(',')
        .map(|name| name.trim().trim_end_matches('*'))
        .collect();
    let are_names = names.iter().all(|name| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || "_-.$".contains(c))
    });
    if !are_names || (operator.is_none() && names.len() == 1) {
        return format!("{{{}}}", expression.trim_end_matches('*'));
    }
    let pairs = |separator: &str| {
        names
            .iter()
            .map(|name| format!("{name}={{{name}}}"))
            .collect::<Vec<_>>()
            .join(separator)
    };
    let each = |before: &str| {
        names
            .iter()
            .map(|name| format!("{before}{{{name}}}"))
            .collect::<String>()
    };
    match operator {
        Some('?') => format!("?{}", pairs("&")),
        Some('&') => format!("&{}", pairs("&")),
        Some(';') => format!(";{}", pairs(";")),
        Some('/') => each("/"),
        Some('.') => each("."),
        _ => names
            .iter()
            .map(|name| format!("{{{name}}}"))
            .collect::<Vec<_>>()
            .join(","),
    }
}

/// Rewrites `/:x` as `/{x}`. The colon of `/jobs:cancel` stays.
pub(crate) fn colons(operation: &mut Operation, context: &mut RepairContext<'_>) {
    rewrite(operation, context, "has variables with a colon", |path| {
        // A literal after a variable does not start a segment: `{id}:cancel`.
        let mut result = String::with_capacity(path.len());
        for piece in pieces(path) {
            match piece {
                Piece::Literal(text) => with_colons(text, &mut result),
                Piece::Variable(name) => result.push_str(&format!("{{{name}}}")),
            }
        }
        result
    });
}

fn with_colons(text: &str, result: &mut String) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(':') {
        result.push_str(before);
        rest = after;
        let starts = result.is_empty() || result.ends_with(['/', ',', ';', '-', '.', '=']);
        let name = if starts { colon_name(after) } else { "" };
        if name.is_empty() {
            result.push(':');
        } else {
            result.push_str(&format!("{{{name}}}"));
            rest = &after[name.len()..];
        }
    }
    result.push_str(rest);
}

/// The name after a colon: a word, also one with hyphens inside of it.
fn colon_name(text: &str) -> &str {
    if !text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return "";
    }
    let is_part = |at: usize, c: char| {
        c.is_ascii_alphanumeric()
            || c == '_'
            || (c == '-' && text[at + 1..].starts_with(|next: char| next.is_ascii_alphanumeric()))
    };
    let end = text
        .char_indices()
        .find(|&(at, c)| !is_part(at, c))
        .map_or(text.len(), |(at, _)| at);
    &text[..end]
}

/// `/{domain]/`, `/{id/x`, `/id}`, `/{{id}}`.
pub(crate) fn braces(operation: &mut Operation, context: &mut RepairContext<'_>) {
    rewrite(
        operation,
        context,
        "has braces that do not pair up",
        balance,
    );
}

fn balance(path: &str) -> String {
    let mut result = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find(['{', '}']) {
        result.push_str(&rest[..at]);
        let opens = rest[at..].starts_with('{');
        rest = &rest[at + 1..];
        if !opens {
            open_before(&mut result);
            continue;
        }
        if rest.starts_with('{') {
            continue;
        }
        let (name, after) = variable(rest);
        if !name.is_empty() || rest.starts_with('}') {
            result.push_str(&format!("{{{name}}}"));
        }
        rest = after;
    }
    result + rest
}

/// The name of the variable that is open before `text`, and what comes after its end.
fn variable(text: &str) -> (&str, &str) {
    let closed = text.split_once('}').filter(|(name, _)| !name.contains('{'));
    // `{domain]/{x}`, but not `{a(b)}`.
    let (name, after) = match closed {
        Some((name, _)) if !name.contains([']', ')', '>']) || balanced_inside(name) => {
            return closed.unwrap_or((name, ""));
        }
        _ => text.split_at(
            text.find(['/', ']', ')', '>', '?', '{', '}'])
                .unwrap_or(text.len()),
        ),
    };
    (
        name,
        after.strip_prefix([']', ')', '>', '}']).unwrap_or(after),
    )
}

fn balanced_inside(name: &str) -> bool {
    [('[', ']'), ('(', ')'), ('<', '>')]
        .into_iter()
        .all(|(open, close)| name.matches(open).count() == name.matches(close).count())
}

/// Opens, at the start of the segment, the variable that an unpaired `}` closes. Without a name
/// there, the brace is removed.
fn open_before(result: &mut String) {
    let start = result.rfind('/').map_or(0, |slash| slash + 1);
    let name = result[start..]
        .trim_start_matches(['[', '(', '<'])
        .to_owned();
    if !name.is_empty() && !name.contains(['{', '}', '?', '#', '=', '&']) {
        result.truncate(start);
        result.push_str(&format!("{{{name}}}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_ways_to_write_variables() {
        for (written, meant) in [
            ("/a/<id>/b", "/a/{id}/b"),
            ("/a/<id", "/a/<id"),
            ("/a/[id]/b", "/a/{id}/b"),
            ("/a[/{b}]", "/a/{b}"),
            ("/a[&{b}={c}]", "/a&{b}={c}"),
            ("/a/b[0]", "/a/b[0]"),
            ("/{id:[0-9]{3}}/x", "/{id}/x"),
            ("/{id : .*}", "/{id}"),
            ("/{a}:cancel", "/{a}:cancel"),
        ] {
            assert_eq!(
                brackets(&without_patterns(&angles(written))),
                meant,
                "{written}"
            );
        }
    }

    #[test]
    fn rewrites_colons_at_the_start_of_segments() {
        for (written, meant) in [
            ("/:id/b/:b_id", "/{id}/b/{b_id}"),
            ("/:user-id.json", "/{user-id}.json"),
            ("/:lat,:lng", "/{lat},{lng}"),
            ("/jobs:submit", "/jobs:submit"),
            ("/q/pws:KC", "/q/pws:KC"),
            ("/:8080/a", "/:8080/a"),
        ] {
            let mut result = String::new();
            with_colons(written, &mut result);
            assert_eq!(result, meant);
        }
    }

    #[test]
    fn pairs_braces() {
        for (written, meant) in [
            ("/{domain]/x", "/{domain}/x"),
            ("/{domain]/{x}", "/{domain}/{x}"),
            ("/{id/members/{x}", "/{id}/members/{x}"),
            ("/{id/members", "/{id}/members"),
            ("/a/id}/b", "/a/{id}/b"),
            ("/[id}/b", "/{id}/b"),
            ("/{{id}}/b", "/{id}/b"),
            ("/{id}}/b", "/{id}/b"),
            ("/{a/b}", "/{a/b}"),
            ("/{a(b)}", "/{a(b)}"),
            ("/{", "/"),
            ("/}", "/"),
            ("/{}", "/{}"),
            ("/a{", "/a"),
        ] {
            assert_eq!(balance(written), meant, "{written}");
            assert_eq!(balance(meant), meant);
        }
    }

    #[test]
    fn expands_expressions() {
        for (written, meant) in [
            ("?a,b*", "?a={a}&b={b}"),
            ("&a", "&a={a}"),
            ("/a,b", "/{a}/{b}"),
            ("+a", "{a}"),
            ("a*", "{a}"),
            ("lat,lng", "{lat},{lng}"),
            ("id | name", "{id | name}"),
            ("a", "{a}"),
        ] {
            assert_eq!(expand(written), meant);
        }
    }
}
