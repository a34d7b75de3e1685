//! Path templates such as `/teams/{team_id}/members`.
//!
//! Endpoints that share a path are distinguished after a `#`, as in `/#Action=X`. That part is not
//! sent.

use crate::pointer::starts_with_hex_pair;

/// A segment of literal text, or a variable, of a path template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text that is sent as it is.
    Literal(&'a str),
    /// The name of a variable, without braces.
    Variable(&'a str),
}

/// Splits a template into literals and variables. An unmatched brace is literal text.
pub fn pieces(path: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        if !before.is_empty() {
            pieces.push(Piece::Literal(before));
        }
        pieces.push(Piece::Variable(name));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    pieces
}

/// Replaces the literals of a template.
pub fn map_literals(path: &str, change: impl Fn(&str) -> String) -> String {
    let part = |piece| match piece {
        Piece::Literal(text) => change(text),
        Piece::Variable(name) => format!("{{{name}}}"),
    };
    pieces(path).into_iter().map(part).collect()
}

/// Renames the variables of a template.
pub fn map_variables(path: &str, mut rename: impl FnMut(&str) -> String) -> String {
    let part = |piece| match piece {
        Piece::Literal(text) => text.to_owned(),
        Piece::Variable(name) => format!("{{{}}}", rename(name)),
    };
    pieces(path).into_iter().map(part).collect()
}

/// Returns the names of the variables, in order and with repetitions.
pub fn variables(path: &str) -> Vec<&str> {
    let names = pieces(path).into_iter().filter_map(|piece| match piece {
        Piece::Variable(name) => Some(name),
        Piece::Literal(_) => None,
    });
    names.collect()
}

/// Returns the template with unnamed variables: `/teams/{}/members`. It identifies an endpoint,
/// because the names of variables are not sent.
pub fn by_position(path: &str) -> String {
    map_variables(path, |_| String::new())
}

/// Returns the part of a template that is sent.
pub fn on_the_wire(path: &str) -> &str {
    path.split('#').next().unwrap_or(path)
}

/// Returns true if a segment is `.` or `..`, which URLs do not keep.
pub fn is_dots(segment: &str) -> bool {
    matches!(
        segment.to_ascii_lowercase().replace("%2e", ".").as_str(),
        "." | ".."
    )
}

/// Returns the first defect of a template that makes it invalid in OpenAPI.
pub fn defect(path: &str) -> Option<String> {
    let path = on_the_wire(path);
    if !path.starts_with('/') {
        return Some("the path does not start with `/`".to_owned());
    }
    if let Some(odd) = path
        .chars()
        .find(|&c| matches!(c, '?' | '\\') || c.is_whitespace() || c.is_control())
    {
        return Some(format!("the path has the invalid character {odd:?}"));
    }
    let segments: Vec<&str> = path[1..].split('/').collect();
    if let Some(dots) = segments.iter().find(|segment| is_dots(segment)) {
        return Some(format!(
            "the path has the segment `{dots}`, which URLs do not keep"
        ));
    }
    let names = variables(path);
    if let Some(twice) = names
        .iter()
        .enumerate()
        .find_map(|(at, name)| names[..at].contains(name).then_some(name))
    {
        return Some(format!("the path has the variable `{{{twice}}}` twice"));
    }
    let outside = by_position(path).replace("{}", "");
    if outside.contains(['{', '}'])
        || names
            .iter()
            .any(|name| name.is_empty() || name.contains(['{', '/']))
    {
        return Some(
            "the braces of the path are not balanced, or do not enclose a name".to_owned(),
        );
    }
    None
}

/// Percent-encodes characters that a path or a fragment cannot contain, braces included. Percent
/// codes stay as they are.
pub fn encode_literal(text: &str) -> String {
    let kept = |c: char| c.is_ascii_alphanumeric() || "/-._~!$&'()*+,;=:@".contains(c);
    let mut result = String::with_capacity(text.len());
    let mut buffer = [0; 4];
    for (at, c) in text.char_indices() {
        if kept(c) || (c == '%' && starts_with_hex_pair(&text[at + 1..])) {
            result.push(c);
        } else {
            c.encode_utf8(&mut buffer)
                .bytes()
                .for_each(|byte| result.push_str(&format!("%{byte:02X}")));
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_variables_in_order() {
        assert_eq!(variables("/a/{b}/c/{d}.json"), ["b", "d"]);
        assert_eq!(variables("/a"), Vec::<&str>::new());
        assert_eq!(by_position("/a/{b}/c/{d}.json"), "/a/{}/c/{}.json");
        assert_eq!(map_literals("/a/{a}{a}a", str::to_uppercase), "/A/{a}{a}A");
        assert_eq!(by_position("/a/{b"), "/a/{b");
    }

    #[test]
    fn finds_defects() {
        for path in [
            "/a/{b}/{c}",
            "/",
            "/a/",
            "/a//b",
            "/...",
            "/{a}.json",
            "/#Action=A b",
            "/a#b",
        ] {
            assert_eq!(defect(path), None, "{path}");
        }
        for path in [
            "a",
            "/a?b=c",
            "/a b",
            "/{a}/{a}",
            "/{a",
            "/a}",
            "/{}",
            "/{a{b}}",
            "/{a/b}",
            "/{domain]/{x}",
            "/a/../b",
            "/./a",
            "/%2E%2e",
        ] {
            assert!(defect(path).is_some(), "{path}");
        }
    }
}
