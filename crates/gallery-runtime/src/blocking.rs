//! Calls without async code, with the feature `blocking`.
//!
//! Futures and streams of a client are waited for on the current thread. Connections are kept by a
//! thread in the background, which all clients of a program share.
//!
//! ```no_run
//! use gallery_runtime::blocking::{Wait as _, WaitEach as _};
//! # fn example(call: gallery_runtime::Call) -> Result<(), gallery_runtime::Error> {
//! # let list = call.clone();
//!
//! // With a generated client: `client.get_team("id").send().wait()?`.
//! let team = call.send::<String, _>().wait()?;
//!
//! for team in list.stream::<String, _>().wait_each() {
//!     println!("{}", team?);
//! }
//! # Ok(())
//! # }
//! ```

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::LazyLock;

use futures_core::Stream;
use tokio::runtime::{Builder, Runtime};

/// The runtime of all blocking calls. Its thread reads and writes the connections that are kept
/// between calls.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("gallery-blocking")
        .enable_all()
        .build();
    #[expect(
        clippy::expect_used,
        reason = "without a thread, no call can have a result"
    )]
    runtime.expect("the thread of blocking calls could not be started")
});

/// Waiting for futures.
pub trait Wait: Future + Sized {
    /// Runs the future on the current thread and returns its output.
    ///
    /// # Panics
    ///
    /// Panics in async code, where a thread must not wait, and if the thread in the background
    /// cannot be started.
    fn wait(self) -> Self::Output {
        RUNTIME.block_on(self)
    }
}

impl<F: Future> Wait for F {}

/// Waiting for the items of streams.
pub trait WaitEach: Stream + Sized {
    /// Returns an iterator that waits for each item. It panics where [`Wait::wait`] does.
    fn wait_each(self) -> Items<Self> {
        Items(Box::pin(self))
    }
}

impl<S: Stream> WaitEach for S {}

/// The items of a stream.
#[derive(Debug)]
#[must_use = "no item is requested unless the iterator is used"]
pub struct Items<S>(Pin<Box<S>>);

impl<S: Stream> Iterator for Items<S> {
    type Item = S::Item;

    fn next(&mut self) -> Option<S::Item> {
        poll_fn(|context| self.0.as_mut().poll_next(context)).wait()
    }
}
