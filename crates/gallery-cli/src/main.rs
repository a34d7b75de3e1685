//! The program `gallery`: see `gallery --help`.

use std::io;
use std::process::ExitCode;

use clap::Parser;
use gallery_cli::Command;

/// Much of what the stages do is allocation; with this one they take a quarter less time (docs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let command = Command::parse();
    gallery_cli::run(&command, &mut io::stdout(), &mut io::stderr())
}
