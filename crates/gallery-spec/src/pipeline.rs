//! The pipeline from the files of a snapshot to the canonical document, in memory.

use std::collections::BTreeMap;

use crate::canonical::Canonical;
use crate::names::Names;
use crate::overlay::{self, Overlay};
use crate::report::Report;
use crate::source::Source;
use gallery_draft::{Choices, Draft, EndpointKey, FileSet};
use openapi_text::{Diagnostics, Location, Severity};

/// The result of the pipeline.
#[derive(Clone, Debug)]
pub struct Output {
    /// The canonical document.
    pub canonical: Canonical,
    /// The canonical document before the overlay, if there is an overlay.
    pub before_overlay: Option<Canonical>,
    /// The report on the source.
    pub report: Report,
}

/// Builds the canonical document of a source. With `all_components`, components that no operation
/// reaches are kept.
///
/// Returns `None` if `diagnostics` has errors, including those of earlier stages.
pub fn run(
    source: &Source,
    files: &[FileSet],
    choices: &Choices,
    all_components: bool,
    overlay: Option<&Overlay>,
    names: &mut Names,
    diagnostics: &mut Diagnostics,
) -> Option<Output> {
    let components = names.components();
    let draft = source.draft(files, choices, components, all_components, diagnostics)?;
    finish(&draft, overlay, names, diagnostics)
}

/// Builds the canonical document of a draft. Adds a name for each new endpoint to `names`.
///
/// Returns `None` if `diagnostics` has errors, including those of earlier stages.
pub fn finish(
    draft: &Draft,
    overlay: Option<&Overlay>,
    names: &mut Names,
    diagnostics: &mut Diagnostics,
) -> Option<Output> {
    let location = || Location::file(draft.account.sets.first().map_or("", String::as_str));
    names.set_components(&draft.component_names);
    let names = names.assign(&draft.endpoints);
    let canonical = assemble(draft, &names, location(), diagnostics)?;
    let report = Report::new(draft, &names, diagnostics);
    if let Some(message) = report.unaccounted() {
        diagnostics.push(
            Severity::Error,
            "unaccounted",
            location(),
            format!("{message}; this is a bug in this program"),
        );
        return None;
    }
    let mut output = Output {
        canonical,
        before_overlay: None,
        report,
    };
    if let Some(overlay) = overlay {
        let (canonical, report) = overlay::apply(&output.canonical, overlay, diagnostics)?;
        output.before_overlay = Some(std::mem::replace(&mut output.canonical, canonical));
        output.report.overlay = Some(report);
    }
    Some(output)
}

fn assemble(
    draft: &Draft,
    names: &BTreeMap<EndpointKey, String>,
    location: Location,
    diagnostics: &mut Diagnostics,
) -> Option<Canonical> {
    Canonical::assemble(draft, names)
        .map_err(|error| {
            diagnostics.push(Severity::Error, "canonical", location, error.to_string());
        })
        .ok()
}
