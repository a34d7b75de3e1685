//! All stages from a snapshot's files to the canonical document, in memory.

use crate::canonical::{self, Canonical};
use crate::diagnostic::{Diagnostics, Place, Severity};
use crate::documents::Documents;
use crate::index;
use crate::lift::lift;
use crate::merge::merge;
use crate::names::Names;
use crate::parse::parse;
use crate::repair::repair;
use crate::report::{Report, report};
use crate::store::{COMBINED, Listing};
use crate::swagger2::Document;
use crate::yaml;

/// What a listing gives.
#[derive(Clone, Debug)]
pub struct Made {
    /// The canonical document.
    pub canonical: Canonical,
    /// What became of everything that was read.
    pub report: Report,
}

/// Makes the canonical document of a listing. `listing` is its `OWNER/REPOSITORY/PROVIDER`. `names` gets a name for each new
/// endpoint. Nothing is made when `diagnostics` has errors, also those of earlier stages.
pub fn run(listing: &str, files: &Listing, names: &mut Names, diagnostics: &mut Diagnostics) -> Option<Made> {
    let index = match files.index() {
        Some(file) => yaml::parse(&file.path, &file.bytes, diagnostics)
            .and_then(|value| index::read(&file.path, &value, diagnostics).map(|index| (file.path.clone(), index))),
        // What became of it was said when it was read.
        None if diagnostics.has_errors() => None,
        None => {
            let message = format!("the listing has no index `{}`", index::FILE_NAME);
            diagnostics.push(Severity::Error, "no-index", Place::file(listing), message);
            None
        }
    };
    if let Some((path, index)) = &index {
        let refused = |name: &str| diagnostics.of(Severity::Error).any(|said| said.place.file.ends_with(&format!("/{name}")));
        let there = |name: &str| files.files.iter().any(|file| file.name() == name);
        let combined = match files.documents {
            // What is wrong with it is said when it is read as a document.
            Documents::Needed => {
                files.combined().and_then(|file| yaml::parse(&file.path, &file.bytes, &mut Diagnostics::default()))
            }
            Documents::All => None,
        };
        let mut wanted = files.documents.of(index, combined.as_ref());
        wanted.extend(index.document_files().into_iter().filter(|name| *name == COMBINED));
        let missing: Vec<&str> = wanted.into_iter().filter(|name| !there(name) && !refused(name)).collect();
        for missing in missing {
            let message =
                format!("the index names the document `{missing}`, which the snapshot does not have; run `cargo xtask fetch`");
            diagnostics.push(Severity::Error, "missing-document", Place::file(path), message);
        }
    }
    let documents: Vec<Document> = files
        .documents()
        .filter_map(|file| parse(file, diagnostics))
        .collect::<Vec<_>>()
        .into_iter()
        .map(|document| repair(document, diagnostics))
        .collect();
    let lifted: Vec<_> = documents.iter().map(|document| lift(document, diagnostics)).collect();
    let merged = merge(&lifted, diagnostics);
    let (_, index) = index?;
    if merged.endpoints.is_empty() {
        let place = Place::file(listing);
        diagnostics.push(
            Severity::Error,
            "no-endpoints",
            place,
            "the listing has no endpoint that could be kept: there is nothing to make a client of",
        );
    }
    if diagnostics.has_errors() {
        return None;
    }
    let names = names.assign(&merged.endpoints);
    let canonical = match canonical::assemble(&index, listing, &merged, &names) {
        Ok(canonical) => canonical,
        Err(error) => {
            diagnostics.push(Severity::Error, "canonical", Place::file(listing), error.to_string());
            return None;
        }
    };
    let report = report(listing, files, &index, &documents, &merged, &names, diagnostics);
    if let Some(amiss) = report.unaccounted() {
        diagnostics.push(
            Severity::Error,
            "unaccounted",
            Place::file(listing),
            format!("{amiss}; this is a fault of this program"),
        );
        return None;
    }
    Some(Made { canonical, report })
}
