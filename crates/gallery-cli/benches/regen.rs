//! Benchmarks for `gallery regen` on the snapshots of this workspace: generation in memory, and a
//! process of `regen --check` with all files up to date.

use std::path::Path;
use std::process::Command;

use gallery_codegen::generate::{Generated, client_files};
use gallery_spec::workspace::{ClientInputs, Workspace};

fn main() {
    divan::main();
}

fn workspace_root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Returns the inputs of all clients of this workspace.
fn inputs() -> Option<Vec<ClientInputs>> {
    let workspace = Workspace::read(workspace_root()).ok()?;
    let clients = workspace.clients(None).ok()?;
    clients
        .iter()
        .map(|client| workspace.inputs(client).ok())
        .collect()
}

#[divan::bench]
fn generate_in_memory(bencher: divan::Bencher<'_, '_>) {
    let Some(inputs) = inputs() else {
        return;
    };
    bencher.bench(|| Generated::new(inputs.iter().map(client_files)));
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
