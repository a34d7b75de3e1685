//! The command `mutants`: tests the conformance tests of a client with mutants of its code.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use gallery_codegen::Outputs;
use gallery_mutants::{Mutant, OPERATORS, mutants};
use gallery_spec::command::recommend;
use gallery_spec::config::ClientConfig;
use gallery_spec::listings::ListingRef;
use gallery_spec::workspace;

use crate::exit::Exit;
use crate::list::Format;
use crate::survey::{Extent, Outcome, compiled_here, survey};
use crate::text::counted;

mod equivalent;
mod report;
mod sample;
mod verdict;
mod workshop;

use equivalent::Equivalents;
use report::{Report, Row};
use verdict::Verdict;
use workshop::Workshop;

/// Test the conformance tests of a client with mutants of its code
///
/// A mutant is the client's generated code with one fault, such as a query parameter with a wrong
/// name. It is killed if it does not compile or if one of the client's conformance tests fails. A
/// mutant that survives shows a missing check. specs/CLIENT/equivalent-mutants.toml lists mutants
/// that no test can distinguish from the client, each with its reason.
///
/// Works in the target folder; specs/ and crates/ are only read. Exits 4 if a mutant survives.
#[derive(Args, Clone, Debug)]
pub struct MutantsArgs {
    /// Client of specs/gallery.toml; required if there are several
    #[arg(long, value_name = "NAME", conflicts_with = "listing")]
    pub client: Option<String>,
    /// Use the client of this listing of a mirror instead, OWNER/REPOSITORY/PROVIDER
    #[arg(long, value_name = "LISTING", value_parser = listing)]
    pub listing: Option<ListingRef>,
    /// Folder of the mirror. The environment variable GALLERY_MIRROR has the same effect
    #[arg(long, value_name = "DIR", requires = "listing")]
    pub mirror: Option<PathBuf>,
    /// Number of mutants, taken evenly from all operators
    #[arg(long, value_name = "NUMBER")]
    pub sample: Option<usize>,
    /// Seed that selects these mutants
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
    ListingRef::parse(text).ok_or_else(|| "write a listing as OWNER/REPOSITORY/PROVIDER".to_owned())
}

/// The crate of a client, in memory.
struct Client {
    name: String,
    /// Where the code is, for people.
    path: String,
    /// Where the crate would be, from which its manifest has paths.
    folder: PathBuf,
    /// The files of the crate, by path in it.
    files: Vec<(String, Vec<u8>)>,
    /// The text of its generated code.
    source: String,
}

/// Where the generated code is in a client's crate.
const CODE: &str = "src/generated.rs";

pub(crate) fn run(
    root: &Path,
    args: &MutantsArgs,
    verbose: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let (config, outputs) = chosen(root, args)?;
    let client = client(root, &config, outputs.as_ref())?;
    let all = mutants(&client.source).with_context(|| client.path.clone())?;
    let equivalents = match outputs {
        // Nobody has reviewed what is made for once.
        Some(_) => Equivalents::default(),
        None => Equivalents::read(root, &config)?,
    };
    let mut faults = equivalents.unknown(&all);
    let without: Vec<_> = operators()
        .filter(|operator| !all.iter().any(|mutant| mutant.operator == *operator))
        .collect();
    let is_wanted = |mutant: &Mutant| {
        args.only.is_empty() || args.only.iter().any(|text| mutant.id.contains(text))
    };
    let wanted = all.into_iter().filter(is_wanted).collect();
    let taken = sample::stratified(wanted, args.sample, args.seed);
    if taken.is_empty() {
        bail!(
            "no mutant matches; {} lists all",
            recommend("mutants --list")
        );
    }
    if args.list {
        report::list(args.format, &client, &taken, &without, out)?;
        return report_faults(&faults, Exit::Fine, err);
    }
    let workshop = Workshop::new(root, &client, taken.len())?;
    writeln!(
        err,
        "{}: {} to build and test",
        client.name,
        counted(taken.len(), "mutant")
    )?;
    let verdicts = workshop.judge(&client, &taken, err)?;
    let rows: Vec<Row<'_>> = taken
        .iter()
        .zip(verdicts)
        .map(|(mutant, verdict)| Row {
            mutant,
            reason: equivalents.reason(&mutant.id),
            verdict,
        })
        .collect();
    faults.extend(equivalents.killed(&rows));
    let report = Report {
        client: &client,
        rows: &rows,
        without,
        seconds: workshop.seconds(),
    };
    report.show(args.format, verbose, out)?;
    let survives = rows.iter().any(Row::survives);
    report_faults(
        &faults,
        if survives { Exit::Stale } else { Exit::Fine },
        err,
    )
}

/// Prints the errors in the list of equivalent mutants. They outweigh survivors in the exit status.
fn report_faults(faults: &[String], exit: Exit, err: &mut dyn Write) -> Result<Exit> {
    faults
        .iter()
        .try_for_each(|fault| writeln!(err, "error: {fault}"))?;
    Ok(if faults.is_empty() {
        exit
    } else {
        Exit::Failed
    })
}

/// The client, and its files if they are made for this run alone.
fn chosen(root: &Path, args: &MutantsArgs) -> Result<(ClientConfig, Option<Outputs>)> {
    if let Some(listing) = &args.listing {
        let variable = || {
            std::env::var_os("GALLERY_MIRROR")
                .filter(|folder| !folder.is_empty())
                .map(PathBuf::from)
        };
        let Some(mirror) = args.mirror.clone().or_else(variable) else {
            bail!(
                "{listing} is read from a mirror: give its folder with --mirror or GALLERY_MIRROR"
            );
        };
        let config = ClientConfig {
            crates: compiled_here(),
            ..ClientConfig::of("mutants", listing.clone())
        };
        let (row, outputs) = survey(&mirror, config.clone(), Extent::Code);
        if row.outcome != Outcome::Made {
            bail!(
                "cannot generate a client from {listing}:\n{}",
                row.messages.join("\n")
            );
        }
        return Ok((config, Some(outputs)));
    }
    let config = workspace::config(root)?;
    let mut clients = workspace::clients(&config, args.client.as_deref())?;
    if clients.len() > 1 {
        let names: Vec<_> = clients.iter().map(|client| client.name.as_str()).collect();
        bail!(
            "there are several clients; choose one with --client: {}",
            names.join(", ")
        );
    }
    clients
        .pop()
        .map(|client| (client, None))
        .context("there is no client")
}

/// Takes a client's crate into memory.
fn client(root: &Path, config: &ClientConfig, outputs: Option<&Outputs>) -> Result<Client> {
    let folder = config.crate_dir();
    let mut files = Vec::new();
    match outputs {
        Some(outputs) => {
            for (path, bytes) in outputs.files() {
                if let Some(path) = path.strip_prefix(&format!("{folder}/")) {
                    files.push((path.to_owned(), bytes.to_vec()));
                }
            }
        }
        None => read(&root.join(&folder), "", &mut files)
            .with_context(|| format!("{folder}; run {}", recommend("regen")))?,
    }
    let path = format!("{folder}/{CODE}");
    let source = files
        .iter()
        .find(|(path, _)| path == CODE)
        .map(|(_, bytes)| bytes.clone());
    let source =
        source.with_context(|| format!("{path} is missing; run {}", recommend("regen")))?;
    let source = String::from_utf8(source).with_context(|| path.clone())?;
    let name = outputs.map_or_else(|| config.name.clone(), |_| config.source.to_string());
    Ok(Client {
        name,
        path,
        folder: root.join(folder),
        files,
        source,
    })
}

/// Reads a folder's files, and those of the folders in it.
fn read(folder: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            read(&entry.path(), &format!("{prefix}{name}/"), files)?;
        } else {
            let bytes = fs::read(entry.path()).with_context(|| format!("{prefix}{name}"))?;
            files.push((format!("{prefix}{name}"), bytes));
        }
    }
    Ok(())
}

/// Every operator, in the order of the table.
fn operators() -> impl Iterator<Item = &'static str> {
    OPERATORS.iter().map(|operator| operator.id)
}

/// The mutants of an operator.
fn of<'a>(rows: &'a [Row<'a>], operator: &str) -> Vec<&'a Row<'a>> {
    rows.iter()
        .filter(|row| row.mutant.operator == operator)
        .collect()
}

/// `path:line`, where a mutant has its fault.
fn place(client: &Client, mutant: &Mutant) -> String {
    format!("{}:{}", client.path, mutant.line)
}
