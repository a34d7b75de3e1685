//! Compares the document of a client's snapshot with the one from upstream, a directory, or git.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Result, bail};
use gallery_regen::exit::Exit;
use gallery_regen::limited;
use gallery_spec::approvals::{self, Approval};
use gallery_spec::command::recommend;
use gallery_spec::config::{self, ClientConfig, Config};
use gallery_spec::date::Date;
use gallery_spec::draft::FileSet;
use gallery_spec::edit;
use gallery_spec::pipeline;
use gallery_spec::source::Source;
use gallery_spec::workspace::{ClientInputs, Workspace};
use openapi_drift::Document;
use openapi_text::{Diagnostic, Diagnostics, Severity};

use super::git::Revision;
use super::listing::{self, is_listing};
use super::policy::{LocalSide, Policy};
use super::report::Comparison;
use crate::snapshots::fetch_client;
use crate::upstream::{SourceArgs, Upstream, exit_of};

/// The other side of a comparison with the snapshots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Against {
    /// The current listings upstream.
    #[default]
    Upstream,
    /// A directory that contains a mirror of the gallery, or a listing.
    Dir(PathBuf),
    /// The documents in a git revision. They are the older side.
    Git(String),
}

impl FromStr for Against {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> std::result::Result<Against, Self::Err> {
        Ok(match text.strip_prefix("git:") {
            _ if text == "upstream" => Against::Upstream,
            Some(revision) => Against::Git(revision.to_owned()),
            None => Against::Dir(PathBuf::from(text)),
        })
    }
}

/// The other side of all comparisons of a run, opened.
pub(crate) enum OtherSide {
    /// A source of listings. It is the newer side.
    Source(Box<Upstream>),
    /// The directory of one listing. It is the newer side.
    Listing(PathBuf),
    /// A git revision. It is the older side.
    Git(Revision),
}

impl OtherSide {
    /// Opens the other side.
    pub(crate) fn open(
        root: &Path,
        against: &Against,
        config: &Config,
        source: &SourceArgs,
    ) -> Result<OtherSide> {
        match against {
            Against::Upstream => Ok(OtherSide::Source(Box::new(Upstream::open(config, source)?))),
            Against::Dir(dir) if is_listing(dir) => Ok(OtherSide::Listing(dir.clone())),
            Against::Dir(dir) => {
                let source = SourceArgs {
                    mirror: Some(dir.clone()),
                    ..source.clone()
                };
                Ok(OtherSide::Source(Box::new(Upstream::open(
                    config, &source,
                )?)))
            }
            Against::Git(revision) => Ok(OtherSide::Git(Revision::find(
                root,
                Path::new(""),
                revision,
            )?)),
        }
    }

    /// Returns true if this side represents upstream.
    ///
    /// Only a comparison with upstream can tell which approvals are no longer needed.
    fn is_upstream(&self) -> bool {
        matches!(self, OtherSide::Source(_) | OtherSide::Listing(_))
    }
}

/// Compares the documents of clients. The fields are common to all comparisons of a run.
pub(crate) struct Comparer<'a> {
    pub(crate) workspace: &'a Workspace,
    pub(crate) other: OtherSide,
    pub(crate) today: Date,
}

impl Comparer<'_> {
    /// Compares the documents of one client.
    ///
    /// If a document is missing, prints the reason and returns an exit status.
    pub(crate) fn compare(
        &self,
        client: &ClientConfig,
        err: &mut dyn Write,
    ) -> Result<std::result::Result<Comparison, Exit>> {
        let inputs = self.workspace.inputs(client)?;
        let path = format!("{}/openapi.json", client.specs_dir());
        let Some((output, pending)) = run_pipeline(inputs.clone(), err)? else {
            writeln!(err, "not compared: {}", client.name)?;
            return Ok(Err(Exit::Failed));
        };
        // Documents of the workspace are their own upstream, so the committed document is compared
        // with them.
        let is_upstream = client.source.is_local() && matches!(self.other, OtherSide::Source(_));
        let document = match is_upstream {
            true => {
                let value = serde_json::to_value(output.canonical.document())?;
                Document::from_value(&client.source.to_string(), value)?
            }
            false => Document::parse(&path, &output.canonical.render()?)?,
        };
        let built = BuiltDocument { document, pending };
        let (own, other) = match is_upstream {
            true => (self.committed(&path)?, Ok(built)),
            false => (built, self.built_from(&self.other, client, inputs, err)?),
        };
        let other = match other {
            Ok(other) => other,
            Err(exit) => {
                writeln!(err, "not compared: {}", client.name)?;
                return Ok(Err(exit));
            }
        };
        let policy = Policy {
            severities: &self.workspace.config.severities,
            approvals: self.approvals(client)?,
            today: self.today,
        };
        let name = Some(client.name.as_str());
        let mut comparison = match self.other {
            OtherSide::Git(_) => {
                policy.compare(name, &other.document, &own.document, LocalSide::Revision)
            }
            _ => policy.compare(name, &own.document, &other.document, LocalSide::Base),
        };
        let pending = &mut comparison.pending;
        *pending = other.pending;
        for own in own.pending {
            if !pending.contains(&own) {
                pending.push(own);
            }
        }
        comparison.advise(client, self.base_version(client)?)?;
        if self.other.is_upstream() {
            policy.find_idle_approvals(&mut comparison);
        }
        Ok(Ok(comparison))
    }

    /// Builds the document of the other side.
    fn built_from(
        &self,
        other: &OtherSide,
        client: &ClientConfig,
        inputs: ClientInputs,
        err: &mut dyn Write,
    ) -> Result<std::result::Result<BuiltDocument, Exit>> {
        match other {
            OtherSide::Git(revision) => self.built_from_revision(client, revision, err),
            OtherSide::Listing(dir) => {
                let name = dir.display().to_string();
                self.built_from_listing(&name, dir, client, inputs, err)
            }
            OtherSide::Source(upstream) => self.built_from_source(client, inputs, upstream, err),
        }
    }

    /// Reads the generated document of a client.
    fn committed(&self, path: &str) -> Result<BuiltDocument> {
        let Some(bytes) = limited::read_file(&self.workspace.root.join(path), path)? else {
            bail!(
                "{path}: file not found; {} generates it",
                recommend("regen")
            );
        };
        Ok(BuiltDocument {
            document: Document::parse(path, &String::from_utf8_lossy(&bytes))?,
            pending: Vec::new(),
        })
    }

    /// Returns the approvals of a client.
    ///
    /// Includes the approvals in a git revision, because `regen` removes the approvals of applied
    /// differences.
    fn approvals(&self, client: &ClientConfig) -> Result<Vec<Approval>> {
        let path = format!("{}/{}", client.specs_dir(), approvals::FILE_NAME);
        let mut all = match limited::read_file(&self.workspace.root.join(&path), &path)? {
            Some(bytes) => approvals::parse(&path, &String::from_utf8_lossy(&bytes))?,
            None => Vec::new(),
        };
        if let OtherSide::Git(revision) = &self.other
            && let Some(bytes) = revision.file(&path)?
        {
            let before = approvals::parse(
                &revision.display_path(&path),
                &String::from_utf8_lossy(&bytes),
            )?;
            let current: BTreeSet<String> = all
                .iter()
                .map(|approval| approval.fingerprint.clone())
                .collect();
            all.extend(
                before
                    .into_iter()
                    .filter(|approval| !current.contains(&approval.fingerprint)),
            );
        }
        Ok(all)
    }

    /// Returns the version of a client in a git revision.
    fn base_version(&self, client: &ClientConfig) -> Result<Option<String>> {
        let OtherSide::Git(revision) = &self.other else {
            return Ok(None);
        };
        let bytes = revision.file(config::PATH)?.unwrap_or_default();
        Ok(edit::version(
            &String::from_utf8_lossy(&bytes),
            &client.name,
        ))
    }

    /// Reads the generated document in a revision. It includes the overlay of that revision.
    fn built_from_revision(
        &self,
        client: &ClientConfig,
        revision: &Revision,
        err: &mut dyn Write,
    ) -> Result<std::result::Result<BuiltDocument, Exit>> {
        let path = format!("{}/openapi.json", client.specs_dir());
        let Some(bytes) = revision.file(&path)? else {
            writeln!(
                err,
                "{}: {} does not exist: the client was added later",
                client.name,
                revision.display_path(&path)
            )?;
            return Ok(Err(Exit::Fine));
        };
        let document = Document::parse(
            &revision.display_path(&path),
            &String::from_utf8_lossy(&bytes),
        )?;
        Ok(Ok(BuiltDocument {
            document,
            pending: Vec::new(),
        }))
    }

    /// Builds the document from a single listing on disk.
    fn built_from_listing(
        &self,
        name: &str,
        dir: &Path,
        client: &ClientConfig,
        inputs: ClientInputs,
        err: &mut dyn Write,
    ) -> Result<std::result::Result<BuiltDocument, Exit>> {
        let Source::Listings(source) = &client.source else {
            writeln!(
                err,
                "error: {}: the client is generated from documents, but {name} is a listing",
                client.name
            )?;
            return Ok(Err(Exit::Failed));
        };
        if !source.further.is_empty() {
            writeln!(
                err,
                "error: {}: the client has several listings, but {name} is only one; use a mirror",
                client.name
            )?;
            return Ok(Err(Exit::Failed));
        }
        let mut listing = listing::on_disk(dir, name, source.documents)?;
        // The document names its source, which must be the same on both sides.
        listing.name = source.first.to_string();
        build_document(name, inputs, vec![listing], err)
    }

    /// Builds the document from listings that are fetched into a temporary directory.
    fn built_from_source(
        &self,
        client: &ClientConfig,
        inputs: ClientInputs,
        upstream: &Upstream,
        err: &mut dyn Write,
    ) -> Result<std::result::Result<BuiltDocument, Exit>> {
        let scratch = tempfile::tempdir()?;
        let mut listings = Vec::new();
        let mut failed = None;
        let before = self.workspace.lock.clients.get(&client.name);
        for (listing, result) in fetch_client(
            &self.workspace.root,
            client,
            before,
            upstream,
            scratch.path(),
        ) {
            match result {
                Ok(fetched) => {
                    for notice in &fetched.notices {
                        writeln!(err, "{notice}")?;
                    }
                    let snapshot_dir = self.workspace.root.join(client.snapshot_dir());
                    listings.push(
                        fetched
                            .read(&listing.to_string(), &snapshot_dir, |file| file.url.clone())?,
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
            None => build_document(&upstream.source.to_string(), inputs, listings, err),
        }
    }
}

/// The document of a client.
struct BuiltDocument {
    document: Document,
    /// Overlay actions and choices that match nothing in the document.
    pending: Vec<Diagnostic>,
}

/// Builds a document from `listings`, with the client's names, choices and overlay.
fn build_document(
    name: &str,
    inputs: ClientInputs,
    listings: Vec<FileSet>,
    err: &mut dyn Write,
) -> Result<std::result::Result<BuiltDocument, Exit>> {
    // The diagnostics of the snapshot have been printed.
    let inputs = ClientInputs {
        files: listings,
        diagnostics: Diagnostics::default(),
        ..inputs
    };
    let Some((output, pending)) = run_pipeline(inputs, err)? else {
        return Ok(Err(Exit::Failed));
    };
    // The document is not in a file, so it has no line numbers.
    let document = Document::from_value(name, serde_json::to_value(output.canonical.document())?)?;
    Ok(Ok(BuiltDocument { document, pending }))
}

/// Builds the document of a client, and collects overlay actions and choices that match nothing.
///
/// If the document is invalid, prints its errors and returns `None`.
fn run_pipeline(
    inputs: ClientInputs,
    err: &mut dyn Write,
) -> Result<Option<(pipeline::Output, Vec<Diagnostic>)>> {
    let (mut names, mut diagnostics) = (inputs.names.clone(), inputs.diagnostics.clone());
    diagnostics.allow_unmatched();
    let output = inputs.output(&mut names, &mut diagnostics);
    let Some(output) = output.filter(|_| !diagnostics.has_errors()) else {
        for error in diagnostics.of(Severity::Error) {
            writeln!(err, "{error}")?;
        }
        return Ok(None);
    };
    let pending = diagnostics.of(Severity::Pending).cloned().collect();
    Ok(Some((output, pending)))
}
