//! Checks commands that the pages mention: in tables, in prose, and in blocks that are not run.

use std::collections::BTreeMap;

use crate::page::{PAGES, Page, root, split};
use crate::workspace::{Workspace, program};

#[test]
fn mentioned_commands_exist() {
    let workspace = Workspace::empty();
    let mut help: BTreeMap<Vec<String>, Option<String>> = BTreeMap::new();
    let mut failures = Vec::new();
    for path in PAGES {
        for command in commands(&Page::read(path).text) {
            let words = split(&command);
            if program(&words).is_none() {
                failures.extend(missing(&words).map(|part| format!("{path}: `{command}`: {part}")));
                continue;
            }
            // The command is one or two names after the program.
            let is_name = |word: &&String| word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            let first = if words[0] == "cargo" { 2 } else { 1 };
            let names: Vec<String> = words
                .iter()
                .skip(first)
                .take_while(|word| !word.starts_with('-'))
                .take_while(is_name)
                .take(2)
                .cloned()
                .collect();
            let mut text = None;
            for length in (0..=names.len()).rev() {
                let arguments =
                    [&words[..first], &names[..length], &["--help".to_owned()]].concat();
                text = help
                    .entry(arguments.clone())
                    .or_insert_with(|| {
                        let (status, text) = workspace.run(&program(&arguments).unwrap(), false);
                        (status == 0).then_some(text)
                    })
                    .clone();
                if text.is_some() && (length > 0 || names.is_empty()) {
                    break;
                }
                if length == 0 {
                    text = None;
                }
            }
            let Some(text) = text else {
                failures.push(format!("{path}: `{command}`: there is no such command"));
                continue;
            };
            for flag in words.iter().filter(|word| word.starts_with("--")) {
                if !text.contains(flag.as_str()) {
                    failures.push(format!("{path}: `{command}`: there is no option {flag}"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Returns the commands in code spans and in blocks.
fn commands(text: &str) -> Vec<String> {
    let is_command = |text: &&str| {
        ["cargo ", "gallery "]
            .iter()
            .any(|start| text.starts_with(start))
    };
    let mut commands: Vec<String> = Vec::new();
    let mut is_block = false;
    for line in text.lines() {
        if line.starts_with("```") {
            is_block = !is_block;
        } else if is_block {
            let line = line.strip_prefix("$ ").unwrap_or(line);
            commands.extend(Some(line).filter(is_command).map(str::to_owned));
        } else {
            let spans = line.split('`').skip(1).step_by(2);
            commands.extend(spans.filter(is_command).map(str::to_owned));
        }
    }
    commands.retain(|command| !command.contains('…'));
    commands
}

/// Returns a part of a cargo command that does not exist in this repository.
fn missing(words: &[String]) -> Option<String> {
    let value = |flags: [&str; 2]| {
        let at = words
            .iter()
            .position(|word| flags.contains(&word.as_str()))?;
        words.get(at + 1)
    };
    let directory = match value(["--package", "-p"]) {
        Some(package) => ["crates", "examples", "crates/gallery-codegen/fixtures", ""]
            .iter()
            .map(|parent| root().join(parent).join(package))
            .find(|directory| directory.join("Cargo.toml").exists()),
        None => Some(root()),
    };
    let Some(directory) = directory else {
        return Some("there is no such package".to_owned());
    };
    for (flags, folder) in [
        (["--test", "--test"], "tests"),
        (["--example", "--example"], "examples"),
        (["--bench", "--bench"], "benches"),
    ] {
        if let Some(name) = value(flags) {
            let folder = directory.join(folder);
            let exists = folder.join(format!("{name}.rs")).exists() || folder.join(name).exists();
            if !exists {
                return Some(format!("there is no {} {name}", flags[0]));
            }
        }
    }
    match value(["--path", "--path"]) {
        Some(path) if !root().join(path).join("Cargo.toml").exists() => {
            Some(format!("there is no package in {path}"))
        }
        _ => None,
    }
}
