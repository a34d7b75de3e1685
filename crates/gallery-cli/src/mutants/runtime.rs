//! Mutants of the runtime, tested with the conformance tests of a client.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use gallery_fetch::Event;
use gallery_mutants::{Runtime, RuntimeMutant};
use gallery_regen::exit::Exit;
use gallery_regen::parallel::in_parallel;
use gallery_regen::text::counted;

use super::args::MutantsArgs;
use super::baseline::Baseline;
use super::client::ClientCrate;
use super::runtime_build::{REACHED, RuntimeBuild, SELECTED, read_sources};
use super::runtime_report::{RuntimeReport, list};
use super::sample::selected;
use super::test_program::run_tests;
use super::verdict::Verdict;
use crate::progress::Progress;

/// Lists or tests mutants of the runtime.
pub(super) fn run(
    root: &Path,
    client: &ClientCrate,
    args: &MutantsArgs,
    verbose: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let start = Instant::now();
    let runtime = Runtime::read(read_sources(root)?)?;
    let all = runtime.mutants().to_vec();
    let mutants = selected(all, |mutant| (mutant.operator, &mutant.id), args)?;
    if args.list {
        list(args.format, &mutants, out)?;
        return Ok(Exit::Fine);
    }
    let count = counted(mutants.len(), "mutant");
    writeln!(err, "{}: {count} of the runtime to test", client.name)?;
    let numbers = mutants.iter().map(|mutant| mutant.number).collect();
    let build = RuntimeBuild::new(root, client, &runtime, numbers)?;
    let verdicts = test(&build, &mutants, start, err)?;
    let report = RuntimeReport {
        client: &client.name,
        results: mutants.iter().zip(&verdicts).collect(),
        seconds: start.elapsed().as_secs(),
    };
    report.write(args.format, verbose, out)?;
    Ok(match verdicts.contains(&Verdict::Survived) {
        true => Exit::Stale,
        false => Exit::Fine,
    })
}

/// Runs the tests without a mutant, and then with each one that they reach.
fn test(
    build: &RuntimeBuild,
    mutants: &[RuntimeMutant],
    start: Instant,
    err: &mut dyn Write,
) -> Result<Vec<Verdict>> {
    let (program, folder) = (&build.program, &build.client_folder);
    let reached_file = build.reached_file();
    let recording = [(REACHED, reached_file.clone().into_os_string())];
    let baseline = Baseline::run(program, folder, &recording)?;
    let text = fs::read_to_string(&reached_file).unwrap_or_default();
    let reached = text.lines().map(str::parse);
    let reached: BTreeSet<usize> = reached
        .collect::<std::result::Result<_, _>>()
        .with_context(|| reached_file.display().to_string())?;
    writeln!(
        err,
        "unmodified client: {} tests pass and reach {}; {} s so far",
        baseline.tests,
        counted(reached.len(), "mutant"),
        start.elapsed().as_secs()
    )?;
    let progress = Progress::new("mutants");
    progress.on(Event::Planned(mutants.len()));
    in_parallel(mutants.len(), |index| {
        let number = mutants[index].number;
        let verdict = if let Some(error) = build.failed.get(&number) {
            Verdict::Compiler(error.clone())
        } else if reached.contains(&number) {
            let selected = [(SELECTED, number.to_string().into())];
            run_tests(program, folder, &[], &selected, baseline.limit)?.0
        } else {
            Verdict::NotReached
        };
        progress.on(Event::File);
        Ok(verdict)
    })
}
