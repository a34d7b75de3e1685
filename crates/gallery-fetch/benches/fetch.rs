//! Measures the time and memory of fetching 1,000 files from a server with a latency of 20 ms.
//!
//! `cargo bench --package gallery-fetch`. The fetch runs in a process of its own, so that memory
//! and CPU time of the server do not count.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a benchmark")]

use std::process::Command;
use std::time::{Duration, Instant};

use gallery_fetch::{Fetcher, LocalFiles, Request, Settings, Source};
use gallery_spec::listings::Documents;
use gallery_spec::listings::ListingRef;
use url::Url;

#[path = "../tests/support/server.rs"]
mod server;

use server::{Reply, Server};

const LATENCY: Duration = Duration::from_millis(20);
/// The size of a typical document of the gallery, in bytes.
const FILE: usize = 64 << 10;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if let [_, role, root, files, concurrency] = &args[..]
        && role == "fetch"
    {
        return fetch(root, files.parse().unwrap(), concurrency.parse().unwrap());
    }
    println!(
        "{:>6} {:>11} {:>8} {:>8} {:>6} {:>8} {:>9}",
        "files", "concurrency", "ideal", "taken", "ratio", "CPU", "peak"
    );
    for (files, concurrency) in [(100, 8), (1000, 8), (4000, 8), (1000, 16)] {
        let server = serve(files);
        let (files, concurrency) = (files.to_string(), concurrency.to_string());
        let done = Command::new(&args[0])
            .args(["fetch", &server.root, &files, &concurrency])
            .status()
            .unwrap();
        assert!(done.success());
    }
}

/// Fetches the listing from the server, and prints the measurements.
fn fetch(root: &str, files: usize, concurrency: usize) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let source = Source::Http {
        base: Url::parse(root).unwrap(),
        hosts: Vec::new(),
    };
    let fetcher = Fetcher::new(
        &source,
        Settings {
            concurrency,
            ..Settings::default()
        },
        |_| (),
    )
    .unwrap();
    let into = tempfile::tempdir().unwrap();
    let (listing, local, into) = (
        ListingRef::parse("o/r/p").unwrap(),
        LocalFiles::default(),
        into.path().join("new"),
    );
    let start = Instant::now();
    let request = Request {
        listing: &listing,
        documents: Documents::All,
        local: &local,
        into: &into,
    };
    let fetched = runtime.block_on(fetcher.listing(request)).unwrap();
    let taken = start.elapsed().as_secs_f64();
    assert_eq!(fetched.files.len(), files + 1);
    let ideal = LATENCY.as_secs_f64() * files as f64 / concurrency as f64;
    let (ratio, cpu, peak) = (taken / ideal, cpu(), peak_kilobytes() / 1000);
    println!(
        "{files:>6} {concurrency:>11} {ideal:>6.2} s {taken:>6.2} s {ratio:>6.2} {cpu:>6.2} s {peak:>6} MB"
    );
}

/// Starts a server with a listing of `count` documents, each with a delay.
fn serve(files: usize) -> Server {
    let server = Server::start();
    let folder = "/o/r/master/_listings/p";
    let entry = |number: usize| {
        format!(
            "- name: A\n  properties:\n  - {{type: x-openapi-spec, url: p{number}-openapi.md}}\n"
        )
    };
    server.put(
        &format!("{folder}/apis.md"),
        Reply::file(format!(
            "name: P\napis:\n{}",
            (0..files).map(entry).collect::<String>()
        )),
    );
    for number in 0..files {
        // A name of constant length, so that every file differs.
        let body = format!("# {number:>9}\n{}", "a: 1\n".repeat(FILE / 5));
        server.put(
            &format!("{folder}/p{number}-openapi.md"),
            Reply {
                after: LATENCY,
                ..Reply::file(body)
            },
        );
    }
    server
}

/// Returns the CPU time of this process, user and system, in seconds.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

/// Returns the peak memory of this process.
fn peak_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|peak| peak.trim().strip_suffix(" kB")?.parse().ok())
        .unwrap_or_default()
}
