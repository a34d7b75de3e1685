//! A request as the server received it.

use std::collections::HashSet;

use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::document::{Constant, Endpoint, Location};
use crate::style::decode;
use crate::violation::Violation;

/// A request as the server received it.
#[derive(Clone, Debug)]
pub struct RecordedRequest {
    /// The HTTP method.
    pub method: String,
    /// The encoded path.
    pub path: String,
    /// The encoded query, if the target has a `?`.
    pub query: Option<String>,
    /// The headers, with lowercase names.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
    /// The bytes of the request, including the framing of a chunked body.
    pub raw: Bytes,
    /// The id of the matching operation, if there is one.
    pub operation: Option<String>,
    /// The violations of the document.
    pub violations: Vec<Violation>,
}

impl RecordedRequest {
    /// Returns the target of the request line.
    pub fn target(&self) -> String {
        let line = self
            .raw
            .split(|byte| *byte == b'\r')
            .next()
            .unwrap_or_default();
        let target = line.split(|byte| *byte == b' ').nth(1).unwrap_or_default();
        String::from_utf8_lossy(target).into_owned()
    }

    /// Returns the headers with their original order and case.
    pub fn raw_headers(&self) -> Vec<(Bytes, Bytes)> {
        let end = positions(&self.raw, b"\r\n\r\n")
            .first()
            .copied()
            .unwrap_or(self.raw.len());
        let lines = self.raw[..end].split(|byte| *byte == b'\n').skip(1);
        let header = |line: &[u8]| {
            let at = line.iter().position(|byte| *byte == b':')?;
            let (name, value) = (line[..at].trim_ascii(), line[at + 1..].trim_ascii());
            Some((Bytes::copy_from_slice(name), Bytes::copy_from_slice(value)))
        };
        lines.filter_map(header).collect()
    }

    /// Returns the first value of a header. Names are case-insensitive.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Returns the decoded pairs of the query, in order.
    pub fn query_pairs(&self) -> Vec<(String, String)> {
        let query = self.query.as_deref().unwrap_or_default();
        url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect()
    }

    /// Returns the first value of a query parameter.
    pub fn query_value(&self, name: &str) -> Option<String> {
        self.query_pairs()
            .into_iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value)
    }

    /// Parses the body as JSON.
    pub fn json(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }

    /// Returns the decoded segments after the base path. `None` if the path does not start with it.
    pub fn segments(&self, base_path: &str) -> Option<Vec<String>> {
        let rest = self.path.strip_prefix(base_path)?.strip_prefix('/')?;
        Some(
            rest.split('/')
                .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
                .collect(),
        )
    }

    /// Returns true if method, path and constants match an operation.
    pub fn is_for(&self, base_path: &str, endpoint: &Endpoint) -> bool {
        self.method == endpoint.method
            && self.captured(base_path, endpoint).is_some()
            && endpoint.constants.iter().all(|constant| self.has(constant))
    }

    /// Returns the encoded values of the path parameters. `None` if the path does not match.
    pub(crate) fn captured(
        &self,
        base_path: &str,
        endpoint: &Endpoint,
    ) -> Option<Vec<(String, String)>> {
        let rest = self.path.strip_prefix(base_path)?.strip_prefix('/')?;
        let template = endpoint.template();
        let patterns: Vec<&str> = template
            .strip_prefix('/')
            .unwrap_or(template)
            .split('/')
            .collect();
        let segments: Vec<&str> = rest.split('/').collect();
        let with_slashes: Vec<String> = endpoint
            .of(Location::Path)
            .filter(|parameter| parameter.allows_slashes)
            .map(|parameter| format!("{{{}}}", parameter.name))
            .collect();
        captured(&segments, &patterns, &with_slashes, &mut HashSet::new())
    }

    /// Returns true if the request has a constant.
    pub fn has(&self, constant: &Constant) -> bool {
        let sent = match constant.location {
            Location::Query => self.query_value(&constant.name),
            Location::Header => self
                .header(&constant.name.to_ascii_lowercase())
                .map(str::to_owned),
            Location::Path | Location::Cookie => None,
        };
        sent.as_ref() == Some(&constant.value)
    }

    /// Returns the encoded value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let pairs = self
            .header("cookie")?
            .split("; ")
            .filter_map(|pair| pair.split_once('='));
        pairs
            .into_iter()
            .find(|(own, _)| *own == name)
            .map(|(_, value)| value)
    }

    /// Parses a body of type `multipart/form-data`.
    pub fn parts(&self) -> Result<Vec<Part>, String> {
        let kind = self.header("content-type").unwrap_or_default();
        let boundary = kind
            .split_once("boundary=")
            .map(|(_, boundary)| boundary.trim_matches('"'))
            .ok_or("the content type has no boundary")?;
        let delimiter = format!("\r\n--{boundary}");
        // The first delimiter has no line break before it.
        let body = [b"\r\n", self.body.as_ref()].concat();
        let mut places = positions(&body, delimiter.as_bytes()).into_iter();
        let mut begin = places
            .next()
            .ok_or("the body does not start with its boundary")?
            + delimiter.len();
        let mut parts = Vec::new();
        for end in places {
            parts.push(part(&body[begin..end])?);
            begin = end + delimiter.len();
        }
        if body[begin..].starts_with(b"--") {
            Ok(parts)
        } else {
            Err("the last boundary does not end the body".to_owned())
        }
    }
}

/// A part of a `multipart/form-data` body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The name of the field.
    pub name: String,
    /// The file name, if there is one.
    pub file_name: Option<String>,
    /// The media type, if there is one.
    pub content_type: Option<String>,
    /// The content.
    pub content: Vec<u8>,
}

fn positions(text: &[u8], wanted: &[u8]) -> Vec<usize> {
    text.windows(wanted.len())
        .enumerate()
        .filter(|(_, window)| *window == wanted)
        .map(|(at, _)| at)
        .collect()
}

fn part(text: &[u8]) -> Result<Part, String> {
    let end = positions(text, b"\r\n\r\n")
        .first()
        .copied()
        .ok_or("the headers of a part do not end")?;
    let head = String::from_utf8_lossy(&text[..end]).into_owned();
    let header = |wanted: &str| {
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        lines
            .into_iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value.to_owned())
    };
    let disposition = header("content-disposition").ok_or("a part has no Content-Disposition")?;
    let parameter = |name: &str| {
        let (_, after) = disposition.split_once(&format!("; {name}=\""))?;
        Some(decode(after.split('"').next()?))
    };
    Ok(Part {
        name: parameter("name").ok_or("a part has no name")?,
        file_name: parameter("filename"),
        content_type: header("content-type"),
        content: text[end + 4..].to_vec(),
    })
}

/// Matches segments with patterns. A pattern with one of the variables `with_slashes` matches one
/// or more segments, as few as possible; no such segment can be empty.
///
/// `failed` has the numbers of segments and patterns that were left where nothing matched. Each is
/// tried once, so several such variables do not multiply the attempts.
fn captured(
    segments: &[&str],
    patterns: &[&str],
    with_slashes: &[String],
    failed: &mut HashSet<(usize, usize)>,
) -> Option<Vec<(String, String)>> {
    let Some((pattern, others)) = patterns.split_first() else {
        return segments.is_empty().then(Vec::new);
    };
    let left = (segments.len(), patterns.len());
    if failed.contains(&left) {
        return None;
    }
    let is_long = |pattern: &&str| {
        with_slashes
            .iter()
            .any(|own| pattern.contains(own.as_str()))
    };
    let most = segments.len().checked_sub(others.len())?;
    // Without another long pattern, the number of segments is certain.
    let counts = match (is_long(pattern), others.iter().any(is_long)) {
        (false, _) => 1..=1,
        (true, false) => most..=most,
        (true, true) => 1..=most,
    };
    for count in counts.filter(|count| (1..=most).contains(count)) {
        let (own, rest) = segments.split_at(count);
        if is_long(pattern) && own.contains(&"") {
            break;
        }
        let own = own.join("/");
        // The client can encode literal parts differently, so the decoded segment is tried as
        // well.
        let found = captures(&own, pattern).or_else(|| captures(&decode(&own), &decode(pattern)));
        if let Some(mut found) = found
            && let Some(others) = captured(rest, others, with_slashes, failed)
        {
            found.extend(others);
            return Some(found);
        }
    }
    failed.insert(left);
    None
}

/// Matches a segment with a pattern such as `{id}.json` and returns the values of its variables. A
/// variable must not be empty.
fn captures(segment: &str, pattern: &str) -> Option<Vec<(String, String)>> {
    let Some((before, rest)) = pattern.split_once('{') else {
        return (segment == pattern).then(Vec::new);
    };
    let segment = segment.strip_prefix(before)?;
    let (name, rest) = rest.split_once('}')?;
    let with_own = |own: &str, mut others: Vec<(String, String)>| {
        others.insert(0, (name.to_owned(), own.to_owned()));
        others
    };
    if rest.is_empty() {
        return (!segment.is_empty()).then(|| with_own(segment, Vec::new()));
    }
    let ends = segment.char_indices().skip(1).map(|(at, _)| at);
    ends.into_iter()
        .find_map(|at| Some(with_own(&segment[..at], captures(&segment[at..], rest)?)))
}

#[cfg(test)]
mod tests {
    use super::{HashSet, captured, captures};

    #[test]
    fn variables_that_allow_slashes_match_several_segments() {
        let with_slashes = ["{name}".to_owned(), "{key}".to_owned()];
        for (path, template, expected) in [
            ("v1/p/a/s/b/keys", "v1/{name}/keys", Some("p/a/s/b")),
            ("v1/p/keys", "v1/{name}/keys", Some("p")),
            ("v1/p/a:cancel", "v1/{name}:cancel", Some("p/a")),
            ("v1/p/a/x/b/c", "v1/{name}/x/{key}", Some("p/a b/c")),
            ("v1/p/a/b", "v1/{name}/{id}", Some("p/a b")),
            ("v1/p%2Fa/keys", "v1/{name}/keys", Some("p%2Fa")),
            ("v1/keys", "v1/{name}/keys", None),
            ("v1/p//a/keys", "v1/{name}/keys", None),
            ("v1//keys", "v1/{name}/keys", None),
            ("v1/p/a/key", "v1/{name}/keys", None),
        ] {
            let segments: Vec<&str> = path.split('/').collect();
            let patterns: Vec<&str> = template.split('/').collect();
            let found =
                captured(&segments, &patterns, &with_slashes, &mut HashSet::new()).map(|found| {
                    let values: Vec<String> = found.into_iter().map(|(_, value)| value).collect();
                    values.join(" ")
                });
            assert_eq!(found.as_deref(), expected, "{path} {template}");
        }
    }

    #[test]
    fn many_variables_that_allow_slashes_match_in_little_time() {
        let segments = ["a"; 60];
        let patterns: Vec<&str> = std::iter::repeat_n("{name}", 30).chain(["end"]).collect();
        let with_slashes = ["{name}".to_owned()];
        let mut failed = HashSet::new();
        let found = captured(&segments, &patterns, &with_slashes, &mut failed);
        assert_eq!(found, None);
        assert!(failed.len() <= segments.len() * patterns.len());
    }

    #[test]
    fn matches_segments_with_patterns() {
        for (segment, pattern, yes) in [
            ("a", "a", true),
            ("a", "b", false),
            ("x", "{id}", true),
            ("", "{id}", false),
            ("x.json", "{id}.json", true),
            (".json", "{id}.json", false),
            ("x.xml", "{id}.json", false),
            ("v1-2", "v{a}-{b}", true),
            ("v1-", "v{a}-{b}", false),
        ] {
            assert_eq!(
                captures(segment, pattern).is_some(),
                yes,
                "{segment} {pattern}"
            );
        }
        let found = captures("v1-2-3", "v{a}-{b}");
        assert_eq!(
            found,
            Some(vec![
                ("a".to_owned(), "1".to_owned()),
                ("b".to_owned(), "2-3".to_owned())
            ])
        );
    }
}
