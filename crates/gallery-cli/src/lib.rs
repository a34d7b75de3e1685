//! The commands of `gallery` and `cargo xtask`.
//!
//! Each command parses its arguments, calls the other crates, and prints to two writers.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::OnceLock;

use anyhow::{Context, Result};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use gallery_regen::terminal;
use gallery_regen::workspace_root::workspace_root;
use gallery_spec::command;

use crate::upstream::exit_of;

mod add;
mod add_documents;
mod call;
mod changelog;
mod compiled_clients;
mod completions;
mod diff;
mod directory;
mod drift;
mod escape;
mod fetch;
mod hosts;
mod html;
mod init;
mod list;
mod mutants;
mod overlay;
mod progress;
mod regen;
mod remove;
mod report_page;
mod resolve;
mod runtime_crates;
mod search;
mod serve;
mod similar;
mod snapshots;
pub mod survey;
mod table;
mod upstream;

pub use add::AddArgs;
pub use call::CallArgs;
pub use changelog::ChangelogArgs;
pub use completions::CompletionsArgs;
pub use diff::DiffArgs;
pub use drift::source::DocumentSource;
pub use drift::{
    Against, ApproveArgs, ComparedArgs, DriftAction, DriftArgs, DriftFormat, Excluded, FailOn,
    FilterArgs, Level, OutputArgs, PathPattern,
};
pub use fetch::FetchArgs;
pub use gallery_regen::client_args::ClientArgs;
pub use gallery_regen::command_line::GlobalArgs;
pub use gallery_regen::exit::Exit;
pub use gallery_regen::regen::RegenArgs;
pub use gallery_regen::terminal::Color;
pub use init::InitArgs;
pub use list::{Format, ListArgs};
pub use mutants::MutantsArgs;
pub use overlay::OverlayAction;
pub use remove::RemoveArgs;
pub use report_page::ReportArgs;
pub use search::SearchArgs;
pub use serve::ServeArgs;
pub use survey::SurveyArgs;
pub use upstream::{RequestArgs, SourceArgs};

/// Generates typed, tested Rust clients for the APIs listed in api.gallery.
///
/// Clients are listed in specs/gallery.toml. `search` finds a listing, `add` generates a
/// client from it, `fetch` updates its files in specs/, and `regen` generates everything else from
/// them.
///
/// Exit status: 0 success, 2 wrong usage, 4 files are out of date, documents differ or mutants
/// survive, 75 upstream not reachable, 100 other errors.
#[derive(Debug, Parser)]
#[command(name = "gallery", max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    global: GlobalArgs,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Init(InitArgs),
    Search(SearchArgs),
    List(ListArgs),
    Add(AddArgs),
    Remove(RemoveArgs),
    Fetch(FetchArgs),
    Regen(RegenArgs),
    #[command(subcommand)]
    Overlay(OverlayAction),
    Report(ReportArgs),
    Serve(ServeArgs),
    Call(CallArgs),
    Drift(Box<DriftArgs>),
    Diff(DiffArgs),
    Changelog(ChangelogArgs),
    Survey(SurveyArgs),
    Mutants(MutantsArgs),
    Completions(CompletionsArgs),
}

impl Action {
    /// Returns true for commands whose standard output only reports progress.
    fn reports_progress(&self) -> bool {
        match self {
            Action::Init(_)
            | Action::Add(_)
            | Action::Remove(_)
            | Action::Fetch(_)
            | Action::Regen(_)
            | Action::Changelog(_) => true,
            Action::Report(args) => args.writes_a_file(),
            _ => false,
        }
    }

    /// Returns the directory that the command works in.
    fn root(&self) -> Result<PathBuf> {
        let current = || std::env::current_dir().context("cannot read the current directory");
        match self {
            Action::Init(_) | Action::Completions(_) => current(),
            Action::Diff(_) | Action::Survey(_) | Action::Overlay(OverlayAction::Apply(_)) => {
                workspace_root().or_else(|_| current())
            }
            _ => workspace_root(),
        }
    }
}

/// Parses the arguments of the process and runs the command.
///
/// `program` is what users type to start it, such as `cargo xtask`. Usage lines and recommended
/// commands begin with it.
pub fn main(program: &'static str) -> ExitCode {
    command::set_program(program);
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let matches = clap_command(program)
        .color(terminal::requested_color(&arguments))
        .try_get_matches_from(arguments);
    match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => run(&cli, &mut io::stdout(), &mut io::stderr()),
        Err(error) => error.exit(),
    }
}

/// Returns the definition of all arguments, with usage lines that begin with `program`.
fn clap_command(program: &'static str) -> clap::Command {
    Cli::command()
        .name(program)
        .bin_name(program)
        .version(version())
        .after_help(format!(
            "Examples:\n  \
             {program} search mattermost      find a listing\n  \
             {program} add mattermost         make a client crate of it\n  \
             {program} regen --fetch          update all clients\n  \
             {program} regen --check          exit 4 if generated files are out of date\n  \
             {program} drift                  compare the snapshots with upstream"
        ))
}

/// Returns the package version, with the commit if `GALLERY_COMMIT` was set at build time.
fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let version = env!("CARGO_PKG_VERSION");
        match option_env!("GALLERY_COMMIT") {
            Some(commit) => format!("{version} ({commit})"),
            None => version.to_owned(),
        }
    })
}

/// Runs a command in the workspace around the current directory.
pub fn run(cli: &Cli, out: &mut dyn Write, err: &mut dyn Write) -> ExitCode {
    // Network errors keep their exit status, whichever command they occur in.
    let exit_of = |error: &anyhow::Error| error.downcast_ref().map_or(Exit::Failed, exit_of);
    terminal::run(cli.global.color, exit_of, out, err, |out, err| {
        run_in(&cli.action.root()?, cli, out, err)
    })
}

/// Runs a command in the workspace at `root`.
pub fn run_in(root: &Path, cli: &Cli, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit> {
    let GlobalArgs {
        quiet,
        verbose,
        color,
    } = cli.global;
    let mut sink = io::sink();
    let out = match quiet && cli.action.reports_progress() {
        true => &mut sink as &mut dyn Write,
        false => out,
    };
    if quiet {
        progress::hide();
    }
    match &cli.action {
        Action::Init(args) => init::init(root, args, out),
        Action::Search(args) => search::search(root, args, verbose, out, err),
        Action::List(args) => list::list(root, args, verbose, out, err),
        Action::Add(args) => add::add(root, args, verbose, out, err),
        Action::Remove(args) => remove::remove(root, args, out),
        Action::Fetch(args) => fetch::fetch(root, args, out, err),
        Action::Regen(args) => regen::regen(root, args, verbose, out, err),
        Action::Overlay(action) => overlay::overlay(root, action, out, err),
        Action::Report(args) => report_page::report(root, args, out, err),
        Action::Serve(args) => serve::serve(root, args, out),
        Action::Call(args) => call::call(root, args, out, err),
        Action::Drift(args) => drift::drift(root, args, color, out, err),
        Action::Diff(args) => diff::diff(root, args, color, out, err),
        Action::Changelog(args) => changelog::changelog(root, args, out, err),
        Action::Survey(args) => survey::survey_all(root, args, verbose, out, err),
        Action::Mutants(args) => mutants::run(root, args, verbose, out, err),
        Action::Completions(args) => {
            completions::completions(clap_command(command::DEFAULT_PROGRAM), args, out)
        }
    }
}
