//! Parses the list of expected failures.

use serde::Deserialize;

use crate::conformance::checks::table::{CHECKS, CLIENT_CHECKS};
use crate::document::Document;

/// The `endpoint` of checks of the client as a whole.
pub(super) const CLIENT: &str = "client";

/// A check that is expected to fail.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectedFailure {
    /// The `operationId`, or `client`.
    pub(super) endpoint: String,
    /// The id of the check.
    pub(super) check: String,
    /// The reason.
    pub(super) reason: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    failure: Vec<ExpectedFailure>,
}

/// Parses the list. An entry that matches no check is an error.
pub(super) fn read(text: &str, document: &Document) -> Result<Vec<ExpectedFailure>, String> {
    let Written { failure: listed } = toml::from_str(text)
        .map_err(|error| format!("invalid list of expected failures: {error}"))?;
    for (at, expected) in listed.iter().enumerate() {
        let ExpectedFailure {
            endpoint,
            check,
            reason,
        } = expected;
        let wrong = |what: String| {
            Err(format!(
                "expected failure {} (`{check}` of `{endpoint}`): {what}",
                at + 1
            ))
        };
        if endpoint == CLIENT {
            if !CLIENT_CHECKS.iter().any(|(id, _)| id == check) {
                return wrong("there is no such check of a client as a whole".to_owned());
            }
        } else {
            let Some(own) = document.endpoints.iter().find(|own| own.id == *endpoint) else {
                return wrong("the document has no such operation".to_owned());
            };
            match CHECKS.iter().find(|own| own.id == check) {
                None => {
                    return wrong(
                        "there is no such check; docs/conformance.md lists them".to_owned(),
                    );
                }
                Some(found) if !found.applies_to(own) => {
                    return wrong(format!(
                        "the check does not apply; it applies if {}",
                        found.when()
                    ));
                }
                Some(_) => {}
            }
        }
        if reason.trim().is_empty() {
            return wrong("the reason is missing".to_owned());
        }
        if listed[..at]
            .iter()
            .any(|before| before.endpoint == *endpoint && before.check == *check)
        {
            return wrong("duplicate entry".to_owned());
        }
    }
    Ok(listed)
}

/// Inverts the result of an expected failure.
pub(super) fn invert(
    expected: &ExpectedFailure,
    outcome: Result<(), String>,
) -> Result<(), String> {
    match outcome {
        Err(_) => Ok(()),
        Ok(()) => Err(format!(
            "the check passes, but is listed as an expected failure ({}): remove the entry",
            expected.reason
        )),
    }
}
