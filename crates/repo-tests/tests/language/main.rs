//! Every text of the repository follows the language rules: docs, comments, messages, identifiers.
//!
//! Add a rule where a reader stumbled twice. Add an exception only for a file that has to contain
//! the words, with the reason.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy does not see that this is test code"
)]

mod rules;

use std::collections::BTreeMap;

use regress::Regex;
use repo_tests::{Chunk, Kind, SourceFile, files, lex, words};

use crate::rules::{DOC_STARTS, EXCEPTIONS, PHRASES, Phrase, TYPE_NAMES};

/// The longest line of prose.
const WIDTH: usize = 100;

/// A place where a file breaks a rule.
struct Violation {
    path: String,
    line: usize,
    rule: &'static str,
    text: String,
}

#[test]
fn texts_follow_the_language_rules() {
    let files = files().unwrap();
    let phrases: Vec<(&Phrase, Regex)> = PHRASES
        .iter()
        .map(|phrase| (phrase, Regex::new(phrase.pattern).unwrap()))
        .collect();
    let mut violations: Vec<Violation> = files
        .iter()
        .filter(|file| is_read(&file.path))
        .flat_map(|file| check(file, &phrases))
        .collect();

    let mut unused: Vec<&str> = Vec::new();
    for (path, rule, _) in EXCEPTIONS {
        let before = violations.len();
        violations.retain(|violation| violation.path != *path || violation.rule != *rule);
        if violations.len() == before {
            unused.push(path);
        }
    }
    assert!(
        violations.is_empty() && unused.is_empty(),
        "{}\nexceptions that match nothing: {unused:?}",
        report(&violations)
    );
}

/// Returns whether the rules apply to a file. Licences, lock files and test data are not prose.
fn is_read(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let prose = ["rs", "md", "toml", "yaml", "yml", "txt"].contains(&extension)
        || path.starts_with(".ci/")
        || name == "NOTICE"
        || path.starts_with("specs/") && extension == "json"
        || path == "docs/drift.schema.json";
    prose && !path.starts_with("crates/repo-tests/tests/language/")
}

fn check(file: &SourceFile, phrases: &[(&Phrase, Regex)]) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut push = |line: usize, rule: &'static str, text: &str| {
        violations.push(Violation {
            path: file.path.clone(),
            line,
            rule,
            text: text.trim().chars().take(90).collect(),
        });
    };
    let is_rust = file.path.ends_with(".rs");
    let chunks = if is_rust {
        lex(&file.text)
    } else {
        vec![Chunk {
            kind: Kind::Text,
            text: file.text.clone(),
            line: 1,
        }]
    };
    for chunk in &chunks {
        let (text, lines) = match chunk.kind {
            Kind::Ident => (words(&chunk.text), Vec::new()),
            _ => unwrapped(&chunk.text),
        };
        for (phrase, regex) in phrases {
            let skipped = chunk.kind == Kind::Ident && !phrase.in_identifiers;
            if skipped || !text.contains(phrase.part) {
                continue;
            }
            for found in regex.find_iter(&text) {
                let offset = lines.get(found.start()).copied().unwrap_or(0);
                let start = text[..found.start()].rfind(". ").map_or(0, |at| at + 2);
                push(chunk.line + offset, phrase.name, &text[start..]);
            }
        }
        let first = chunk.text.trim_start();
        if chunk.kind == Kind::Doc && DOC_STARTS.iter().any(|word| first.starts_with(word)) {
            push(chunk.line, "doc-start", first);
        }
    }
    if is_rust {
        for pair in chunks.windows(2) {
            let defines = matches!(pair[0].text.as_str(), "struct" | "enum" | "trait" | "type")
                && pair.iter().all(|chunk| chunk.kind == Kind::Ident);
            if defines && TYPE_NAMES.contains(&pair[1].text.as_str()) {
                push(pair[1].line, "type-name", &pair[1].text);
            }
        }
    }
    let mut is_code_block = false;
    for (index, line) in file.text.lines().enumerate() {
        if file.path.ends_with(".md") && line.starts_with("```") {
            is_code_block = !is_code_block;
        }
        if is_code_block {
            continue;
        }
        if line.chars().count() > WIDTH && is_prose(&file.path, line) {
            push(index + 1, "width", line);
        }
    }
    violations
}

/// Joins lines and turns letters into lowercase, since a phrase may be wrapped. Also returns the line
/// of each byte.
fn unwrapped(text: &str) -> (String, Vec<usize>) {
    let mut joined = String::with_capacity(text.len());
    let mut lines = Vec::with_capacity(text.len());
    let mut line = 0;
    for c in text.chars() {
        if !c.is_whitespace() {
            joined.push(c.to_ascii_lowercase());
        } else if !joined.ends_with(' ') {
            joined.push(' ');
        }
        lines.resize(joined.len(), line);
        if c == '\n' {
            line += 1;
        }
    }
    (joined, lines)
}

/// Returns whether a line is wrapped by hand: a comment, or Markdown outside of tables. URLs and
/// code spans that are longer than the line cannot be wrapped.
fn is_prose(path: &str, line: &str) -> bool {
    let line = line.trim_start();
    let is_markdown = path.ends_with(".md") && !line.starts_with(['|', '[', '<', '$']);
    let is_comment = path.ends_with(".rs") && line.starts_with("//")
        || path.ends_with(".toml") && line.starts_with('#')
        || (path.starts_with(".ci/") || path.ends_with(".yml")) && line.starts_with('#');
    // Generated docs hold tables and prose of an API.
    let is_table = line.trim_start_matches(['/', '!', ' ']).starts_with('|');
    let breakable = line
        .split(' ')
        .all(|word| word.chars().count() < WIDTH - 20);
    (is_markdown || is_comment) && !is_table && breakable && !path.ends_with("generated.rs")
}

/// Lists violations by directory, then by line.
fn report(violations: &[Violation]) -> String {
    let mut counts: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for violation in violations {
        let depth =
            if violation.path.starts_with("crates/") || violation.path.starts_with("examples/") {
                2
            } else {
                1
            };
        let owner: Vec<&str> = violation.path.split('/').take(depth).collect();
        *counts.entry((owner.join("/"), violation.rule)).or_default() += 1;
    }
    let lines = violations.iter().map(|violation| {
        let Violation {
            path,
            line,
            rule,
            text,
        } = violation;
        format!("{path}:{line}: {rule}: {text}\n")
    });
    let summary = counts
        .iter()
        .map(|((owner, rule), count)| format!("{count:5}  {rule:<16} {owner}\n"));
    format!(
        "{}\n{}\n{} violations",
        lines.collect::<String>(),
        summary.collect::<String>(),
        violations.len()
    )
}

/// Returns the names of the rules that a Rust file breaks.
#[cfg(test)]
fn broken(code: &str) -> Vec<&'static str> {
    let phrases: Vec<(&Phrase, Regex)> = PHRASES
        .iter()
        .map(|phrase| (phrase, Regex::new(phrase.pattern).unwrap()))
        .collect();
    let file = SourceFile {
        path: "a.rs".to_owned(),
        text: code.to_owned(),
    };
    check(&file, &phrases)
        .into_iter()
        .map(|violation| violation.rule)
        .collect()
}

#[test]
fn finds_phrases_in_comments_strings_and_identifiers() {
    assert_eq!(broken("// This was told\n// twice."), ["told"]);
    assert_eq!(broken("// The URL is\n// no URL."), ["is-no"]);
    assert_eq!(broken("const A: &str = \"mended\";"), ["mend"]);
    assert_eq!(broken("fn let_be_pending() {}"), ["let-be"]);
    assert_eq!(broken("use a::StandIn;"), ["stand-in"]);
    assert_eq!(broken("//! Takes a text, gives a value."), ["takes-gives"]);
}

#[test]
fn finds_doc_starts_type_names_and_long_lines() {
    assert_eq!(broken("/// What it is."), ["doc-start"]);
    assert_eq!(broken("struct Shop;"), ["type-name"]);
    assert_eq!(broken(&format!("// {}", "word ".repeat(25))), ["width"]);
}

#[test]
fn accepts_plain_sentences() {
    let code = "// There is no such file, and it is no longer needed.\n\
                // A recommended amendment.\n\
                fn f(a: Option<u8>) -> bool { a.is_none() }";
    assert_eq!(broken(code), [] as [&str; 0]);
}
