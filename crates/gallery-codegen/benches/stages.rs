//! Measures each stage of generation on the Mattermost snapshot.

use std::path::Path;

use gallery_codegen::CodeSettings;
use gallery_codegen::bindings;
use gallery_codegen::client;
use gallery_codegen::lower;
use gallery_spec::canonical::Canonical;
use gallery_spec::draft::Choices;
use gallery_spec::draft::FileSet;
use gallery_spec::listings::{Documents, Listing, draft};
use gallery_spec::names::Names;
use gallery_spec::pipeline::{Output, finish};
use gallery_spec::workspace::{ClientInputs, Workspace};
use openapi_text::Diagnostics;

fn main() {
    divan::main();
}

fn inputs() -> Option<ClientInputs> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let workspace = Workspace::read(root).ok()?;
    let client = workspace.clients(Some("mattermost")).ok()?.pop()?;
    workspace.inputs(&client).ok()
}

fn run(files: &FileSet, names: &mut Names) -> Option<Output> {
    let listing = Listing::new(files, Documents::default());
    let mut diagnostics = Diagnostics::default();
    let draft = draft(&[listing], &Choices::new(), &mut diagnostics)?;
    finish(&draft, None, names, &mut diagnostics)
}

fn canonical() -> Option<Canonical> {
    let inputs = inputs()?;
    let mut names = inputs.names;
    Some(run(inputs.files.first()?, &mut names)?.canonical)
}

/// Parses the YAML of 8 documents and the index.
#[divan::bench]
fn parse_yaml(bencher: divan::Bencher<'_, '_>) {
    let Some(inputs) = inputs() else { return };
    bencher.bench_local(|| {
        let files = inputs.files.iter().flat_map(|listing| &listing.files);
        files
            .filter_map(|file| {
                openapi_text::yaml::parse(&file.path, &file.bytes, &mut Diagnostics::default())
            })
            .count()
    });
}

/// Reads a listing and builds its canonical document, including YAML.
#[divan::bench]
fn listing_to_canonical(bencher: divan::Bencher<'_, '_>) {
    let Some(inputs) = inputs() else { return };
    bencher.bench_local(|| run(inputs.files.first()?, &mut inputs.names.clone()));
}

/// Lowers the document, runs progenitor, and writes the code as text.
#[divan::bench]
fn canonical_to_code(bencher: divan::Bencher<'_, '_>) {
    let Some(canonical) = canonical() else { return };
    bencher.bench_local(|| {
        let bindings = bindings(&canonical);
        let lowered = lower(
            "bench",
            &canonical,
            &bindings,
            &CodeSettings::default(),
            &mut Diagnostics::default(),
        )?;
        client(
            &canonical,
            &lowered,
            &CodeSettings::default(),
            &mut Diagnostics::default(),
        )
        .ok()
    });
}
