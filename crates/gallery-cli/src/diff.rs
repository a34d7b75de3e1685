//! The command `diff`: compares two documents.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use clap::Args;
use gallery_spec::approvals::Approval;
use gallery_spec::config;
use gallery_spec::date::Date;
use gallery_spec::workspace;
use openapi_drift::SeverityOverrides;

use crate::drift::OutputArgs;
use crate::drift::files::{self, Place};
use crate::drift::report::{Comparison, Here, Judge};
use crate::exit::Exit;
use crate::terminal::Color;

/// Compare two documents, and report the effect of each difference
///
/// Each is a file of OpenAPI 3.0 in JSON or YAML, a file of Swagger 2.0, the folder of a listing,
/// or one of these in a git revision: `git:REV:PATH`, or `git:REV` for the path of the other.
/// Swagger 2.0 and listings are converted to OpenAPI 3.0 first, and the necessary repairs are
/// reported.
///
/// Exit status: 0 success, 4 a difference at or above --fail-on, 100 other errors.
#[derive(Args, Clone, Debug)]
pub struct DiffArgs {
    /// The older document
    #[arg(value_parser = str::parse::<Place>)]
    pub base: Place,
    /// The newer document
    #[arg(value_parser = str::parse::<Place>)]
    pub revision: Place,
    /// How differences are reported.
    #[command(flatten)]
    pub output: OutputArgs,
}

pub(crate) fn diff(
    root: &Path,
    args: &DiffArgs,
    color: Color,
    out: &mut dyn Write,
) -> Result<Exit> {
    // The severities of the surrounding workspace apply, if there is one.
    let is_workspace = root.join(config::PATH).is_file();
    let severities = if is_workspace {
        workspace::config(root)?.severities
    } else {
        SeverityOverrides::default()
    };
    let (base, revision) = files::read(&args.base, &args.revision)?;
    let here = match (base.is_here, revision.is_here) {
        (_, true) => Here::Revision,
        (true, false) => Here::Base,
        (false, false) => Here::Neither,
    };
    let judge = Judge {
        severities: &severities,
        approvals: Vec::<Approval>::new(),
        today: Date::of_days(0),
    };
    let comparison = Comparison {
        client: None,
        base: base.document.name().to_owned(),
        revision: revision.document.name().to_owned(),
        changes: judge.changes(&base.document, &revision.document, here),
        pending: Vec::new(),
        notes: [base.notes, revision.notes].concat(),
        idle: Vec::new(),
        advised: None,
    };
    args.output.report(vec![comparison], Vec::new(), color, out)
}
