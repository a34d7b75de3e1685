//! Runs a compiled test program with a time limit.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::output::{parse_failed_test, parse_passed_count};
use super::verdict::Verdict;

/// Runs a test program in `folder`, with additional environment variables, until a test fails, all
/// tests pass, or `limit` is over. Returns the verdict and the number of passed tests.
pub(super) fn run_tests(
    program: &str,
    folder: &Path,
    arguments: &[&str],
    environment: &[(&str, OsString)],
    limit: Duration,
) -> Result<(Verdict, usize)> {
    let mut command = Command::new(program);
    // With one thread, the same test fails first in each run.
    command
        .args(["--test-threads=1", "--color=never"])
        .args(arguments)
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = KillOnDrop(command.spawn().with_context(|| program.to_owned())?);
    let stdout = child
        .0
        .stdout
        .take()
        .context("the output of the test program is not captured")?;
    let (sender, lines) = channel();
    let reader = thread::spawn(move || {
        BufReader::new(stdout)
            .lines()
            .map_while(Result::ok)
            .try_for_each(|line| sender.send(line))
            .is_ok()
    });
    let deadline = Instant::now() + limit;
    let mut passed = 0;
    let verdict = loop {
        match lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                if let Some(test) = parse_failed_test(&line) {
                    break Verdict::Check(test.to_owned());
                }
                passed = parse_passed_count(&line).unwrap_or(passed);
            }
            Err(RecvTimeoutError::Timeout) => break Verdict::Timeout,
            Err(RecvTimeoutError::Disconnected) => {
                let status = child.0.wait().with_context(|| program.to_owned())?;
                break if status.success() {
                    Verdict::Survived
                } else {
                    Verdict::Crash(status.to_string())
                };
            }
        }
    };
    // Killing the process closes its output, which ends the reader.
    drop(child);
    drop(lines);
    let _ = reader.join();
    Ok((verdict, passed))
}

/// A child process that is killed when this value is dropped.
struct KillOnDrop(Child);

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        // Both calls fail harmlessly if the process has exited.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
