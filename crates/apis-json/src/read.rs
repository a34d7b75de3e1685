//! Files that are an index or a catalog.

use openapi_text::Diagnostics;

use crate::index::Index;
use crate::kind::{Kind, kind_of};
use crate::{catalog, index};

/// Parses an index or an API catalog in JSON or YAML. `file` is its path, used in messages. The
/// entries of a catalog become APIs with their slugs as identifiers, which their anchors and titles
/// select as well.
///
/// Values of the wrong type become warnings. Returns `None` with an error if the file is neither.
pub fn read(file: &str, bytes: &[u8], diagnostics: &mut Diagnostics) -> Option<Index> {
    let value = crate::value(file, bytes, diagnostics)?;
    match kind_of(&value) {
        Some(Kind::Catalog) => catalog::of_value(file, &value, diagnostics).map(Index::from),
        _ => index::of_value(file, &value, diagnostics),
    }
}
