//! The program `gallery`: see `gallery --help`.

use std::process::ExitCode;

/// The stages allocate a lot: mimalloc saves a quarter of their time (docs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    gallery_cli::main("gallery")
}
