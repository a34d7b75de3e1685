//! All stages from the snapshots' files to the canonical document, in memory.

use std::collections::{BTreeMap, BTreeSet};

use crate::canonical::{self, Canonical};
use crate::copies::Copies;
use crate::documents::Documents;
use crate::index::{self, Index};
use crate::lift::EndpointKey;
use crate::merge::{Choices, LiftedListing, Merged, MergedEndpoint, merge};
use crate::names::Names;
use crate::parse::parse;
use crate::paths;
use crate::report::{self, DocumentReport, Report, report};
use crate::server::Known;
use crate::store::{COMBINED, Listing, RawFile};
use openapi_text::{Diagnostics, Location, Severity};

/// What a listing gives.
#[derive(Clone, Debug)]
pub struct Made {
    /// The canonical document.
    pub canonical: Canonical,
    /// What became of everything that was read.
    pub report: Report,
}

/// One listing of a provider.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// `OWNER/REPOSITORY/PROVIDER`.
    pub listing: &'a str,
    /// Its files.
    pub files: &'a Listing,
}

/// Makes the canonical document of one or several listings of one provider. `names` gets a name for each new endpoint. Nothing is made
/// when `diagnostics` has errors, also those of earlier stages.
pub fn run(
    inputs: &[Input<'_>],
    choices: &Choices,
    names: &mut Names,
    diagnostics: &mut Diagnostics,
) -> Option<Made> {
    let mut index: Option<Index> = None;
    let mut complete = true;
    let mut listings = Vec::new();
    let mut documents = Vec::new();
    for input in inputs {
        let own = read_index(input, diagnostics);
        let known = own.as_ref().map(Known::of).unwrap_or_default();
        let mut copies = Copies::new(&known);
        let mut lifted = LiftedListing {
            name: input.listing.to_owned(),
            documents: Vec::new(),
        };
        for file in input.files.documents() {
            let Some(document) = parse(file, diagnostics) else {
                continue;
            };
            documents.push(DocumentReport::new(input.listing, &document, own.as_ref()));
            lifted.documents.push(copies.lift(document, diagnostics));
        }
        listings.push(lifted);
        complete &= own.is_some();
        index = match (index, own) {
            (Some(first), Some(own)) => Some(joined(first, own)),
            (first, own) => first.or(own),
        };
    }
    let mut merged = merge(&listings, choices, diagnostics);
    paths::settle(&mut merged.endpoints);
    let index = index.filter(|_| complete)?;
    let place = || Location::file(inputs.first().map_or("", |input| input.listing));
    if merged.endpoints.is_empty() {
        let message =
            "the listing has no endpoint that could be kept: there is nothing to make a client of";
        diagnostics.push(Severity::Error, "no-endpoints", place(), message);
    }
    if diagnostics.has_errors() {
        return None;
    }
    let names = names.assign(&merged.endpoints);
    let listings: Vec<&str> = inputs.iter().map(|input| input.listing).collect();
    let canonical = match canonical::assemble(&index, &listings, &merged, &names) {
        Ok(canonical) => canonical,
        Err(error) => {
            diagnostics.push(Severity::Error, "canonical", place(), error.to_string());
            return None;
        }
    };
    let read = report::Read {
        inputs,
        index: &index,
        documents,
    };
    let report = report(read, &merged, &names, diagnostics);
    if let Some(amiss) = report.unaccounted() {
        diagnostics.push(
            Severity::Error,
            "unaccounted",
            place(),
            format!("{amiss}; this is a fault of this program"),
        );
        return None;
    }
    Some(Made { canonical, report })
}

/// Makes a document of one Swagger 2.0 file that belongs to no listing, as a listing of it alone would give it. What its model has not
/// (definitions of types and of credentials) is said in `diagnostics`. Where each operation has an `operationId` of its own, that is its
/// name, as anybody's Swagger means it; else `names` has it, and gets one for each new endpoint.
pub fn single(
    file: &RawFile,
    names: &mut Names,
    diagnostics: &mut Diagnostics,
) -> Option<Canonical> {
    if !file
        .value(diagnostics)?
        .get("paths")
        .is_some_and(serde_json::Value::is_object)
    {
        let message = "`paths` is missing or no map: a document of Swagger 2.0 has one";
        diagnostics.push(
            Severity::Error,
            "no-paths",
            Location::file(&file.path),
            message,
        );
        return None;
    }
    let document = parse(file, diagnostics)?;
    let index = Index {
        name: document.title.clone(),
        description: document.description.clone(),
        ..Index::default()
    };
    let known = Known::of(&index);
    let lifted = Copies::new(&known).lift(document, diagnostics);
    let mut merged = merge(
        &[LiftedListing {
            name: String::new(),
            documents: vec![lifted],
        }],
        &Choices::new(),
        diagnostics,
    );
    paths::settle(&mut merged.endpoints);
    if diagnostics.has_errors() {
        return None;
    }
    let names = listed_names(&merged).unwrap_or_else(|| names.assign(&merged.endpoints));
    let made = canonical::assemble(&index, &[], &merged, &names);
    made.map_err(|error| {
        diagnostics.push(
            Severity::Error,
            "canonical",
            Location::file(&file.path),
            error.to_string(),
        )
    })
    .ok()
}

/// The ids that a document gives its operations, if each has one and no two have the same.
fn listed_names(merged: &Merged) -> Option<BTreeMap<EndpointKey, String>> {
    let listed =
        |endpoint: &MergedEndpoint| Some((endpoint.key.clone(), endpoint.listed_id.clone()?));
    let names: BTreeMap<EndpointKey, String> =
        merged.endpoints.iter().map(listed).collect::<Option<_>>()?;
    let distinct: BTreeSet<&String> = names.values().filter(|name| !name.is_empty()).collect();
    (distinct.len() == names.len()).then_some(names)
}

fn read_index(input: &Input<'_>, diagnostics: &mut Diagnostics) -> Option<Index> {
    let Input { listing, files } = *input;
    let Some(file) = files.index() else {
        // What became of it was said when it was read.
        if !diagnostics.has_errors() {
            let message = format!("the listing has no index `{}`", index::FILE_NAME);
            diagnostics.push(
                Severity::Error,
                "no-index",
                Location::file(listing),
                message,
            );
        }
        return None;
    };
    let provider = listing.rsplit('/').next().unwrap_or(listing);
    let index = index::parse(file, provider, diagnostics)?;
    let combined = match files.documents {
        // What is wrong with it is said when it is read as a document.
        Documents::Needed => files
            .combined()
            .and_then(|file| file.value(&mut Diagnostics::default())),
        Documents::All => None,
    };
    let mut wanted = files.documents.of(&index, combined);
    wanted.extend(
        index
            .document_files()
            .into_iter()
            .filter(|name| *name == COMBINED),
    );
    let refused = |name: &str| {
        diagnostics
            .of(Severity::Error)
            .any(|said| said.location.file.ends_with(&format!("/{name}")))
    };
    let there = |name: &str| files.files.iter().any(|file| file.name() == name);
    let missing: Vec<&str> = wanted
        .into_iter()
        .filter(|name| !there(name) && !refused(name))
        .collect();
    for missing in missing {
        let message = format!(
            "the index names the document `{missing}`, which the snapshot does not have; run `cargo xtask fetch`"
        );
        diagnostics.push(
            Severity::Error,
            "missing-document",
            Location::file(&file.path),
            message,
        );
    }
    Some(index)
}

/// What the index of a further listing adds to that of the first.
fn joined(mut first: Index, further: Index) -> Index {
    first.entries.extend(further.entries);
    first.description = first.description.or(further.description);
    for link in further.links {
        if !first.links.iter().any(|known| known.kind == link.kind) {
            first.links.push(link);
        }
    }
    for maintainer in further.maintainers {
        if !first.maintainers.contains(&maintainer) {
            first.maintainers.push(maintainer);
        }
    }
    first
}
