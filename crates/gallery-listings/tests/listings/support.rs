//! Runs the pipeline on listings in memory.

use gallery_draft::{Choices, FileSet};
use gallery_listings::{Documents, Listing, draft};
use gallery_spec::names::Names;
use gallery_spec::pipeline::{Output, finish};
use openapi_text::Diagnostics;

/// Generates the canonical document and the report from listings.
pub(crate) fn run(
    listings: &[FileSet],
    documents: Documents,
    choices: &Choices,
    names: &mut Names,
    diagnostics: &mut Diagnostics,
) -> Option<Output> {
    let listings: Vec<Listing<'_>> = listings
        .iter()
        .map(|set| Listing::new(set, documents))
        .collect();
    let draft = draft(&listings, choices, diagnostics)?;
    finish(&draft, None, names, diagnostics)
}
