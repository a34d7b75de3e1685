//! Detection of calls that hang.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The time beyond its timeout after which a call hangs. The machine may be busy.
pub(crate) const SLACK: Duration = Duration::from_secs(2);

/// The calls that are running, at most one for each client.
#[derive(Debug)]
pub(crate) struct Watchdog(Vec<Mutex<Option<Running>>>);

/// A running call.
#[derive(Clone, Debug)]
struct Running {
    call: String,
    started: Instant,
    timeout: Duration,
    is_reported: bool,
}

impl Watchdog {
    pub(crate) fn new(clients: usize) -> Watchdog {
        Watchdog((0..clients).map(|_| Mutex::default()).collect())
    }

    /// Records the start of a call.
    pub(crate) fn start(&self, client: usize, call: &str, timeout: Duration, now: Instant) {
        if let Some(slot) = self.0.get(client) {
            *lock(slot) = Some(Running {
                call: call.to_owned(),
                started: now,
                timeout,
                is_reported: false,
            });
        }
    }

    /// Records the end of a call. Returns a message if it ended too late.
    pub(crate) fn end(&self, client: usize, now: Instant) -> Option<String> {
        let running = lock(self.0.get(client)?).take()?;
        running.late(now).filter(|_| !running.is_reported)
    }

    /// Returns a message for each call that hangs, once.
    pub(crate) fn check(&self, now: Instant) -> Vec<String> {
        let late = self.0.iter().filter_map(|slot| {
            let mut slot = lock(slot);
            let running = slot.as_mut().filter(|running| !running.is_reported)?;
            let late = running.late(now)?;
            running.is_reported = true;
            Some(late)
        });
        late.collect()
    }

    /// Returns the calls that are running.
    pub(crate) fn running(&self) -> Vec<String> {
        let running = self.0.iter().filter_map(|slot| lock(slot).clone());
        running.map(|running| running.call).collect()
    }
}

impl Running {
    fn late(&self, now: Instant) -> Option<String> {
        let elapsed = now.duration_since(self.started);
        (elapsed > self.timeout + SLACK).then(|| {
            let Running { call, timeout, .. } = self;
            format!("{call} runs for {elapsed:?} with a timeout of {timeout:?}")
        })
    }
}

fn lock(slot: &Mutex<Option<Running>>) -> MutexGuard<'_, Option<Running>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn reports_a_call_that_hangs_once() {
    let (watchdog, now) = (Watchdog::new(2), Instant::now());
    let timeout = Duration::from_secs(3);
    watchdog.start(0, "a", timeout, now);
    watchdog.start(1, "b", timeout, now + timeout);
    assert_eq!(watchdog.check(now + timeout + SLACK), [""; 0]);
    let late = now + timeout + SLACK + Duration::from_millis(1);
    assert_eq!(
        watchdog.check(late),
        ["a runs for 5.001s with a timeout of 3s"]
    );
    assert_eq!(watchdog.check(late), [""; 0]);
    assert_eq!(watchdog.end(0, late), None);
    assert_eq!(watchdog.running(), ["b"]);
    assert_eq!(watchdog.end(1, now + timeout), None);
}

#[test]
fn reports_a_call_that_ends_late() {
    let (watchdog, now) = (Watchdog::new(1), Instant::now());
    watchdog.start(0, "a", Duration::ZERO, now);
    assert!(watchdog.end(0, now + Duration::from_secs(3)).is_some());
}
