//! Targets that Cargo does not build as test programs.

use std::collections::BTreeMap;

/// Returns the files of a target: its root file, and its modules below.
fn modules(root: &str, texts: &BTreeMap<String, String>) -> Vec<String> {
    let directory = |path: &str| path.rsplit_once('/').unwrap().0.to_owned();
    let mut found = Vec::new();
    let mut queue = vec![(root.to_owned(), directory(root))];
    while let Some((path, below)) = queue.pop() {
        let Some(text) = texts.get(&path) else {
            continue;
        };
        found.push(path);
        let names = text.lines().filter_map(|line| {
            let declaration = line.trim().strip_suffix(';')?;
            let (visibility, name) = declaration.rsplit_once("mod ")?;
            (visibility.is_empty() || visibility.starts_with("pub")).then_some(name)
        });
        for name in names {
            let below = format!("{below}/{name}");
            queue.push((format!("{below}.rs"), below.clone()));
            queue.push((format!("{below}/mod.rs"), below));
        }
    }
    found
}

/// Returns true if the text has a test function.
fn has_tests(text: &str) -> bool {
    text.lines().map(str::trim_start).any(|line| {
        let attribute = line.starts_with("#[") && line.contains("test]");
        attribute || line.starts_with("#[tokio::test(") || line.starts_with("proptest!")
    })
}

/// Returns the root files of the targets with `test = false` in a manifest, from its directory.
fn untested(manifest: &toml::Table) -> Vec<String> {
    let is_untested =
        |target: &&toml::Table| target.get("test").and_then(toml::Value::as_bool) == Some(false);
    let path = |target: &toml::Table, default: &str| {
        let path = target.get("path").and_then(toml::Value::as_str);
        path.unwrap_or(default).to_owned()
    };
    let lib = manifest.get("lib").and_then(toml::Value::as_table);
    let bins = manifest.get("bin").and_then(toml::Value::as_array);
    let bins = bins.into_iter().flatten().filter_map(toml::Value::as_table);
    let libs = lib.into_iter().filter(is_untested);
    libs.map(|lib| path(lib, "src/lib.rs"))
        .chain(bins.filter(is_untested).map(|bin| path(bin, "src/main.rs")))
        .collect()
}

/// Returns each file with a test function of a target with `test = false`, and the number of these
/// targets.
pub(crate) fn lost_tests(texts: &BTreeMap<String, String>) -> (Vec<String>, usize) {
    let (mut lost, mut targets) = (Vec::new(), 0);
    for (manifest, text) in texts {
        let Some(directory) = manifest.strip_suffix("Cargo.toml") else {
            continue;
        };
        for path in untested(&text.parse().unwrap()) {
            let root = resolved(&format!("{directory}{path}"));
            let files = modules(&root, texts);
            assert!(!files.is_empty(), "{manifest}: {root} does not exist");
            targets += 1;
            lost.extend(files.into_iter().filter(|file| has_tests(&texts[file])));
        }
    }
    (lost, targets)
}

/// Removes the segments `..` of a path, and those before them.
fn resolved(path: &str) -> String {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        if segment == ".." {
            segments.pop();
        } else {
            segments.push(segment);
        }
    }
    segments.join("/")
}

#[test]
fn finds_tests_in_modules_of_targets_without_test_program() {
    let texts = [
        (
            "a/Cargo.toml",
            "[lib]\ntest = false\n[[bin]]\npath = '../b/x.rs'\ntest = false",
        ),
        ("a/src/lib.rs", "pub(crate) mod one;\nmod two;"),
        ("a/src/one.rs", "mod deep;"),
        ("a/src/one/deep.rs", "    #[tokio::test]"),
        ("a/src/two/mod.rs", "#[test]"),
        ("a/src/unrelated.rs", "#[test]"),
        ("b/x.rs", "proptest! {"),
        ("c/Cargo.toml", "[lib]\ntest = true"),
        ("c/src/lib.rs", "#[test]"),
    ];
    let texts = texts.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let (mut lost, targets) = lost_tests(&BTreeMap::from(texts));
    lost.sort();
    assert_eq!(lost, ["a/src/one/deep.rs", "a/src/two/mod.rs", "b/x.rs"]);
    assert_eq!(targets, 2);
}
