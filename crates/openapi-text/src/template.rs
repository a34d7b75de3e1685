//! Path templates: `/teams/{team_id}/members`, and after a `#` what tells endpoints apart that share a path: `/#Action=X`. What goes
//! over the wire ends before the `#`.

use crate::pointer::starts_with_hex_pair;

/// A part of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text that goes over the wire as it stands.
    Literal(&'a str),
    /// The name of a variable, without its braces.
    Variable(&'a str),
}

/// The parts of a template, in order. A brace without its partner is text.
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

/// The template with its literal text changed.
pub fn map_literals(path: &str, change: impl Fn(&str) -> String) -> String {
    let part = |piece| match piece {
        Piece::Literal(text) => change(text),
        Piece::Variable(name) => format!("{{{name}}}"),
    };
    pieces(path).into_iter().map(part).collect()
}

/// The template with other names of its variables.
pub fn map_variables(path: &str, mut rename: impl FnMut(&str) -> String) -> String {
    let part = |piece| match piece {
        Piece::Literal(text) => text.to_owned(),
        Piece::Variable(name) => format!("{{{}}}", rename(name)),
    };
    pieces(path).into_iter().map(part).collect()
}

/// The names of a template's variables, in order; a name that comes twice is there twice.
pub fn variables(path: &str) -> Vec<&str> {
    let names = pieces(path).into_iter().filter_map(|piece| match piece {
        Piece::Variable(name) => Some(name),
        Piece::Literal(_) => None,
    });
    names.collect()
}

/// The template with its variables nameless: what an endpoint is known by, since a variable's name never goes over the wire.
pub fn by_position(path: &str) -> String {
    map_variables(path, |_| String::new())
}

/// What of a template goes over the wire.
pub fn on_the_wire(path: &str) -> &str {
    path.split('#').next().unwrap_or(path)
}

/// Whether a segment is one that URLs do not keep.
pub fn is_dots(segment: &str) -> bool {
    matches!(
        segment.to_ascii_lowercase().replace("%2e", ".").as_str(),
        "." | ".."
    )
}

/// What of a template no OpenAPI tool could use, if anything.
pub fn defect(path: &str) -> Option<String> {
    let path = on_the_wire(path);
    if !path.starts_with('/') {
        return Some("the path does not start with `/`".to_owned());
    }
    if let Some(odd) = path
        .chars()
        .find(|&c| matches!(c, '?' | '\\') || c.is_whitespace() || c.is_control())
    {
        return Some(format!(
            "the path has {odd:?} in it, which is no part of a path"
        ));
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
        return Some("the braces of the path do not pair up around names".to_owned());
    }
    None
}

/// A text with all that a path or a fragment cannot have percent-encoded, braces too. What is a percent-code stays one.
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
    fn variables_are_found_in_order() {
        assert_eq!(variables("/a/{b}/c/{d}.json"), ["b", "d"]);
        assert_eq!(variables("/a"), Vec::<&str>::new());
        assert_eq!(by_position("/a/{b}/c/{d}.json"), "/a/{}/c/{}.json");
        assert_eq!(map_literals("/a/{a}{a}a", str::to_uppercase), "/A/{a}{a}A");
        assert_eq!(by_position("/a/{b"), "/a/{b");
    }

    #[test]
    fn defects_are_named() {
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
