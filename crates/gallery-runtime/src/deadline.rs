//! Deadlines of futures.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::platform::{Instant, Sleep, sleep_until};

pin_project! {
    /// A future with a deadline. Its output is `None` if the deadline passes first.
    ///
    /// The future of an `async fn` would be twice as large.
    pub(crate) struct Within<F> {
        #[pin]
        future: F,
        deadline: Option<Instant>,
        // Set when the future has to wait.
        #[pin]
        sleep: Option<Sleep>,
    }
}

/// Runs a future until the deadline.
pub(crate) fn within<F: Future>(deadline: Option<Instant>, future: F) -> Within<F> {
    Within {
        future,
        deadline,
        sleep: None,
    }
}

impl<F: Future> Future for Within<F> {
    type Output = Option<F::Output>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<F::Output>> {
        let mut this = self.project();
        if let Poll::Ready(output) = this.future.poll(context) {
            return Poll::Ready(Some(output));
        }
        if let Some(deadline) = this.deadline.take() {
            this.sleep.set(Some(sleep_until(deadline)));
        }
        match this.sleep.as_pin_mut() {
            Some(sleep) => sleep.poll(context).map(|()| None),
            None => Poll::Pending,
        }
    }
}
