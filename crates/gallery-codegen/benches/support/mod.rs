//! Work measured in a process of its own: CPU time, time and peak of memory, as Linux counts them.

use std::process::Command;
use std::time::{Duration, Instant};

/// As in `gallery`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a piece of work took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) wall: Duration,
    pub(crate) cpu: Duration,
    /// The most memory that the process had, in bytes.
    pub(crate) peak: u64,
}

/// A piece of work, its name, and what it is given.
pub(crate) type Work = (&'static str, fn(&str));

/// Runs `work` when this process is the one that a [`measure`] began for `name`; it then says what it took and ends.
pub(crate) fn child(works: &[Work]) {
    let arguments: Vec<String> = std::env::args().collect();
    let Some(at) = arguments.iter().position(|argument| argument == "--child") else {
        return;
    };
    let (name, argument) = (&arguments[at + 1], &arguments[at + 2]);
    for (_, work) in works.iter().filter(|(known, _)| known == name) {
        let (begun, cpu) = (Instant::now(), cpu());
        work(argument);
        println!(
            "{} {} {}",
            begun.elapsed().as_nanos(),
            (self::cpu() - cpu).as_nanos(),
            peak()
        );
    }
    std::process::exit(0);
}

/// Does the work in a process of its own. `None` where the system does not say what it took.
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

/// The median of each figure.
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

/// CPU time of all threads so far, in ticks of 10 ms; those that have ended included.
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
