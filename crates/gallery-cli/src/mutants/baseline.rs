//! The test run of the unmodified client.

use std::ffi::OsString;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::test_program::run_tests;

/// Minimum time limit for the tests of a mutant.
const MIN_TIME_LIMIT: Duration = Duration::from_secs(120);

/// Time limit for the tests of the unmodified client. It allows for a busy machine.
const TIME_LIMIT: Duration = Duration::from_secs(1800);

/// Time limit for the tests of a mutant, as a multiple of the time for the unmodified client.
const TIME_LIMIT_FACTOR: u32 = 10;

/// The test run of the unmodified client.
#[derive(Clone, Copy)]
pub(super) struct Baseline {
    /// Number of tests.
    pub(super) tests: usize,
    /// Time limit for the tests of a mutant.
    pub(super) limit: Duration,
}

impl Baseline {
    /// Runs the tests. Verdicts mean nothing if they fail.
    pub(super) fn run(
        program: &str,
        folder: &Path,
        environment: &[(&str, OsString)],
    ) -> Result<Baseline> {
        let start = Instant::now();
        let (verdict, tests) = run_tests(program, folder, &[], environment, TIME_LIMIT)?;
        if verdict.is_killed() || tests == 0 {
            let killed_by = verdict.killed_by().unwrap_or_else(|| verdict.kind());
            bail!(
                "the tests of the unmodified client fail: {killed_by}; run `cargo test` for details"
            );
        }
        Ok(Baseline {
            tests,
            limit: MIN_TIME_LIMIT.max(start.elapsed() * TIME_LIMIT_FACTOR),
        })
    }
}
