//! Reads OpenAPI documents of any version as a source: files → [`Draft`].
//!
//! ```text
//! files ─► references ─► convert ─► repair ─► entries ─► merge ─► draft
//!          to components  3.0.3                   components in one namespace
//! ```
//!
//! A source is a set of files: documents, files that they refer to, and optionally an APIs.json
//! index at the root. [`draft`] runs all stages. Defects of the content go to [`Diagnostics`]. A
//! part that cannot be used costs only itself.

mod assemble;
mod components;
mod entries;
mod entry;
mod equality;
mod examples;
mod fingerprint;
mod foreign;
mod index;
mod info;
mod merge;
mod missing_references;
mod model;
mod namespace;
mod output;
mod partition;
mod references;
mod repair;
mod schemes;
mod servers;
mod settings;
mod siblings;
mod sources;
mod tags;
mod units;
mod usage;

use gallery_draft::{Choices, Draft, FileSet, RawFile};
use openapi_text::Diagnostics;

use self::index::IndexFacts;
use self::sources::Sources;

pub use self::repair::{REPAIRS, Repair};
pub use self::settings::Settings;
pub use gallery_draft::ComponentNames;

/// Makes a draft of a set of files.
///
/// `known` are the names of components from an earlier run, which they keep.
///
/// Returns nothing if `diagnostics` has errors, those of earlier stages included.
pub fn draft(
    files: &FileSet,
    settings: &Settings<'_>,
    choices: &Choices,
    known: &ComponentNames,
    diagnostics: &mut Diagnostics,
) -> Option<Draft> {
    let mut sources = Sources::new(&files.files);
    let index = IndexFacts::read(&sources, settings, diagnostics);
    let read = units::read(&files.name, &mut sources, &index, diagnostics);
    assemble::finish(
        &sources,
        &index,
        read,
        settings,
        choices,
        known,
        diagnostics,
    )
}

/// Makes a draft of one document of any version that belongs to no source.
pub fn single(file: &RawFile, diagnostics: &mut Diagnostics) -> Option<Draft> {
    let set = FileSet {
        name: String::new(),
        files: vec![file.clone()],
    };
    let settings = Settings::default();
    draft(
        &set,
        &settings,
        &Choices::new(),
        &ComponentNames::new(),
        diagnostics,
    )
}
