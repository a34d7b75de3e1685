//! `cargo xtask` with all commands of `gallery`.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    gallery_cli::main("cargo xtask")
}
