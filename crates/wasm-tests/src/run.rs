//! Runs the command.

use std::error::Error;
use std::process::{Command, ExitCode};

use crate::checks::problems;
use crate::servers::Servers;

pub(crate) fn main() -> ExitCode {
    match run() {
        Ok(problems) if problems.is_empty() => ExitCode::SUCCESS,
        Ok(problems) => {
            for problem in problems {
                eprintln!("error: {problem}");
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the command and returns the problems.
fn run() -> Result<Vec<String>, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let program = arguments.next().ok_or("the command to run is missing")?;
    let servers = Servers::start()?;
    let status = Command::new(&program)
        .args(arguments)
        .env("WASM_TEST_SERVERS", servers.urls().to_string())
        .status()
        .map_err(|error| format!("cannot run `{program}`: {error}"))?;
    let mut problems = problems(&servers);
    if !status.success() {
        problems.insert(0, format!("`{program}` failed: {status}"));
    }
    Ok(problems)
}
