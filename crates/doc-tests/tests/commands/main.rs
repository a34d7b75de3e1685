//! Runs every command of README.md and the guides, and compares the output that they show.
//!
//! A comment before a block describes what the block needs, for example `<!-- test: mirror -->`:
//!
//! | word | meaning |
//! |---|---|
//! | `continue` | uses the workspace of the previous block |
//! | `empty` | starts in an empty directory |
//! | `git` | commits the workspace as the branch `main` first |
//! | `mirror` | reads listings from a local mirror |
//! | `serve` | starts the last command and requests its URL |
//! | `file PATH` | the block is the content of a file |
//! | `exit N` | the last command exits with N |
//!
//! Without a comment, commands run in a copy of this repository's `specs/` and generated crate. In
//! expected output, `...` stands for any lines and `[..]` for any text within a line.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy does not see that this is test code"
)]

mod mentions;
mod output;
mod page;
mod workspace;

use crate::page::{Block, PAGES, Page, Setup};
use crate::workspace::Workspace;

#[test]
fn commands_run_as_documented() {
    let mut failures = Vec::new();
    for path in PAGES {
        let page = Page::read(path);
        let mut workspace = Workspace::copy();
        for block in page.blocks() {
            if !block.setup.contains(&Setup::Continue) {
                workspace = match block.setup.contains(&Setup::Empty) {
                    true => Workspace::empty(),
                    false => Workspace::copy(),
                };
            }
            if let Err(failure) = run(&workspace, &block) {
                failures.push(format!("{path}:{}: {failure}", block.line));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// Runs the commands of a block, or writes its file.
fn run(workspace: &Workspace, block: &Block) -> Result<(), String> {
    if let Some(path) = block.file() {
        workspace.write(path, &block.text);
        return Ok(());
    }
    if block.setup.contains(&Setup::Git) {
        workspace.commit();
    }
    let commands = block.commands();
    for (index, command) in commands.iter().enumerate() {
        let Some(program) = workspace::program(&command.words) else {
            // Commands of cargo itself run in CI. `mentions` checks their names.
            continue;
        };
        let is_last = index + 1 == commands.len();
        let mirror = block.setup.contains(&Setup::Mirror);
        if is_last && block.setup.contains(&Setup::Serve) {
            workspace.serve(&program)?;
            continue;
        }
        let (status, text) = workspace.run(&program, mirror);
        let expected = if is_last { block.exit() } else { 0 };
        if status != expected {
            return Err(format!("`{}` exits with {status}:\n{text}", command.line));
        }
        if !command.output.is_empty() {
            output::compare(&command.output, &text)
                .map_err(|error| format!("`{}` prints {error}:\n{text}", command.line))?;
        }
    }
    Ok(())
}
