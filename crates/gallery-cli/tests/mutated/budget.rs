//! A limit of the CPU time of each document, linear in its size.
//!
//! CPU time does not depend on other programs, and the limit is so high that only work which is
//! not linear reaches it. It is not checked on systems without `/proc`.

use std::fs;
use std::process;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// Milliseconds of CPU time for each document.
const BASE: u64 = 4_000;

/// Milliseconds of CPU time for each KiB of a document.
const PER_KIB: u64 = 30;

/// The document that is being processed.
struct Current {
    seed: u64,
    /// The CPU time of this process at which the document's budget ends, in milliseconds.
    limit: u64,
}

/// Ends the process if a document exceeds its budget, even if it would never end.
pub(crate) struct Budget {
    current: Arc<Mutex<Option<Current>>>,
    _alone: MutexGuard<'static, ()>,
}

/// Tests run one after the other, because the CPU time is that of the process.
static ALONE: Mutex<()> = Mutex::new(());

impl Budget {
    /// Waits for the budgets of other tests, and starts to watch.
    pub(crate) fn start() -> Budget {
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let current = Arc::new(Mutex::new(None));
        let watched = Arc::clone(&current);
        thread::spawn(move || {
            loop {
                thread::sleep(Duration::from_millis(200));
                check(watched.lock().unwrap().as_ref());
            }
        });
        Budget {
            current,
            _alone: alone,
        }
    }

    /// Starts the budget of a document.
    pub(crate) fn begin(&self, seed: u64, bytes: usize) {
        let limit = cpu_milliseconds() + BASE + PER_KIB * (bytes as u64).div_ceil(1024);
        *self.current.lock().unwrap() = Some(Current { seed, limit });
    }

    /// Ends the budget of the document.
    pub(crate) fn end(&self) {
        let current = self.current.lock().unwrap().take();
        check(current.as_ref());
    }
}

fn check(current: Option<&Current>) {
    let Some(current) = current else { return };
    if cpu_milliseconds() > current.limit {
        // The thread with the document may not end, so a panic is not enough.
        eprintln!("seed {}: the budget of CPU time is exceeded", current.seed);
        process::exit(101);
    }
}

/// Returns the CPU time of this process, or 0 if the system does not have it.
fn cpu_milliseconds() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program may contain spaces. User and system time are 12 and 13 fields after
    // it, in hundredths of a second.
    let after_name = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
    after_name
        .split(' ')
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum::<u64>()
        * 10
}
