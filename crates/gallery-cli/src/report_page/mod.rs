//! The command `report`: a web page for people who review the source of a client.
//!
//! [`review`] has the data, [`page`] and [`sections`] show it, and [`write`](mod@write) writes
//! the file.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use gallery_spec::workspace::Workspace;
use openapi_text::Severity;

use gallery_regen::client_args::only_client;
use gallery_regen::exit::Exit;
use gallery_regen::text::counted;

mod diff;
mod diff_view;
mod page;
mod review;
mod sections;
mod snapshot;
mod write;

use review::Review;

/// Print a web page for reviewers of a client's source
///
/// Shows the copies that conflict, side by side, with the rule that decided; everything that was
/// repaired, assumed, dropped or removed; the parts that allow any JSON; what the overlay changes;
/// and every endpoint with the files that describe it. Runs the pipeline in memory, and needs no
/// network. The page is one file that loads nothing. Writes nothing to specs/ and crates/.
///
/// Exit status: 0 success, 100 the client has errors or the page cannot be written.
#[derive(Args, Clone, Debug)]
pub struct ReportArgs {
    /// Name of the client in specs/gallery.toml; optional if there is only one
    client: Option<String>,

    /// File for the page, which may be replaced if an earlier run wrote it [default: standard
    /// output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl ReportArgs {
    /// Returns true if the page goes to a file.
    pub(crate) fn writes_a_file(&self) -> bool {
        self.out.is_some()
    }
}

pub(crate) fn report(
    root: &Path,
    args: &ReportArgs,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let workspace = Workspace::read(root)?;
    let client = only_client(&workspace.config, args.client.as_deref())?;
    if let Some(file) = &args.out {
        write::check(root, file)?;
    }
    let inputs = workspace.inputs(&client)?;
    let (mut names, mut diagnostics) = (inputs.names.clone(), inputs.diagnostics.clone());
    let Some(output) = inputs.output(&mut names, &mut diagnostics) else {
        for error in diagnostics.of(Severity::Error) {
            writeln!(err, "{error}")?;
        }
        let count = diagnostics.of(Severity::Error).count();
        writeln!(err, "{}; no page was written", counted(count, "error"))?;
        return Ok(Exit::Failed);
    };
    let page = page::page(&Review::new(&inputs, &output, &diagnostics)?);
    match &args.out {
        None => out.write_all(page.as_bytes())?,
        Some(file) => {
            let written = write::write(file, &page)?;
            writeln!(out, "{written:>9}  {}", file.display())?;
        }
    }
    Ok(Exit::Fine)
}
