//! Information about the API as a whole.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use openapiv3::Info;
use serde_json::Value;

use crate::index::IndexFacts;
use crate::units::Read;
use gallery_draft::{Links, Provenance};

/// Returns the information about the API: that of the index, else of the documents.
pub(crate) fn info(index: &IndexFacts, read: &Read) -> Info {
    let infos: Vec<&Value> = read
        .units
        .iter()
        .filter(|unit| unit.is_document)
        .filter_map(|unit| unit.document.get("info"))
        .collect();
    let first = |key: &str| {
        let mut values = infos.iter().filter_map(|info| text(info, key));
        values.next()
    };
    let of_index = index.index.as_ref();
    let title = of_index.and_then(|index| index.name.clone());
    let description = of_index.and_then(|index| index.description.clone());
    let (title, description) = match infos.len() {
        1 => (
            first("title").or(title),
            first("description").or(description),
        ),
        _ => (title.or_else(|| first("title")), description),
    };
    let contact = infos.iter().find_map(|info| info.get("contact"));
    let license = infos.iter().find_map(|info| info.get("license"));
    Info {
        title: title.unwrap_or_else(|| "API".to_owned()),
        description,
        terms_of_service: first("termsOfService"),
        contact: contact.and_then(|it| serde_json::from_value(it.clone()).ok()),
        license: license.and_then(|it| serde_json::from_value(it.clone()).ok()),
        version: most_frequent_version(&infos),
        ..Info::default()
    }
}

/// Returns text. Numbers become text, because a version such as `1.0` is often not quoted.
fn text(value: &Value, key: &str) -> Option<String> {
    match value.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn most_frequent_version(infos: &[&Value]) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for version in infos.iter().filter_map(|info| text(info, "version")) {
        *counts.entry(version).or_insert(0) += 1;
    }
    let most = counts
        .into_iter()
        .filter(|(version, _)| !version.is_empty())
        .max_by_key(|(version, count)| (*count, Reverse(version.clone())));
    most.map_or_else(|| "0".to_owned(), |(version, _)| version)
}

/// Returns the provenance of a source: the facts of its index.
pub(crate) fn provenance(index: &IndexFacts, sets: &[String]) -> Provenance {
    let of_index = index.index.as_ref();
    let mut links: BTreeMap<String, Links> = BTreeMap::new();
    for (kind, url) in of_index.into_iter().flat_map(|index| &index.links) {
        match links.get_mut(kind) {
            Some(known) => known.add(url.clone()),
            None => _ = links.insert(kind.clone(), Links::One(url.clone())),
        }
    }
    Provenance {
        origin: "its OpenAPI documents".to_owned(),
        source: sets.first().cloned().unwrap_or_default(),
        index: of_index.and_then(|index| index.url.clone()),
        modified: of_index.and_then(|index| index.modified.clone()),
        maintainers: of_index
            .map(|index| index.maintainers.clone())
            .unwrap_or_default(),
        links,
        ..Provenance::default()
    }
}
