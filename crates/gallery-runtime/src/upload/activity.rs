//! Timeouts of requests whose bodies are read while they are sent.

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use crate::platform::{Instant, sleep_until};

/// The time at which bytes of a body were last taken.
#[derive(Clone)]
pub(crate) struct Activity(Arc<Mutex<Instant>>);

impl Activity {
    pub(crate) fn new() -> Activity {
        Activity(Arc::new(Mutex::new(Instant::now())))
    }

    fn last(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records that bytes were taken now.
    pub(super) fn record(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Runs a future until no bytes were taken for `timeout`. Returns `None` in this case.
    pub(crate) async fn within<F: Future>(
        &self,
        timeout: Option<Duration>,
        future: F,
    ) -> Option<F::Output> {
        let mut future = pin!(future);
        let mut idle = pin!(self.idle(timeout));
        std::future::poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Some(output));
            }
            idle.as_mut().poll(context).map(|()| None)
        })
        .await
    }

    /// Waits until no bytes were taken for `timeout`.
    async fn idle(&self, timeout: Option<Duration>) {
        // A timeout that is too long for `Instant` never ends.
        while let Some(end) = timeout.and_then(|timeout| self.last().checked_add(timeout)) {
            if end <= Instant::now() {
                return;
            }
            sleep_until(end).await;
        }
        std::future::pending::<()>().await;
    }
}
