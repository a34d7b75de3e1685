//! Measures the survey of all listings of a mirror, with and without generating code, against the
//! YAML parser alone. Uses all processors and a new process per round.
//!
//! `GALLERY_MIRROR=DIRECTORY cargo bench -p gallery-cli --bench mirror`
#![allow(clippy::panic, reason = "a failed measurement panics")]

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use gallery_cli::survey::{Extent, mirror, survey};
use gallery_spec::config::ClientConfig;
use gallery_spec::listings::Documents;
use openapi_text::front_matter;

#[path = "../../gallery-codegen/benches/support/mod.rs"]
mod support;

const ROUNDS: usize = 5;

const WORKLOADS: &[support::Workload] = &[
    ("documents needed: YAML parser alone", yaml),
    ("documents needed: to canonical documents", |root| {
        all(root, Documents::Needed, Extent::Document);
    }),
    ("documents needed: to code", |root| {
        all(root, Documents::Needed, Extent::Code);
    }),
    ("all documents: YAML parser alone", yaml),
    ("all documents: to canonical documents", |root| {
        all(root, Documents::All, Extent::Document);
    }),
];

fn main() {
    support::child(WORKLOADS);
    let Ok(root) = std::env::var("GALLERY_MIRROR") else {
        println!("skipped: GALLERY_MIRROR is not set");
        return;
    };
    let lists = (
        list(&root, Documents::Needed, "mirror-needed"),
        list(&root, Documents::All, "mirror-all"),
    );
    let (Ok(needed), Ok(everything)) = lists else {
        panic!("cannot read {root}")
    };
    let mut costs = vec![Vec::new(); WORKLOADS.len()];
    for _ in 0..ROUNDS {
        for ((name, _), costs) in WORKLOADS.iter().zip(&mut costs) {
            let argument = match *name {
                "documents needed: YAML parser alone" => &needed,
                "all documents: YAML parser alone" => &everything,
                _ => &root,
            };
            costs.extend(support::measure(name, argument));
        }
    }
    for ((name, _), costs) in WORKLOADS
        .iter()
        .zip(&costs)
        .filter(|(_, costs)| !costs.is_empty())
    {
        let cost = support::median(costs);
        println!(
            "{name:<42} {:>6.2} s {:>6.2} s CPU {:>5.0} MB",
            cost.wall.as_secs_f64(),
            cost.cpu.as_secs_f64(),
            cost.peak as f64 / 1e6
        );
    }
}

/// Calls `work` with each index below `count`, on all processors.
fn on_all_processors(count: usize, work: impl Fn(usize) + Sync) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                let numbers = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
                numbers.take_while(|number| *number < count).for_each(&work);
            });
        }
    });
}

/// Runs the survey of each listing.
fn all(root: &str, documents: Documents, extent: Extent) {
    let root = Path::new(root);
    let sources = mirror(root)
        .map(|mirror| mirror.sources)
        .unwrap_or_default();
    on_all_processors(sources.len(), |number| {
        let source = &sources[number];
        let client = ClientConfig::of(&format!("bench-{number}"), source.source(documents));
        std::hint::black_box(survey(root, source, client, extent));
    });
}

/// Reads and parses each file of a list as YAML, without the types of this project.
fn yaml(list: &str) {
    let list = std::fs::read_to_string(list).unwrap_or_default();
    let files: Vec<&str> = list.lines().collect();
    on_all_processors(files.len(), |at| {
        let bytes = std::fs::read(files[at]).unwrap_or_default();
        if let Ok(body) = front_matter::body(&bytes) {
            std::hint::black_box(serde_yaml::from_str::<serde_yaml::Value>(body.text)).ok();
        }
    });
}

/// Writes the paths of the files that the survey reads to a temporary file, one per line. Returns
/// its path.
fn list(root: &str, documents: Documents, name: &str) -> std::io::Result<String> {
    let mut paths = String::new();
    for source in mirror(Path::new(root))?.sources {
        let base = source.base(Path::new(root));
        for file in source.read(Path::new(root), documents)?.files.files {
            paths.push_str(&format!("{}/{}\n", base.display(), file.path));
        }
    }
    let list = std::env::temp_dir().join(name);
    std::fs::write(&list, paths)?;
    Ok(list.display().to_string())
}
