//! The result of comparisons, with everything that the output formats show.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use gallery_spec::approvals::Approval;
use gallery_spec::config::ClientConfig;
use gallery_spec::date::Date;
use openapi_drift::{Advice, advice};
use openapi_drift::{Change, Document, Source, SourceLocation, Wire, compare_on};
use openapi_drift::{Severity, SeverityOverrides};
use openapi_text::{Diagnostic, FileError, template};
use semver::Version;

use super::escape::plain;

/// The comparisons of a run.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) comparisons: Vec<Comparison>,
    /// Names of the clients that could not be compared.
    pub(crate) not_compared: Vec<String>,
    /// The minimum severity that fails the run.
    pub(crate) fail_on: Severity,
}

/// A comparison of two documents.
#[derive(Debug)]
pub(crate) struct Comparison {
    /// The client that the documents belong to, if any.
    pub(crate) client: Option<String>,
    /// The name of the older document.
    pub(crate) base: String,
    /// The name of the newer document.
    pub(crate) revision: String,
    /// The differences, the most severe first.
    pub(crate) changes: Vec<RatedChange>,
    /// Overlay actions and choices that match nothing upstream.
    pub(crate) pending: Vec<Diagnostic>,
    /// Messages about the conversion of a document.
    pub(crate) notes: Vec<String>,
    /// Messages about parts of the documents that were not compared.
    pub(crate) not_compared: Vec<String>,
    /// Warnings about approvals that expired or that no difference needs.
    pub(crate) idle_approvals: Vec<FileError>,
    /// The suggested version of the client's crate. It takes hidden differences into account.
    pub(crate) next_version: Option<NextVersion>,
    /// The paths of both documents, with unnamed variables.
    pub(crate) paths: BTreeSet<String>,
    /// The number of differences that filters removed from `changes`.
    pub(crate) hidden: usize,
}

/// A difference with its severity and approval.
#[derive(Debug)]
pub(crate) struct RatedChange {
    pub(crate) change: Change,
    pub(crate) severity: Severity,
    pub(crate) approval: Option<Approval>,
    /// The location in a file on disk, if one of the documents is on disk.
    pub(crate) file_location: Option<SourceLocation>,
}

/// The suggested version of a client crate.
#[derive(Debug)]
pub(crate) struct NextVersion {
    pub(crate) package: String,
    pub(crate) current: Version,
    pub(crate) advice: Advice,
}

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

impl RatedChange {
    /// Returns true if this difference fails a run with the minimum severity `fail_on`.
    pub(crate) fn fails(&self, fail_on: Severity) -> bool {
        self.approval.is_none() && self.severity.fails(fail_on)
    }

    /// Returns true if the difference only affects documentation.
    pub(crate) fn is_docs_only(&self) -> bool {
        self.change.wire == Wire::None && self.change.source == Source::None
    }

    /// Returns the endpoint, the component or the part of the document that contains the
    /// difference.
    pub(crate) fn group(&self) -> String {
        match self.tokens().iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["paths", path, method, ..] if is_method(method) => {
                format!("{} {path}", method.to_uppercase())
            }
            ["paths", path, ..] => format!("all of {path}"),
            ["components", kind, name, ..] => format!("components/{kind}/{name}"),
            [part, ..] => part.to_owned(),
            [] => "the document".to_owned(),
        }
    }

    /// Returns the paths whose operations are affected, with unnamed variables. `None` stands for
    /// the whole API.
    pub(crate) fn paths(&self) -> Option<Vec<String>> {
        match self.tokens().iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["paths", path, ..] => Some(vec![template::by_position(path)]),
            ["components", ..] => {
                let path =
                    |operation: &str| Some(template::by_position(operation.split_once(' ')?.1));
                Some(
                    self.change
                        .used_by
                        .iter()
                        .filter_map(|it| path(it))
                        .collect(),
                )
            }
            _ => None,
        }
    }

    /// Returns the JSON pointer of the difference, split and unescaped.
    fn tokens(&self) -> Vec<String> {
        let location = self.change.base.as_ref().or(self.change.revision.as_ref());
        let pointer = location.map_or("", |location| location.pointer.as_str());
        let unescape = |token: &str| token.replace("~1", "/").replace("~0", "~");
        pointer.split('/').skip(1).map(unescape).collect()
    }
}

fn is_method(key: &str) -> bool {
    [
        "get", "put", "post", "delete", "options", "head", "patch", "trace",
    ]
    .contains(&key)
}

impl NextVersion {
    /// Returns true if the changelog entry has more than a title.
    pub(crate) fn has_changelog(&self) -> bool {
        self.advice.changelog.contains("\n### ")
    }
}

impl Comparison {
    /// Sets the suggested version of the client's crate.
    pub(crate) fn advise(&mut self, client: &ClientConfig) -> Result<()> {
        let current = Version::parse(&client.version)
            .with_context(|| format!("the version of {}", client.package))?;
        // Names in a document may contain line breaks, but a changelog entry must be one line.
        let one_line = |rated: &RatedChange| Change {
            location: plain(&rated.change.location),
            ..rated.change.clone()
        };
        let changes: Vec<Change> = self.changes.iter().map(one_line).collect();
        let advice = advice(&changes, &current);
        self.next_version = Some(NextVersion {
            package: client.package.clone(),
            current,
            advice,
        });
        Ok(())
    }

    /// Collects warnings about approvals that expired or that no difference needs.
    pub(crate) fn find_idle_approvals(&mut self, policy: &Policy<'_>) {
        for approval in &policy.approvals {
            let is_needed = self
                .changes
                .iter()
                .any(|rated| rated.change.fingerprint == approval.fingerprint);
            let message = match (is_needed, approval.until) {
                (false, _) => format!(
                    "no difference needs the approval of `{}` ({} of {}); remove it",
                    approval.fingerprint, approval.rule, approval.place
                ),
                (true, Some(until)) if approval.is_expired(policy.today) => {
                    format!(
                        "the approval of `{}` ({} of {}) expired on {until}",
                        approval.fingerprint, approval.rule, approval.place
                    )
                }
                (true, _) => continue,
            };
            self.idle_approvals.push(FileError {
                location: approval.at.clone(),
                message,
            });
        }
    }

    pub(crate) fn wire(&self) -> Wire {
        self.changes
            .iter()
            .map(|rated| rated.change.wire)
            .max()
            .unwrap_or(Wire::None)
    }

    pub(crate) fn source(&self) -> Source {
        self.changes
            .iter()
            .map(|rated| rated.change.source)
            .max()
            .unwrap_or(Source::None)
    }

    pub(crate) fn docs(&self) -> bool {
        self.changes.iter().any(|rated| rated.change.docs)
    }

    /// Returns the differences by group. The group with the most severe difference comes first.
    pub(crate) fn groups(&self) -> Vec<(String, Vec<&RatedChange>)> {
        let mut groups: Vec<(String, Vec<&RatedChange>)> = Vec::new();
        for rated in &self.changes {
            let name = rated.group();
            match groups.iter_mut().find(|(group, _)| *group == name) {
                Some((_, changes)) => changes.push(rated),
                None => groups.push((name, vec![rated])),
            }
        }
        groups
    }

    /// Returns the number of approved differences.
    pub(crate) fn approved_count(&self) -> usize {
        self.changes
            .iter()
            .filter(|rated| rated.approval.is_some())
            .count()
    }

    fn is_identical(&self) -> bool {
        self.changes.is_empty()
            && self.hidden == 0
            && self.pending.is_empty()
            && self.not_compared.is_empty()
    }

    fn fails(&self, fail_on: Severity) -> bool {
        // An overlay action that matches nothing needs attention like code that does not compile.
        (!self.pending.is_empty() && Severity::Source.fails(fail_on))
            || (!self.not_compared.is_empty() && Severity::Any.fails(fail_on))
            || self.changes.iter().any(|rated| rated.fails(fail_on))
    }
}

impl Report {
    pub(crate) fn wire(&self) -> Wire {
        self.comparisons
            .iter()
            .map(Comparison::wire)
            .max()
            .unwrap_or(Wire::None)
    }

    pub(crate) fn source(&self) -> Source {
        self.comparisons
            .iter()
            .map(Comparison::source)
            .max()
            .unwrap_or(Source::None)
    }

    pub(crate) fn docs(&self) -> bool {
        self.comparisons.iter().any(Comparison::docs)
    }

    /// Returns the number of differences that filters hide.
    pub(crate) fn hidden(&self) -> usize {
        self.comparisons.iter().map(|it| it.hidden).sum()
    }

    pub(crate) fn is_identical(&self) -> bool {
        self.not_compared.is_empty() && self.comparisons.iter().all(Comparison::is_identical)
    }

    /// Returns true if the run fails because of a difference.
    ///
    /// Parts that were not compared may differ, so they count as differences of the lowest
    /// severity.
    pub(crate) fn fails(&self) -> bool {
        (!self.not_compared.is_empty() && Severity::Any.fails(self.fail_on))
            || self
                .comparisons
                .iter()
                .any(|comparison| comparison.fails(self.fail_on))
    }
}
