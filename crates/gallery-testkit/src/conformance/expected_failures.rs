//! ExpectedFailure failures: what a client is known to fail, each with its reason, in a file that people write.

use serde::Deserialize;

use crate::conformance::checks::{CHECKS, CLIENT_CHECKS};
use crate::document::Document;

/// How the file names the checks of a client as a whole.
pub(super) const CLIENT: &str = "client";

/// A check that is known to fail.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectedFailure {
    /// The `operationId`, or `client`.
    pub(super) endpoint: String,
    /// The check's id.
    pub(super) check: String,
    /// Why it is let be.
    pub(super) reason: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    failure: Vec<ExpectedFailure>,
}

/// Reads the file. What names nothing, or a check that an endpoint does not have, is an error: it would hide what it does not.
pub(super) fn read(text: &str, document: &Document) -> Result<Vec<ExpectedFailure>, String> {
    let Written { failure: listed } = toml::from_str(text)
        .map_err(|error| format!("the expected failures cannot be read: {error}"))?;
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
                return wrong("the client as a whole has no such check".to_owned());
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
                        "the check does not apply to the operation, only {}",
                        found.when()
                    ));
                }
                Some(_) => {}
            }
        }
        if reason.trim().is_empty() {
            return wrong("there is no reason".to_owned());
        }
        if listed[..at]
            .iter()
            .any(|before| before.endpoint == *endpoint && before.check == *check)
        {
            return wrong("it is listed twice".to_owned());
        }
    }
    Ok(listed)
}

/// What becomes of a check that is known to fail.
pub(super) fn invert(
    expected: &ExpectedFailure,
    outcome: Result<(), String>,
) -> Result<(), String> {
    match outcome {
        Err(_) => Ok(()),
        Ok(()) => Err(format!(
            "the check passes, but is listed as an expected failure ({}): take it out of the list",
            expected.reason
        )),
    }
}
