//! SARIF 2.1.0, with a rule for each kind of difference and a result for each difference.

use std::io;

use openapi_drift::Rule;
use openapi_drift::Severity;
use openapi_text::Location;
use serde_json::{Value, json};

use super::summary::Counts;
use crate::drift::report::{RatedChange, Report};
use crate::escape::{self, plain, uri};

/// A rule for something that is not a difference, with the level of its results.
struct OtherRule {
    id: &'static str,
    short: &'static str,
    full: &'static str,
    fails: bool,
}

pub(super) fn render(report: &Report) -> io::Result<String> {
    let comparisons = || report.comparisons.iter();
    let changes = || comparisons().flat_map(|comparison| &comparison.changes);
    let mut used: Vec<&Rule> = Vec::new();
    for rated in changes() {
        if !used.iter().any(|rule| rule.id == rated.change.rule.id) {
            used.push(rated.change.rule);
        }
    }
    let mut results: Vec<Value> = changes()
        .map(|rated| result(rated, report, &used))
        .collect();
    let mut rules: Vec<Value> = used.iter().map(|rule| rule_json(rule)).collect();
    let not_compared = not_compared(report);
    let is_complete = not_compared.is_empty();
    let pending = comparisons().flat_map(|comparison| &comparison.pending);
    let idle = comparisons().flat_map(|comparison| &comparison.idle_approvals);
    let others = [
        (
            OtherRule {
                id: "applies-to-nothing",
                short: "an overlay action or a choice matches nothing upstream",
                full: "an overlay action or a choice refers to something that upstream removed; fix it or remove it",
                fails: report.pending_fails(),
            },
            pending
                .map(|own| at_location(&own.message, &own.location))
                .collect::<Vec<_>>(),
        ),
        (
            OtherRule {
                id: "idle-approval",
                short: "an approval expired, or no difference needs it",
                full: "an approval expired, or no difference needs it; renew it or remove it",
                fails: false,
            },
            idle.map(|own| at_location(&own.message, &own.location))
                .collect(),
        ),
        (
            OtherRule {
                id: "not-compared",
                short: "a client or a part of a document was not compared",
                full: "a client or a part of a document was not compared, so it may differ; fix what the message names",
                fails: report.not_compared_fails(),
            },
            not_compared
                .iter()
                .map(|text| without_location(text))
                .collect(),
        ),
    ];
    for (rule, own) in others {
        if own.is_empty() {
            continue;
        }
        results.extend(own.into_iter().map(|mut result| {
            result["ruleId"] = rule.id.into();
            result["ruleIndex"] = rules.len().into();
            result["level"] = if rule.fails { "error" } else { "warning" }.into();
            result
        }));
        rules.push(json!({
            "id": rule.id,
            "shortDescription": {"text": rule.short},
            "fullDescription": {"text": rule.full},
        }));
    }
    let counts = Counts::of(changes());
    let sarif = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "gallery-clients", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "invocations": [{"executionSuccessful": is_complete}],
            "columnKind": "unicodeCodePoints",
            "results": results,
            "properties": {"counts": counts, "hidden": report.hidden(), "identical": report.is_identical()},
        }],
    });
    Ok(escape::json(&serde_json::to_string_pretty(&sarif)?) + "\n")
}

/// Returns the clients and the parts of documents that were not compared.
fn not_compared(report: &Report) -> Vec<String> {
    let comparisons = report.comparisons.iter();
    let parts = comparisons.flat_map(|comparison| &comparison.not_compared);
    let clients = report.not_compared.iter();
    parts
        .map(|part| plain(part))
        .chain(clients.map(|client| format!("{}: not compared", plain(client))))
        .collect()
}

/// Returns a result without its rule.
fn at_location(message: &str, location: &Location) -> Value {
    json!({
        "message": {"text": plain(message)},
        "locations": [{"physicalLocation": physical_location(&location.file, location.position)}],
        "partialFingerprints": {"galleryPlace/v1": fingerprint(location)},
    })
}

/// Returns a result without its rule, for something without a place in a file.
fn without_location(text: &str) -> Value {
    json!({"message": {"text": text}, "partialFingerprints": {"galleryNotCompared/v1": text}})
}

fn rule_json(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": {"text": rule.meaning},
        "fullDescription": {"text": rule.effect()},
        "properties": {"request": rule.request, "response": rule.response, "source": rule.source, "docs": rule.docs},
    })
}

/// Returns the SARIF result for a difference.
fn result(rated: &RatedChange, report: &Report, rules: &[&Rule]) -> Value {
    let change = &rated.change;
    let level = match rated.severity {
        _ if rated.fails(report.fail_on) => "error",
        Severity::Wire | Severity::Source => "warning",
        Severity::Docs | Severity::Any => "note",
        Severity::Never => "none",
    };
    let name = plain(&change.location);
    let mut location = json!({"logicalLocations": [{"fullyQualifiedName": name}]});
    if let Some(at) = &rated.file_location {
        location["physicalLocation"] = physical_location(&at.file, at.position);
    }
    let mut result = json!({
        "ruleId": change.rule.id,
        "ruleIndex": rules.iter().position(|rule| rule.id == change.rule.id),
        "level": level,
        "message": {"text": format!("{name}: {}", plain(&change.message))},
        "locations": [location],
        "partialFingerprints": {"galleryDrift/v1": change.fingerprint},
        "properties": {"wire": change.wire, "source": change.source, "docs": change.docs},
    });
    if !change.used_by.is_empty() {
        result["properties"]["usedBy"] = change.used_by.iter().map(|name| plain(name)).collect();
    }
    if let Some(approval) = &rated.approval {
        result["suppressions"] = json!([{"kind": "external", "status": "accepted", "justification": plain(&approval.reason)}]);
    }
    result
}

fn physical_location(file: &str, position: Option<(usize, usize)>) -> Value {
    let artifact = if file.starts_with('/') {
        json!({"uri": format!("file://{}", uri(file))})
    } else {
        json!({"uri": uri(file), "uriBaseId": "%SRCROOT%"})
    };
    match position {
        Some((line, column)) => {
            json!({"artifactLocation": artifact, "region": {"startLine": line, "startColumn": column}})
        }
        None => json!({"artifactLocation": artifact}),
    }
}

/// Returns the fingerprint of a location: its file and line.
fn fingerprint(location: &Location) -> String {
    match location.position {
        Some((line, _)) => format!("{}:{line}", location.file),
        None => location.file.clone(),
    }
}
