//! The kinds of files that name or are OpenAPI documents.

use openapi_text::Diagnostics;
use serde_json::Value;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An APIs.json index.
    Index,
    /// An API catalog (RFC 9727).
    Catalog,
    /// An OpenAPI document.
    OpenApi,
}

/// Returns the kind of a file in JSON or YAML, or `None` for other files. `file` is its path, used
/// in messages. Errors of syntax are added to `diagnostics`.
pub fn kind(file: &str, bytes: &[u8], diagnostics: &mut Diagnostics) -> Option<Kind> {
    kind_of(&crate::value(file, bytes, diagnostics)?)
}

/// Returns the kind of a parsed file.
pub(crate) fn kind_of(value: &Value) -> Option<Kind> {
    let map = value.as_object()?;
    let has = |keys: &[&str]| keys.iter().any(|key| map.contains_key(*key));
    if has(&["openapi", "swagger"]) {
        Some(Kind::OpenApi)
    } else if has(&["linkset"]) {
        Some(Kind::Catalog)
    } else if has(&["apis", "include", "network", "specificationVersion"]) {
        Some(Kind::Index)
    } else {
        None
    }
}
