//! Work on all processors.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::{io, thread};

use anyhow::{Result, bail};

/// The stack of a thread in bytes: that of the main thread on most systems.
const STACK: usize = 8 << 20;

/// Returns the results of `work` for each index below `count`, in order.
pub fn in_parallel<T: Send>(
    count: usize,
    work: impl Fn(usize) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    if count <= 1 {
        // A thread of its own would need more memory.
        return (0..count).map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let run = || -> Result<Vec<(usize, T)>> {
        let mut results = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return Ok(results);
            }
            results.push((index, work(index)?));
        }
    };
    let mut results = Vec::new();
    thread::scope(|scope| -> Result<()> {
        let workers = (0..processors().min(count)).map(|_| {
            let thread = thread::Builder::new().stack_size(STACK);
            thread.spawn_scoped(scope, run)
        });
        for worker in workers.collect::<io::Result<Vec<_>>>()? {
            match worker.join() {
                Ok(own) => results.extend(own?),
                Err(_) => bail!("a thread panicked"),
            }
        }
        Ok(())
    })?;
    results.sort_by_key(|(index, _)| *index);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

/// Returns the number of processors.
pub fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}
