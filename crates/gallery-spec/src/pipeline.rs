//! The pipeline from the files of a snapshot to the canonical document, in memory.

use std::collections::{BTreeMap, BTreeSet};

use crate::canonical::Canonical;
use crate::names::Names;
use crate::overlay::{Overlay, settle::settle};
use crate::report::Report;
use crate::source::Source;
use gallery_draft::{Choices, Draft, EndpointKey, FileSet, RawFile};
use gallery_listings as listings;
use openapi_text::{Diagnostics, Location, Severity};

/// The result of the pipeline.
#[derive(Clone, Debug)]
pub struct Output {
    /// The canonical document.
    pub canonical: Canonical,
    /// The account of everything that was read.
    pub report: Report,
}

/// Makes the canonical document of a source: reads the draft, then [`finish`]es it.
pub fn run(
    source: &Source,
    files: &[FileSet],
    choices: &Choices,
    overlay: Option<&Overlay>,
    names: &mut Names,
    diagnostics: &mut Diagnostics,
) -> Option<Output> {
    let draft = source.draft(files, choices, diagnostics)?;
    finish(&draft, overlay, names, diagnostics)
}

/// Makes the canonical document of a draft. `names` gets a name for each new endpoint.
///
/// Returns nothing if `diagnostics` has errors, those of earlier stages included.
pub fn finish(
    draft: &Draft,
    overlay: Option<&Overlay>,
    names: &mut Names,
    diagnostics: &mut Diagnostics,
) -> Option<Output> {
    let place = || Location::file(draft.account.sets.first().map_or("", String::as_str));
    let names = names.assign(&draft.endpoints);
    let canonical = assemble(draft, &names, place(), diagnostics)?;
    let report = Report::new(draft, &names, diagnostics);
    if let Some(message) = report.unaccounted() {
        diagnostics.push(
            Severity::Error,
            "unaccounted",
            place(),
            format!("{message}; this is a fault of this program"),
        );
        return None;
    }
    let mut output = Output { canonical, report };
    if let Some(overlay) = overlay {
        let (canonical, report) = settle(&output.canonical, overlay, diagnostics)?;
        output.canonical = canonical;
        output.report.overlay = Some(report);
    }
    Some(output)
}

/// Makes a canonical document of one Swagger 2.0 file that belongs to no source.
///
/// Endpoints keep their `operationId`s if each has one and no two are equal; else `names` has their
/// names, and gets one for each new endpoint.
pub fn single(
    file: &RawFile,
    names: &mut Names,
    diagnostics: &mut Diagnostics,
) -> Option<Canonical> {
    let draft = listings::single(file, diagnostics)?;
    let names = listed_ids(&draft).unwrap_or_else(|| names.assign(&draft.endpoints));
    assemble(&draft, &names, Location::file(&file.path), diagnostics)
}

fn assemble(
    draft: &Draft,
    names: &BTreeMap<EndpointKey, String>,
    place: Location,
    diagnostics: &mut Diagnostics,
) -> Option<Canonical> {
    Canonical::assemble(draft, names)
        .map_err(|error| {
            diagnostics.push(Severity::Error, "canonical", place, error.to_string());
        })
        .ok()
}

/// Returns the `operationId`s of the source, if each endpoint has one and no two are equal.
fn listed_ids(draft: &Draft) -> Option<BTreeMap<EndpointKey, String>> {
    let ids: BTreeMap<EndpointKey, String> = draft
        .endpoints
        .iter()
        .map(|endpoint| Some((endpoint.key.clone(), endpoint.listed_id.clone()?)))
        .collect::<Option<_>>()?;
    let distinct: BTreeSet<&String> = ids.values().filter(|id| !id.is_empty()).collect();
    (distinct.len() == ids.len()).then_some(ids)
}
