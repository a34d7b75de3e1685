//! The command `mutants`: checks that the conformance tests of a client find faults in its code.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use gallery_mutants::{Mutant, OPERATORS, mutants};
use gallery_spec::command::recommend;
use gallery_spec::listings::ListingRef;

use crate::client_args::ClientArgs;
use crate::exit::Exit;
use crate::list::Format;
use crate::text::counted;

mod client;
mod compile_workspace;
mod describe;
mod equivalent;
mod output;
mod report;
mod sample;
mod test_program;
mod verdict;

use client::{ClientCrate, find_client};
use compile_workspace::CompileWorkspace;
use equivalent::Equivalents;
use report::Report;
use verdict::MutantResult;

/// Check that the conformance tests of a client find faults (mutation testing)
///
/// A mutant is the client's generated code with one fault, such as a query parameter with a wrong
/// name. It is killed if it does not compile or if one of the client's conformance tests fails. A
/// mutant that survives shows a missing check. specs/CLIENT/equivalent-mutants.toml lists mutants
/// that no test can distinguish from the client, each with its reason.
///
/// Works in the target folder; specs/ and crates/ are only read. Exits 4 if a mutant survives.
#[derive(Args, Clone, Debug)]
pub struct MutantsArgs {
    /// The client.
    #[command(flatten)]
    pub client: ClientArgs,
    /// Use the client of this listing of a mirror instead, OWNER/REPOSITORY/PROVIDER
    #[arg(long, value_name = "LISTING", value_parser = listing, conflicts_with_all = ["client", "client_option"])]
    pub listing: Option<ListingRef>,
    /// Folder of the mirror. The environment variable GALLERY_MIRROR has the same effect
    #[arg(long, value_name = "DIR", requires = "listing")]
    pub mirror: Option<PathBuf>,
    /// Number of mutants to test, sampled evenly from all operators
    #[arg(long, value_name = "NUMBER")]
    pub sample: Option<usize>,
    /// Seed of the sample
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub seed: u64,
    /// Only mutants whose id contains this text; may be given several times
    #[arg(long, value_name = "TEXT")]
    pub only: Vec<String>,
    /// List the mutants without compiling them
    #[arg(long)]
    pub list: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

fn listing(text: &str) -> std::result::Result<ListingRef, String> {
    ListingRef::parse(text).ok_or_else(|| "expected OWNER/REPOSITORY/PROVIDER".to_owned())
}

pub(crate) fn run(
    root: &Path,
    args: &MutantsArgs,
    verbose: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let (client, config) = match &args.listing {
        Some(listing) => {
            let client = ClientCrate::generate(root, listing, args.mirror.as_deref())?;
            (client, None)
        }
        None => {
            let config = find_client(root, args.client.name())?;
            (ClientCrate::read(root, &config)?, Some(config))
        }
    };
    let all = mutants(&client.code).with_context(|| client.code_path.clone())?;
    // A client that is generated for this run has no list of equivalent mutants.
    let equivalents = config
        .map(|config| Equivalents::read(root, &config))
        .transpose()?
        .unwrap_or_default();
    let mut errors = equivalents.unknown(&all);
    let unmatched: Vec<_> = OPERATORS
        .iter()
        .map(|operator| operator.id)
        .filter(|operator| !all.iter().any(|mutant| mutant.operator == *operator))
        .collect();
    let is_selected = |mutant: &Mutant| {
        args.only.is_empty() || args.only.iter().any(|text| mutant.id.contains(text))
    };
    let selected = all.into_iter().filter(is_selected).collect();
    let sampled = sample::stratified(selected, args.sample, args.seed);
    if sampled.is_empty() {
        bail!(
            "no mutant matches; {} lists all",
            recommend("mutants --list")
        );
    }
    if args.list {
        report::list(args.format, &client, &sampled, &unmatched, out)?;
        return report_errors(&errors, Exit::Fine, err);
    }
    let workspace = CompileWorkspace::new(root, &client, sampled.len())?;
    writeln!(
        err,
        "{}: {} to build and test",
        client.name,
        counted(sampled.len(), "mutant")
    )?;
    let verdicts = workspace.test_mutants(&client, &sampled, err)?;
    let results: Vec<MutantResult<'_>> = sampled
        .iter()
        .zip(verdicts)
        .map(|(mutant, verdict)| MutantResult {
            mutant,
            equivalent: equivalents.reason(&mutant.id),
            verdict,
        })
        .collect();
    errors.extend(equivalents.killed(&results));
    let report = Report {
        client: &client,
        results: &results,
        unmatched,
        seconds: workspace.elapsed_seconds(),
    };
    report.write(args.format, verbose, out)?;
    let exit = if results.iter().any(MutantResult::is_missed) {
        Exit::Stale
    } else {
        Exit::Fine
    };
    report_errors(&errors, exit, err)
}

/// Prints the errors in the list of equivalent mutants. Returns `exit` if the list is valid.
fn report_errors(errors: &[String], exit: Exit, err: &mut dyn Write) -> Result<Exit> {
    errors
        .iter()
        .try_for_each(|error| writeln!(err, "error: {error}"))?;
    Ok(if errors.is_empty() {
        exit
    } else {
        Exit::Failed
    })
}
