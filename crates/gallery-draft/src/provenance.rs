//! The origin of a document, which travels with it as an extension.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The extension that holds the [`Provenance`] of a document.
pub const PROVENANCE: &str = "x-gallery";

/// The origin of a document, for its readers.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Provenance {
    /// The object of "generated from …".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub origin: String,
    /// The name of the source, empty if it has no public name.
    #[serde(rename = "listing")]
    pub source: String,
    /// The names of further sources of the same provider.
    #[serde(
        rename = "further_listings",
        default,
        skip_serializing_if = "Vec::is_empty"
    )]
    pub further_sources: Vec<String>,
    /// The URL of the source's index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<String>,
    /// The day of the source's last change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
    /// The SPDX identifier of the source's licence, empty if it is unknown.
    pub licence: String,
    /// The holder of the source's copyright, empty if it is unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub author: String,
    /// The maintainers of the source.
    pub maintainers: Vec<String>,
    /// Links about the provider, from kind to URLs.
    pub links: BTreeMap<String, Links>,
}

/// The URLs of one kind of links: a string, or a list if there are several.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Links {
    /// One URL.
    One(String),
    /// Several URLs, in the order of the source.
    Several(Vec<String>),
}

impl Links {
    /// Returns the URLs.
    pub fn urls(&self) -> &[String] {
        match self {
            Links::One(url) => std::slice::from_ref(url),
            Links::Several(urls) => urls,
        }
    }

    /// Adds a URL, unless it is there already.
    pub fn add(&mut self, url: String) {
        let mut urls = self.urls().to_vec();
        if !urls.contains(&url) {
            urls.push(url);
            *self = Links::Several(urls);
        }
    }
}

impl Provenance {
    /// Returns the public names of all sources.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.source)
            .chain(&self.further_sources)
            .map(String::as_str)
            .filter(|name| !name.is_empty())
    }
}
