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
        #[pin]
        deadline: Option<Sleep>,
    }
}

/// Runs a future until the deadline.
pub(crate) fn within<F: Future>(deadline: Option<Instant>, future: F) -> Within<F> {
    Within {
        future,
        deadline: deadline.map(sleep_until),
    }
}

impl<F: Future> Future for Within<F> {
    type Output = Option<F::Output>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<F::Output>> {
        let this = self.project();
        if let Poll::Ready(output) = this.future.poll(context) {
            return Poll::Ready(Some(output));
        }
        match this.deadline.as_pin_mut() {
            Some(deadline) => deadline.poll(context).map(|()| None),
            None => Poll::Pending,
        }
    }
}
