//! Measures CPU time, wall time and peak memory of workloads in separate processes, on Linux.

use std::process::Command;
use std::time::{Duration, Instant};

/// The allocator of `gallery`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The cost of one run of a workload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) wall: Duration,
    pub(crate) cpu: Duration,
    /// The peak of resident memory in bytes.
    pub(crate) peak: u64,
}

/// The name of a workload and its function, which takes an argument from [`measure`].
pub(crate) type Workload = (&'static str, fn(&str));

/// Runs a workload, prints its cost and exits if [`measure`] started this process.
pub(crate) fn child(workloads: &[Workload]) {
    let arguments: Vec<String> = std::env::args().collect();
    let Some(at) = arguments.iter().position(|argument| argument == "--child") else {
        return;
    };
    let (name, argument) = (&arguments[at + 1], &arguments[at + 2]);
    for (_, work) in workloads.iter().filter(|(other, _)| other == name) {
        let (start, cpu) = (Instant::now(), cpu());
        work(argument);
        println!(
            "{} {} {}",
            start.elapsed().as_nanos(),
            (self::cpu() - cpu).as_nanos(),
            peak()
        );
    }
    std::process::exit(0);
}

/// Runs a workload in a new process. Returns `None` if the process fails or prints no cost.
pub(crate) fn measure(name: &str, argument: &str) -> Option<Cost> {
    let output = Command::new(std::env::current_exe().ok()?)
        .args(["--child", name, argument])
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let numbers: Vec<u64> = text
        .split_whitespace()
        .filter_map(|number| number.parse().ok())
        .collect();
    let [wall, cpu, peak] = numbers[..] else {
        return None;
    };
    Some(Cost {
        wall: Duration::from_nanos(wall),
        cpu: Duration::from_nanos(cpu),
        peak,
    })
}

/// Returns the median of each figure.
pub(crate) fn median(costs: &[Cost]) -> Cost {
    fn middle<T: Copy + Ord>(values: impl Iterator<Item = T>) -> T {
        let mut values: Vec<T> = values.collect();
        values.sort();
        values[values.len() / 2]
    }
    Cost {
        wall: middle(costs.iter().map(|cost| cost.wall)),
        cpu: middle(costs.iter().map(|cost| cost.cpu)),
        peak: middle(costs.iter().map(|cost| cost.peak)),
    }
}

/// Returns the CPU time of all threads so far, including finished ones. The resolution is 10 ms.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let ticks = |at: usize| {
        fields
            .get(at)
            .and_then(|field| field.parse::<u64>().ok())
            .unwrap_or_default()
    };
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}

/// Returns the peak of resident memory in bytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap_or_default();
    line.split_whitespace()
        .next()
        .and_then(|kilobytes| kilobytes.parse::<u64>().ok())
        .unwrap_or_default()
        * 1024
}
