//! Benchmarks of `gallery regen` on the snapshots of this workspace: generation in memory, and a
//! whole process that has nothing to write.

use std::path::Path;
use std::process::Command;

fn main() {
    divan::main();
}

fn workspace_root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[divan::bench]
fn generate_in_memory(bencher: divan::Bencher<'_, '_>) {
    let Ok(inputs) = gallery_codegen::workspace::load(workspace_root(), None) else {
        return;
    };
    bencher.bench(|| gallery_codegen::generate(&inputs));
}

#[divan::bench]
fn check_in_a_process() {
    let output = Command::new(env!("CARGO_BIN_EXE_gallery"))
        .args(["regen", "--check"])
        .current_dir(workspace_root())
        .output();
    assert!(
        output.is_ok_and(|output| output.status.success()),
        "the clients of this workspace must be up to date"
    );
}
