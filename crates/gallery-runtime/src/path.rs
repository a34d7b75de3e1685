//! Path arguments. Takes a value, gives one path segment that decodes to that value at any server, or refuses it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use thiserror::Error;

/// All but what RFC 3986 calls unreserved. More than needed, so that no server or proxy reads a delimiter into an argument.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A path argument that no URL can carry: it would lead to another route.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the path argument `{name}` is {value:?}, which would lead to another path; nothing was sent")]
pub struct InvalidPathArgument {
    name: &'static str,
    value: String,
}

impl InvalidPathArgument {
    /// The parameter's name.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

/// Encodes `value` as one path segment.
///
/// Empty values, `.` and `..` are refused. An empty segment is another path, and URL parsers treat `.` and `..` as dot segments
/// even when they are percent-encoded.
pub fn encode_path(name: &'static str, value: &str) -> Result<String, InvalidPathArgument> {
    if matches!(value, "" | "." | "..") {
        return Err(InvalidPathArgument { name, value: value.to_owned() });
    }
    Ok(utf8_percent_encode(value, SEGMENT).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_delimiter_is_encoded() {
        for (value, segment) in [
            ("abc-DEF_0.9~", "abc-DEF_0.9~"),
            ("a/b", "a%2Fb"),
            ("a\\b", "a%5Cb"),
            ("a%2Fb", "a%252Fb"),
            ("../x", "..%2Fx"),
            ("...", "..."),
            ("a b\t\n", "a%20b%09%0A"),
            ("ü", "%C3%BC"),
            ("?#;=+", "%3F%23%3B%3D%2B"),
        ] {
            assert_eq!(encode_path("id", value).as_deref(), Ok(segment));
            let url = url::Url::parse(&format!("http://host/a/{segment}/b")).unwrap();
            assert_eq!(url.path(), format!("/a/{segment}/b"), "a URL parser leaves it as it is");
        }
    }

    #[test]
    fn what_would_be_another_path_is_refused() {
        for value in ["", ".", ".."] {
            let error = encode_path("id", value).unwrap_err();
            assert_eq!(error.name(), "id");
        }
        assert_eq!(
            encode_path("team_id", "..").unwrap_err().to_string(),
            "the path argument `team_id` is \"..\", which would lead to another path; nothing was sent"
        );
    }
}
