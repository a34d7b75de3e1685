//! SARIF 2.1.0, with a rule for each kind of difference and a result for each difference.

use std::io;

use openapi_drift::Rule;
use openapi_drift::Severity;
use openapi_text::Location;
use serde_json::{Value, json};

use super::summary::Counts;
use crate::drift::report::{RatedChange, Report};
use crate::escape::{self, plain, uri};

/// Identifier of the rule for overlay actions and choices that match nothing upstream.
const PENDING: &str = "applies-to-nothing";

/// Identifier of the rule for clients and parts of documents that were not compared.
const NOT_COMPARED: &str = "not-compared";

pub(super) fn render(report: &Report) -> io::Result<String> {
    let level = |fails| if fails { "error" } else { "warning" };
    let changes = || {
        report
            .comparisons
            .iter()
            .flat_map(|comparison| &comparison.changes)
    };
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
    let pending: Vec<_> = report
        .comparisons
        .iter()
        .flat_map(|comparison| &comparison.pending)
        .collect();
    if !pending.is_empty() {
        let level = level(report.pending_fails());
        results.extend(pending.iter().map(|diagnostic| {
            json!({
                "ruleId": PENDING,
                "ruleIndex": rules.len(),
                "level": level,
                "message": {"text": plain(&diagnostic.message)},
                "locations": [{"physicalLocation": physical_location(&diagnostic.location.file, diagnostic.location.position)}],
                "partialFingerprints": {"galleryPlace/v1": fingerprint(&diagnostic.location)},
            })
        }));
        rules.push(json!({
            "id": PENDING,
            "shortDescription": {"text": "an overlay action or a choice matches nothing upstream"},
            "fullDescription": {"text": "an overlay action or a choice refers to something that upstream removed; fix it or remove it"},
        }));
    }
    let not_compared: Vec<String> = report
        .comparisons
        .iter()
        .flat_map(|comparison| comparison.not_compared.iter().map(|part| plain(part)))
        .chain(
            report
                .not_compared
                .iter()
                .map(|client| format!("{}: not compared", plain(client))),
        )
        .collect();
    if !not_compared.is_empty() {
        let level = level(report.not_compared_fails());
        results.extend(not_compared.iter().map(|text| {
            json!({
                "ruleId": NOT_COMPARED,
                "ruleIndex": rules.len(),
                "level": level,
                "message": {"text": text},
                "partialFingerprints": {"galleryNotCompared/v1": text},
            })
        }));
        rules.push(json!({
            "id": NOT_COMPARED,
            "shortDescription": {"text": "a client or a part of a document was not compared"},
            "fullDescription": {"text": "a client or a part of a document was not compared, so it may differ; fix what the message names"},
        }));
    }
    let counts = Counts::of(changes());
    let sarif = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "gallery-clients", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "invocations": [{"executionSuccessful": not_compared.is_empty()}],
            "columnKind": "unicodeCodePoints",
            "results": results,
            "properties": {"counts": counts, "hidden": report.hidden(), "identical": report.is_identical()},
        }],
    });
    Ok(escape::json(&serde_json::to_string_pretty(&sarif)?) + "\n")
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
