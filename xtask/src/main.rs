//! `cargo xtask`: see `cargo xtask --help`.

use std::io;
use std::process::ExitCode;

use clap::Parser;
use xtask::Command;

fn main() -> ExitCode {
    let command = Command::parse();
    xtask::run(&command, &mut io::stdout(), &mut io::stderr())
}
