//! Samples of the resources of a process, and the rule that detects a leak.

use std::fs;

use anyhow::{Context, Result};

/// The share of the samples at the start that are not compared, while pools fill.
const WARM_UP: f64 = 0.2;

/// The growth of memory that is not a leak: a share, and a number of KiB.
const MEMORY_SLACK: (f64, u64) = (0.2, 5 * 1024);

/// The growth of descriptors and tasks that is not a leak. Both vary with the open connections.
const COUNT_SLACK: (f64, u64) = (0.1, 10);

/// The size of a page of memory in KiB, which is the same on all platforms of CI.
const PAGE: u64 = 4;

/// The resources of a process.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sample {
    pub(crate) memory_kib: u64,
    pub(crate) descriptors: u64,
    /// The tasks of the runtime. 0 for the server process.
    pub(crate) tasks: u64,
}

impl Sample {
    /// Reads the resources of a process.
    pub(crate) fn of(process: u32, tasks: usize) -> Result<Sample> {
        let statm = fs::read_to_string(format!("/proc/{process}/statm"))?;
        let pages: u64 = statm
            .split(' ')
            .nth(1)
            .context("statm has no resident size")?
            .parse()?;
        Ok(Sample {
            memory_kib: pages * PAGE,
            descriptors: fs::read_dir(format!("/proc/{process}/fd"))?.count() as u64,
            tasks: tasks as u64,
        })
    }
}

/// Returns the CPU time of a process in seconds.
pub(crate) fn cpu_seconds(process: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name of the process, in parentheses, may contain spaces.
    let fields = stat.rsplit(") ").next().unwrap_or_default();
    let ticks = fields
        .split(' ')
        .skip(11)
        .take(2)
        .map(str::parse::<u64>)
        .sum::<Result<u64, _>>()?;
    Ok(ticks as f64 / 100.0)
}

/// A resource at the start and at the end of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Growth {
    pub(crate) name: &'static str,
    pub(crate) first_quarter: u64,
    pub(crate) last_quarter: u64,
    pub(crate) is_leak: bool,
}

/// Compares the medians of the first and the last quarter of the samples after the warm-up. Returns
/// nothing if there are fewer than eight.
pub(crate) fn growth(samples: &[Sample]) -> Vec<Growth> {
    let skipped = (samples.len() as f64 * WARM_UP) as usize;
    let samples = &samples[skipped..];
    let quarter = samples.len() / 4;
    if quarter < 2 {
        return Vec::new();
    }
    let (first, last) = (&samples[..quarter], &samples[samples.len() - quarter..]);
    let compare = |name, slack: (f64, u64), value: fn(&Sample) -> u64| {
        let (first_quarter, last_quarter) = (median(first, value), median(last, value));
        let allowed = (first_quarter as f64 * (1.0 + slack.0)) as u64 + slack.1;
        Growth {
            name,
            first_quarter,
            last_quarter,
            is_leak: last_quarter > allowed,
        }
    };
    vec![
        compare("memory (KiB)", MEMORY_SLACK, |sample| sample.memory_kib),
        compare("descriptors", COUNT_SLACK, |sample| sample.descriptors),
        compare("tasks", COUNT_SLACK, |sample| sample.tasks),
    ]
}

fn median(samples: &[Sample], value: fn(&Sample) -> u64) -> u64 {
    let mut values: Vec<u64> = samples.iter().map(value).collect();
    values.sort_unstable();
    values[values.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaks(sample: impl Fn(u64) -> Sample) -> Vec<&'static str> {
        let samples: Vec<Sample> = (0..60).map(sample).collect();
        let growth = growth(&samples);
        assert_eq!(growth.len(), 3);
        let leaks = growth.into_iter().filter(|growth| growth.is_leak);
        leaks.map(|growth| growth.name).collect()
    }

    const STEADY: Sample = Sample {
        memory_kib: 30_000,
        descriptors: 120,
        tasks: 300,
    };

    #[test]
    fn accepts_a_warm_up_and_variation() {
        assert_eq!(leaks(|_| STEADY), [""; 0]);
        let varied = leaks(|minute| Sample {
            memory_kib: 30_000 * minute.min(5) / 5 + minute % 7 * 500,
            descriptors: STEADY.descriptors + minute % 3 * 8,
            ..STEADY
        });
        assert_eq!(varied, [""; 0]);
    }

    #[test]
    fn detects_growing_memory() {
        let growing = |step| {
            leaks(move |minute| Sample {
                memory_kib: 30_000 + minute * step,
                ..STEADY
            })
        };
        assert_eq!(growing(500), ["memory (KiB)"]);
        assert_eq!(growing(100), [""; 0]);
    }

    #[test]
    fn detects_growing_descriptors_and_tasks() {
        let leaks = leaks(|minute| Sample {
            descriptors: STEADY.descriptors + minute,
            tasks: STEADY.tasks + 2 * minute,
            ..STEADY
        });
        assert_eq!(leaks, ["descriptors", "tasks"]);
    }

    #[test]
    fn a_short_run_has_no_result() {
        assert_eq!(growth(&[STEADY; 8]), []);
    }

    #[test]
    fn reads_the_own_process() {
        let sample = Sample::of(std::process::id(), 0).unwrap();
        assert!(sample.memory_kib > 0 && sample.descriptors > 0);
        assert!(cpu_seconds(std::process::id()).unwrap() >= 0.0);
    }
}
