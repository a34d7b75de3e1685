//! The libraries that Cargo builds on a fresh clone.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use repo_tests::root;
use serde_json::Value;

/// The most packages that `cargo xtask regen` builds on a fresh clone.
const XTASK_PACKAGES: usize = 130;

#[test]
fn regen_builds_few_packages_and_none_for_the_network() {
    let text = tree(&[
        "--package",
        "xtask",
        "--edges",
        "normal,build",
        "--format",
        "{p}",
    ]);
    let packages: BTreeSet<String> = text.lines().map(name_and_version).collect();
    for network in ["reqwest", "hyper", "rustls", "tokio", "gallery-fetch"] {
        let start = format!("{network} v");
        let found = packages.iter().find(|package| package.starts_with(&start));
        assert_eq!(found, None);
    }
    let count = packages.len();
    assert!(packages.contains("xtask v0.0.0"), "{packages:?}");
    assert!(count <= XTASK_PACKAGES, "{count} packages");
}

#[test]
fn regen_builds_each_library_once() {
    let twice = built_twice(&["build", "--package", "xtask"]);
    assert!(
        twice.is_empty(),
        "{twice:#?}; align features in xtask/Cargo.toml"
    );
}

#[test]
fn tests_build_each_library_once() {
    let twice = built_twice(&["test", "--workspace", "--no-run"]);
    assert!(
        twice.is_empty(),
        "{twice:#?}; align features in the build dependencies of typed-client"
    );
}

/// Returns the libraries that Cargo builds more than once: for build scripts and for programs, with
/// other features or profiles, or with dependencies that have other features. Returns features and
/// profile of each build.
///
/// `cargo tree` does not show all of them, because it prints a package only once if its own
/// features are the same. The unit graph does, which is an unstable option of Cargo.
fn built_twice(command: &[&str]) -> BTreeMap<String, Vec<String>> {
    let text = cargo(
        Command::new(env!("CARGO"))
            .args(command)
            .args(["--locked", "-Zunstable-options", "--unit-graph"])
            .env("RUSTC_BOOTSTRAP", "1"),
    );
    let graph: Value = serde_json::from_str(&text).unwrap();
    let mut builds: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for unit in graph["units"].as_array().unwrap() {
        // Tests of a library and runs of a build script have other modes.
        if unit["mode"] == "build" {
            let target = &unit["target"];
            let name = format!("{} {} {}", unit["pkg_id"], target["kind"], target["name"]);
            let settings = format!("{} {}", unit["features"], unit["profile"]);
            builds.entry(name).or_default().push(settings);
        }
    }
    assert!(builds.len() > 100, "{}", builds.len());
    builds.retain(|_, settings| settings.len() > 1);
    builds
}

/// Runs `cargo tree` at the root.
fn tree(options: &[&str]) -> String {
    cargo(
        Command::new(env!("CARGO"))
            .args(["tree", "--locked", "--prefix", "none"])
            .args(options),
    )
}

/// Runs Cargo at the root and returns its output.
fn cargo(command: &mut Command) -> String {
    let output = command.current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Returns name and version of a package in a line of `cargo tree`.
fn name_and_version(line: &str) -> String {
    // Procedural macros and the paths of members are in parentheses after the version.
    let package = line.split('(').next().unwrap_or(line);
    package.trim_end().to_owned()
}
