//! Compares two documents, and rates the differences.

use gallery_spec::approvals::Approval;
use gallery_spec::date::Date;
use openapi_drift::{Change, Document, Source, SourceLocation, Wire, compare_on};
use openapi_drift::{Severity, SeverityOverrides};
use openapi_text::{FileError, template};

use super::report::{Comparison, RatedChange};

/// The rules for rating differences.
#[derive(Debug)]
pub(crate) struct Policy<'a> {
    pub(crate) severities: &'a SeverityOverrides,
    pub(crate) approvals: Vec<Approval>,
    pub(crate) today: Date,
}

/// The side whose document is a file on disk. Differences are located in this file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LocalSide {
    Base,
    Revision,
    Neither,
}

impl Policy<'_> {
    /// Compares two documents.
    pub(crate) fn compare(
        &self,
        client: Option<&str>,
        base: &Document,
        revision: &Document,
        local_side: LocalSide,
    ) -> Comparison {
        Comparison {
            client: client.map(ToOwned::to_owned),
            base: base.name().to_owned(),
            revision: revision.name().to_owned(),
            changes: self.changes(base, revision, local_side),
            pending: Vec::new(),
            notes: Vec::new(),
            not_compared: Vec::new(),
            idle_approvals: Vec::new(),
            next_version: None,
            paths: paths(base).chain(paths(revision)).collect(),
            hidden: 0,
        }
    }

    /// Returns the differences between two documents, the most severe first.
    fn changes(
        &self,
        base: &Document,
        revision: &Document,
        local_side: LocalSide,
    ) -> Vec<RatedChange> {
        let mut changes: Vec<RatedChange> = compare_on(base, revision, self.today)
            .into_iter()
            .map(|change| RatedChange {
                severity: self.severities.of(&change),
                approval: self.approval(&change).cloned(),
                file_location: file_location(&change, base, revision, local_side),
                change,
            })
            .collect();
        changes.sort_by(|a, b| {
            rank(b)
                .cmp(&rank(a))
                .then_with(|| a.change.location.cmp(&b.change.location))
        });
        changes
    }

    /// Collects warnings about approvals that expired or that no difference needs.
    pub(crate) fn find_idle_approvals(&self, comparison: &mut Comparison) {
        for approval in &self.approvals {
            let is_needed = comparison
                .changes
                .iter()
                .any(|rated| rated.change.fingerprint == approval.fingerprint);
            let message = match (is_needed, approval.until) {
                (false, _) => format!(
                    "no difference needs the approval of `{}` ({} of {}); remove it",
                    approval.fingerprint, approval.rule, approval.place
                ),
                (true, Some(until)) if approval.is_expired(self.today) => {
                    format!(
                        "the approval of `{}` ({} of {}) expired on {until}",
                        approval.fingerprint, approval.rule, approval.place
                    )
                }
                (true, _) => continue,
            };
            comparison.idle_approvals.push(FileError {
                location: approval.at.clone(),
                message,
            });
        }
    }

    /// Returns the unexpired approval of a difference.
    fn approval(&self, change: &Change) -> Option<&Approval> {
        let mut valid = self
            .approvals
            .iter()
            .filter(|approval| !approval.is_expired(self.today));
        valid.find(|approval| approval.fingerprint == change.fingerprint)
    }
}

/// Returns the paths of a document, with unnamed variables.
fn paths(document: &Document) -> impl Iterator<Item = String> {
    let paths = document.value()["paths"].as_object();
    paths
        .into_iter()
        .flat_map(|paths| paths.keys().map(|path| template::by_position(path)))
}

/// Returns the sort key of a difference. The highest comes first.
fn rank(rated: &RatedChange) -> (Severity, Wire, Source, bool) {
    (
        rated.severity,
        rated.change.wire,
        rated.change.source,
        rated.change.docs,
    )
}

/// Returns the location of a difference in the document on disk.
///
/// If the document lacks the part that differs, returns where it would be.
fn file_location(
    change: &Change,
    base: &Document,
    revision: &Document,
    local_side: LocalSide,
) -> Option<SourceLocation> {
    let (document, own, other) = match local_side {
        LocalSide::Base => (base, &change.base, &change.revision),
        LocalSide::Revision => (revision, &change.revision, &change.base),
        LocalSide::Neither => return None,
    };
    let pointer = own
        .as_ref()
        .or(other.as_ref())
        .map_or(String::new(), |location| location.pointer.clone());
    let position = document.position(&pointer);
    Some(SourceLocation {
        pointer,
        file: document.name().to_owned(),
        position,
    })
}
