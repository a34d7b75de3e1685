//! `cargo xtask`: the commands of `gallery`, for this repository.
//!
//! This program has only `regen`, which the first build of the repository needs. For any other
//! command, it builds and starts the program `xtask-all`, which also depends on crates for the
//! network. They are two programs, because a running program cannot be replaced on Windows.

use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    gallery_regen::command_line::main("cargo xtask").unwrap_or_else(run_all_commands)
}

/// Runs `xtask-all` with the arguments of this process, and returns its exit status.
fn run_all_commands() -> ExitCode {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["run", "--quiet", "--package", "xtask"]);
    command.args(["--features", "all-commands", "--bin", "xtask-all"]);
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    command.arg("--").args(std::env::args_os().skip(1));
    match command.status() {
        // A process that a signal has ended has no status.
        Ok(status) => {
            let code = status.code().and_then(|code| u8::try_from(code).ok());
            ExitCode::from(code.unwrap_or(100))
        }
        Err(error) => {
            eprintln!("error: cannot start cargo: {error}");
            ExitCode::from(100)
        }
    }
}
