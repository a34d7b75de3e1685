//! The data that the two processes exchange.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The header with the name of a call.
pub(crate) const CALL_HEADER: &str = "x-call";

/// The header of idempotency keys.
pub(crate) const KEY_HEADER: &str = "idempotency-key";

/// The addresses of the server process, which it prints as its first line.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Addresses {
    /// The base URL of the API.
    pub(crate) api: String,
    /// The origin of the token endpoint and the report.
    pub(crate) control: String,
}

/// The report of the server process.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct ServerReport {
    /// The number of times that each write was processed, as a digit for each write of a client.
    pub(crate) ledger: Vec<String>,
    pub(crate) requests: u64,
    pub(crate) faults: BTreeMap<String, u64>,
    /// The number of responses with the status 401.
    pub(crate) unauthorized: u64,
    /// The number of requests at the other port.
    pub(crate) redirected: u64,
    pub(crate) restarts: u64,
    pub(crate) token_requests: BTreeMap<String, u64>,
    pub(crate) token_faults: u64,
    /// The rules that clients have broken.
    pub(crate) violations: Vec<String>,
}
