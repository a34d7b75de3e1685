//! Files of a source, in memory.

use std::borrow::Cow;
use std::sync::OnceLock;

use serde_json::Value;

use openapi_text::{Diagnostics, json, yaml};

/// The files of one part of a source, such as one listing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSet {
    /// The name of the part.
    pub name: String,
    /// Its files, sorted by path.
    pub files: Vec<RawFile>,
}

/// A file of a source as it was fetched.
#[derive(Clone, Debug)]
pub struct RawFile {
    /// The path for messages: from the workspace's root, or as given.
    pub path: String,
    /// The content.
    pub bytes: Vec<u8>,
    /// The URL that the file was downloaded from, without user, password, query and fragment.
    pub url: Option<String>,
    /// The parsed content, once [`RawFile::value`] was called.
    value: OnceLock<Value>,
}

impl PartialEq for RawFile {
    fn eq(&self, other: &RawFile) -> bool {
        (&self.path, &self.bytes) == (&other.path, &other.bytes)
    }
}

impl Eq for RawFile {}

impl RawFile {
    /// Creates a file.
    pub fn new(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> RawFile {
        RawFile {
            path: path.into(),
            bytes: bytes.into(),
            url: None,
            value: OnceLock::new(),
        }
    }

    /// Sets the URL that the file was downloaded from.
    pub fn with_url(mut self, url: impl Into<String>) -> RawFile {
        self.url = Some(url.into());
        self
    }

    /// Parses the content as YAML or JSON and keeps the result for later calls.
    pub fn value(&self, diagnostics: &mut Diagnostics) -> Option<&Value> {
        match self.value.get() {
            Some(value) => Some(value),
            None => {
                let value = self.parse(diagnostics)?;
                Some(self.value.get_or_init(|| value))
            }
        }
    }

    /// Parses the content as YAML or JSON without keeping the result, for files that are read
    /// once.
    pub fn read(&self, diagnostics: &mut Diagnostics) -> Option<Cow<'_, Value>> {
        match self.value.get() {
            Some(value) => Some(Cow::Borrowed(value)),
            None => self.parse(diagnostics).map(Cow::Owned),
        }
    }

    /// Parses the content. JSON is YAML, but its own parser is faster; the errors are those of
    /// YAML, which have positions.
    fn parse(&self, diagnostics: &mut Diagnostics) -> Option<Value> {
        let is_json = self.bytes.trim_ascii_start().starts_with(b"{");
        let text = std::str::from_utf8(&self.bytes).ok().filter(|_| is_json);
        match text.map(json::parse) {
            Some(Ok(value)) => Some(value),
            _ => yaml::parse(&self.path, &self.bytes, diagnostics),
        }
    }

    /// Returns the last segment of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// Returns true if a name can be that of a file in a snapshot, on every system: it has only ASCII
/// letters, digits, `.`, `_` and `-`, is not hidden, has at most 200 bytes, and is not a Windows
/// device.
pub fn is_plain_file_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 200
        && !name.starts_with('.')
        && !name.ends_with('.')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
        && !is_device(name)
}

/// Matches `nul`, `com1.md` and the like, which are devices in every folder on Windows.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    let numbered = |of: &str| {
        stem.strip_prefix(of)
            .is_some_and(|number| matches!(number.as_bytes(), [b'0'..=b'9']))
    };
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_file_names_are_portable() {
        assert!(is_plain_file_name("console-openapi.md") && is_plain_file_name("com10.md"));
        assert!(is_plain_file_name(&"a".repeat(200)) && !is_plain_file_name(&"a".repeat(300)));
        for name in ["", ".git", "a.md.", "a/b", "a\\b", "ü.md", "NUL.md", "com1"] {
            assert!(!is_plain_file_name(name), "{name}");
        }
    }
}
