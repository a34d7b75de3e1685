//! Phrases that several formats share.

use std::fmt;

use gallery_regen::text::counted;
use gallery_spec::approvals::Approval;
use openapi_drift::{Bump, Change, Source, Wire};
use serde::Serialize;

use crate::drift::report::{Comparison, NextVersion, RatedChange};

/// Returns the title of a comparison, such as `mattermost: old.yaml → new.yaml`.
pub(super) fn title(comparison: &Comparison) -> String {
    let client = comparison
        .client
        .as_ref()
        .map_or(String::new(), |client| format!("{client}: "));
    format!("{client}{} → {}", comparison.base, comparison.revision)
}

/// Returns the number of differences, such as `3 differences, 1 of them approved, 2 differences
/// hidden by filters`.
pub(super) fn tally(comparison: &Comparison) -> String {
    let mut tally = match (comparison.changes.len(), comparison.not_compared.len()) {
        (0, _) if comparison.hidden > 0 => "no differences shown".to_owned(),
        (0, 1..) => "no differences in the compared parts".to_owned(),
        (0, 0) => "no differences".to_owned(),
        (differences, _) => counted(differences, "difference"),
    };
    match comparison.approved_count() {
        0 => {}
        approved => tally.push_str(&format!(", {approved} of them approved")),
    }
    match comparison.hidden {
        0 => {}
        hidden => tally.push_str(&format!(
            ", {} hidden by filters",
            counted(hidden, "difference")
        )),
    }
    tally
}

/// The number of differences at each level.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct Counts {
    wire: WireCounts,
    source: SourceCounts,
    docs: usize,
}

#[derive(Clone, Copy, Debug, Default, Serialize)]
struct WireCounts {
    breaking: usize,
    risky: usize,
    safe: usize,
    none: usize,
}

#[derive(Clone, Copy, Debug, Default, Serialize)]
struct SourceCounts {
    breaking: usize,
    safe: usize,
    none: usize,
}

impl Counts {
    pub(super) fn of<'a>(changes: impl IntoIterator<Item = &'a RatedChange>) -> Counts {
        let mut counts = Counts::default();
        for RatedChange { change, .. } in changes {
            *match change.wire {
                Wire::Breaking => &mut counts.wire.breaking,
                Wire::Risky => &mut counts.wire.risky,
                Wire::Safe => &mut counts.wire.safe,
                Wire::None => &mut counts.wire.none,
            } += 1;
            *match change.source {
                Source::Breaking => &mut counts.source.breaking,
                Source::Safe => &mut counts.source.safe,
                Source::None => &mut counts.source.none,
            } += 1;
            counts.docs += usize::from(change.docs);
        }
        counts
    }

    /// Returns the counts on the wire, such as `1 breaking, 2 safe`.
    pub(super) fn wire(&self) -> String {
        let WireCounts {
            breaking,
            risky,
            safe,
            none,
        } = self.wire;
        nonzero(&[
            (breaking, "breaking"),
            (risky, "risky"),
            (safe, "safe"),
            (none, "none"),
        ])
    }

    /// Returns the counts in source.
    pub(super) fn source(&self) -> String {
        let SourceCounts {
            breaking,
            safe,
            none,
        } = self.source;
        nonzero(&[(breaking, "breaking"), (safe, "safe"), (none, "none")])
    }

    /// Returns the number of changes of the documentation.
    pub(super) fn docs(&self) -> usize {
        self.docs
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "wire: {}; source: {}; docs: {}",
            self.wire(),
            self.source(),
            self.docs
        )
    }
}

fn nonzero(counts: &[(usize, &str)]) -> String {
    let shown: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, level)| format!("{count} {level}"))
        .collect();
    if shown.is_empty() {
        "0".to_owned()
    } else {
        shown.join(", ")
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

/// Returns the reason of an approval, such as `approved until 2027-01-31: nobody calls it`.
///
/// `escape` escapes the reason.
pub(super) fn approved(approval: &Approval, escape: impl Fn(&str) -> String) -> String {
    let until = approval
        .until
        .map_or(String::new(), |until| format!(" until {until}"));
    format!("approved{until}: {}", escape(&approval.reason))
}

/// Returns the suggested version of a client, such as `gallery-a goes from 0.1.0 to 0.2.0`.
pub(super) fn next_version(next: &NextVersion) -> String {
    if next.advice.version == next.current {
        format!("{} stays at {}", next.package, next.current)
    } else {
        format!(
            "{} goes from {} to {}",
            next.package, next.current, next.advice.version
        )
    }
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
