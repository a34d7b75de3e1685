//! The command `diff`: compares two documents.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::Args;
use gallery_regen::exit::Exit;
use gallery_regen::limited;
use gallery_regen::terminal::Color;
use gallery_spec::approvals::{self, Approval};
use gallery_spec::config;
use gallery_spec::date::Date;
use gallery_spec::workspace;
use openapi_drift::SeverityOverrides;

use crate::drift::compare::today;
use crate::drift::files;
use crate::drift::policy::{LocalSide, Policy};
use crate::drift::report::Comparison;
use crate::drift::source::{DocumentSource, Downloads};
use crate::drift::{FailOn, OutputArgs};
use crate::upstream::RequestArgs;

/// Compare two documents, and report the effect of each difference
///
/// Each is an OpenAPI document of version 2.0 to 3.2 in JSON or YAML, the folder of a listing,
/// or one of these in a git revision: `git:REV:PATH`, or `git:REV` for the path of the other. It
/// can also be the URL of a file (https; http only for loopback), or `-` for standard input.
/// Other versions and listings are converted to OpenAPI 3.0 first, and the necessary repairs are
/// reported.
///
/// Exit status: 0 success, 4 a difference at or above --fail-on, 75 URL not reachable, 100 other
/// errors.
#[derive(Args, Clone, Debug)]
pub struct DiffArgs {
    /// The older document
    #[arg(value_parser = str::parse::<DocumentSource>)]
    pub base: DocumentSource,
    /// The newer document
    #[arg(value_parser = str::parse::<DocumentSource>)]
    pub revision: DocumentSource,
    /// File with approved differences, which do not fail the run, in the format of
    /// specs/CLIENT/drift.toml
    #[arg(long, value_name = "FILE")]
    pub approvals: Option<PathBuf>,
    /// The date for checking approvals and sunsets [default: today, in UTC]
    #[arg(long, value_name = "DATE", value_parser = str::parse::<Date>)]
    pub today: Option<Date>,
    /// Options for requests of documents by URL.
    #[command(flatten)]
    pub requests: RequestArgs,
    /// Options for reporting differences.
    #[command(flatten)]
    pub output: OutputArgs,
}

pub(crate) fn diff(
    root: &Path,
    args: &DiffArgs,
    color: Color,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    // The severities and the hosts of the surrounding workspace apply, if there is one.
    let is_workspace = root.join(config::PATH).is_file();
    let (severities, hosts) = if is_workspace {
        let config = workspace::config(root)?;
        (config.severities, config.hosts)
    } else {
        (SeverityOverrides::default(), Vec::new())
    };
    let downloads = Downloads {
        hosts: &hosts,
        settings: &args.requests.settings(),
    };
    let (base, revision) = files::read(&args.base, &args.revision, downloads)?;
    let local_side = match (base.is_local, revision.is_local) {
        (_, true) => LocalSide::Revision,
        (true, false) => LocalSide::Base,
        (false, false) => LocalSide::Neither,
    };
    let policy = Policy {
        severities: &severities,
        approvals: args
            .approvals
            .as_deref()
            .map_or_else(|| Ok(Vec::new()), read_approvals)?,
        today: args.today.unwrap_or_else(today),
    };
    let mut comparison = Comparison {
        notes: [base.notes, revision.notes].concat(),
        not_compared: [base.not_compared, revision.not_compared].concat(),
        ..policy.compare(None, &base.document, &revision.document, local_side)
    };
    policy.find_idle_approvals(&mut comparison);
    let default = FailOn::Wire;
    args.output
        .report(vec![comparison], Vec::new(), default, color, out, err)
}

fn read_approvals(path: &Path) -> Result<Vec<Approval>> {
    let name = path.display().to_string();
    let Some(bytes) = limited::read_file(path, &name)? else {
        bail!("{name}: file not found");
    };
    Ok(approvals::parse(&name, &String::from_utf8_lossy(&bytes))?)
}
