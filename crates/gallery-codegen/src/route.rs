//! A path of a document, taken apart: what always stands in it, its variables, and behind a `#` the constants of its query.
//!
//! What always stands in it goes over the wire as the document means it: a slash at the end, `//` and percent-encoding stay, and
//! what no URL may hold, such as a space, is encoded.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// What RFC 3986 does not allow in a path, `/` aside. A `%` that encodes something stays.
const NOT_OF_PATHS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b']')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'|');

/// A path of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// The parts of the path, in order.
    pub parts: Vec<Part>,
    /// The constants: names and values, decoded.
    pub constants: Vec<(String, String)>,
}

/// A part of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// What always stands there, encoded.
    Literal(String),
    /// A variable's name.
    Variable(String),
}

impl Route {
    /// Takes a path apart, or says why no request can be made of it.
    pub fn parse(path: &str) -> Result<Route, String> {
        if !path.starts_with('/') {
            return Err("the path does not start with `/`".to_owned());
        }
        let (mut parts, mut literal, mut rest) = (Vec::new(), String::new(), path);
        let mut constants = Vec::new();
        while let Some(c) = rest.chars().next() {
            let after = &rest[c.len_utf8()..];
            match c {
                '{' => {
                    let (name, after) = after
                        .split_once('}')
                        .ok_or("a brace of the path is not closed")?;
                    if name.is_empty() || name.contains(['{', '/']) {
                        return Err("the braces of the path do not pair up around names".to_owned());
                    }
                    parts.push(Part::Literal(encode(&std::mem::take(&mut literal))));
                    parts.push(Part::Variable(name.to_owned()));
                    rest = after;
                    continue;
                }
                '}' => return Err("the path closes a brace that is not open".to_owned()),
                '?' => {
                    return Err(
                        "the path has a query in it; write it behind a `#` and as parameters"
                            .to_owned(),
                    );
                }
                '#' => {
                    constants = after.split('&').map(constant).collect();
                    break;
                }
                c => literal.push(c),
            }
            rest = after;
        }
        parts.push(Part::Literal(encode(&literal)));
        parts.retain(|part| *part != Part::Literal(String::new()));
        let route = Route { parts, constants };
        match route.dots() {
            Some(dots) => Err(format!(
                "the path has the segment `{dots}`, which URLs do not keep"
            )),
            None => Ok(route),
        }
    }

    /// The names of the variables, in order.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Variable(name) => Some(name.as_str()),
            Part::Literal(_) => None,
        })
    }

    /// A segment that leads elsewhere. Variables stand for what is no dot.
    fn dots(&self) -> Option<String> {
        let filled = self.parts.iter().map(|part| match part {
            Part::Literal(text) => text.as_str(),
            Part::Variable(_) => "x",
        });
        let path: String = filled.collect();
        let is_dots = |segment: &&str| {
            matches!(
                segment.to_ascii_lowercase().replace("%2e", ".").as_str(),
                "." | ".."
            )
        };
        path.split('/').find(is_dots).map(str::to_owned)
    }
}

fn constant(text: &str) -> (String, String) {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    (decoded(name), decoded(value))
}

fn encode(literal: &str) -> String {
    let mut encoded = String::new();
    let mut rest = literal;
    while let Some((before, after)) = rest.split_once('%') {
        encoded.extend(utf8_percent_encode(before, NOT_OF_PATHS));
        let encodes =
            after.len() >= 2 && after.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
        encoded.push_str(if encodes { "%" } else { "%25" });
        rest = after;
    }
    encoded.extend(utf8_percent_encode(rest, NOT_OF_PATHS));
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(path: &str) -> String {
        let route = Route::parse(path).unwrap();
        let parts = route.parts.iter().map(|part| match part {
            Part::Literal(text) => text.clone(),
            Part::Variable(name) => format!("<{name}>"),
        });
        let constants = route
            .constants
            .iter()
            .map(|(name, value)| format!(" {name}={value:?}"));
        parts.chain(constants).collect()
    }

    #[test]
    fn paths_are_taken_apart() {
        for (path, parts) in [
            ("/", "/"),
            ("/a/{b}/c/{d}.json", "/a/<b>/c/<d>.json"),
            ("/{id}{ext}", "/<id><ext>"),
            ("/chat:{x}:cancel/", "/chat:<x>:cancel/"),
            ("/{id | name}/{id | name}", "/<id | name>/<id | name>"),
            ("/a//b c/ü/%20%/100%", "/a//b%20c/%C3%BC/%20%25/100%25"),
            ("/a\\b[c]|", "/a%5Cb%5Bc%5D%7C"),
            ("/#Action=X&Version=2", "/ Action=\"X\" Version=\"2\""),
            ("/{a}/#wsdl&b=c%20d", "/<a>/ wsdl=\"\" b=\"c d\""),
            ("/{?x#}", "/<?x#>"),
        ] {
            assert_eq!(shown(path), parts);
        }
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for path in [
            "a",
            "",
            "/a?b=c",
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
            assert!(Route::parse(path).is_err(), "{path}");
        }
    }
}
