//! Deadlines of futures.

use std::future::Future;

use tokio::time::{Instant, timeout_at};

/// Runs a future until the deadline. Returns `None` if the deadline passes first.
pub(crate) async fn within<F: Future>(deadline: Option<Instant>, future: F) -> Option<F::Output> {
    match deadline {
        Some(deadline) => timeout_at(deadline, future).await.ok(),
        None => Some(future.await),
    }
}
