//! The tags at the root of documents, which describe the tags of operations.

use std::collections::HashMap;

use openapiv3::Tag;
use serde::Deserialize;
use serde_json::Value;

use crate::sources::Sources;
use crate::units::Read;
use openapi_text::{Diagnostics, Location, Severity};

/// Returns the tags of all documents, each once. The first description of a tag wins.
pub(crate) fn merge(read: &Read, sources: &Sources<'_>, diagnostics: &mut Diagnostics) -> Vec<Tag> {
    let mut tags: Vec<Tag> = Vec::new();
    let mut positions: HashMap<String, usize> = HashMap::new();
    for unit in read.units.iter().filter(|unit| unit.is_document) {
        let written = unit.document.get("tags").and_then(Value::as_array);
        for (number, written) in written.into_iter().flatten().enumerate() {
            let tag = match Tag::deserialize(written) {
                Ok(tag) => tag,
                Err(error) => {
                    let file = &sources.file(unit.file).path;
                    let location = Location::pointer(file, format!("/tags/{number}"));
                    let message = format!("not valid in OpenAPI 3.0: {error}; removed");
                    diagnostics.push(Severity::Repaired, "invalid-part", location, message);
                    continue;
                }
            };
            match positions.get(&tag.name) {
                None => {
                    positions.insert(tag.name.clone(), tags.len());
                    tags.push(tag);
                }
                Some(known) => complete(&mut tags[*known], tag),
            }
        }
    }
    tags
}

/// Adds what another tag of the same name has.
fn complete(tag: &mut Tag, other: Tag) {
    tag.description = tag.description.take().or(other.description);
    tag.external_docs = tag.external_docs.take().or(other.external_docs);
    for (key, value) in other.extensions {
        tag.extensions.entry(key).or_insert(value);
    }
}
