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

pub(super) static FAILED_CONNECTIONS: FetchLimit = FetchLimit {
    property: "a refused connection is an error of its own kind",
    reason: "`fetch` does not tell why a connection failed",
    checks: &["no-response"],
};

pub(super) static REDIRECTS: FetchLimit = FetchLimit {
    property: "a redirect that would change the request or close a loop, or that leads to another \
               scheme, is an error with the redirect's status",
    reason: "`fetch` follows redirects itself, up to 20, and changes `POST` to `GET`",
    checks: &["redirects"],
};

pub(super) static REDIRECT_LIMIT: FetchLimit = FetchLimit {
    property: "the caller sets the limit of redirects, and the last one is the error",
    reason: "`fetch` has its own limit",
    checks: &["redirect-limit"],
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

pub(super) static PRIVATE_HEADERS: FetchLimit = FetchLimit {
    property: "a redirect to another host carries no headers of arguments and no API keys",
    reason: "`fetch` sends all headers again, except for `Authorization` and `Cookie`",
    checks: &["cross-host-redirects"],
};

/// All properties that `fetch` prevents.
pub static FETCH_LIMITS: &[&FetchLimit] = &[
    &REPEATED_HEADERS,
    &ADDED_HEADERS,
    &FAILED_CONNECTIONS,
    &REDIRECTS,
    &REDIRECT_LIMIT,
    &METHODS,
    &HOST_HEADER,
    &PRIVATE_HEADERS,
];

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
