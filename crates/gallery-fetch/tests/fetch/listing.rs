//! The listing `owner/topic/garden`: an index with a repeated entry, two documents and the combined one.

use std::time::Duration;

use gallery_fetch::{Fetched, Settings};
use gallery_spec::config::ListingRef;

pub(crate) const PATH: &str = "owner/topic/master/_listings/garden";
pub(crate) const COMBINED: &str = "swagger: \"2.0\"\npaths: {}\n";
pub(crate) const BEDS: &str = "---\r\nswagger: \"2.0\"\npaths:\n  /beds: {}\r\n---";
pub(crate) const SEEDS: &str = "---\r\nswagger: \"2.0\"\npaths:\n  /seeds: {}\r\n---";

pub(crate) fn garden() -> ListingRef {
    ListingRef::parse("owner/topic/garden").unwrap()
}

/// Names the documents `beds-get-openapi.md`, `seeds-get-openapi.md`, and the first once more.
pub(crate) fn index() -> String {
    let document = |slug: &str| format!("https://raw.githubusercontent.com/{PATH}/{slug}-openapi.md");
    index_of(&[document("seeds-get"), document("beds-get"), document("seeds-get")])
}

pub(crate) fn index_of(documents: &[impl AsRef<str>]) -> String {
    let mut index = String::from("---\r\nname: Garden\napis:\n");
    for document in documents {
        let document = document.as_ref();
        index.push_str(&format!("- name: A\n  properties:\n  - type: x-openapi-spec\n    url: {document}\n"));
    }
    index.push_str("\r\n---");
    index
}

/// Patience for a test.
pub(crate) fn settings() -> Settings {
    Settings { request_timeout: Duration::from_secs(5), connect_timeout: Duration::from_secs(5), ..Settings::default() }
}

pub(crate) fn names(fetched: &Fetched) -> Vec<&str> {
    fetched.files.iter().map(|file| file.name.as_str()).collect()
}
