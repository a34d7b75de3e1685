//! The fenced blocks of a Markdown page.

use std::fs;
use std::path::{Path, PathBuf};

/// The pages with commands.
pub(crate) const PAGES: &[&str] = &[
    "README.md",
    "docs/using-a-client.md",
    "docs/testing-with-mocks.md",
    "docs/adding-an-api.md",
    "docs/overlays.md",
    "docs/drift.md",
    "docs/conformance.md",
];

/// A page, by its path from the root.
pub(crate) struct Page {
    pub(crate) path: &'static str,
    pub(crate) text: String,
}

/// A fenced block that is a console session or a file.
pub(crate) struct Block {
    /// The line of the opening fence, from 1.
    pub(crate) line: usize,
    pub(crate) setup: Vec<Setup>,
    pub(crate) text: String,
}

/// A word of the comment before a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Setup {
    Continue,
    Empty,
    Exit(i32),
    File(String),
    Git,
    Mirror,
    Serve,
}

/// A command with the output that the page shows.
pub(crate) struct Command {
    pub(crate) line: String,
    pub(crate) words: Vec<String>,
    pub(crate) output: Vec<String>,
}

/// Returns the root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

impl Page {
    pub(crate) fn read(path: &'static str) -> Page {
        let text =
            fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        Page { path, text }
    }

    /// Returns the console blocks, and the blocks that are files.
    pub(crate) fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut setup = Vec::new();
        let mut lines = self.text.lines().enumerate();
        while let Some((index, line)) = lines.next() {
            if let Some(comment) = line.strip_prefix("<!-- test: ") {
                setup = self.setup(index, comment.trim_end_matches(" -->"));
            } else if let Some(language) = line.strip_prefix("```") {
                let text: String = lines
                    .by_ref()
                    .map_while(|(_, line)| (line != "```").then(|| format!("{line}\n")))
                    .collect();
                let is_file = setup.iter().any(|word| matches!(word, Setup::File(_)));
                if language == "console" || is_file {
                    blocks.push(Block {
                        line: index + 1,
                        setup: std::mem::take(&mut setup),
                        text,
                    });
                }
                assert!(
                    setup.is_empty(),
                    "{}:{}: a comment for nothing",
                    self.path,
                    index + 1
                );
            }
        }
        blocks
    }

    fn setup(&self, index: usize, comment: &str) -> Vec<Setup> {
        let mut words = comment.split(' ');
        let mut setup = Vec::new();
        while let Some(word) = words.next() {
            setup.push(match word {
                "continue" => Setup::Continue,
                "empty" => Setup::Empty,
                "exit" => Setup::Exit(words.next().unwrap().parse().unwrap()),
                "file" => Setup::File(words.next().unwrap().to_owned()),
                "git" => Setup::Git,
                "mirror" => Setup::Mirror,
                "serve" => Setup::Serve,
                word => panic!("{}:{}: unknown word `{word}`", self.path, index + 1),
            });
        }
        setup
    }
}

impl Block {
    /// Returns the path of the file whose content the block is.
    pub(crate) fn file(&self) -> Option<&str> {
        self.setup.iter().find_map(|word| match word {
            Setup::File(path) => Some(path.as_str()),
            _ => None,
        })
    }

    /// Returns the expected exit code of the last command.
    pub(crate) fn exit(&self) -> i32 {
        self.setup
            .iter()
            .find_map(|word| match word {
                Setup::Exit(code) => Some(*code),
                _ => None,
            })
            .unwrap_or(0)
    }

    /// Returns the commands: lines that start with `$`, each with the lines up to the next one.
    pub(crate) fn commands(&self) -> Vec<Command> {
        let mut commands: Vec<Command> = Vec::new();
        for line in self.text.lines() {
            if let Some(line) = line.strip_prefix("$ ") {
                let line = line.split(" # ").next().unwrap_or(line).trim_end();
                commands.push(Command {
                    line: line.to_owned(),
                    words: split(line),
                    output: Vec::new(),
                });
            } else if let Some(command) = commands.last_mut() {
                command.output.push(line.to_owned());
            } else {
                panic!("line {}: output without a command", self.line);
            }
        }
        commands
    }
}

/// Splits a command into words. Double quotes keep spaces.
pub(crate) fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            c => word.push(c),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}
