//! The example of README.md is complete: with its `[dependencies]` it compiles as a crate.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// The path of the repository that the README uses.
const CHECKOUT: &str = "../gallery-clients";

#[test]
fn example_compiles_as_a_crate() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let root = root.canonicalize().unwrap();
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let dependencies = block(&readme, "```toml\n[dependencies]\n");
    assert!(dependencies.contains(CHECKOUT), "{dependencies}");
    let dependencies = dependencies.replace(CHECKOUT, root.to_str().unwrap());

    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme");
    fs::create_dir_all(directory.join("src")).unwrap();
    // With the profiles and the target directory of this workspace, most dependencies are compiled
    // already.
    let workspace = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let (_, profiles) = workspace.split_once("\n[profile.").unwrap();
    let manifest = format!(
        "[package]\nname = \"example\"\nedition = \"2024\"\n\n\
         [dependencies]\n{dependencies}\n[workspace]\n\n[profile.{profiles}"
    );
    fs::write(directory.join("Cargo.toml"), manifest).unwrap();
    fs::write(
        directory.join("src/main.rs"),
        block(&readme, "```rust,no_run\n"),
    )
    .unwrap();
    fs::copy(root.join("Cargo.lock"), directory.join("Cargo.lock")).unwrap();

    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet"])
        .current_dir(&directory)
        .env("CARGO_TARGET_DIR", directory.join("../.."))
        .output()
        .unwrap();
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{messages}");
}

/// Returns the content of the first block that starts like this.
fn block<'a>(text: &'a str, start: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap();
    rest.split_once("```").unwrap().0
}
