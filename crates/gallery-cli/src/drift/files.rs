//! Reads the documents for `diff`, and converts them if necessary.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, anyhow, bail};
use gallery_regen::limited;
use gallery_regen::text::counted;
use gallery_spec::draft::Choices;
use gallery_spec::draft::FileSet;
use gallery_spec::listings::{self, Documents, Listing};
use gallery_spec::names::Names;
use gallery_spec::pipeline;
use openapi_convert::{Note, NoteKind, Version};
use openapi_drift::Document;
use openapi_text::front_matter::{self, FrontMatterError};
use openapi_text::{Diagnostic, Diagnostics, FileError, Location, Severity, line_column, yaml};
use serde_json::Value;

use super::git::{Entry, Revision};
use super::listing::{self, is_listing};
use super::source::{self, DocumentSource, Downloads};

/// A document that was read, and converted if necessary.
pub(crate) struct LoadedDocument {
    pub(crate) document: Document,
    /// Messages about the conversion.
    pub(crate) notes: Vec<String>,
    /// Messages about parts that the conversion lost.
    pub(crate) not_compared: Vec<String>,
    /// True if the positions in the document are those of a file on disk.
    pub(crate) is_local: bool,
}

/// The files of a document, before it is parsed.
enum RawDocument {
    File {
        name: String,
        bytes: Vec<u8>,
        is_local: bool,
    },
    Listing {
        name: String,
        listing: FileSet,
    },
}

impl RawDocument {
    /// Creates a document that is not a file on disk.
    fn not_local(name: String, bytes: Vec<u8>) -> RawDocument {
        RawDocument::File {
            name,
            bytes,
            is_local: false,
        }
    }
}

/// Reads both documents. Listings share one set of names, so that names match on both sides.
pub(crate) fn read(
    base: &DocumentSource,
    revision: &DocumentSource,
    downloads: Downloads<'_>,
) -> Result<(LoadedDocument, LoadedDocument)> {
    if (base, revision) == (&DocumentSource::Stdin, &DocumentSource::Stdin) {
        bail!("`-` is standard input, which can be only one of the two documents");
    }
    let mut names = Names::empty();
    let loaded_base = parse(read_raw(base, revision, downloads)?, &mut names)?;
    let loaded_revision = parse(read_raw(revision, base, downloads)?, &mut names)?;
    Ok((loaded_base, loaded_revision))
}

/// Reads the files of a document. `other` is the source of the other document.
fn read_raw(
    source: &DocumentSource,
    other: &DocumentSource,
    downloads: Downloads<'_>,
) -> Result<RawDocument> {
    match source {
        DocumentSource::Path(path) => read_from_disk(path),
        DocumentSource::Url(url) => {
            let (name, bytes) = source::download(url, downloads)?;
            Ok(RawDocument::not_local(name, bytes))
        }
        DocumentSource::Stdin => {
            let bytes = limited::read(std::io::stdin().lock(), source::STDIN)?;
            Ok(RawDocument::not_local(source::STDIN.to_owned(), bytes))
        }
        DocumentSource::Git { revision, path } => {
            let (dir, path) = match (path, other) {
                (Some(path), _)
                | (
                    None,
                    DocumentSource::Git {
                        path: Some(path), ..
                    },
                ) => (Path::new(""), path.clone()),
                (None, DocumentSource::Path(path)) => {
                    (path.parent().unwrap_or(Path::new("")), file_name(path)?)
                }
                (None, _) => bail!(
                    "git:{revision} needs a path, because the other document has none; use git:{revision}:PATH"
                ),
            };
            read_from_git(
                &Revision::find(dir, dir, revision)?,
                path.trim_end_matches('/'),
            )
        }
    }
}

fn file_name(path: &Path) -> Result<String> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.map(ToOwned::to_owned)
        .ok_or_else(|| anyhow!("{}: the path has no file name in UTF-8", path.display()))
}

fn read_from_disk(path: &Path) -> Result<RawDocument> {
    let name = path.display().to_string();
    if path.is_dir() {
        if !is_listing(path) {
            bail!(
                "{name} is not a listing: the directory has no `apis.md`; use a document or the directory of a listing"
            );
        }
        let listing = listing::on_disk(path, &name, Documents::default())?;
        return Ok(RawDocument::Listing { name, listing });
    }
    match limited::read_file(path, &name)? {
        Some(bytes) => Ok(RawDocument::File {
            name,
            bytes,
            is_local: true,
        }),
        None => bail!("{name}: file not found"),
    }
}

fn read_from_git(revision: &Revision, path: &str) -> Result<RawDocument> {
    let name = revision.display_path(path);
    match revision.entry(path)? {
        Some(Entry::File(bytes)) => Ok(RawDocument::not_local(name, bytes)),
        Some(Entry::Directory(names))
            if names
                .iter()
                .any(|name| name == gallery_spec::listings::INDEX) =>
        {
            let read = &mut |file: &str| revision.file(&format!("{path}/{file}"));
            let listing = listing::listing(&name, Documents::default(), &names, read)?;
            Ok(RawDocument::Listing { name, listing })
        }
        Some(Entry::Directory(_)) => {
            bail!(
                "{name} is not a listing: the directory has no `apis.md`; use a document or the directory of a listing"
            )
        }
        None => bail!("{name}: path not found in the revision"),
    }
}

fn parse(raw: RawDocument, names: &mut Names) -> Result<LoadedDocument> {
    match raw {
        RawDocument::File {
            name,
            bytes,
            is_local,
        } => parse_file(name, bytes, is_local),
        RawDocument::Listing { name, listing } => {
            let mut diagnostics = Diagnostics::default();
            // The files do not contain the name of the listing.
            let input = Listing {
                name: "owner/repository/provider",
                ..Listing::new(&listing, Documents::default())
            };
            let draft = listings::draft(&[input], &Choices::new(), &mut diagnostics);
            let output =
                draft.and_then(|draft| pipeline::finish(&draft, None, names, &mut diagnostics));
            let Some(output) = output else {
                return Err(conversion_error(&name, &diagnostics));
            };
            let changes = diagnostics
                .iter()
                .map(|change| (change.severity, change.code));
            let notes = vec![repairs(&name, "a listing", changes)];
            let not_compared = not_compared(&name, &diagnostics);
            let document =
                Document::from_value(&name, serde_json::to_value(output.canonical.document())?)?;
            Ok(LoadedDocument {
                document,
                notes,
                not_compared,
                is_local: false,
            })
        }
    }
}

/// Parses a file of OpenAPI 3.0, or converts one of another version.
fn parse_file(name: String, bytes: Vec<u8>, is_local: bool) -> Result<LoadedDocument> {
    // Only checks that the file is text. The parsers below extract the YAML again.
    front_matter::body(&bytes).map_err(|error| text_error(&name, &bytes, &error))?;
    let text = String::from_utf8_lossy(&bytes);
    let error = match Document::parse(&name, &text) {
        Ok(document) => {
            return Ok(LoadedDocument {
                document,
                notes: Vec::new(),
                not_compared: Vec::new(),
                is_local,
            });
        }
        Err(error) => error,
    };
    let mut diagnostics = Diagnostics::default();
    let value = yaml::parse(&name, &bytes, &mut diagnostics);
    let Some(value) = value.filter(is_other_version) else {
        return Err(error.into());
    };
    refuse_empty(&name, &value)?;
    let converted = openapi_convert::convert(value)
        .map_err(|error| anyhow!("{name}: cannot convert the document to OpenAPI 3.0: {error}"))?;
    let lost = |note: &&Note| note.kind == NoteKind::NotExpressed;
    let not_compared = converted
        .notes
        .iter()
        .filter(lost)
        .map(|note| format!("{name}#{}: not compared: {}", note.pointer, note.message));
    let repaired = converted
        .notes
        .iter()
        .filter(|note| note.kind == NoteKind::Repaired)
        .map(|note| (Severity::Repaired, note.code));
    let format = format!("OpenAPI {}", converted.version);
    Ok(LoadedDocument {
        notes: vec![repairs(&name, &format, repaired)],
        not_compared: limited(&name, not_compared),
        document: Document::from_value(&name, converted.document)?,
        is_local: false,
    })
}

/// Returns an error for a document without the parts that its version requires, such as a file that
/// was cut off.
fn refuse_empty(name: &str, document: &Value) -> Result<()> {
    let parts: &[&str] = match openapi_convert::version(document) {
        Some(Version::V3_1 | Version::V3_2) => &["paths", "webhooks", "components"],
        _ => &["paths"],
    };
    if parts.iter().any(|part| document[*part].is_object()) {
        return Ok(());
    }
    let error = FileError {
        location: Location::pointer(name, "/paths"),
        message: "`paths` is missing or not a map".to_owned(),
    };
    Err(error.into())
}

/// Returns true for a document of a supported version other than 3.0.
fn is_other_version(document: &Value) -> bool {
    openapi_convert::version(document).is_some_and(|version| version != Version::V3_0)
}

/// Returns the error for a file that is not text, with the position of the first invalid byte.
fn text_error(name: &str, bytes: &[u8], error: &FrontMatterError) -> anyhow::Error {
    let offset = match error {
        FrontMatterError::NotUtf8(offset) | FrontMatterError::Binary(offset) => *offset,
        other => return anyhow!("{name}: {other}"),
    };
    let before = String::from_utf8_lossy(bytes.get(..offset).unwrap_or(bytes));
    let (line, column) = line_column(&before, before.len());
    let error = FileError {
        location: Location::line(name, line, column),
        message: error.to_string(),
    };
    error.into()
}

/// Returns the error for a document that cannot be converted.
fn conversion_error(name: &str, diagnostics: &Diagnostics) -> anyhow::Error {
    let errors: Vec<String> = diagnostics
        .of(Severity::Error)
        .map(ToString::to_string)
        .collect();
    match errors.is_empty() {
        true => anyhow!("{name}: cannot convert the document to OpenAPI 3.0"),
        false => anyhow!(
            "{name}: cannot convert the document to OpenAPI 3.0\n{}",
            errors.join("\n")
        ),
    }
}

/// Returns a message about the repairs and assumptions of a conversion.
fn repairs<'a>(
    name: &str,
    format: &str,
    changes: impl Iterator<Item = (Severity, &'a str)>,
) -> String {
    let mut counts: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    for change in changes {
        *counts.entry(change).or_default() += 1;
    }
    let summary = |severity: Severity| {
        let entries: Vec<String> = counts
            .iter()
            .filter(|((of, _), _)| *of == severity)
            .map(|((_, code), count)| format!("{count} {code}"))
            .collect();
        if entries.is_empty() {
            "nothing".to_owned()
        } else {
            entries.join(", ")
        }
    };
    format!(
        "{name}: converted from {format} to OpenAPI 3.0: repaired {}; assumed {}",
        summary(Severity::Repaired),
        summary(Severity::Assumed)
    )
}

/// Returns messages about the parts that a conversion lost.
fn not_compared(name: &str, diagnostics: &Diagnostics) -> Vec<String> {
    let is_lost = |severity| !matches!(severity, Severity::Repaired | Severity::Assumed);
    let lost = diagnostics.iter().filter(|it| is_lost(it.severity));
    let message = |diagnostic: &Diagnostic| {
        let at = diagnostic.location.pointer.as_deref().unwrap_or_default();
        format!("{name}#{at}: not compared: {}", diagnostic.message)
    };
    limited(name, lost.map(message))
}

/// Returns the first messages, and the number of the others.
fn limited(name: &str, mut messages: impl Iterator<Item = String>) -> Vec<String> {
    let mut shown: Vec<String> = messages.by_ref().take(MAX_NOTES).collect();
    match messages.count() {
        0 => {}
        more => shown.push(format!(
            "{name}: not compared: {}",
            counted(more, "more location")
        )),
    }
    shown
}

/// Maximum number of notes about parts that are not compared. Large documents of Swagger 2.0 have
/// many such parts.
const MAX_NOTES: usize = 20;
