//! JSON with all data of a report. docs/drift.schema.json describes it.

use std::io;

use openapi_drift::{Source, SourceLocation, Wire};
use openapi_text::Location;
use serde::Serialize;
use serde_json::Value;

use super::summary::{Counts, bump};
use crate::drift::report::{Comparison, RatedChange, Report};
use crate::escape;

#[derive(Serialize)]
struct JsonReport<'a> {
    wire: Wire,
    source: Source,
    docs: bool,
    identical: bool,
    counts: Counts,
    hidden: usize,
    fails: bool,
    fail_on: &'static str,
    comparisons: Vec<JsonComparison<'a>>,
    not_compared: &'a [String],
    changes: Vec<JsonChange<'a>>,
    pending: Vec<JsonNote<'a>>,
}

#[derive(Serialize)]
struct JsonComparison<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<&'a str>,
    base: &'a str,
    revision: &'a str,
    notes: &'a [String],
    not_compared: &'a [String],
    idle_approvals: Vec<JsonNote<'a>>,
    hidden: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<JsonAdvice<'a>>,
}

#[derive(Serialize)]
struct JsonAdvice<'a> {
    package: &'a str,
    bump: &'static str,
    current: String,
    next: String,
    changelog: &'a str,
}

#[derive(Serialize)]
struct JsonChange<'a> {
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
    approved: Option<JsonApproval<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<JsonLocation<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<JsonLocation<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'a Value>,
}

#[derive(Serialize)]
struct JsonApproval<'a> {
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

#[derive(Serialize)]
struct JsonLocation<'a> {
    file: &'a str,
    pointer: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
}

#[derive(Serialize)]
struct JsonNote<'a> {
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
    let mut json = JsonReport {
        wire: report.wire(),
        source: report.source(),
        docs: report.docs(),
        identical: report.is_identical(),
        counts: Counts::of(report.comparisons.iter().flat_map(|it| &it.changes)),
        hidden: report.hidden(),
        fails: report.fails(),
        fail_on: report.fail_on.name(),
        comparisons: report.comparisons.iter().map(json_comparison).collect(),
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
                .map(|rated| json_change(client, rated, report)),
        );
        json.pending.extend(
            comparison
                .pending
                .iter()
                .map(|pending| note(client, &pending.message, &pending.location)),
        );
    }
    Ok(escape::json(&serde_json::to_string_pretty(&json)?) + "\n")
}

fn json_comparison(comparison: &Comparison) -> JsonComparison<'_> {
    JsonComparison {
        client: comparison.client.as_deref(),
        base: &comparison.base,
        revision: &comparison.revision,
        notes: &comparison.notes,
        not_compared: &comparison.not_compared,
        idle_approvals: comparison
            .idle_approvals
            .iter()
            .map(|idle| note(None, &idle.message, &idle.location))
            .collect(),
        hidden: comparison.hidden,
        advice: comparison.next_version.as_ref().map(|next| JsonAdvice {
            package: &next.package,
            bump: bump(next.advice.bump),
            current: next.current.to_string(),
            next: next.advice.version.to_string(),
            changelog: &next.advice.changelog,
        }),
    }
}

fn json_change<'a>(
    client: Option<&'a str>,
    rated: &'a RatedChange,
    report: &Report,
) -> JsonChange<'a> {
    let change = &rated.change;
    JsonChange {
        client,
        rule: change.rule.id,
        wire: change.wire,
        source: change.source,
        docs: change.docs,
        severity: rated.severity.name(),
        fails: rated.fails(report.fail_on),
        place: &change.location,
        used_by: change.used_by.iter().map(AsRef::as_ref).collect(),
        message: &change.message,
        fingerprint: &change.fingerprint,
        approved: rated.approval.as_ref().map(|approval| JsonApproval {
            reason: &approval.reason,
            until: approval.until.map(|until| until.to_string()),
        }),
        base: change.base.as_ref().map(json_location),
        revision: change.revision.as_ref().map(json_location),
        before: change.before.as_ref(),
        after: change.after.as_ref(),
    }
}

fn json_location(location: &SourceLocation) -> JsonLocation<'_> {
    let (line, column) = location.position.unzip();
    JsonLocation {
        file: &location.file,
        pointer: &location.pointer,
        line,
        column,
    }
}

fn note<'a>(client: Option<&'a str>, message: &'a str, location: &'a Location) -> JsonNote<'a> {
    let (line, column) = location.position.unzip();
    JsonNote {
        client,
        message,
        file: &location.file,
        line,
        column,
    }
}
