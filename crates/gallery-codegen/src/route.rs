//! Parses path templates into literals, variables, and query constants.
//!
//! Query constants are the parameters with a fixed value in the fragment of a path, such as
//! `#Action=List`.
//!
//! Literals are sent as written: trailing slashes, `//` and percent-encoding are kept. Characters
//! that URLs do not allow, such as spaces, are percent-encoded.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// Characters that RFC 3986 does not allow in a path. `%` is handled separately.
const ENCODED: &AsciiSet = &CONTROLS
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

/// A parsed path template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// Literals and variables, in order.
    pub parts: Vec<Part>,
    /// Names and values of the query constants, decoded.
    pub constants: Vec<(String, String)>,
}

/// A part of a path template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A literal, percent-encoded.
    Literal(String),
    /// The name of a variable.
    Variable(String),
}

impl Route {
    /// Parses a path template. Returns a message if the template is invalid.
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
                        .ok_or("the path has an unclosed `{`")?;
                    if name.is_empty() || name.contains(['{', '/']) {
                        return Err("the path has an invalid variable name".to_owned());
                    }
                    parts.push(Part::Literal(encode(&std::mem::take(&mut literal))));
                    parts.push(Part::Variable(name.to_owned()));
                    rest = after;
                    continue;
                }
                '}' => return Err("the path has an unmatched `}`".to_owned()),
                '?' => {
                    return Err(
                        "the path contains a query; move it to the fragment and declare its parameters"
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
        match route.dot_segment() {
            Some(dots) => Err(format!(
                "the path has the segment `{dots}`, which URL parsers remove"
            )),
            None => Ok(route),
        }
    }

    /// Returns the names of the variables, in order.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Variable(name) => Some(name.as_str()),
            Part::Literal(_) => None,
        })
    }

    /// Returns the first `.` or `..` segment, percent-encoded or not. A variable is not a dot.
    fn dot_segment(&self) -> Option<String> {
        let texts = self.parts.iter().map(|part| match part {
            Part::Literal(text) => text.as_str(),
            Part::Variable(_) => "x",
        });
        let path: String = texts.collect();
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
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    (decode(name), decode(value))
}

fn encode(literal: &str) -> String {
    let mut encoded = String::new();
    let mut rest = literal;
    while let Some((before, after)) = rest.split_once('%') {
        encoded.extend(utf8_percent_encode(before, ENCODED));
        let is_encoded =
            after.len() >= 2 && after.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
        encoded.push_str(if is_encoded { "%" } else { "%25" });
        rest = after;
    }
    encoded.extend(utf8_percent_encode(rest, ENCODED));
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(path: &str) -> String {
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
    fn parses_paths() {
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
            assert_eq!(render(path), parts);
        }
    }

    #[test]
    fn rejects_invalid_paths() {
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
