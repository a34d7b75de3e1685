//! Documents for `diff`: files, listings and git revisions.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Result, anyhow, bail};
use gallery_spec::draft::Choices;
use gallery_spec::draft::PROVENANCE;
use gallery_spec::draft::{FileSet, RawFile};
use gallery_spec::listings::{self, Documents, Listing};
use gallery_spec::names::Names;
use gallery_spec::pipeline;
use openapi_drift::Document;
use openapi_text::front_matter;
use openapi_text::{Diagnostics, Severity};

use super::git::{Entry, Revision};
use super::listing::{self, is_listing};
use crate::text::counted;

/// Where a document is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file, or the folder of a listing.
    Path(PathBuf),
    /// The same in a git revision; without a path that of the other document.
    Git {
        /// The revision.
        revision: String,
        /// The path in it, from the current folder.
        path: Option<String>,
    },
}

impl FromStr for Place {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Place, Self::Err> {
        let Some(git) = text.strip_prefix("git:") else {
            return Ok(Place::Path(PathBuf::from(text)));
        };
        let (revision, path) = git.split_once(':').map_or((git, None), |(revision, path)| {
            (revision, Some(path.to_owned()))
        });
        Ok(Place::Git {
            revision: revision.to_owned(),
            path,
        })
    }
}

/// A document, and what became of it on the way.
pub(crate) struct Read {
    pub(crate) document: Document,
    pub(crate) notes: Vec<String>,
    /// Whether its places are those of a file that a person can open.
    pub(crate) is_here: bool,
}

/// What a place has, before it is a document.
enum Content {
    File {
        name: String,
        bytes: Vec<u8>,
        is_here: bool,
    },
    Listing {
        name: String,
        listing: FileSet,
    },
}

/// Reads both documents. What is listed gets the same names on both sides.
pub(crate) fn read(base: &Place, revision: &Place) -> Result<(Read, Read)> {
    let mut names = Names::empty();
    let base_read = document(content(base, revision)?, &mut names)?;
    let revision_read = document(content(revision, base)?, &mut names)?;
    Ok((base_read, revision_read))
}

fn content(place: &Place, other: &Place) -> Result<Content> {
    match place {
        Place::Path(path) => on_disk(path),
        Place::Git { revision, path } => {
            let (folder, path) = match (path, other) {
                (Some(path), _)
                | (
                    None,
                    Place::Git {
                        path: Some(path), ..
                    },
                ) => (Path::new(""), path.clone()),
                (None, Place::Path(path)) => {
                    (path.parent().unwrap_or(Path::new("")), file_name(path)?)
                }
                (None, Place::Git { path: None, .. }) => {
                    bail!(
                        "git:{revision} has no path, and neither has the other document; write git:{revision}:PATH"
                    )
                }
            };
            in_git(
                &Revision::find(folder, folder, revision)?,
                path.trim_end_matches('/'),
            )
        }
    }
}

fn file_name(path: &Path) -> Result<String> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.map(ToOwned::to_owned).ok_or_else(|| {
        anyhow!(
            "{}: the path has no name that git could have",
            path.display()
        )
    })
}

fn on_disk(path: &Path) -> Result<Content> {
    let name = path.display().to_string();
    if path.is_dir() {
        if !is_listing(path) {
            bail!(
                "{name} is a folder, and no listing: it has no `apis.md`; name a document, or the folder of a listing"
            );
        }
        let listing = listing::listing(&name, Documents::default(), &mut |file| {
            listing::file(&path.join(file), file)
        })?;
        return Ok(Content::Listing { name, listing });
    }
    match listing::file(path, &name)? {
        Some(bytes) => Ok(Content::File {
            name,
            bytes,
            is_here: true,
        }),
        None => bail!("{name}: there is no such file"),
    }
}

fn in_git(revision: &Revision, path: &str) -> Result<Content> {
    let name = revision.shown(path);
    match revision.entry(path)? {
        Some(Entry::File(bytes)) => Ok(Content::File {
            name,
            bytes,
            is_here: false,
        }),
        Some(Entry::Folder(names))
            if names
                .iter()
                .any(|name| name == gallery_spec::listings::INDEX) =>
        {
            let read = &mut |file: &str| revision.file(&format!("{path}/{file}"));
            let listing = listing::listing(&name, Documents::default(), read)?;
            Ok(Content::Listing { name, listing })
        }
        Some(Entry::Folder(_)) => {
            bail!(
                "{name} is a folder, and no listing: it has no `apis.md`; name a document, or the folder of a listing"
            )
        }
        None => bail!("{name}: the revision has nothing there"),
    }
}

fn document(content: Content, names: &mut Names) -> Result<Read> {
    match content {
        Content::File {
            name,
            bytes,
            is_here,
        } => file(name, bytes, is_here, names),
        Content::Listing { name, listing } => {
            let mut diagnostics = Diagnostics::default();
            // Of a listing that is read for itself nobody knows whose it is.
            let input = Listing {
                name: "owner/repository/provider",
                ..Listing::new(&listing, Documents::default())
            };
            let draft = listings::draft(&[input], &Choices::new(), &mut diagnostics);
            let made =
                draft.and_then(|draft| pipeline::finish(&draft, None, names, &mut diagnostics));
            let Some(made) = made else {
                return Err(refused(&name, &diagnostics));
            };
            let notes = lifted(&name, "a listing", &diagnostics);
            let document =
                Document::from_value(&name, serde_json::to_value(made.canonical.document())?)?;
            Ok(Read {
                document,
                notes,
                is_here: false,
            })
        }
    }
}

fn file(name: String, bytes: Vec<u8>, is_here: bool, names: &mut Names) -> Result<Read> {
    // It says what no text is; the YAML in it is found once more by whoever reads it.
    front_matter::body(&bytes).map_err(|error| anyhow!("{name}: {error}"))?;
    let text = String::from_utf8_lossy(&bytes);
    let refused_it = match Document::parse(&name, &text) {
        Ok(document) => {
            return Ok(Read {
                document,
                notes: Vec::new(),
                is_here,
            });
        }
        Err(error) => error,
    };
    if !refused_it
        .errors
        .iter()
        .any(|error| error.location.pointer.as_deref() == Some("/swagger"))
    {
        return Err(refused_it.into());
    }
    let mut diagnostics = Diagnostics::default();
    let Some(canonical) =
        pipeline::single(&RawFile::new(name.clone(), bytes), names, &mut diagnostics)
    else {
        return Err(refused(&name, &diagnostics));
    };
    let notes = lifted(&name, "Swagger 2.0", &diagnostics);
    let mut value = serde_json::to_value(canonical.document())?;
    // It is of no listing, so that there is nothing to say of one.
    value
        .as_object_mut()
        .and_then(|root| root.remove(PROVENANCE));
    let document = Document::from_value(&name, value)?;
    Ok(Read {
        document,
        notes,
        is_here: false,
    })
}

/// Why no document could be made.
fn refused(name: &str, diagnostics: &Diagnostics) -> anyhow::Error {
    let errors: Vec<String> = diagnostics
        .of(Severity::Error)
        .map(ToString::to_string)
        .collect();
    match errors.is_empty() {
        true => anyhow!("{name}: nothing can be read of it"),
        false => anyhow!(
            "{name}: no document can be made of it\n{}",
            errors.join("\n")
        ),
    }
}

/// What had to be done to make OpenAPI 3.0 of it, and what is not in there.
fn lifted(name: &str, what: &str, diagnostics: &Diagnostics) -> Vec<String> {
    let mut notes = Vec::new();
    let mut done: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    for said in diagnostics.iter() {
        match said.severity {
            Severity::Repaired | Severity::Assumed => {
                *done.entry((said.severity, said.code)).or_default() += 1;
            }
            Severity::Warning | Severity::Dropped | Severity::Pending | Severity::Error => {
                let at = said.location.pointer.as_deref().unwrap_or_default();
                notes.push(format!("{name}#{at}: not compared: {}", said.message));
            }
        }
    }
    let of = |severity: Severity| {
        let each: Vec<String> = done
            .iter()
            .filter(|((of, _), _)| *of == severity)
            .map(|((_, code), count)| format!("{count} {code}"))
            .collect();
        if each.is_empty() {
            "nothing".to_owned()
        } else {
            each.join(", ")
        }
    };
    let (repaired, assumed) = (of(Severity::Repaired), of(Severity::Assumed));
    notes.truncate(MOST_NOTES);
    let not_compared = diagnostics
        .iter()
        .filter(|said| !matches!(said.severity, Severity::Repaired | Severity::Assumed))
        .count();
    if not_compared > MOST_NOTES {
        notes.push(format!(
            "{name}: {} more that are not compared",
            counted(not_compared - MOST_NOTES, "place")
        ));
    }
    notes.insert(
        0,
        format!("{name} is {what}, lifted to OpenAPI 3.0: repaired {repaired}; assumed {assumed}"),
    );
    notes
}

/// Swagger of some size has many keys that listings do not.
const MOST_NOTES: usize = 20;
