//! Parses the files of the catalog.

use std::collections::BTreeSet;

use gallery_spec::draft::is_plain_file_name;
use openapi_text::yaml;
use openapi_text::{Diagnostics, Severity};
use serde_json::Value;

use super::entries::{Kind, Provider, Repository, Unread};
use crate::error::FetchError;

fn parsed(at: &str, bytes: &[u8]) -> Result<Value, FetchError> {
    // JSON is YAML, and most files named `.json` are JSON.
    if let Ok(value) = serde_json::from_slice(bytes) {
        return Ok(value);
    }
    let mut diagnostics = Diagnostics::default();
    yaml::parse(at, bytes, &mut diagnostics).ok_or_else(|| {
        let reason = diagnostics
            .of(Severity::Error)
            .next()
            .map(|error| error.message.clone())
            .unwrap_or_default();
        FetchError::Catalog {
            at: at.to_owned(),
            reason,
        }
    })
}

/// Returns the repositories in a file of the master repository, sorted by slug, and the invalid
/// rows. The first row of each slug is kept.
pub(super) fn rows(
    kind: Kind,
    at: &str,
    bytes: &[u8],
) -> Result<(Vec<Repository>, Vec<Unread>), FetchError> {
    let value = parsed(at, bytes)?;
    let Some(rows) = value.as_array() else {
        return Err(FetchError::Catalog {
            at: at.to_owned(),
            reason: "the value is not a list".to_owned(),
        });
    };
    let (mut repositories, mut unread, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (number, row) in rows.iter().enumerate() {
        let slug = text(row, "slug");
        if !is_plain_file_name(&slug) {
            let reason = format!("invalid repository name `{}`", slug.escape_debug());
            unread.push(Unread {
                at: format!("{at}#/{number}/slug"),
                reason,
            });
        } else if seen.insert(slug.clone()) {
            let label = Some(text(row, "label"))
                .filter(|label| !label.is_empty())
                .unwrap_or_else(|| slug.clone());
            let paths = row.get("paths").and_then(|paths| {
                paths
                    .as_u64()
                    .or_else(|| paths.as_str()?.trim().parse().ok())
            });
            repositories.push(Repository {
                kind,
                slug,
                label,
                description: text(row, "description"),
                paths,
            });
        }
    }
    repositories.sort_by(|a, b| a.slug.cmp(&b.slug));
    Ok((repositories, unread))
}

fn text(row: &Value, key: &str) -> String {
    match row.get(key) {
        Some(Value::String(text)) => text.trim().to_owned(),
        // YAML reads a slug such as `360` as a number.
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// Returns the providers in the `apis.json` of a repository. Each entry has, somewhere, a URL in
/// the directory of the listing.
pub(super) fn listed(at: &str, bytes: &[u8]) -> Result<(Vec<Provider>, Vec<Unread>), FetchError> {
    let value = parsed(at, bytes)?;
    let Some(entries) = value.get("apis").and_then(Value::as_array) else {
        return Err(FetchError::Catalog {
            at: at.to_owned(),
            reason: "the list `apis` is missing".to_owned(),
        });
    };
    let (mut providers, mut unread): (Vec<Provider>, Vec<Unread>) = (Vec::new(), Vec::new());
    for (number, entry) in entries.iter().enumerate() {
        let Some(slug) = folder_in(entry).filter(|slug| is_plain_file_name(slug)) else {
            unread.push(Unread {
                at: format!("{at}#/apis/{number}"),
                reason: "the entry does not refer to a listing".to_owned(),
            });
            continue;
        };
        let name = Some(text(entry, "name"))
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| slug.to_owned());
        providers.push(Provider {
            slug: slug.to_owned(),
            name,
        });
    }
    providers.sort_by(|a, b| a.slug.cmp(&b.slug));
    providers.dedup_by(|a, b| a.slug == b.slug);
    Ok((providers, unread))
}

/// Returns the directory below `_listings` in the first URL that has one.
fn folder_in(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => text
            .split_once("/_listings/")?
            .1
            .split_once('/')
            .map(|(folder, _)| folder),
        Value::Array(items) => items.iter().find_map(folder_in),
        Value::Object(map) => map.values().find_map(folder_in),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
