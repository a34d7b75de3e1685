//! Modules and crates depend on each other as `docs/architecture.md` says, and files stay short.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy does not see that this is test code"
)]

mod graph;
mod modules;
mod rules;
mod targets;
mod units;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use repo_tests::{files, root};

use crate::rules::{ALLOWED, GENERATED, LONG_FILES};

/// The most lines of a file that is not a test or a table.
const LINES: usize = 400;

/// The most import circles that `docs/architecture.md` may list.
const CIRCLES: usize = 3;

/// The heading in `docs/architecture.md` above the list of import circles.
const HEADING: &str = "## Import circles";

#[test]
fn modules_do_not_import_each_other() {
    let allowed = documented_circles();
    assert!(allowed.len() <= CIRCLES, "more than {CIRCLES} circles");
    let mut found = BTreeSet::new();
    let mut report = String::new();
    for krate in crates() {
        let modules = modules::read(&root().join(&krate.path));
        let edges = modules::imports(&modules);
        for circle in graph::circles(&edges) {
            let names: BTreeSet<String> = circle
                .iter()
                .map(|file| format!("{}/{file}", krate.path))
                .collect();
            if names.len() == 2 && allowed.contains(&names) {
                found.insert(names);
                continue;
            }
            report.push_str(&format!("{}: {} files\n", krate.name, circle.len()));
            for (from, to, item) in graph::within(&edges, &circle) {
                report.push_str(&format!("  {from} -> {to} ({item})\n"));
            }
        }
    }
    let unused: Vec<_> = allowed.difference(&found).collect();
    assert!(
        report.is_empty() && unused.is_empty(),
        "import circles:\n{report}listed, but not found: {unused:?}"
    );
}

#[test]
fn crates_depend_on_lower_layers_only() {
    let crates = crates();
    let mut report = String::new();
    for krate in &crates {
        let Some((_, layer)) = ALLOWED.iter().find(|(name, _)| *name == krate.name) else {
            if !GENERATED.contains(&krate.name.as_str()) && !krate.is_leaf() {
                report.push_str(&format!("{}: not in the table\n", krate.name));
            }
            continue;
        };
        for dependency in &krate.dependencies {
            if !layer.contains(&dependency.as_str()) {
                report.push_str(&format!("{} depends on {dependency}\n", krate.name));
            }
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn files_are_short() {
    let mut long: BTreeMap<String, usize> = BTreeMap::new();
    for file in files().unwrap() {
        let is_code = file.path.ends_with(".rs") && file.path.contains("/src/");
        let is_test = file.path.ends_with("/tests.rs") || file.path.contains("/tests/");
        let lines = file.text.lines().count();
        if is_code && !is_test && lines > LINES {
            long.insert(file.path, lines);
        }
    }
    let unused: Vec<&str> = LONG_FILES
        .iter()
        .filter(|(path, _)| long.remove(*path).is_none())
        .map(|(path, _)| *path)
        .collect();
    assert!(
        long.is_empty() && unused.is_empty(),
        "files of more than {LINES} lines: {long:#?}\nlisted, but short: {unused:?}"
    );
}

#[test]
fn targets_without_test_program_have_no_tests() {
    let texts = files().unwrap().into_iter();
    let texts = texts.map(|file| (file.path, file.text)).collect();
    let (lost, targets) = targets::lost_tests(&texts);
    assert!(lost.is_empty(), "`test = false`, but with tests: {lost:?}");
    assert!(targets > 0, "no target has `test = false`");
}

/// A package of the repository.
struct Crate {
    name: String,
    /// The directory from the root.
    path: String,
    /// The members that it depends on, apart from development.
    dependencies: Vec<String>,
}

impl Crate {
    /// Returns whether nothing may depend on the crate: examples, downstream programs, fixtures,
    /// tests.
    fn is_leaf(&self) -> bool {
        self.path.starts_with("examples/")
            || self.path.starts_with("downstream/")
            || self.path.contains("/fixtures/")
            || self.path.ends_with("-tests")
    }
}

/// Reads the manifests of all members of the workspace.
fn crates() -> Vec<Crate> {
    let manifests: Vec<(String, toml::Table)> = files()
        .unwrap()
        .into_iter()
        .filter_map(|file| {
            let path = file.path.strip_suffix("/Cargo.toml")?.to_owned();
            Some((path, file.text.parse().ok()?))
        })
        .collect();
    let name = |table: &toml::Table| Some(table.get("package")?.get("name")?.as_str()?.to_owned());
    let names: BTreeSet<String> = manifests
        .iter()
        .filter_map(|(_, table)| name(table))
        .collect();
    manifests
        .iter()
        .filter_map(|(path, table)| {
            let dependencies = ["dependencies", "build-dependencies"]
                .into_iter()
                .filter_map(|section| table.get(section)?.as_table())
                .flat_map(toml::Table::keys)
                .filter(|dependency| names.contains(*dependency))
                .cloned()
                .collect();
            Some(Crate {
                name: name(table)?,
                path: path.clone(),
                dependencies,
            })
        })
        .collect()
}

/// Reads the list of circles from the architecture page: "- `a.rs` and `b.rs`: reason".
fn documented_circles() -> BTreeSet<BTreeSet<String>> {
    let page = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let section = page
        .split_once(HEADING)
        .map_or("", |(_, rest)| rest.split("\n## ").next().unwrap_or(rest));
    section
        .lines()
        .filter(|line| line.starts_with("- `"))
        .map(|line| {
            let files: BTreeSet<String> = line
                .split('`')
                .skip(1)
                .step_by(2)
                .filter(|file| file.ends_with(".rs"))
                .map(str::to_owned)
                .collect();
            assert_eq!(files.len(), 2, "a circle has two files: {line}");
            assert!(line.contains("`: "), "a circle has a reason: {line}");
            files
        })
        .collect()
}
