//! Messages between the checks and a process that has the clients, in JSON.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::conformance::adapter::{Arguments, Way};
use crate::conformance::argument_error::ArgumentError;
use crate::conformance::middleware::CapturedRequest;
use crate::conformance::outcome::Outcome;
use crate::conformance::settings::{Servers, Settings};

/// The environment variable with the URL from which a worker gets its tasks.
pub(super) const URL_VARIABLE: &str = "GALLERY_CONFORMANCE_TASKS";

/// A task for the worker.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Task {
    pub(super) id: u64,
    pub(super) work: Work,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Work {
    /// Creates a client, which other tasks name by its number, and returns its `Debug` output.
    Create {
        client: u64,
        settings: Box<Settings>,
        servers: Servers,
    },
    /// Calls an operation, and returns an [`EndedCall`].
    Call {
        client: u64,
        way: Way,
        operation: String,
        arguments: Arguments,
    },
    /// Reads and writes a value with the type of a schema, and returns the written value.
    RoundTrip { schema: usize, value: Value },
}

/// The end of a task.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EndedTask {
    pub(super) id: u64,
    pub(super) result: Result<Value, String>,
}

/// The end of a call.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EndedCall {
    pub(super) outcome: Result<Outcome, ArgumentError>,
    /// The requests that the client captured.
    pub(super) captured: Vec<CapturedRequest>,
}
