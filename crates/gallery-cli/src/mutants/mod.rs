//! The command `mutants`: checks that the conformance tests of a client find faults in its code.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use gallery_mutants::{OPERATORS, mutants};
use gallery_spec::workspace;

use gallery_regen::client_args::only_client;
use gallery_regen::exit::Exit;
use gallery_regen::text::counted;

mod args;
mod baseline;
mod build_folder;
mod client;
mod compile_workspace;
mod describe;
mod equivalent;
mod output;
mod report;
mod runtime;
mod runtime_build;
mod runtime_report;
mod sample;
mod test_program;
mod verdict;

pub use args::MutantsArgs;

use client::ClientCrate;
use compile_workspace::CompileWorkspace;
use equivalent::Equivalents;
use report::Report;
use sample::selected;
use verdict::MutantResult;

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
            let config = only_client(&workspace::config(root)?, args.client.name())?;
            (ClientCrate::read(root, &config)?, Some(config))
        }
    };
    if args.runtime {
        return runtime::run(root, &client, args, verbose, out, err);
    }
    let files = client.code.iter().enumerate();
    let files: Vec<(String, &str)> = files
        .map(|(file, (_, text))| (client.code_path(file), text.as_str()))
        .collect();
    let all = mutants(&files)?;
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
    let sampled = selected(all, |mutant| (mutant.operator, &mutant.id), args)?;
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
