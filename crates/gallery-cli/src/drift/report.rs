//! What comparisons found, judged: everything that a format shows.

use anyhow::{Context, Result};
use gallery_spec::approvals::Approval;
use gallery_spec::config::ClientConfig;
use gallery_spec::date::Date;
use openapi_drift::{Advice, advice};
use openapi_drift::{Change, Document, Source, SourceLocation, Wire, compare};
use openapi_drift::{Severity, SeverityOverrides};
use openapi_text::template;
use openapi_text::{Diagnostic, FileError};
use semver::Version;

use super::formats::plain;

/// All that was compared.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) comparisons: Vec<Comparison>,
    /// Clients of which nothing is known.
    pub(crate) not_compared: Vec<String>,
    /// What a difference has to weigh to fail the run.
    pub(crate) fail_on: Severity,
}

/// Two documents side by side.
#[derive(Debug)]
pub(crate) struct Comparison {
    /// The client that they are of, if they are.
    pub(crate) client: Option<String>,
    /// What is compared with.
    pub(crate) base: String,
    /// What is compared.
    pub(crate) revision: String,
    pub(crate) changes: Vec<Judged>,
    /// What people wrote and applies to nothing upstream any more.
    pub(crate) pending: Vec<Diagnostic>,
    /// What became of a document before it could be compared.
    pub(crate) notes: Vec<String>,
    /// Approvals that are not needed any more, or whose time is over.
    pub(crate) idle: Vec<FileError>,
    /// What it means for the client's next version.
    pub(crate) advised: Option<Advised>,
}

/// A difference, judged.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) change: Change,
    pub(crate) severity: Severity,
    pub(crate) approval: Option<Approval>,
    /// Where it is in a file that a person can open.
    pub(crate) at: Option<SourceLocation>,
}

/// The next version of a client crate.
#[derive(Debug)]
pub(crate) struct Advised {
    pub(crate) package: String,
    pub(crate) current: Version,
    pub(crate) advice: Advice,
}

/// By what differences are judged.
#[derive(Debug)]
pub(crate) struct Judge<'a> {
    pub(crate) severities: &'a SeverityOverrides,
    pub(crate) approvals: Vec<Approval>,
    pub(crate) today: Date,
}

/// The side whose document is in a file here: what differs is shown there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Here {
    Base,
    Revision,
    Neither,
}

impl Judge<'_> {
    /// Compares two documents and judges what differs; the worst first.
    pub(crate) fn changes(&self, base: &Document, revision: &Document, here: Here) -> Vec<Judged> {
        let mut judged: Vec<Judged> = compare(base, revision)
            .into_iter()
            .map(|change| Judged {
                severity: self.severities.of(&change),
                approval: self.approval(&change).cloned(),
                at: spot(&change, base, revision, here),
                change,
            })
            .collect();
        judged.sort_by(|a, b| {
            rank(b)
                .cmp(&rank(a))
                .then_with(|| a.change.location.cmp(&b.change.location))
        });
        judged
    }

    fn approval(&self, change: &Change) -> Option<&Approval> {
        let mut known = self
            .approvals
            .iter()
            .filter(|approval| !approval.is_over(self.today));
        known.find(|approval| approval.fingerprint == change.fingerprint)
    }
}

/// What comes first.
fn rank(judged: &Judged) -> (Severity, Wire, Source, bool) {
    (
        judged.severity,
        judged.change.wire,
        judged.change.source,
        judged.change.docs,
    )
}

/// Where a difference is in the document that is here, or where what is not there would be.
fn spot(
    change: &Change,
    base: &Document,
    revision: &Document,
    here: Here,
) -> Option<SourceLocation> {
    let (document, own, other) = match here {
        Here::Base => (base, &change.base, &change.revision),
        Here::Revision => (revision, &change.revision, &change.base),
        Here::Neither => return None,
    };
    let pointer = own
        .as_ref()
        .or(other.as_ref())
        .map_or(String::new(), |spot| spot.pointer.clone());
    let position = document.position(&pointer);
    Some(SourceLocation {
        pointer,
        file: document.name().to_owned(),
        position,
    })
}

impl Judged {
    /// Whether it fails a run that fails from such a weight on.
    pub(crate) fn fails(&self, from: Severity) -> bool {
        self.approval.is_none() && self.severity.fails(from)
    }

    /// Whether only people who read are concerned.
    pub(crate) fn is_prose(&self) -> bool {
        self.change.wire == Wire::None && self.change.source == Source::None
    }

    /// The part of the API that it belongs to: an endpoint, a component, or a part of the document.
    pub(crate) fn group(&self) -> String {
        let spot = self.change.base.as_ref().or(self.change.revision.as_ref());
        let pointer = spot.map_or("", |spot| spot.pointer.as_str());
        let tokens: Vec<String> = pointer
            .split('/')
            .skip(1)
            .map(|token| token.replace("~1", "/").replace("~0", "~"))
            .collect();
        match tokens.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["paths", path, method, ..] if is_method(method) => {
                format!("{} {}", method.to_uppercase(), template::by_position(path))
            }
            ["paths", path, ..] => format!("all of {}", template::by_position(path)),
            ["components", kind, name, ..] => format!("components/{kind}/{name}"),
            [part, ..] => part.to_owned(),
            [] => "the document".to_owned(),
        }
    }
}

fn is_method(key: &str) -> bool {
    [
        "get", "put", "post", "delete", "options", "head", "patch", "trace",
    ]
    .contains(&key)
}

impl Advised {
    /// Whether the changelog gets more than a title.
    pub(crate) fn has_entry(&self) -> bool {
        self.advice.changelog.contains("\n### ")
    }
}

impl Comparison {
    /// What the differences mean for the client's next version.
    pub(crate) fn advise(&mut self, client: &ClientConfig) -> Result<()> {
        let current = Version::parse(&client.version)
            .with_context(|| format!("the version of {}", client.package))?;
        // An entry of a changelog is a line, whatever the names of a document's parts are.
        let one_line = |judged: &Judged| Change {
            location: plain(&judged.change.location),
            ..judged.change.clone()
        };
        let changes: Vec<Change> = self.changes.iter().map(one_line).collect();
        let advice = advice(&changes, &current);
        self.advised = Some(Advised {
            package: client.package.clone(),
            current,
            advice,
        });
        Ok(())
    }

    /// Says which of the approvals nothing here needs, and which have come to their last day.
    pub(crate) fn look_for_idle(&mut self, judge: &Judge<'_>) {
        for approval in &judge.approvals {
            let is_there = self
                .changes
                .iter()
                .any(|judged| judged.change.fingerprint == approval.fingerprint);
            let message = match (is_there, approval.until) {
                (false, _) => format!(
                    "upstream does not differ any more as `{}` approves ({} of {}); remove it",
                    approval.fingerprint, approval.rule, approval.place
                ),
                (true, Some(until)) if approval.is_over(judge.today) => {
                    format!(
                        "the approval of `{}` ({} of {}) ended on {until}",
                        approval.fingerprint, approval.rule, approval.place
                    )
                }
                (true, _) => continue,
            };
            self.idle.push(FileError {
                location: approval.at.clone(),
                message,
            });
        }
    }

    pub(crate) fn wire(&self) -> Wire {
        self.changes
            .iter()
            .map(|judged| judged.change.wire)
            .max()
            .unwrap_or(Wire::None)
    }

    pub(crate) fn source(&self) -> Source {
        self.changes
            .iter()
            .map(|judged| judged.change.source)
            .max()
            .unwrap_or(Source::None)
    }

    pub(crate) fn docs(&self) -> bool {
        self.changes.iter().any(|judged| judged.change.docs)
    }

    /// Differences in the order in which people should read them: by part, that with the worst first.
    pub(crate) fn groups(&self) -> Vec<(String, Vec<&Judged>)> {
        let mut groups: Vec<(String, Vec<&Judged>)> = Vec::new();
        for judged in &self.changes {
            let name = judged.group();
            match groups.iter_mut().find(|(known, _)| *known == name) {
                Some((_, of)) => of.push(judged),
                None => groups.push((name, vec![judged])),
            }
        }
        groups
    }

    pub(crate) fn approved(&self) -> usize {
        self.changes
            .iter()
            .filter(|judged| judged.approval.is_some())
            .count()
    }

    fn is_identical(&self) -> bool {
        self.changes.is_empty() && self.pending.is_empty()
    }

    fn fails(&self, from: Severity) -> bool {
        // Somebody has to look at what applies to nothing, as at code that does not compile.
        (!self.pending.is_empty() && Severity::Source.fails(from))
            || self.changes.iter().any(|judged| judged.fails(from))
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

    pub(crate) fn is_identical(&self) -> bool {
        self.not_compared.is_empty() && self.comparisons.iter().all(Comparison::is_identical)
    }

    /// Whether something is there that the run has to fail for.
    pub(crate) fn fails(&self) -> bool {
        self.comparisons
            .iter()
            .any(|comparison| comparison.fails(self.fail_on))
    }
}
