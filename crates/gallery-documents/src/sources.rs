//! The files of a source: which of them are documents, and how references between them resolve.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use gallery_draft::RawFile;
use openapi_text::pointer::percent_decode;
use openapi_text::references::{directory, join};
use openapi_text::{Diagnostics, Severity};
use openapi_text::{redact, references};
use url::Url;

/// A file of a source, parsed once it is needed.
pub(crate) struct Source<'a> {
    pub(crate) file: &'a RawFile,
    /// The absolute URL of `$self` (OpenAPI 3.2), the base of the file's references.
    self_url: Option<Url>,
    content: Content<'a>,
    is_referenced: bool,
}

enum Content<'a> {
    Unread,
    Parsed(Cow<'a, Value>),
    Invalid,
}

/// The files of a source, sorted by path.
pub(crate) struct Sources<'a> {
    all: Vec<Source<'a>>,
    by_path: HashMap<String, usize>,
    by_url: HashMap<&'a str, usize>,
    /// The files with `$self`, by its value as an absolute URL.
    by_self: HashMap<Url, usize>,
    root: String,
}

impl<'a> Sources<'a> {
    pub(crate) fn new(files: impl IntoIterator<Item = &'a RawFile>) -> Sources<'a> {
        let mut files: Vec<&RawFile> = files.into_iter().collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let root = common_root(&files);
        let by_path = files
            .iter()
            .enumerate()
            .filter_map(|(number, file)| Some((join("", &file.path)?, number)))
            .collect();
        let by_url = files
            .iter()
            .enumerate()
            .filter_map(|(number, file)| Some((file.url.as_deref()?, number)))
            .collect();
        let source = |file| Source {
            self_url: self_url(file),
            file,
            content: Content::Unread,
            is_referenced: false,
        };
        let all: Vec<Source<'_>> = files.into_iter().map(source).collect();
        let self_urls = all.iter().enumerate();
        let by_self = self_urls
            .filter_map(|(number, source)| Some((source.self_url.clone()?, number)))
            .collect();
        Sources {
            all,
            by_path,
            by_url,
            by_self,
            root,
        }
    }

    /// Returns the name of the source in messages: its only file, or its root.
    pub(crate) fn place(&self) -> &str {
        match self.all.as_slice() {
            [one] => &one.file.path,
            _ => &self.root,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn file(&self, number: usize) -> &'a RawFile {
        self.all[number].file
    }

    /// Returns the folder that has all files.
    pub(crate) fn root(&self) -> &str {
        &self.root
    }

    /// Returns the path of a file below the root of the source.
    pub(crate) fn relative_path(&self, number: usize) -> &'a str {
        let path = &self.all[number].file.path;
        path.strip_prefix(&self.root).unwrap_or(path)
    }

    /// Returns the content of a file that a reference leads to. Parses it on the first call; errors
    /// become warnings, because the rest of the source is usable.
    pub(crate) fn value(&mut self, number: usize, diagnostics: &mut Diagnostics) -> Option<&Value> {
        self.all[number].is_referenced = true;
        let mut own = diagnostics.child();
        self.load(number, &mut own);
        extend_with_warnings(diagnostics, &own, "the file is not read");
        self.parsed(number)
    }

    /// Returns the paths of the files that references lead to.
    pub(crate) fn referenced(&self) -> BTreeSet<&'a str> {
        let referenced = self.all.iter().filter(|source| source.is_referenced);
        referenced.map(|source| source.file.path.as_str()).collect()
    }

    /// Parses a file, unless it was parsed before.
    pub(crate) fn load(&mut self, number: usize, diagnostics: &mut Diagnostics) {
        let source = &mut self.all[number];
        if let Content::Unread = source.content {
            source.content = match source.file.read(diagnostics) {
                Some(value) => Content::Parsed(value),
                None => Content::Invalid,
            };
        }
    }

    /// Returns the content of a file that was parsed before.
    pub(crate) fn parsed(&self, number: usize) -> Option<&Value> {
        match &self.all[number].content {
            Content::Parsed(value) => Some(value),
            Content::Unread | Content::Invalid => None,
        }
    }

    /// Removes the content of a file and returns it.
    pub(crate) fn take(&mut self, number: usize) -> Option<Value> {
        match std::mem::replace(&mut self.all[number].content, Content::Invalid) {
            Content::Parsed(value) => Some(value.into_owned()),
            Content::Unread | Content::Invalid => None,
        }
    }

    /// Returns the file that a reference in another file names. Only files of the source are found.
    pub(crate) fn find(&self, base: usize, location: &str) -> Option<usize> {
        let by_url = || self.find_by_url(base, location);
        if let Some(found) = self.find_by_self(base, location).or_else(by_url) {
            return Some(found);
        }
        let location = percent_decode(location.split('?').next().unwrap_or(location));
        if location.contains(':') && !self.names_a_file(base, &location) {
            return None;
        }
        let location = location.replace('\\', "/");
        let path = match location.strip_prefix('/') {
            Some(rest) => join(&self.root, rest)?,
            None => join(directory(&self.all[base].file.path), &location)?,
        };
        self.by_path.get(&path).copied()
    }

    /// Returns the file that a URL of an index names: the one whose path below the root is the
    /// longest end of the URL's path.
    pub(crate) fn find_url(&self, base: usize, url: &str) -> Option<usize> {
        if let Some(found) = self.find(base, url) {
            return Some(found);
        }
        let (_, rest) = url.split_once("://")?;
        let rest = percent_decode(rest.split(['?', '#']).next().unwrap_or(rest));
        let ends = rest.match_indices('/').map(|(at, _)| &rest[at + 1..]);
        ends.filter(|end| !end.is_empty())
            .find_map(|end| self.by_path.get(&join(&self.root, end)?).copied())
    }

    /// Returns the file whose `$self` is the URL that a reference names.
    fn find_by_self(&self, base: usize, location: &str) -> Option<usize> {
        if self.by_self.is_empty() {
            return None;
        }
        let source = &self.all[base];
        let base = source.self_url.clone().or_else(|| file_url(source.file))?;
        let url = references::resolve(&base, location).ok()?;
        self.by_self.get(&url).copied()
    }

    /// Returns the file that a reference names, if the files were downloaded. Their paths can
    /// differ from those of their URLs.
    fn find_by_url(&self, base: usize, location: &str) -> Option<usize> {
        let base = Url::parse(self.all[base].file.url.as_deref()?).ok()?;
        let url = references::resolve(&base, location).ok()?;
        self.by_url.get(redact::url(&url).as_str()).copied()
    }

    /// Returns true if a text with a colon is the path of a file, not a URL.
    fn names_a_file(&self, base: usize, location: &str) -> bool {
        join(directory(&self.all[base].file.path), location)
            .is_some_and(|path| self.by_path.contains_key(&path))
    }
}

/// Returns the absolute URL of a document's `$self`.
fn self_url(file: &RawFile) -> Option<Url> {
    // Few documents have it; the others need not be parsed here.
    let text = std::str::from_utf8(&file.bytes).ok()?;
    if !text.contains(SELF) {
        return None;
    }
    let value = file.read(&mut Diagnostics::default())?;
    let own = value.get(SELF)?.as_str()?;
    references::resolve(&file_url(file)?, own).ok()
}

const SELF: &str = "$self";

/// Returns the URL of a file. That of a local file begins at the root of the paths.
fn file_url(file: &RawFile) -> Option<Url> {
    match &file.url {
        Some(url) => Url::parse(url).ok(),
        None => Url::parse("file:///").ok()?.join(&file.path).ok(),
    }
}

/// Adds diagnostics, with warnings in place of errors.
pub(crate) fn extend_with_warnings(
    diagnostics: &mut Diagnostics,
    others: &Diagnostics,
    consequence: &str,
) {
    for other in others.iter() {
        let (severity, message) = match other.severity {
            Severity::Error => (
                Severity::Warning,
                format!("{}; {consequence}", other.message),
            ),
            severity => (severity, other.message.clone()),
        };
        diagnostics.push(severity, other.code, other.location.clone(), message);
    }
}

/// Returns true if a text may be an OpenAPI document: it has a key `openapi` or `swagger`. Most
/// other files need not be parsed.
pub(crate) fn may_be_document(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    ["openapi", "swagger"].into_iter().any(|key| {
        text.match_indices(key).any(|(at, _)| {
            let after = text[at + key.len()..].trim_start_matches(['"', '\'']);
            let before = text[..at].trim_end_matches(['"', '\'']);
            after.trim_start().starts_with(':')
                && (before.is_empty()
                    || before.ends_with(['\n', '\r', '{', ',', ' ', '\t', '\u{feff}']))
        })
    })
}

/// Returns true if a value is an OpenAPI document.
pub(crate) fn is_document(value: &Value) -> bool {
    value.get("openapi").is_some() || value.get("swagger").is_some()
}

/// Returns the name of a file without its folder and its extension.
pub(crate) fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Returns the folder that has all files, with a slash at its end.
fn common_root(files: &[&RawFile]) -> String {
    let Some(first) = files.first() else {
        return String::new();
    };
    let mut root = directory(&first.path);
    for file in files {
        while !file.path.starts_with(root) {
            root = directory(root.trim_end_matches('/'));
        }
    }
    root.to_owned()
}
