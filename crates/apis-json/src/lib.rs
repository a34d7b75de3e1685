//! Reads APIs.json indexes and RFC 9727 API catalogs.
//!
//! ```
//! use openapi_text::Diagnostics;
//!
//! let text = b"
//! aid: garden
//! name: Garden
//! specificationVersion: '0.19'
//! apis:
//!   - aid: garden:beds
//!     name: Beds
//!     properties:
//!       - {type: OpenAPI, url: openapi/beds.yml}
//!       - {type: Documentation, url: https://example.com/docs}
//! ";
//! let mut diagnostics = Diagnostics::default();
//! let index = apis_json::parse("apis.yml", text, &mut diagnostics).expect("a valid index");
//! let apis = index.select(&["*:beds".to_owned()])?;
//! assert_eq!(apis[0].documents, ["openapi/beds.yml"]);
//!
//! let error = index.select(&["garden:bed".to_owned()]).unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "no API matches `garden:bed` (nearest: garden:beds)"
//! );
//! # Ok::<(), apis_json::SelectError>(())
//! ```

mod catalog;
mod included;
mod index;
mod kind;
mod read;
mod select;

use openapi_text::{Diagnostics, Location, Severity, is_html, json, yaml};
use serde_json::Value;

pub use catalog::{Catalog, Document, Entry, catalog};
pub use included::{IndexQueue, NotIncluded};
pub use index::{Api, Index, is_openapi_type, parse};
pub use kind::{Kind, kind};
pub use read::read;
pub use select::SelectError;

/// The file names of APIs.json indexes, the usual one first.
pub const INDEX_NAMES: [&str; 3] = ["apis.yml", "apis.yaml", "apis.json"];

/// The file name of an API catalog (RFC 9727) that is kept in a file.
pub const CATALOG_NAME: &str = "api-catalog.json";

/// Parses the JSON or YAML of a file.
fn value(file: &str, bytes: &[u8], diagnostics: &mut Diagnostics) -> Option<Value> {
    if is_html(bytes) {
        let message = "this is HTML, not an index; use the URL of the raw file";
        diagnostics.push(Severity::Error, "html", Location::file(file), message);
        return None;
    }
    // JSON is YAML, but the JSON parser is faster and has no limit for brackets.
    if bytes.trim_ascii_start().starts_with(b"{")
        && let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(value) = json::parse(text)
    {
        return Some(value);
    }
    yaml::parse(file, bytes, diagnostics)
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
