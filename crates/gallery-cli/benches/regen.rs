//! How long `gallery regen` takes on this workspace's own snapshots: in memory, and as a whole process that finds nothing to do.

use std::path::Path;
use std::process::Command;

use gallery_spec::workspace::{ClientInputs, Workspace};

fn main() {
    divan::main();
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Returns the inputs of all clients of this workspace.
fn inputs() -> Option<Vec<ClientInputs>> {
    let workspace = Workspace::read(root()).ok()?;
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
    bencher.bench(|| gallery_codegen::generate(&inputs));
}

#[divan::bench]
fn regen_as_a_process() {
    let output = Command::new(env!("CARGO_BIN_EXE_gallery"))
        .args(["regen", "--check"])
        .current_dir(root())
        .output();
    assert!(
        output.is_ok_and(|output| output.status.success()),
        "the workspace's own clients are up to date"
    );
}
