//! Measures CPU time and allocations.

use std::alloc::System;

use gallery_runtime::reqwest::{Client, redirect};
use gallery_runtime::{ClientBuilder, Transport};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Returns the CPU time of this thread in nanoseconds.
fn cpu_time() -> u64 {
    // The kernel updates the value when the thread is scheduled.
    std::thread::yield_now();
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse().unwrap()
}

/// Returns nanoseconds and allocations per call, for one batch of calls.
pub(crate) async fn measure<F: Future>(calls: usize, call: impl Fn() -> F) -> (f64, f64) {
    let (start, region) = (cpu_time(), Region::new(ALLOCATOR));
    for _ in 0..calls {
        call().await;
    }
    let change = region.change();
    let allocations = change.allocations + change.reallocations;
    (
        (cpu_time() - start) as f64 / calls as f64,
        allocations as f64 / calls as f64,
    )
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Returns the medians of batches: microseconds, and allocations.
pub(crate) fn medians(batches: Vec<(f64, f64)>) -> (f64, f64) {
    let (times, allocations): (Vec<f64>, Vec<f64>) = batches.into_iter().unzip();
    (median(times) / 1000.0, median(allocations))
}

/// Runs a benchmark with both clients of a server.
pub(crate) fn run(root: &str, bench: impl AsyncFnOnce(Client, Transport)) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let http = Client::builder()
            .redirect(redirect::Policy::none())
            .build()
            .unwrap();
        let transport = ClientBuilder::<Transport>::new(root, &[]).build().unwrap();
        bench(http, transport).await;
    });
}

/// Prints the medians of both ways, and their difference.
pub(crate) fn print(by_hand: (f64, f64), runtime: (f64, f64)) {
    let difference = (runtime.0 - by_hand.0, runtime.1 - by_hand.1);
    for (name, (time, allocations)) in [
        ("reqwest", by_hand),
        ("runtime", runtime),
        ("difference", difference),
    ] {
        println!("{name:<16} {time:6.1} µs  {allocations:5.1} allocations");
    }
}
