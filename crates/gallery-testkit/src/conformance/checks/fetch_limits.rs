//! Properties that clients in WebAssembly do not have, because `fetch` sends their requests.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use crate::document::Endpoint;

/// A property that `fetch` prevents. In WebAssembly, a check that finds it nevertheless fails.
#[derive(Debug)]
pub struct FetchLimit {
    /// The missing property.
    pub property: &'static str,
    /// The reason.
    pub reason: &'static str,
    /// The ids of the checks that require the property.
    pub checks: &'static [&'static str],
}

pub(super) static REPEATED_HEADERS: FetchLimit = FetchLimit {
    property: "several headers of one name stay apart",
    reason: "`fetch` joins their values with commas",
    checks: &[
        "operation",
        "response-untyped",
        "response-typed",
        "response-invalid",
        "response-lenience",
        "response-undocumented",
        "errors",
        "errors-typed",
        "events",
        "redirects",
        "truncated-response",
    ],
};

pub(super) static ADDED_HEADERS: FetchLimit = FetchLimit {
    property: "a request has no headers that nobody has set",
    reason: "`fetch` adds `Accept-Language`, `Connection` and `Sec-Fetch-Mode`",
    checks: &["headers"],
};

pub(super) static METHODS: FetchLimit = FetchLimit {
    property: "an operation with the method `TRACE` can be called",
    reason: "`fetch` rejects the method, so the other checks of the operation do not run",
    checks: &["request"],
};

pub(super) static HOST_HEADER: FetchLimit = FetchLimit {
    property: "the header `Host` can be an argument",
    reason: "`fetch` sets it",
    checks: &["header-arguments"],
};

/// All properties that `fetch` prevents.
pub static FETCH_LIMITS: &[&FetchLimit] =
    &[&REPEATED_HEADERS, &ADDED_HEADERS, &METHODS, &HOST_HEADER];

/// Returns true if `fetch` cannot call an operation.
pub(super) fn is_uncallable(endpoint: &Endpoint) -> bool {
    endpoint.method == "TRACE"
}

/// Returns true if `fetch` does not send an argument.
pub(super) fn is_unsendable(location: &str, name: &str) -> bool {
    location == "header" && name.eq_ignore_ascii_case("host")
}

/// The limits that checks in WebAssembly have met.
#[derive(Default)]
pub(super) struct MetLimits(Mutex<BTreeMap<&'static str, usize>>);

impl MetLimits {
    /// Inverts the result for a property that `fetch` prevents.
    pub(super) fn invert(
        &self,
        limit: &FetchLimit,
        check: &str,
        result: Result<(), String>,
    ) -> Result<(), String> {
        let FetchLimit {
            property, checks, ..
        } = limit;
        if !checks.contains(&check) {
            return Err(format!(
                "the limit of `fetch` {property:?} does not list the check"
            ));
        }
        if result.is_ok() {
            return Err(format!(
                "a limit of `fetch` does not exist, although it is listed ({property:?}): remove \
                 the entry"
            ));
        }
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(property).or_default() += 1;
        Ok(())
    }

    /// Lists the limits, with the number of results that they changed.
    pub(super) fn report(&self) -> String {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut report = "\nnot checked in WebAssembly:\n".to_owned();
        for limit in FETCH_LIMITS {
            let count = counts.get(limit.property).unwrap_or(&0);
            let FetchLimit {
                property,
                reason,
                checks,
            } = limit;
            let checks = checks.join(", ");
            let _ = writeln!(report, "  {property}: {reason} ({checks}; {count} times)");
        }
        report
    }
}
