//! Every listing of the mirror, as far as its document and as far as code, on all processors, against the YAML parser alone:
//! `GALLERY_MIRROR=<folder> cargo bench -p gallery-cli --bench mirror`. Each round is a process of its own.
#![allow(clippy::panic, reason = "a measurement that cannot be made should end")]

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use gallery_cli::survey::{Extent, mirror, read, survey};
use gallery_spec::config::ClientConfig;
use gallery_spec::listings::Documents;
use gallery_spec::source::ListingsSource;
use openapi_text::front_matter;

#[path = "../../gallery-codegen/benches/support/mod.rs"]
mod support;

const ROUNDS: usize = 5;

const WORKS: &[support::Work] = &[
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
    support::child(WORKS);
    let Ok(root) = std::env::var("GALLERY_MIRROR") else {
        println!("skipped: GALLERY_MIRROR is not set");
        return;
    };
    let lists = (
        list(&root, Documents::Needed, "mirror-needed"),
        list(&root, Documents::All, "mirror-all"),
    );
    let (Ok(needed), Ok(everything)) = lists else {
        panic!("{root} cannot be read")
    };
    let mut costs = vec![Vec::new(); WORKS.len()];
    for _ in 0..ROUNDS {
        for ((name, _), costs) in WORKS.iter().zip(&mut costs) {
            let argument = match *name {
                "documents needed: YAML parser alone" => &needed,
                "all documents: YAML parser alone" => &everything,
                _ => &root,
            };
            costs.extend(support::measure(name, argument));
        }
    }
    for ((name, _), costs) in WORKS
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

fn all(root: &str, documents: Documents, extent: Extent) {
    let root = Path::new(root);
    let listings = mirror(root)
        .map(|mirror| mirror.listings)
        .unwrap_or_default();
    on_all_processors(listings.len(), |number| {
        let source = ListingsSource {
            documents,
            ..ListingsSource::new(listings[number].clone())
        };
        let client = ClientConfig::of(&format!("bench-{number}"), source);
        std::hint::black_box(survey(root, client, extent));
    });
}

/// The files of a list read and parsed, each once, to the parser's own values.
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

/// The files that are read, a path a line, in a file of that name in the folder for temporary files.
fn list(root: &str, documents: Documents, name: &str) -> std::io::Result<String> {
    let mut paths = String::new();
    for listing in mirror(Path::new(root))?.listings {
        for file in read(Path::new(root), &listing, documents)?.files.files {
            paths.push_str(&format!("{root}/{}\n", file.path));
        }
    }
    let list = std::env::temp_dir().join(name);
    std::fs::write(&list, paths)?;
    Ok(list.display().to_string())
}
