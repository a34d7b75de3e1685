//! The commands of `cargo xtask`: parse arguments, call the crates, print. What is printed goes through a writer, so that tests
//! see it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};
use gallery_codegen::sync::{Stale, Staleness};

use crate::upstream::exit_of;

mod add;
mod bring;
mod diff;
mod drift;
mod fetch;
mod list;
mod mutants;
mod overlay;
mod progress;
mod regen;
mod remove;
mod resolve;
mod serve;
mod survey;
mod table;
mod upstream;

pub use add::AddArgs;
pub use diff::DiffArgs;
pub use drift::files::Place;
pub use drift::{
    Against, ApproveArgs, Color, ComparedArgs, DriftAction, DriftArgs, DriftFormat, FailOn,
    ToldArgs,
};
pub use fetch::FetchArgs;
pub use list::{Format, ListArgs, SearchArgs};
pub use mutants::MutantsArgs;
pub use overlay::OverlayAction;
pub use regen::RegenArgs;
pub use remove::RemoveArgs;
pub use serve::ServeArgs;
pub use survey::SurveyArgs;
pub use upstream::SourceArgs;

/// Makes typed Rust clients of the HTTP APIs that api.gallery lists.
///
/// Clients are listed in specs/gallery.toml. `search` finds a listing, `add` makes a client of it, `fetch` brings its files up to date in
/// specs/, `regen` makes everything else from them.
///
/// Exit status: 0 fine, 2 wrong usage, 4 something is stale, differs or survives, 75 upstream not reachable, 100 failed.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    max_term_width = 100
)]
pub struct Command {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Regen(RegenArgs),
    Fetch(FetchArgs),
    List(ListArgs),
    Search(SearchArgs),
    Add(AddArgs),
    Remove(RemoveArgs),
    #[command(subcommand)]
    Overlay(OverlayAction),
    Serve(ServeArgs),
    Drift(DriftArgs),
    Diff(DiffArgs),
    Survey(SurveyArgs),
    Mutants(MutantsArgs),
}

/// How a command ended, when it did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything is as it should be.
    Fine,
    /// Something is not as the specs say.
    Stale,
    /// The network or the gallery cannot be reached.
    Unreachable,
    /// The content cannot be used; it was said why.
    Failed,
}

impl Exit {
    /// The one of two that a person has to hear of first.
    fn worse(self, other: Exit) -> Exit {
        let weight = |exit: Exit| match exit {
            Exit::Fine => 0,
            Exit::Stale => 1,
            Exit::Unreachable => 2,
            Exit::Failed => 3,
        };
        if weight(other) > weight(self) {
            other
        } else {
            self
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Fine => 0,
            Exit::Stale => 4,
            Exit::Unreachable => 75,
            Exit::Failed => 100,
        })
    }
}

/// Runs a command in the workspace around the current folder.
pub fn run(command: &Command, out: &mut dyn Write, err: &mut dyn Write) -> ExitCode {
    let (mut out, mut err) = (Unheard(out), Unheard(err));
    let done = workspace_root().and_then(|root| run_in(&root, command, &mut out, &mut err));
    match done {
        Ok(exit) => exit.into(),
        Err(error) => {
            let _ = writeln!(err, "error: {error:#}");
            // An outage is one wherever it was met.
            error.downcast_ref().map_or(Exit::Failed, exit_of).into()
        }
    }
}

/// Runs a command in the workspace at `root`.
pub fn run_in(
    root: &Path,
    command: &Command,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    match &command.action {
        Action::Regen(args) => regen::regen(root, args, out, err),
        Action::Fetch(args) => fetch::fetch(root, args, out, err),
        Action::List(args) => list::list(root, args, out, err),
        Action::Search(args) => list::search(root, args, out, err),
        Action::Add(args) => add::add(root, args, out, err),
        Action::Remove(args) => remove::remove(root, args, out),
        Action::Overlay(action) => overlay::overlay(root, action, out, err),
        Action::Serve(args) => serve::serve(root, args, out),
        Action::Drift(args) => drift::drift(root, args, out, err),
        Action::Diff(args) => diff::diff(root, args, out),
        Action::Survey(args) => survey::survey_all(root, args, out, err),
        Action::Mutants(args) => mutants::run(root, args, out, err),
    }
}

/// The nearest folder, from the current one upwards, that has `specs/gallery.toml`.
fn workspace_root() -> Result<PathBuf> {
    let here = std::env::current_dir().context("the current folder cannot be read")?;
    for folder in here.ancestors() {
        if folder.join(gallery_spec::config::PATH).is_file() {
            return Ok(folder.to_owned());
        }
    }
    // A workspace that has lost the file is still the one that this program was built in.
    if let Some(root) = std::env::var_os("CARGO_MANIFEST_DIR")
        .map(PathBuf::from)
        .and_then(|own| Some(own.parent()?.to_owned()))
    {
        return Ok(root);
    }
    bail!(
        "no {} here or in a folder above; run this in the workspace",
        gallery_spec::config::PATH
    )
}

/// A writer whose reader may go away, such as `head`: the work is done and the exit status is right all the same.
struct Unheard<'a>(&'a mut dyn Write);

impl Write for Unheard<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(bytes.len()),
            Err(error) => Err(io::Error::new(
                error.kind(),
                format!("the output cannot be written: {error}"),
            )),
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            flushed => flushed,
        }
    }
}

/// `1 file`, `2 files`.
fn counted(count: usize, what: &str) -> String {
    let (stem, plural) = what
        .strip_suffix('y')
        .map_or((what, "s"), |stem| (stem, "ies"));
    if count == 1 {
        format!("1 {what}")
    } else {
        format!("{count} {stem}{plural}")
    }
}

/// A line for each file that was stale, with what was done about it.
fn print_written(stale: &[Stale], out: &mut dyn Write) -> Result<()> {
    for Stale { path, kind } in stale {
        let done = match kind {
            Staleness::Missing => "new",
            Staleness::Changed => "changed",
            Staleness::Orphaned => "removed",
        };
        writeln!(out, "{done:>8}  {path}")?;
    }
    Ok(())
}
