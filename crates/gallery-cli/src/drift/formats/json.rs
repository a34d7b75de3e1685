//! All there is to say, for programs. docs/drift.schema.json describes it; what is added keeps to it.

use std::io;

use openapi_drift::{Source, SourceLocation, Wire};
use serde::Serialize;
use serde_json::Value;

use crate::drift::report::{Comparison, Judged, Report};

#[derive(Serialize)]
struct Json<'a> {
    wire: Wire,
    source: Source,
    docs: bool,
    identical: bool,
    fails: bool,
    fail_on: &'static str,
    comparisons: Vec<Compared<'a>>,
    not_compared: &'a [String],
    changes: Vec<Changed<'a>>,
    pending: Vec<Said<'a>>,
}

#[derive(Serialize)]
struct Compared<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<&'a str>,
    base: &'a str,
    revision: &'a str,
    notes: &'a [String],
    idle_approvals: Vec<Said<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<Advice<'a>>,
}

#[derive(Serialize)]
struct Advice<'a> {
    package: &'a str,
    bump: &'static str,
    current: String,
    next: String,
    changelog: &'a str,
}

#[derive(Serialize)]
struct Changed<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<&'a str>,
    rule: &'a str,
    wire: Wire,
    source: Source,
    docs: bool,
    severity: &'static str,
    fails: bool,
    place: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    used_by: Vec<&'a str>,
    message: &'a str,
    fingerprint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    approved: Option<Approved<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<Where<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<Where<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'a Value>,
}

#[derive(Serialize)]
struct Approved<'a> {
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

#[derive(Serialize)]
struct Where<'a> {
    file: &'a str,
    pointer: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
}

#[derive(Serialize)]
struct Said<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<&'a str>,
    message: &'a str,
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
}

pub(super) fn render(report: &Report) -> io::Result<String> {
    let mut json = Json {
        wire: report.wire(),
        source: report.source(),
        docs: report.docs(),
        identical: report.is_identical(),
        fails: report.fails(),
        fail_on: report.fail_on.name(),
        comparisons: report.comparisons.iter().map(compared).collect(),
        not_compared: &report.not_compared,
        changes: Vec::new(),
        pending: Vec::new(),
    };
    for comparison in &report.comparisons {
        let client = comparison.client.as_deref();
        json.changes.extend(
            comparison
                .changes
                .iter()
                .map(|judged| changed(client, judged, report)),
        );
        json.pending.extend(
            comparison
                .pending
                .iter()
                .map(|said| at(client, &said.message, &said.location)),
        );
    }
    Ok(serde_json::to_string_pretty(&json)? + "\n")
}

fn compared(comparison: &Comparison) -> Compared<'_> {
    Compared {
        client: comparison.client.as_deref(),
        base: &comparison.base,
        revision: &comparison.revision,
        notes: &comparison.notes,
        idle_approvals: comparison
            .idle
            .iter()
            .map(|said| at(None, &said.message, &said.location))
            .collect(),
        advice: comparison.advised.as_ref().map(|advised| Advice {
            package: &advised.package,
            bump: super::bump(advised.advice.bump),
            current: advised.current.to_string(),
            next: advised.advice.version.to_string(),
            changelog: &advised.advice.changelog,
        }),
    }
}

fn changed<'a>(client: Option<&'a str>, judged: &'a Judged, report: &Report) -> Changed<'a> {
    let change = &judged.change;
    Changed {
        client,
        rule: change.rule.id,
        wire: change.wire,
        source: change.source,
        docs: change.docs,
        severity: judged.severity.name(),
        fails: judged.fails(report.fail_on),
        place: &change.location,
        used_by: change.used_by.iter().map(AsRef::as_ref).collect(),
        message: &change.message,
        fingerprint: &change.fingerprint,
        approved: judged.approval.as_ref().map(|approval| Approved {
            reason: &approval.reason,
            until: approval.until.map(|until| until.to_string()),
        }),
        base: change.base.as_ref().map(spot),
        revision: change.revision.as_ref().map(spot),
        before: change.before.as_ref(),
        after: change.after.as_ref(),
    }
}

fn spot(spot: &SourceLocation) -> Where<'_> {
    let (line, column) = spot.position.unzip();
    Where {
        file: &spot.file,
        pointer: &spot.pointer,
        line,
        column,
    }
}

fn at<'a>(
    client: Option<&'a str>,
    message: &'a str,
    place: &'a openapi_text::Location,
) -> Said<'a> {
    let (line, column) = place.position.unzip();
    Said {
        client,
        message,
        file: &place.file,
        line,
        column,
    }
}
