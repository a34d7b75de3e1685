//! The result of comparisons, with everything that the output formats show.

use std::collections::{BTreeSet, HashMap};

use anyhow::{Context, Result};
use gallery_spec::approvals::Approval;
use gallery_spec::config::ClientConfig;
use openapi_drift::{Advice, advice};
use openapi_drift::{Change, Severity, Source, SourceLocation, Wire};
use openapi_text::pointer::unescape;
use openapi_text::{Diagnostic, FileError, METHODS, template};
use semver::Version;

use crate::escape::plain;

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
            ["paths", path, method, ..] if METHODS.contains(&method) => {
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
        pointer.split('/').skip(1).map(unescape).collect()
    }
}

impl NextVersion {
    /// Returns true if the changelog entry has more than a title.
    pub(crate) fn has_changelog(&self) -> bool {
        self.advice.changelog.contains("\n### ")
    }
}

impl Comparison {
    /// Sets the suggested version of the client's crate.
    ///
    /// `base` is the version of the older side, if it differs. The suggestion is not lower than the
    /// present version.
    pub(crate) fn advise(&mut self, client: &ClientConfig, base: Option<String>) -> Result<()> {
        let parse = |version: &str| {
            Version::parse(version).with_context(|| format!("the version of {}", client.package))
        };
        let present = parse(&client.version)?;
        let current = base.map_or_else(|| Ok(present.clone()), |base| parse(&base))?;
        // Names in a document may contain line breaks, but a changelog entry must be one line.
        let one_line = |rated: &RatedChange| Change {
            location: plain(&rated.change.location),
            ..rated.change.clone()
        };
        let changes: Vec<Change> = self.changes.iter().map(one_line).collect();
        let advice = advice(&changes, &current).at_least(&present);
        self.next_version = Some(NextVersion {
            package: client.package.clone(),
            current,
            advice,
        });
        Ok(())
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
        let mut indices: HashMap<String, usize> = HashMap::new();
        for rated in &self.changes {
            let name = rated.group();
            let index = *indices.entry(name.clone()).or_insert(groups.len());
            match groups.get_mut(index) {
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

    pub(crate) fn is_identical(&self) -> bool {
        self.changes.is_empty()
            && self.hidden == 0
            && self.pending.is_empty()
            && self.not_compared.is_empty()
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

    /// Returns true if an overlay action or a choice that matches nothing fails the run.
    pub(crate) fn pending_fails(&self) -> bool {
        Severity::Source.fails(self.fail_on)
    }

    /// Returns true if something that was not compared fails the run.
    pub(crate) fn not_compared_fails(&self) -> bool {
        Severity::Any.fails(self.fail_on)
    }

    /// Returns true if the run fails because of a difference.
    ///
    /// Parts that were not compared may differ, so they count as differences of the lowest
    /// severity.
    pub(crate) fn fails(&self) -> bool {
        (!self.not_compared.is_empty() && self.not_compared_fails())
            || self.comparisons.iter().any(|it| self.comparison_fails(it))
    }

    fn comparison_fails(&self, comparison: &Comparison) -> bool {
        // An overlay action that matches nothing needs attention like code that does not compile.
        (!comparison.pending.is_empty() && self.pending_fails())
            || (!comparison.not_compared.is_empty() && self.not_compared_fails())
            || comparison.changes.iter().any(|it| it.fails(self.fail_on))
    }
}
