//! Timers.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use gloo_timers::future::TimeoutFuture;
use send_wrapper::SendWrapper;

pub(crate) use web_time::Instant;

/// The longest timer that `setTimeout` supports is 2^31 - 1 ms. Longer ones end at once.
pub(super) const MAX_MILLIS: u32 = i32::MAX as u32;

/// The time of a sleep whose end is too late for `Instant`.
const FAR_FUTURE: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);

/// A future that is ready at a time.
pub(crate) struct Sleep {
    end: Instant,
    timer: SendWrapper<TimeoutFuture>,
}

pub(crate) fn sleep(duration: Duration) -> Sleep {
    let now = Instant::now();
    sleep_until(now.checked_add(duration).unwrap_or(now + FAR_FUTURE))
}

pub(crate) fn sleep_until(end: Instant) -> Sleep {
    Sleep {
        end,
        timer: timer_until(end),
    }
}

fn timer_until(end: Instant) -> SendWrapper<TimeoutFuture> {
    let time = end.saturating_duration_since(Instant::now());
    // Rounded up, because an early timer would be set again.
    let millis = u32::try_from(time.as_nanos().div_ceil(1_000_000)).unwrap_or(MAX_MILLIS);
    SendWrapper::new(TimeoutFuture::new(millis.min(MAX_MILLIS)))
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        loop {
            ready!(Pin::new(&mut *self.timer).poll(context));
            if self.end <= Instant::now() {
                return Poll::Ready(());
            }
            self.timer = timer_until(self.end);
        }
    }
}
