//! The events of a fetch.

use std::time::Duration;

/// Progress of a fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The number of files to fetch, including those that are done.
    Planned(usize),
    /// A file is done: downloaded, or unchanged.
    File,
    /// A request failed and will be retried.
    Waiting {
        /// The URL.
        at: String,
        /// The reason of the failure.
        reason: String,
        /// The delay before the next attempt.
        wait: Duration,
    },
}
