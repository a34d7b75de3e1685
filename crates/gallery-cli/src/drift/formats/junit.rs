//! JUnit XML, which Jenkins and GitLab show: a test suite for each comparison, and a test case for
//! each difference.
//!
//! A difference that fails the run is a failure, and an approved one is skipped. What was not
//! compared is a failure or skipped, never a success.

use std::io;

use quick_junit::{NonSuccessKind, Property, TestCase, TestCaseStatus, TestSuite};

use super::summary::{Counts, approved, tally, title, users};
use crate::drift::report::{Comparison, RatedChange, Report};
use crate::escape::plain;

pub(super) fn render(report: &Report) -> io::Result<String> {
    let mut junit = quick_junit::Report::new("API differences");
    for comparison in &report.comparisons {
        junit.add_test_suite(suite(comparison, report));
    }
    for client in &report.not_compared {
        let mut suite = TestSuite::new(plain(client));
        suite.add_property(Property::new("identical", "false"));
        suite.add_test_case(not_compared(client, report));
        junit.add_test_suite(suite);
    }
    junit.to_string().map_err(io::Error::other)
}

fn suite(comparison: &Comparison, report: &Report) -> TestSuite {
    let mut suite = TestSuite::new(plain(&title(comparison)));
    let counts = Counts::of(&comparison.changes);
    for (name, value) in [
        ("wire", counts.wire()),
        ("source", counts.source()),
        ("docs", counts.docs().to_string()),
        ("hidden", comparison.hidden.to_string()),
        ("identical", comparison.is_identical().to_string()),
    ] {
        suite.add_property(Property::new(name, value));
    }
    suite.add_test_cases(comparison.changes.iter().map(|rated| change(rated, report)));
    for pending in &comparison.pending {
        let location = plain(&pending.location.to_string());
        let title = "matches nothing upstream";
        let message = plain(&pending.message);
        suite.add_test_case(finding(title, location, message, report.pending_fails()));
    }
    suite.add_test_cases(
        comparison
            .not_compared
            .iter()
            .map(|part| not_compared(part, report)),
    );
    if suite.test_cases.is_empty() {
        // Jenkins rejects a suite without test cases.
        suite.add_test_case(TestCase::new(tally(comparison), TestCaseStatus::success()));
    }
    let mut lines = vec![tally(comparison), counts.to_string()];
    lines.extend(comparison.notes.iter().map(|note| plain(note)));
    lines.extend(
        comparison
            .idle_approvals
            .iter()
            .map(|idle| plain(&format!("{}: {}", idle.location, idle.message))),
    );
    suite.set_system_out(lines.join("\n"));
    suite
}

fn change(rated: &RatedChange, report: &Report) -> TestCase {
    let change = &rated.change;
    let message = plain(&change.message);
    let mut lines = vec![
        format!("wire {}, source {}", change.wire, change.source),
        message.clone(),
    ];
    lines.extend(users(change, plain));
    lines.extend(
        rated
            .file_location
            .as_ref()
            .map(|at| plain(&at.to_string())),
    );
    lines.push(format!("fingerprint {}", change.fingerprint));
    let details = lines.join("\n");
    let (status, details) = match &rated.approval {
        Some(approval) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(approved(approval, plain));
            status.set_description(details);
            (status, None)
        }
        None if rated.fails(report.fail_on) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(message);
            status.set_type(change.rule.id);
            status.set_description(details);
            (status, None)
        }
        None => (TestCaseStatus::success(), Some(details)),
    };
    let name = format!("{}: {}", change.rule.id, plain(&change.location));
    let mut case = TestCase::new(name, status);
    case.set_classname(plain(&rated.group()));
    if let Some(details) = details {
        case.set_system_out(details);
    }
    if let Some(at) = &rated.file_location {
        // GitLab links the file.
        case.extra.insert("file".into(), plain(&at.file).into());
        if let Some((line, _)) = at.position {
            case.extra.insert("line".into(), line.to_string().into());
        }
    }
    case
}

fn not_compared(part: &str, report: &Report) -> TestCase {
    let message = "not compared, so it may differ".to_owned();
    finding(
        "not compared",
        plain(part),
        message,
        report.not_compared_fails(),
    )
}

/// Returns a test case that fails or is skipped.
fn finding(title: &str, name: String, message: String, fails: bool) -> TestCase {
    let mut status = if fails {
        TestCaseStatus::non_success(NonSuccessKind::Failure)
    } else {
        TestCaseStatus::skipped()
    };
    status.set_message(message);
    status.set_type(title);
    let mut case = TestCase::new(name, status);
    case.set_classname(title);
    case
}
