//! References that lead from a document to other files.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use url::{ParseError, Url};

use crate::{Diagnostics, json, yaml};

/// Returns the files that the references of a document lead to, each once, in order: the values of
/// `$ref` and of the mappings of discriminators, without fragments. They are URI references, as
/// written.
pub fn files(document: &Value) -> Vec<String> {
    let mut files = Files::default();
    files.search(document);
    files.found
}

/// Returns the files that the references in the YAML or JSON text of a document lead to, like
/// [`files`]. A text that cannot be parsed has no references.
pub fn files_in(text: &[u8]) -> Vec<String> {
    let Ok(text) = std::str::from_utf8(text) else {
        return Vec::new();
    };
    if !may_lead_to_files(text) {
        return Vec::new();
    }
    let value = json::parse(text)
        .ok()
        .or_else(|| yaml::parse("", text.as_bytes(), &mut Diagnostics::default()));
    value.map(|value| files(&value)).unwrap_or_default()
}

/// Returns true if a reference is relative. A file name can have a colon, as in `v1:beds.yml`,
/// although that is the syntax of a scheme.
pub fn is_relative(reference: &str) -> bool {
    match Url::parse(reference.trim()) {
        Err(ParseError::RelativeUrlWithoutBase) => true,
        Err(_) => false,
        Ok(url) => {
            let is_known = ["https", "http", "file", "ftp", "data", "urn"].contains(&url.scheme());
            !is_known && !reference.contains("://")
        }
    }
}

/// Returns the URL of the file that a reference in the file at `base` leads to.
pub fn resolve(base: &Url, reference: &str) -> Result<Url, ParseError> {
    let reference = reference.trim();
    let mut url = match Url::parse(reference) {
        Ok(_) if is_relative(reference) => base.join(&format!("./{reference}"))?,
        _ => base.join(reference)?,
    };
    url.set_fragment(None);
    Ok(url)
}

/// Returns the directory of a path, with a slash at its end.
pub fn directory(path: &str) -> &str {
    path.rfind('/').map_or("", |slash| &path[..=slash])
}

/// Returns a path relative to a directory, without `.` and `..`. Returns `None` if it leads out of
/// the root of the directory's path.
pub fn join(directory: &str, path: &str) -> Option<String> {
    let mut segments: Vec<&str> = Vec::new();
    for segment in directory.split('/').chain(path.split('/')) {
        match segment {
            "" | "." => {}
            ".." => _ = segments.pop()?,
            segment => segments.push(segment),
        }
    }
    Some(segments.join("/"))
}

/// Returns false if no reference in a YAML or JSON text leads to another file. Most texts have no
/// such references, so that they need not be parsed.
fn may_lead_to_files(text: &str) -> bool {
    // A key with an escape, or a mapping of a discriminator.
    if text.contains("\\u0024") || text.contains("\\x24") || text.contains("mapping") {
        return true;
    }
    text.match_indices(KEY).any(|(at, _)| {
        let after = text[at + KEY.len()..].trim_start_matches(['"', '\'']);
        let Some(value) = after.trim_start().strip_prefix(':') else {
            // The key is mentioned in a text.
            return false;
        };
        !value
            .trim_start()
            .trim_start_matches(['"', '\''])
            .starts_with('#')
    })
}

const KEY: &str = "$ref";

#[derive(Default)]
struct Files {
    found: Vec<String>,
    seen: BTreeSet<String>,
}

impl Files {
    fn search(&mut self, value: &Value) {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(reference)) = map.get(KEY) {
                    self.add(reference);
                }
                if let Some(Value::Object(discriminator)) = map.get("discriminator") {
                    self.add_mapping(discriminator);
                }
                map.values().for_each(|value| self.search(value));
            }
            Value::Array(items) => items.iter().for_each(|item| self.search(item)),
            _ => {}
        }
    }

    /// Adds the files of a discriminator's mapping. Its values can also be names of schemas.
    fn add_mapping(&mut self, discriminator: &Map<String, Value>) {
        let mapping = discriminator.get("mapping").and_then(Value::as_object);
        for target in mapping.into_iter().flat_map(Map::values) {
            let Some(target) = target.as_str() else {
                continue;
            };
            let lower = target.to_ascii_lowercase();
            let is_file = [".json", ".yaml", ".yml"]
                .iter()
                .any(|extension| lower.ends_with(extension));
            if is_file || target.contains('#') {
                self.add(target);
            }
        }
    }

    fn add(&mut self, reference: &str) {
        let file = reference.split('#').next().unwrap_or_default().trim();
        if !file.is_empty() && self.seen.insert(file.to_owned()) {
            self.found.push(file.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn finds_the_files_of_references() {
        let document = json!({
            "a": {"$ref": "#/components/schemas/A"},
            "b": [{"$ref": "b.yaml#/B"}, {"$ref": " ../c.json "}, {"$ref": "b.yaml#/C"}],
            "c": {"properties": {"$ref": {"type": "string"}}},
            "d": {"discriminator": {"propertyName": "kind", "mapping": {
                "a": "A", "b": "#/components/schemas/B", "c": "d.yml", "e": "e#/E", "f": 1}}},
            "e": {"discriminator": "kind"},
        });
        assert_eq!(files(&document), ["b.yaml", "../c.json", "d.yml", "e"]);
        assert!(may_lead_to_files(&document.to_string()));
    }

    #[test]
    fn joins_paths() {
        for (from, path, joined) in [
            ("a/b.yml", "c.yml", Some("a/c.yml")),
            ("a/b.yml", "./../c/./d.yml", Some("c/d.yml")),
            ("b.yml", "c//d.yml", Some("c/d.yml")),
            ("a/b.yml", "../../c.yml", None),
        ] {
            assert_eq!(join(directory(from), path).as_deref(), joined, "{path}");
        }
    }

    #[test]
    fn resolves_references() {
        let base = Url::parse("https://host/a/b.yml?x=1").unwrap();
        for (reference, url) in [
            ("../c.yml#/d", "https://host/c.yml"),
            (" v1:c.yml ", "https://host/a/v1:c.yml"),
            ("c d.yml?y=2", "https://host/a/c%20d.yml?y=2"),
            ("//other/c", "https://other/c"),
            ("file:///c", "file:///c"),
            ("", "https://host/a/b.yml?x=1"),
        ] {
            assert_eq!(
                resolve(&base, reference).unwrap().as_str(),
                url,
                "{reference}"
            );
        }
        assert!(resolve(&base, "http://[").is_err());
        assert!(is_relative("v1:c.yml") && is_relative("/c") && !is_relative("http://["));
    }

    #[test]
    fn skips_texts_without_references_to_files() {
        for (text, may) in [
            ("a:\n  $ref: '#/b'\n", false),
            ("a:\n  '$ref':\n    \"#/b\"\n", false),
            ("{\"$ref\" : \"#/b\"}", false),
            ("a: the key $ref is not used\n", false),
            ("a:\n  $ref: b.yml\n", true),
            ("a: {$ref: >-\n    #/b}\n", true),
            ("{\"\\u0024ref\": \"b\"}", true),
            ("discriminator:\n  mapping: {a: b.yml}\n", true),
            (
                "{\"a\": {\"$ref\":\"#/b\"}, \"c\": {\"$ref\":\"c#/b\"}}",
                true,
            ),
        ] {
            assert_eq!(may_lead_to_files(text), may, "{text}");
        }
        assert_eq!(files_in(b"---\na: {$ref: 'b.yml#/B'}\n"), ["b.yml"]);
        assert_eq!(files_in(b"{\"a\": {\"$ref\": \"b\\/c\"}}"), ["b/c"]);
        assert!(files_in(b"a: {$ref: b.yml").is_empty() && files_in(b"\xff").is_empty());
    }
}
