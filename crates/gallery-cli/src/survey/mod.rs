//! The command `survey`: runs the pipeline on every source of a mirror.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, Result};
use clap::Args;
use gallery_codegen::Outputs;
use gallery_fetch::Event;
use gallery_regen::exit::Exit;
use gallery_regen::text::counted;
use gallery_spec::config::{ClientConfig, CodeOptions};
use gallery_spec::listings::Documents;
use serde::Serialize;
use serde_json::json;

use crate::compiled_clients::compiled_here;
use crate::list::Format;
use crate::progress::Progress;
use crate::table::table;

mod compile;
mod mirror;
mod row;

use compile::{Compiled, SurveyWorkspace, Tested};
pub use mirror::{Mirror, MirrorFiles, MirrorSource, Partition, mirror};
pub use row::{Counts, Extent, Outcome, Row, survey};

/// Run the pipeline on every listing or index of a mirror, and report the result
///
/// specs/ and crates/ are neither read nor written. Exits 4 if a source fails. A source without any
/// usable operation does not count as failed, because there is nothing to generate.
///
/// TYPED counts the responses for success that have a schema, of those that have content. SIBLING
/// and DANGLING count the references that lead nowhere in their document: those that another
/// document of the source resolves, and the others. RENAMED counts the components whose names are
/// those of different ones.
#[derive(Args, Clone, Debug)]
pub struct SurveyArgs {
    /// Folder with listings at OWNER__REPOSITORY/_listings/PROVIDER, or indexes at
    /// OWNER__REPOSITORY/apis.yml
    #[arg(value_name = "DIR")]
    pub mirror: PathBuf,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Read all documents, not only those that are needed
    #[arg(long)]
    pub all_documents: bool,
    /// Write the canonical documents to this folder, as OWNER__REPOSITORY__PROVIDER.json or
    /// OWNER__REPOSITORY.json
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Stop after the canonical documents, without generating code
    #[arg(long, conflicts_with_all = ["compile", "conform"])]
    pub no_code: bool,
    /// Compile every client and its tests, without running them
    #[arg(long)]
    pub compile: bool,
    /// Number of clients whose conformance tests are run
    #[arg(long, value_name = "NUMBER")]
    pub conform: Option<usize>,
    /// Seed that selects these clients
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub seed: u64,
    /// Only this part of the sources, such as 2/8
    #[arg(long, value_name = "PART/OF", value_parser = part)]
    pub partition: Option<Partition>,
}

fn part(text: &str) -> std::result::Result<Partition, String> {
    let numbers = text
        .split_once('/')
        .and_then(|(number, of)| Some((u64::from_str(number).ok()?, u64::from_str(of).ok()?)));
    match numbers {
        Some((number, of)) if (1..=of).contains(&number) => Ok(Partition { number, of }),
        _ => Err("write a part as 2/8: the second of eight".to_owned()),
    }
}

pub(crate) fn survey_all(
    root: &Path,
    args: &SurveyArgs,
    verbose: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let Mirror {
        mut sources,
        others,
    } = mirror(&args.mirror).with_context(|| args.mirror.display().to_string())?;
    for other in &others {
        writeln!(err, "not a source: {other}")?;
    }
    if let Some(partition) = &args.partition {
        sources.retain(|source| partition.has(source));
    }
    if sources.is_empty() {
        writeln!(
            err,
            "error: there is no listing or index in {}",
            args.mirror.display()
        )?;
        return Ok(Exit::Failed);
    }
    if let Some(folder) = &args.out {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    let clients = clients(&sources, args);
    let workspace = match args.compile || args.conform.is_some() {
        true => Some(SurveyWorkspace::new(root)?),
        false => None,
    };
    let rows = rows(args, &sources, &clients, workspace.as_ref())?;
    let is_text = args.format == Format::Text;
    if is_text {
        show(&rows, verbose, out, err)?;
    }
    let made: Vec<&ClientConfig> = clients
        .iter()
        .zip(&rows)
        .filter(|(_, row)| row.outcome == Outcome::Made)
        .map(|(client, _)| client)
        .collect();
    let workspace = workspace.as_ref();
    let compiled = workspace
        .filter(|_| args.compile)
        .map(|workspace| workspace.check(&made, err))
        .transpose()?;
    if let Some(compiled) = compiled.filter(|_| is_text) {
        writeln!(out, "{compiled}")?;
    }
    let tested = workspace
        .zip(args.conform)
        .map(|(workspace, count)| workspace.test(&chosen(&made, count, args.seed), err))
        .transpose()?;
    if let Some(tested) = tested.filter(|_| is_text) {
        writeln!(out, "{tested}")?;
    }
    if !is_text {
        show_json(&rows, compiled, tested, out)?;
    }
    let has_failed = rows.iter().any(|row| row.outcome == Outcome::Failed)
        || compiled.is_some_and(|compiled| compiled.failed > 0)
        || tested.is_some_and(|tested| tested.failed > 0);
    Ok(if has_failed { Exit::Stale } else { Exit::Fine })
}

/// Returns a client for each source, with a unique name.
fn clients(sources: &[MirrorSource], args: &SurveyArgs) -> Vec<ClientConfig> {
    let documents = if args.all_documents {
        Documents::All
    } else {
        Documents::Needed
    };
    let client = |(number, source): (usize, &MirrorSource)| ClientConfig {
        crates: compiled_here(),
        code: CodeOptions::of_new_client(),
        ..ClientConfig::of(&format!("survey-{number}"), source.source(documents))
    };
    sources.iter().enumerate().map(client).collect()
}

/// Runs the pipeline for all clients, on all processors. Outputs are written at once and not kept
/// in memory.
fn rows(
    args: &SurveyArgs,
    sources: &[MirrorSource],
    clients: &[ClientConfig],
    workspace: Option<&SurveyWorkspace>,
) -> Result<Vec<Row>> {
    let progress = Progress::new("sources");
    progress.on(Event::Planned(clients.len()));
    let extent = if args.no_code {
        Extent::Document
    } else {
        Extent::Code
    };
    let (next, rows) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let work = || -> Result<()> {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let (Some(source), Some(client)) = (sources.get(number), clients.get(number)) else {
                return Ok(());
            };
            let (row, outputs) = survey(&args.mirror, source, client.clone(), extent);
            keep(args, source, client, &outputs)?;
            if let Some(workspace) = workspace {
                workspace.add(&outputs)?;
            }
            progress.on(Event::File);
            let mut rows = rows
                .lock()
                .map_err(|_| anyhow::anyhow!("another thread of the survey panicked"))?;
            rows.insert(number, row);
        }
    };
    let processors = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..processors).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| {
            worker
                .join()
                .unwrap_or_else(|_| anyhow::bail!("a thread of the survey panicked"))
        })
    })?;
    let rows = rows
        .into_inner()
        .map_err(|_| anyhow::anyhow!("a thread of the survey panicked"))?;
    Ok(rows.into_values().collect())
}

/// Writes the canonical document if `--out` is given.
fn keep(
    args: &SurveyArgs,
    source: &MirrorSource,
    client: &ClientConfig,
    outputs: &Outputs,
) -> Result<()> {
    let document = outputs.get(&format!("{}/openapi.json", client.specs_dir()));
    if let (Some(folder), Some(document)) = (&args.out, document) {
        let name = source.to_string().replace('/', "__");
        let path = folder.join(format!("{name}.json"));
        fs::write(&path, document).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// The numbers of listings by outcome, and the sums of their counts.
#[derive(Serialize)]
struct Totals {
    made: usize,
    empty: usize,
    dropped: usize,
    failed: usize,
    counts: Counts,
}

impl Totals {
    fn of(rows: &[Row]) -> Totals {
        let mut counts = Counts::default();
        rows.iter().for_each(|row| counts += row.counts.clone());
        let count = |outcome| rows.iter().filter(|row| row.outcome == outcome).count();
        Totals {
            made: count(Outcome::Made),
            empty: count(Outcome::Empty),
            dropped: count(Outcome::Dropped),
            failed: count(Outcome::Failed),
            counts,
        }
    }
}

/// Prints all results as one JSON value, with `compiled` and `tested` if they were requested.
fn show_json(
    rows: &[Row],
    compiled: Option<Compiled>,
    tested: Option<Tested>,
    out: &mut dyn Write,
) -> Result<()> {
    let mut value = json!({"listings": rows, "totals": Totals::of(rows)});
    if let Some(compiled) = compiled {
        value["compiled"] = json!(compiled);
    }
    if let Some(tested) = tested {
        value["tested"] = json!(tested);
    }
    writeln!(out, "{}", serde_json::to_string_pretty(&value)?)?;
    Ok(())
}

fn show(rows: &[Row], verbose: bool, out: &mut dyn Write, err: &mut dyn Write) -> Result<()> {
    let Totals {
        made,
        empty,
        dropped,
        failed,
        counts: totals,
    } = Totals::of(rows);
    let cells = |name: &str, counts: &Counts| {
        let numbers = [
            counts.entries,
            counts.endpoints,
            counts.duplicates,
            counts.conflicts,
            counts.repaired,
            counts.assumed,
            counts.sibling_references,
            counts.dangling_references,
            counts.renamed_components,
            counts.reduced,
            counts.dropped,
        ];
        let versions: Vec<&str> = counts.versions.keys().map(String::as_str).collect();
        let (typed, responses) = (counts.typed_success_responses, counts.success_responses);
        let texts = [
            name.to_owned(),
            versions.join(" "),
            format!("{typed}/{responses}"),
        ];
        let mut cells = texts
            .into_iter()
            .chain(numbers.map(|number| number.to_string()));
        std::array::from_fn::<String, 14, _>(|_| cells.next().unwrap_or_default())
    };
    let header = [
        "SOURCE",
        "VERSIONS",
        "TYPED",
        "ENTRIES",
        "ENDPOINTS",
        "DUPLICATES",
        "CONFLICTS",
        "REPAIRED",
        "ASSUMED",
        "SIBLING",
        "DANGLING",
        "RENAMED",
        "REDUCED",
        "DROPPED",
    ];
    let mut lines: Vec<_> = rows
        .iter()
        .filter(|row| matches!(row.outcome, Outcome::Made | Outcome::Dropped))
        .map(|row| cells(&row.listing, &row.counts))
        .collect();
    lines.push(cells("total", &totals));
    table(header, &lines, out)?;
    for row in rows {
        let is_shown = matches!(row.outcome, Outcome::Failed | Outcome::Dropped) || verbose;
        if is_shown && !row.messages.is_empty() {
            writeln!(err, "{}:", row.listing)?;
            row.messages
                .iter()
                .try_for_each(|message| writeln!(err, "{message}"))?;
        }
    }
    writeln!(
        out,
        "{}: {made} made, {empty} without an operation, {dropped} without a usable operation, \
         {failed} failed; {} read, {} not needed",
        counted(rows.len(), "source"),
        counted(totals.documents, "document"),
        totals.unread_documents
    )?;
    Ok(())
}

/// Selects `count` clients by the seed.
fn chosen<'a>(clients: &[&'a ClientConfig], count: usize, seed: u64) -> Vec<&'a ClientConfig> {
    let mut by_hash: Vec<_> = clients.to_vec();
    by_hash.sort_by_cached_key(|client| {
        gallery_spec::lock::sha256(format!("{seed} {}", client.source).as_bytes())
    });
    by_hash.truncate(count);
    by_hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use gallery_spec::listings::ListingRef;

    #[test]
    fn parts_are_disjoint_and_whole() {
        let listings: Vec<_> = (0..200)
            .map(|number| {
                MirrorSource::Listing(ListingRef::parse(&format!("o/r/p{number}")).unwrap())
            })
            .collect();
        let parts: Vec<_> = (1..=8).map(|number| Partition { number, of: 8 }).collect();
        for listing in &listings {
            assert_eq!(parts.iter().filter(|part| part.has(listing)).count(), 1);
        }
        assert!(
            parts
                .iter()
                .all(|part| listings.iter().filter(|listing| part.has(listing)).count() > 10)
        );
        assert_eq!(part("2/8").unwrap(), Partition { number: 2, of: 8 });
        for wrong in ["0/8", "9/8", "2", "2/0", "a/b"] {
            assert!(part(wrong).is_err(), "{wrong}");
        }
    }
}
