//! The command `drift`: compares the snapshots with upstream.
//!
//! `clients` and `files` read the two documents, `gallery_spec::drift` compares them, `report`
//! weighs the differences, and `formats` print them. `approve` adds approvals, and `approvals`
//! removes those of applied differences.

use std::io::{IsTerminal, Write, stdout};
use std::path::Path;
use std::time::SystemTime;

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use gallery_spec::date::Date;
use gallery_spec::workspace::Workspace;
use openapi_drift::Severity;

use crate::exit::Exit;
use crate::terminal::Color;
use crate::upstream::SourceArgs;

pub(crate) mod approvals;
mod approve;
mod clients;
pub(crate) mod files;
mod formats;
mod git;
mod listing;
pub(crate) mod report;

pub use approve::ApproveArgs;
pub use clients::Against;
pub use formats::DriftFormat;

use clients::{Other, Run};
use report::Report;

/// Compare the snapshots with upstream, and report the effect of each difference
///
/// Builds the document of each client from its snapshot and from upstream, both with the client's
/// names, choices and overlay, and compares the two. Writes nothing. Overlay actions that match
/// nothing upstream are reported as well. docs/drift-rules.md lists the kinds of differences;
/// `[drift.severity]` of specs/gallery.toml changes their severity, and specs/CLIENT/drift.toml
/// approves single differences.
///
/// Exit status: 0 success, 4 a difference at or above --fail-on, 75 upstream not reachable, 100
/// other errors.
#[derive(Args, Clone, Debug, Default)]
#[command(args_conflicts_with_subcommands = true)]
pub struct DriftArgs {
    /// An action on a difference.
    #[command(subcommand)]
    pub action: Option<DriftAction>,
    /// The documents to compare.
    #[command(flatten)]
    pub compared: ComparedArgs,
    /// How differences are reported.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// An action on a difference.
#[derive(Clone, Debug, Subcommand)]
pub enum DriftAction {
    /// Approve a difference, with a reason, in specs/CLIENT/drift.toml
    ///
    /// Compares again, so that only an existing difference can be approved. When `regen` applies
    /// the difference, it removes the approval. `drift` reports approvals that are no longer
    /// needed.
    Approve(ApproveArgs),
}

/// The documents to compare.
#[derive(Args, Clone, Debug, Default)]
pub struct ComparedArgs {
    /// Only this client of specs/gallery.toml
    #[arg(long, value_name = "NAME")]
    pub client: Option<String>,
    /// Compare with `upstream`, with a folder that is a mirror or a listing, or with `git:REV`. A
    /// revision is the older side, and is compared with the snapshots without network access
    #[arg(long, value_name = "upstream|DIR|git:REV", default_value = "upstream", value_parser = str::parse::<Against>)]
    pub against: Against,
    /// The date for checking whether approvals have expired [default: today, in UTC]
    #[arg(long, value_name = "DATE", value_parser = str::parse::<Date>)]
    pub today: Option<Date>,
    /// Where listings come from.
    #[command(flatten)]
    pub source: SourceArgs,
}

/// How differences are reported, and which of them fail the run.
#[derive(Args, Clone, Debug, Default)]
pub struct OutputArgs {
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: DriftFormat,
    /// Exit 4 if a difference is at least this severe. `wire`: a call that worked may be rejected.
    /// `source`: also code that no longer compiles. `docs`: also changed documentation
    #[arg(long, value_enum, default_value_t)]
    pub fail_on: FailOn,
}

/// The least severity that fails a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the names are those of `Weight`")]
pub enum FailOn {
    Wire,
    #[default]
    Source,
    Docs,
    Any,
    Never,
}

impl FailOn {
    fn severity(self) -> Severity {
        match self {
            FailOn::Wire => Severity::Wire,
            FailOn::Source => Severity::Source,
            FailOn::Docs => Severity::Docs,
            FailOn::Any => Severity::Any,
            FailOn::Never => Severity::Never,
        }
    }
}

impl OutputArgs {
    /// Prints the report, and returns the exit status.
    pub(crate) fn report(
        &self,
        comparisons: Vec<report::Comparison>,
        not_compared: Vec<String>,
        color: Color,
        out: &mut dyn Write,
    ) -> Result<Exit> {
        let report = Report {
            comparisons,
            not_compared,
            fail_on: self.fail_on.severity(),
        };
        let colors = color.is_enabled(stdout().is_terminal());
        formats::write(&report, self.format, colors, out)?;
        Ok(if report.fails() {
            Exit::Stale
        } else {
            Exit::Fine
        })
    }
}

pub(crate) fn drift(
    root: &Path,
    args: &DriftArgs,
    color: Color,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    if let Some(DriftAction::Approve(args)) = &args.action {
        return approve::approve(root, args, out, err);
    }
    let found = compare(root, &args.compared, err)?;
    for comparison in &found.comparisons {
        for idle in &comparison.idle {
            writeln!(err, "warning: {idle}")?;
        }
    }
    Ok(found.exit.worse(
        args.output
            .report(found.comparisons, found.not_compared, color, out)?,
    ))
}

/// The result of comparing clients.
struct Found {
    comparisons: Vec<report::Comparison>,
    not_compared: Vec<String>,
    /// The worst reason why a client was not compared.
    exit: Exit,
}

/// Compares the documents of all clients, or of one. Prints why a client cannot be compared.
fn compare(root: &Path, args: &ComparedArgs, err: &mut dyn Write) -> Result<Found> {
    let workspace = Workspace::read(root)?;
    let clients = workspace.clients(args.client.as_deref())?;
    let other = Other::find(root, &args.against, &workspace.config, &args.source)?;
    let today = args.today.unwrap_or_else(today);
    let run = Run {
        workspace: &workspace,
        other,
        today,
    };
    let mut found = Found {
        comparisons: Vec::new(),
        not_compared: Vec::new(),
        exit: Exit::Fine,
    };
    for client in &clients {
        match run.compare(client, err)? {
            Ok(comparison) => found.comparisons.push(comparison),
            Err(failed) => {
                found.not_compared.push(client.name.clone());
                found.exit = found.exit.worse(failed);
            }
        }
    }
    Ok(found)
}

fn today() -> Date {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    Date::of_days(since.as_secs() / (24 * 60 * 60))
}
