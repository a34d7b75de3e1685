//! Requests in a normal form: decoded path segments, and decoded pairs of queries and forms.

use std::fmt;

/// A request as a server reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) segments: Vec<String>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) form: Option<(&'static str, Vec<(String, String)>)>,
    pub(crate) body: Option<String>,
}

pub(crate) const URLENCODED: &str = "application/x-www-form-urlencoded";
pub(crate) const MULTIPART: &str = "multipart/form-data";

impl Sent {
    /// Parses a request line such as `GET /a%20b?c=d`.
    pub(crate) fn from_line(line: &str) -> Option<Sent> {
        let (method, target) = line.split_once(' ')?;
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let segments = path.strip_prefix('/')?.split('/').map(decoded).collect();
        Some(Sent {
            method: method.to_owned(),
            segments,
            query: pairs(query),
            ..Sent::default()
        })
    }

    /// Sorts the query pairs, the headers and the form fields.
    pub(crate) fn sorted(mut self) -> Sent {
        self.query.sort();
        self.headers.sort();
        if let Some((_, fields)) = &mut self.form {
            fields.sort();
        }
        self
    }
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path: Vec<String> = self
            .segments
            .iter()
            .map(|segment| encoded(segment))
            .collect();
        write!(f, "{} /{}", self.method, path.join("/"))?;
        if !self.query.is_empty() {
            write!(f, "?{}", joined(&self.query))?;
        }
        for (name, value) in &self.headers {
            write!(f, " | {name}: {value}")?;
        }
        if let Some((media_type, fields)) = &self.form {
            write!(f, " | {media_type} {}", joined(fields))?;
        }
        if let Some(body) = &self.body {
            write!(f, " | body {body}")?;
        }
        Ok(())
    }
}

/// Parses and decodes the pairs of a query or an urlencoded form.
///
/// A key without `=` has an empty value.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (
            decoded(&name.replace('+', " ")),
            decoded(&value.replace('+', " ")),
        )
    };
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(pair)
        .collect()
}

fn joined(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    pairs.join("&")
}

/// Percent-encodes all characters except the unreserved ones of RFC 3986.
pub(crate) fn encoded(text: &str) -> String {
    let mut result = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                result.push(char::from(byte));
            }
            _ => result += &format!("%{byte:02X}"),
        }
    }
    result
}

/// Decodes percent-encoding. Invalid sequences are kept.
pub(crate) fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut result = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = bytes
            .get(at + 1..at + 3)
            .and_then(|pair| std::str::from_utf8(pair).ok());
        match pair
            .and_then(|pair| u8::from_str_radix(pair, 16).ok())
            .filter(|_| bytes[at] == b'%')
        {
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
    String::from_utf8_lossy(&result).into_owned()
}

#[test]
fn equivalent_request_lines_are_equal() {
    let sent = |line| Sent::from_line(line).unwrap().sorted();
    assert_eq!(
        sent("GET /a%20b/c?x=1&y[z]=2+3"),
        sent("GET /a%20b/%63?y%5Bz%5D=2%203&x=1")
    );
    assert_ne!(sent("GET /a/b"), sent("GET /a%2Fb"));
    assert_ne!(sent("GET /a"), sent("GET /a/"));
    assert_ne!(sent("GET /a?x=1"), sent("GET /a?x=1&x=1"));
    assert_ne!(sent("GET /a?x=%2B"), sent("GET /a?x=+"));
    assert_eq!(sent("GET /caf%C3%A9").to_string(), "GET /caf%C3%A9");
}
