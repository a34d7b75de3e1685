//! The documents of a client: that of its snapshot, and that of upstream, of a folder, or of a git revision.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::Result;
use gallery_spec::approvals::{self, Approval};
use gallery_spec::config::{ClientConfig, Config};
use gallery_spec::draft::FileSet;
use gallery_spec::pipeline;
use gallery_spec::source::Source;
use gallery_spec::workspace::{ClientInputs, Workspace};
use openapi_drift::Document;
use openapi_text::{Diagnostic, Diagnostics, Severity};

use super::git::Revision;
use super::listing::{self, is_listing};
use super::report::{Comparison, Here, Judge};
use crate::exit::Exit;
use crate::snapshots::fetch_client;
use crate::upstream::{SourceArgs, Upstream, exit_of};

/// What snapshots are compared with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Against {
    /// What upstream has now.
    #[default]
    Upstream,
    /// A mirror of the gallery, or the folder of a listing.
    Folder(PathBuf),
    /// The specs of a git revision, which came before.
    Git(String),
}

impl FromStr for Against {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> std::result::Result<Against, Self::Err> {
        Ok(match text.strip_prefix("git:") {
            _ if text == "upstream" => Against::Upstream,
            Some(revision) => Against::Git(revision.to_owned()),
            None => Against::Folder(PathBuf::from(text)),
        })
    }
}

/// The other side of all comparisons of a run, found.
pub(crate) enum Other {
    /// A listing comes from there, after the snapshot.
    Source(Box<Upstream>),
    /// The folder of one listing, after the snapshot.
    Listing(PathBuf),
    /// Before the snapshot.
    Git(Revision),
}

impl Other {
    pub(crate) fn find(
        root: &Path,
        against: &Against,
        config: &Config,
        source: &SourceArgs,
    ) -> Result<Other> {
        match against {
            Against::Upstream => Ok(Other::Source(Box::new(Upstream::open(config, source)?))),
            Against::Folder(folder) if is_listing(folder) => Ok(Other::Listing(folder.clone())),
            Against::Folder(folder) => {
                let source = SourceArgs {
                    mirror: Some(folder.clone()),
                    ..source.clone()
                };
                Ok(Other::Source(Box::new(Upstream::open(config, &source)?)))
            }
            Against::Git(revision) => {
                Ok(Other::Git(Revision::find(root, Path::new(""), revision)?))
            }
        }
    }

    /// Whether it says what upstream has, so that it can tell which approvals are needed still.
    fn is_upstream(&self) -> bool {
        matches!(self, Other::Source(_) | Other::Listing(_))
    }
}

/// What all comparisons of a run have in common.
pub(crate) struct Run<'a> {
    pub(crate) workspace: &'a Workspace,
    pub(crate) other: Other,
    pub(crate) today: gallery_spec::date::Date,
}

impl Run<'_> {
    /// Compares the documents of one client. When there is none to compare, it is said why.
    pub(crate) fn compare(
        &self,
        client: &ClientConfig,
        err: &mut dyn Write,
    ) -> Result<std::result::Result<Comparison, Exit>> {
        let inputs = self.workspace.inputs(client)?;
        let path = format!("{}/openapi.json", client.specs_dir());
        let Some((own, pending)) = document_of(inputs.clone(), err)? else {
            writeln!(err, "not compared: {}", client.name)?;
            return Ok(Err(Exit::Failed));
        };
        let own = Made {
            document: Document::parse(&path, &own.canonical.render()?)?,
            pending,
        };
        let (other, name) = match &self.other {
            Other::Git(revision) => (
                self.committed(client, revision, err)?,
                revision.shown(&path),
            ),
            Other::Listing(folder) => {
                let name = folder.display().to_string();
                (self.listed(&name, folder, client, inputs, err)?, name)
            }
            Other::Source(upstream) => (
                self.fetched(client, inputs, upstream, err)?,
                upstream.source.to_string(),
            ),
        };
        let other = match other {
            Ok(other) => other,
            Err(exit) => {
                writeln!(err, "not compared: {}", client.name)?;
                return Ok(Err(exit));
            }
        };
        let judge = Judge {
            severities: &self.workspace.config.severities,
            approvals: self.approvals(client)?,
            today: self.today,
        };
        let (changes, base, revision) = match self.other {
            Other::Git(_) => (
                judge.changes(&other.document, &own.document, Here::Revision),
                name,
                path,
            ),
            _ => (
                judge.changes(&own.document, &other.document, Here::Base),
                path,
                name,
            ),
        };
        let mut pending = other.pending;
        pending.extend(
            own.pending
                .into_iter()
                .filter(|own| !pending.contains(own))
                .collect::<Vec<_>>(),
        );
        let mut comparison = Comparison {
            client: Some(client.name.clone()),
            base,
            revision,
            changes,
            pending,
            notes: Vec::new(),
            idle: Vec::new(),
            advised: None,
        };
        comparison.advise(client)?;
        if self.other.is_upstream() {
            comparison.look_for_idle(&judge);
        }
        Ok(Ok(comparison))
    }

    /// The client's approvals; with a git revision also those that it had, as the `regen` that took their differences over took them out.
    fn approvals(&self, client: &ClientConfig) -> Result<Vec<Approval>> {
        let path = format!("{}/{}", client.specs_dir(), approvals::FILE_NAME);
        let mut all = match listing::file(&self.workspace.root.join(&path), &path)? {
            Some(bytes) => approvals::parse(&path, &String::from_utf8_lossy(&bytes))?,
            None => Vec::new(),
        };
        if let Other::Git(revision) = &self.other
            && let Some(bytes) = revision.file(&path)?
        {
            let before =
                approvals::parse(&revision.shown(&path), &String::from_utf8_lossy(&bytes))?;
            let known: BTreeSet<String> = all
                .iter()
                .map(|approval| approval.fingerprint.clone())
                .collect();
            all.extend(
                before
                    .into_iter()
                    .filter(|approval| !known.contains(&approval.fingerprint)),
            );
        }
        Ok(all)
    }

    /// The document that a revision has: the overlay of its time is in it.
    fn committed(
        &self,
        client: &ClientConfig,
        revision: &Revision,
        err: &mut dyn Write,
    ) -> Result<std::result::Result<Made, Exit>> {
        let path = format!("{}/openapi.json", client.specs_dir());
        let Some(bytes) = revision.file(&path)? else {
            writeln!(
                err,
                "{}: {} is not there: the client came later",
                client.name,
                revision.shown(&path)
            )?;
            return Ok(Err(Exit::Fine));
        };
        let document = Document::parse(&revision.shown(&path), &String::from_utf8_lossy(&bytes))?;
        Ok(Ok(Made {
            document,
            pending: Vec::new(),
        }))
    }

    fn listed(
        &self,
        name: &str,
        folder: &Path,
        client: &ClientConfig,
        inputs: ClientInputs,
        err: &mut dyn Write,
    ) -> Result<std::result::Result<Made, Exit>> {
        let Source::Listings(source) = &client.source;
        if !source.further.is_empty() {
            writeln!(
                err,
                "error: {}: it has several listings, and {name} is one; name a mirror",
                client.name
            )?;
            return Ok(Err(Exit::Failed));
        }
        let mut listing = listing::listing(name, source.documents, &mut |file| {
            listing::file(&folder.join(file), file)
        })?;
        // The document names the client's listing as its source, wherever its files are.
        listing.name = source.first.to_string();
        made_of(name, inputs, vec![listing], err)
    }

    /// Fetches into a folder that is gone afterwards.
    fn fetched(
        &self,
        client: &ClientConfig,
        inputs: ClientInputs,
        upstream: &Upstream,
        err: &mut dyn Write,
    ) -> Result<std::result::Result<Made, Exit>> {
        let scratch = tempfile::tempdir()?;
        let mut listings = Vec::new();
        let mut failed = None;
        let before = self.workspace.lock.clients.get(&client.name);
        for (listing, came) in fetch_client(
            &self.workspace.root,
            client,
            before,
            upstream,
            scratch.path(),
        ) {
            match came {
                Ok(fetched) => {
                    for notice in &fetched.notices {
                        writeln!(err, "{notice}")?;
                    }
                    let folder = self.workspace.root.join(client.snapshot_dir());
                    listings.push(
                        fetched.read(&listing.to_string(), &folder, |file| file.url.clone())?,
                    );
                }
                Err(error) => {
                    writeln!(err, "error: {}: {error}", client.name)?;
                    failed = Some(failed.unwrap_or(Exit::Unreachable).worse(exit_of(&error)));
                }
            }
        }
        match failed {
            Some(exit) => Ok(Err(exit)),
            None => made_of(&upstream.source.to_string(), inputs, listings, err),
        }
    }
}

/// A client's document, and what applies to nothing in it.
struct Made {
    document: Document,
    pending: Vec<Diagnostic>,
}

/// The document of other listings, under the client's names, choices and overlay.
fn made_of(
    name: &str,
    inputs: ClientInputs,
    listings: Vec<FileSet>,
    err: &mut dyn Write,
) -> Result<std::result::Result<Made, Exit>> {
    // What is amiss with the snapshot was said.
    let inputs = ClientInputs {
        files: listings,
        diagnostics: Diagnostics::default(),
        ..inputs
    };
    let Some((made, pending)) = document_of(inputs, err)? else {
        return Ok(Err(Exit::Failed));
    };
    // It is in no file, so that its parts have no lines.
    let document = Document::from_value(name, serde_json::to_value(made.canonical.document())?)?;
    Ok(Ok(Made { document, pending }))
}

/// Makes a client's document; nothing, when it is said why not. With it comes what people wrote and applies to nothing.
fn document_of(
    inputs: ClientInputs,
    err: &mut dyn Write,
) -> Result<Option<(pipeline::Output, Vec<Diagnostic>)>> {
    let (mut names, mut diagnostics) = (inputs.names.clone(), inputs.diagnostics.clone());
    diagnostics.allow_unmatched();
    let made = inputs.output(&mut names, &mut diagnostics);
    let Some(made) = made.filter(|_| !diagnostics.has_errors()) else {
        for said in diagnostics.of(Severity::Error) {
            writeln!(err, "{said}")?;
        }
        return Ok(None);
    };
    let pending = diagnostics.of(Severity::Pending).cloned().collect();
    Ok(Some((made, pending)))
}
