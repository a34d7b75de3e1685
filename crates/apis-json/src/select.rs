//! Selection of entries by globs of their identifiers.

use globset::{Glob, GlobMatcher};
use openapi_text::{printable, suggest};
use thiserror::Error;

/// The least similarity of an identifier that is suggested.
const SIMILARITY: f64 = 0.3;

/// The maximum length of a glob, because compiling a long one takes much memory.
const MAX_GLOB_BYTES: usize = 1000;

/// An error from [`Index::select`](crate::Index::select).
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SelectError {
    /// A glob is invalid.
    #[error("invalid glob `{}`: {reason}", printable(.glob))]
    Glob {
        /// The glob.
        glob: String,
        /// The reason.
        reason: String,
    },
    /// A glob matches nothing.
    #[error("no API matches `{}`{}", printable(.glob), suggestion(.nearest.as_deref()))]
    Unmatched {
        /// The glob.
        glob: String,
        /// The most similar identifier.
        nearest: Option<String>,
    },
}

fn suggestion(id: Option<&str>) -> String {
    id.map_or_else(
        || "; there are no APIs with a similar identifier".to_owned(),
        |id| format!(" (nearest: {})", printable(id)),
    )
}

/// Returns the positions of the items that one of the globs matches, or of all items if there are
/// no globs. `ids` returns the identifiers of an item, the main one first.
pub(crate) fn positions<T>(
    items: &[T],
    globs: &[String],
    ids: impl Fn(&T) -> Vec<&str>,
) -> Result<Vec<usize>, SelectError> {
    if globs.is_empty() {
        return Ok((0..items.len()).collect());
    }
    let mut selected = vec![false; items.len()];
    for glob in globs {
        let matcher = matcher(glob)?;
        let mut matched = false;
        for (item, selected) in items.iter().zip(&mut selected) {
            // A name can have brackets.
            let matches = ids(item)
                .into_iter()
                .any(|id| id == glob || matcher.is_match(id));
            *selected |= matches;
            matched |= matches;
        }
        if !matched {
            let wanted: String = glob.chars().filter(|c| !"*?[]{}".contains(*c)).collect();
            let names = items.iter().filter_map(|item| ids(item).into_iter().next());
            let nearest = suggest::closest(&wanted, names, SIMILARITY).map(str::to_owned);
            let glob = glob.clone();
            return Err(SelectError::Unmatched { glob, nearest });
        }
    }
    Ok((0..items.len()).filter(|item| selected[*item]).collect())
}

fn matcher(glob: &str) -> Result<GlobMatcher, SelectError> {
    let error = |reason: String| SelectError::Glob {
        glob: glob.chars().take(100).collect(),
        reason,
    };
    if glob.len() > MAX_GLOB_BYTES {
        return Err(error(format!("it has more than {MAX_GLOB_BYTES} bytes")));
    }
    match Glob::new(glob) {
        Ok(glob) => Ok(glob.compile_matcher()),
        Err(invalid) => Err(error(invalid.kind().to_string())),
    }
}
