//! The command `drift`: compares the snapshots with upstream.
//!
//! [`clients`] and [`files`] read the two documents, [`policy`] compares and rates them, [`filter`]
//! hides differences, and [`formats`] prints the [`report`]. [`approve`] adds approvals; `regen`
//! removes them when it applies the differences.

use std::io::{IsTerminal, Write, stdout};
use std::path::Path;

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use openapi_drift::Severity;

use gallery_regen::exit::Exit;
use gallery_regen::terminal::Color;

mod approve;
mod clients;
pub(crate) mod compare;
pub(crate) mod files;
mod filter;
mod formats;
mod git;
pub(crate) mod listing;
pub(crate) mod policy;
pub(crate) mod report;
pub(crate) mod source;

pub use approve::ApproveArgs;
pub use clients::Against;
pub use compare::ComparedArgs;
pub use filter::{Excluded, FilterArgs, Level, PathPattern};
pub use formats::DriftFormat;

use report::{Comparison, Report};

/// Compare the snapshots with upstream, and report the effect of each difference
///
/// Builds two documents for each client, from the snapshot and from upstream, and compares them.
/// Both use the client's names, choices and overlay. Overlay actions that match nothing upstream
/// are reported as well. No files are written. docs/drift-rules.md lists the kinds of differences.
/// `[drift.severity]` in specs/gallery.toml sets their severity, and specs/CLIENT/drift.toml
/// contains approved differences.
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
    /// Options for reporting differences.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// An action on a difference.
#[derive(Clone, Debug, Subcommand)]
pub enum DriftAction {
    /// Approve a difference, with a reason, in specs/CLIENT/drift.toml
    ///
    /// Repeats the comparison, because only an existing difference can be approved. `regen` removes
    /// the approval when it applies the difference. `drift` reports approvals that are no longer
    /// needed.
    Approve(ApproveArgs),
}

/// Options for reporting differences, and for failing because of them.
#[derive(Args, Clone, Debug, Default)]
pub struct OutputArgs {
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: DriftFormat,
    /// Exit 4 if a difference is at least this severe. `wire`: a call that used to work may
    /// be rejected. `source`: also, code may no longer compile. `docs`: also, documentation
    /// changed. `any`: also, other differences and parts that were not compared [default: `source`
    /// for `drift`, `wire` for `diff`]
    #[arg(long, value_enum)]
    pub fail_on: Option<FailOn>,
    /// Options for hiding differences.
    #[command(flatten)]
    pub filter: FilterArgs,
}

/// The minimum severity that fails a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(
    missing_docs,
    reason = "the help text of `--fail-on` describes the values"
)]
pub enum FailOn {
    Wire,
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
    /// Prints a report with warnings about approvals and filters, and returns the exit status.
    pub(crate) fn report(
        &self,
        mut comparisons: Vec<Comparison>,
        not_compared: Vec<String>,
        default: FailOn,
        color: Color,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> Result<Exit> {
        for idle in comparisons.iter().flat_map(|it| &it.idle_approvals) {
            writeln!(err, "warning: {idle}")?;
        }
        for warning in self.filter.apply(&mut comparisons) {
            writeln!(err, "warning: {warning}")?;
        }
        let report = Report {
            comparisons,
            not_compared,
            fail_on: self.fail_on.unwrap_or(default).severity(),
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
    let outcome = compare::compare(root, &args.compared, err)?;
    let reported = args.output.report(
        outcome.comparisons,
        outcome.not_compared,
        FailOn::Source,
        color,
        out,
        err,
    )?;
    Ok(outcome.exit.worse(reported))
}
