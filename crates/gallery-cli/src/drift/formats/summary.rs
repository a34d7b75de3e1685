//! Phrases that several formats share.

use openapi_drift::{Bump, Change};

use crate::drift::report::Comparison;
use crate::text::counted;

/// Returns the number of differences, such as `3 differences, 1 of them approved`.
pub(super) fn tally(comparison: &Comparison) -> String {
    let all = counted(comparison.changes.len(), "difference");
    match comparison.approved_count() {
        0 => all,
        approved => format!("{all}, {approved} of them approved"),
    }
}

/// Maximum number of operations that [`users`] lists by name.
const MAX_USERS: usize = 3;

/// Returns the operations that use the changed component, such as `used by GET /a and 3 more`.
///
/// `escape` escapes the name of an operation.
pub(super) fn users(change: &Change, escape: impl Fn(&str) -> String) -> Option<String> {
    let named: Vec<String> = change
        .used_by
        .iter()
        .take(MAX_USERS)
        .map(|name| escape(name))
        .collect();
    let more = match change.used_by.len() - named.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!named.is_empty()).then(|| format!("used by {}{more}", named.join(", ")))
}

/// Returns the name of a version bump.
pub(super) fn bump(bump: Bump) -> &'static str {
    match bump {
        Bump::None => "none",
        Bump::Patch => "patch",
        Bump::Minor => "minor",
        Bump::Major => "major",
    }
}
