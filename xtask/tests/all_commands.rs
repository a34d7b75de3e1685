//! `cargo xtask` starts `xtask-all` for every command except an offline `regen`.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    reason = "clippy does not see that this is test code"
)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};

/// Runs `xtask` with a program instead of cargo, which prints its arguments and exits with 4.
fn run(arguments: &[&str]) -> Output {
    let directory = tempfile::tempdir().unwrap();
    let cargo = directory.path().join("cargo");
    fs::write(&cargo, "#!/bin/sh\necho \"$@\"\nexit 4\n").unwrap();
    fs::set_permissions(&cargo, Permissions::from_mode(0o755)).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .env("CARGO", cargo)
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn other_commands_are_passed_on_with_their_arguments_and_exit_status() {
    let output = run(&["drift", "--fail-on", "never", "a b"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("run --quiet --package xtask --features all-commands "));
    assert!(text.ends_with(" -- drift --fail-on never a b\n"), "{text}");
    assert_eq!(output.status.code(), Some(4));
}

#[test]
fn an_offline_regen_does_not_start_cargo() {
    let output = run(&["regen", "--no-such-option"]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("Usage: cargo xtask regen"), "{text}");
}
