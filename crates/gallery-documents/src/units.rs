//! Reads the documents of a source: parsed, linked, converted and repaired.

use std::collections::BTreeMap;

use openapi_convert::{NoteKind, Version, convert, version};
use openapiv3::Server;
use serde_json::Value;

use crate::components::{Component, Components};
use crate::entries::{self, DocumentContext};
use crate::entry::Entry;
use crate::index::IndexFacts;
use crate::model::{Kind, walk};
use crate::references::{Linked, Unit, link};
use crate::repair;
use crate::schemes::{self, Requiring};
use crate::servers;
use crate::sources::{Sources, extend_with_warnings, is_document, may_be_document};
use gallery_draft::{Account, Change, DocumentAccount};
use openapi_text::{Diagnostics, Location, Severity, is_html};

/// The content of a source.
#[derive(Default)]
pub(crate) struct Read {
    pub(crate) units: Vec<ReadUnit>,
    pub(crate) components: Components,
    pub(crate) entries: Vec<Entry>,
    pub(crate) account: Account,
}

/// A unit without its paths and components.
pub(crate) struct ReadUnit {
    pub(crate) file: usize,
    pub(crate) is_document: bool,
    pub(crate) version: Version,
    /// The server of the document, if it has one.
    pub(crate) server: Option<Server>,
    pub(crate) document: Value,
}

/// Reads all documents.
pub(crate) fn read(
    name: &str,
    sources: &mut Sources<'_>,
    index: &IndexFacts,
    diagnostics: &mut Diagnostics,
) -> Read {
    let mut read = Read {
        account: Account {
            sets: vec![name.to_owned()],
            index: index.entries(),
            ..Account::default()
        },
        ..Read::default()
    };
    let documents = documents(sources, index, &mut read.account, diagnostics);
    let mut converted = Vec::new();
    for linked in link(documents, sources, diagnostics) {
        let mut changes_of_unit = diagnostics.child();
        let (unit, changes) = convert_unit(linked, sources, &mut read.components, diagnostics);
        let file = &sources.file(unit.file).path;
        repair::report(changes.values().flatten(), file, diagnostics);
        // The entries have those of their operations.
        let of_parts = changes
            .iter()
            .filter(|(pointer, _)| !is_in_operation(pointer));
        let of_parts = of_parts.flat_map(|(_, changes)| changes);
        repair::report(of_parts, file, &mut changes_of_unit);
        read.account.add_changes(&changes_of_unit);
        converted.push((unit, changes));
    }
    let referenced = sources.referenced();
    let others = std::mem::take(&mut read.account.unread_files).into_iter();
    (read.account.referenced_files, read.account.unread_files) =
        others.partition(|path| referenced.contains(path.as_str()));
    let mut of_components = diagnostics.child();
    for number in read.components.break_cycles() {
        let component = &read.components.all[number];
        let location = Location::pointer(&sources.file(component.file).path, &component.pointer);
        let message = "the references only lead to each other; any JSON";
        of_components.push(Severity::Assumed, "reference-cycle", location, message);
    }
    let documents = converted.iter().enumerate();
    let documents: Vec<Requiring<'_>> = documents
        .filter(|(_, (unit, _))| unit.is_document)
        .map(|(number, (unit, _))| Requiring {
            unit: number,
            file: unit.file,
            document: &unit.document,
        })
        .collect();
    schemes::adopt(
        &documents,
        &mut read.components,
        sources,
        &mut of_components,
    );
    read.account.add_changes(&of_components);
    diagnostics.extend(of_components);
    for (number, (mut unit, changes)) in converted.into_iter().enumerate() {
        if unit.is_document {
            let file = &sources.file(unit.file).path;
            let base_url = index.api(unit.file).and_then(|api| api.base_url.as_deref());
            unit.server = servers::first(unit.document.get("servers"), base_url)
                .or_else(|| servers::of_base(base_url?));
            let context = DocumentContext {
                unit: number,
                file,
                base_url,
                server: unit.server.as_ref(),
            };
            let entries = entries::read(
                &context,
                &mut unit.document,
                &read.components,
                &changes,
                &mut read.entries,
                diagnostics,
            );
            read.account.documents.push(DocumentAccount {
                set: name.to_owned(),
                file: file.clone(),
                version: unit.version.to_string(),
                entries,
                in_index: index.names(unit.file),
            });
        }
        read.units.push(unit);
    }
    note_references(&mut read);
    read
}

/// Finds and parses the documents.
fn documents(
    sources: &mut Sources<'_>,
    index: &IndexFacts,
    account: &mut Account,
    diagnostics: &mut Diagnostics,
) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut errors = diagnostics.child();
    for file in 0..sources.len() {
        if index.is_index(file) {
            continue;
        }
        let raw = sources.file(file);
        let is_candidate = index.requires(file) || may_be_document(&raw.bytes);
        let unit = match is_candidate && index.is_selected(file) {
            true => document(file, index.requires(file), sources, &mut errors),
            false => None,
        };
        match unit {
            Some(unit) => units.push(unit),
            None => account.unread_files.push(raw.path.clone()),
        }
    }
    match units.is_empty() {
        true => {
            if errors.iter().next().is_none() && !diagnostics.has_errors() {
                errors.push(
                    Severity::Error,
                    "no-documents",
                    Location::file(sources.place()),
                    "there is no OpenAPI document: nothing to make a client of",
                );
            }
            diagnostics.extend(errors);
        }
        false => extend_with_warnings(diagnostics, &errors, "the document is left out"),
    }
    units
}

fn document(
    file: usize,
    is_named: bool,
    sources: &mut Sources<'_>,
    errors: &mut Diagnostics,
) -> Option<Unit> {
    let location = Location::file(&sources.file(file).path);
    if is_html(&sources.file(file).bytes) {
        let message = "this is HTML, not an OpenAPI document; use the URL of the raw file";
        errors.push(Severity::Error, "html", location, message);
        return None;
    }
    sources.load(file, errors);
    let value = sources.parsed(file)?;
    if !is_document(value) {
        if is_named {
            let message =
                "the file is not an OpenAPI document: it has neither `openapi` nor `swagger`";
            errors.push(Severity::Error, "no-document", location, message);
        }
        return None;
    }
    match version(value) {
        Some(version) => Some(Unit {
            file,
            version,
            is_document: true,
        }),
        None => {
            let message =
                "the version of OpenAPI is unknown; versions 2.0 and 3.0 to 3.2 are supported";
            errors.push(Severity::Error, "unknown-version", location, message);
            None
        }
    }
}

/// Returns true for the pointer of a part of an operation.
fn is_in_operation(pointer: &str) -> bool {
    let mut segments = pointer.split('/').skip(1);
    segments.next() == Some("paths")
        && segments
            .nth(1)
            .is_some_and(|key| key != "parameters" && key != "servers")
}

/// Changes by the pointers of the parts.
type Changes = BTreeMap<String, Vec<Change>>;

/// Converts and repairs a unit, and moves its components to the others.
fn convert_unit(
    linked: Linked,
    sources: &Sources<'_>,
    components: &mut Components,
    diagnostics: &mut Diagnostics,
) -> (ReadUnit, Changes) {
    let Linked {
        unit,
        document,
        origins,
    } = linked;
    let file = &sources.file(unit.file).path;
    let mut converted_parts = Vec::new();
    let mut document = match convert(document) {
        Ok(converted) => {
            for note in converted.notes {
                match note.kind {
                    NoteKind::Kept => {}
                    NoteKind::NotExpressed => {
                        let location = Location::pointer(file, note.pointer);
                        let code = "not-expressed";
                        diagnostics.push(Severity::Warning, code, location, note.message);
                    }
                    NoteKind::Repaired => converted_parts.push(Change {
                        severity: Severity::Repaired,
                        code: note.code,
                        pointer: note.pointer,
                        message: note.message,
                        reduces: false,
                    }),
                }
            }
            converted.document
        }
        Err(error) => {
            let location = Location::file(file);
            diagnostics.push(Severity::Error, "no-document", location, error.to_string());
            Value::Null
        }
    };
    let mut changes = repair::document(&mut document);
    for change in converted_parts {
        let of_part = changes.entry(change.pointer.clone()).or_default();
        of_part.push(change);
    }
    let is_swagger = unit.version == Version::V2_0;
    let number = components.next_unit();
    components.extract(number, &mut document, |section, name| {
        if let Some((file, pointer)) = origins.get(&(section, name.to_owned())) {
            return (*file, pointer.clone());
        }
        let name = openapi_text::pointer::escape(name);
        let pointer = match section {
            "schemas" if is_swagger => format!("/definitions/{name}"),
            _ => format!("/components/{section}/{name}"),
        };
        (unit.file, pointer)
    });
    let unit = ReadUnit {
        file: unit.file,
        is_document: unit.is_document,
        version: unit.version,
        server: None,
        document,
    };
    (unit, changes)
}

/// Finds the references that lead nowhere.
fn note_references(read: &mut Read) {
    let mut found = Vec::new();
    let components = &read.components;
    let mut note = |unit: usize, kind: Kind, file: usize, pointer: &str, value: &Value| {
        walk(
            kind,
            value,
            &mut pointer.to_owned(),
            &mut |kind, value, pointer| {
                if components.is_dangling(unit, kind, value) {
                    found.push((unit, kind, value.clone(), file, pointer.to_owned()));
                }
                true
            },
        );
    };
    for component in &components.all {
        let Component {
            unit, kind, file, ..
        } = component;
        note(*unit, *kind, *file, &component.pointer, &component.value);
    }
    for entry in &read.entries {
        let file = read.units[entry.unit].file;
        note(
            entry.unit,
            Kind::Operation,
            file,
            &entry.pointer,
            &entry.operation,
        );
    }
    for (unit, kind, value, file, pointer) in found {
        read.components
            .add_dangling(unit, kind, &value, (file, pointer));
    }
}
