//! SARIF 2.1.0: one run, a rule for each kind of difference that was found, a result for each difference.

use std::io;

use openapi_drift::Rule;
use openapi_drift::Severity;
use openapi_text::Location;
use serde_json::{Value, json};

use super::escape::{plain, uri};
use crate::drift::report::{Judged, Report};

/// The rule of what people wrote and applies to nothing any more: no difference of documents is one.
const PENDING: &str = "applies-to-nothing";

pub(super) fn render(report: &Report) -> io::Result<String> {
    let changes = || {
        report
            .comparisons
            .iter()
            .flat_map(|comparison| &comparison.changes)
    };
    let mut used: Vec<&Rule> = Vec::new();
    for judged in changes() {
        if !used.iter().any(|known| known.id == judged.change.rule.id) {
            used.push(judged.change.rule);
        }
    }
    let mut results: Vec<Value> = changes()
        .map(|judged| result(judged, report, &used))
        .collect();
    let mut rules: Vec<Value> = used.iter().map(|rule| described(rule)).collect();
    let pending: Vec<_> = report
        .comparisons
        .iter()
        .flat_map(|comparison| &comparison.pending)
        .collect();
    if !pending.is_empty() {
        let level = if Severity::Source.fails(report.fail_on) {
            "error"
        } else {
            "warning"
        };
        results.extend(pending.iter().map(|said| {
            json!({
                "ruleId": PENDING,
                "ruleIndex": rules.len(),
                "level": level,
                "message": {"text": plain(&said.message)},
                "locations": [{"physicalLocation": physical(&said.location.file, said.location.position)}],
                "partialFingerprints": {"galleryPlace/v1": place_of(&said.location)},
            })
        }));
        rules.push(json!({
            "id": PENDING,
            "shortDescription": {"text": "what people wrote applies to nothing upstream any more"},
            "fullDescription": {"text": "an action of an overlay or a choice refers to what upstream took away: mend it or take it out"},
        }));
    }
    let sarif = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "gallery-clients", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "invocations": [{"executionSuccessful": report.not_compared.is_empty()}],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    Ok(serde_json::to_string_pretty(&sarif)? + "\n")
}

fn described(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": {"text": rule.meaning},
        "fullDescription": {"text": rule.why},
        "properties": {"request": rule.request, "response": rule.response, "source": rule.source, "docs": rule.docs},
    })
}

fn result(judged: &Judged, report: &Report, rules: &[&Rule]) -> Value {
    let change = &judged.change;
    let level = match judged.severity {
        _ if judged.fails(report.fail_on) => "error",
        Severity::Wire | Severity::Source => "warning",
        Severity::Docs | Severity::Any => "note",
        Severity::Never => "none",
    };
    let place = plain(&change.location);
    let mut location = json!({"logicalLocations": [{"fullyQualifiedName": place}]});
    if let Some(at) = &judged.at {
        location["physicalLocation"] = physical(&at.file, at.position);
    }
    let mut result = json!({
        "ruleId": change.rule.id,
        "ruleIndex": rules.iter().position(|rule| rule.id == change.rule.id),
        "level": level,
        "message": {"text": format!("{place}: {}", plain(&change.message))},
        "locations": [location],
        "partialFingerprints": {"galleryDrift/v1": change.fingerprint},
        "properties": {"wire": change.wire, "source": change.source, "docs": change.docs},
    });
    if !change.used_by.is_empty() {
        result["properties"]["usedBy"] = change.used_by.iter().map(|name| plain(name)).collect();
    }
    if let Some(approval) = &judged.approval {
        result["suppressions"] = json!([{"kind": "external", "status": "accepted", "justification": plain(&approval.reason)}]);
    }
    result
}

fn physical(file: &str, position: Option<(usize, usize)>) -> Value {
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

/// What a place is known by when lines have moved.
fn place_of(place: &Location) -> String {
    match place.position {
        Some((line, _)) => format!("{}:{line}", place.file),
        None => place.file.clone(),
    }
}
