//! What a server was sent, and how its parts read.

use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::document::Endpoint;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The HTTP method.
    pub method: String,
    /// The path as it was sent, still encoded.
    pub path: String,
    /// The query as it was sent, if there was a `?`.
    pub query: Option<String>,
    /// The headers, names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

impl Recorded {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The decoded pairs of the query, in order.
    pub fn query_pairs(&self) -> Vec<(String, String)> {
        let query = self.query.as_deref().unwrap_or_default();
        url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }

    /// The first value of a query parameter.
    pub fn query_value(&self, name: &str) -> Option<String> {
        self.query_pairs().into_iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }

    /// The decoded segments of the path behind the base path; nothing when the path does not begin with the base path.
    pub fn segments(&self, base_path: &str) -> Option<Vec<String>> {
        let rest = self.path.strip_prefix(base_path)?.strip_prefix('/')?;
        Some(rest.split('/').map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned()).collect())
    }

    /// Whether method and path are those of an operation, whatever the values of its variables.
    pub fn is_for(&self, base_path: &str, endpoint: &Endpoint) -> bool {
        let Some(segments) = self.segments(base_path) else { return false };
        let template: Vec<&str> = endpoint.path.trim_start_matches('/').split('/').collect();
        let fits = |(segment, pattern): (&String, &&str)| fits(segment, pattern);
        self.method == endpoint.method && segments.len() == template.len() && segments.iter().zip(&template).all(fits)
    }
}

/// Whether a segment fits a pattern such as `{id}.json`: literal parts are there, in order, and no variable is empty.
fn fits(segment: &str, pattern: &str) -> bool {
    let Some((before, rest)) = pattern.split_once('{') else { return segment == pattern };
    let Some(segment) = segment.strip_prefix(before) else { return false };
    let Some((_, rest)) = rest.split_once('}') else { return false };
    if rest.is_empty() {
        return !segment.is_empty();
    }
    segment.char_indices().skip(1).any(|(at, _)| fits(&segment[at..], rest))
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn segments_fit_patterns() {
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
            assert_eq!(fits(segment, pattern), yes, "{segment} {pattern}");
        }
    }
}
