//! The command `overlay`: checks, drafts and applies overlays.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use gallery_codegen::generate::client_files;
use gallery_regen::client_args::ClientArgs;
use gallery_regen::exit::Exit;
use gallery_regen::text::counted;
use gallery_spec::command::recommend;
use gallery_spec::documents;
use gallery_spec::draft::RawFile;
use gallery_spec::overlay::{draft, types_from};
use gallery_spec::workspace::{Workspace, overlay_path};
use openapi_text::{Diagnostics, Severity, redact, yaml};
use serde_json::Value;

use crate::drift::source::{Downloads, download};
use crate::upstream::RequestArgs;

/// Check, draft and apply overlays
#[derive(Debug, Subcommand)]
pub enum OverlayAction {
    /// Apply the overlay of each client, and print the number of matches of each action
    ///
    /// Checks the resulting document completely. Writes no files.
    ///
    /// Exit status: 0 success, 100 an overlay is invalid or an action matches nothing.
    Check(CheckArgs),
    /// Print a draft of an overlay
    ///
    /// The draft contains an action for each part of the document that lacks information. With
    /// --types-from, the information comes from another document. Operations match by method and
    /// path; those without a match are listed at the end.
    Draft(DraftArgs),
    /// Apply an overlay to any document, and print the result
    ///
    /// Needs no workspace. The result is JSON or YAML, like the document. Actions that match
    /// nothing are reported and ignored.
    ///
    /// Exit status: 0 success, 100 the document or the overlay is invalid.
    Apply(ApplyArgs),
}

/// Options of `overlay check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The client.
    #[command(flatten)]
    client: ClientArgs,
}

/// Options of `overlay draft`.
#[derive(Debug, Args)]
pub struct DraftArgs {
    /// Name of the client in specs/gallery.toml
    client: String,
    /// Use the types of this OpenAPI document, 2.0 to 3.2: a path or a URL
    #[arg(long, value_name = "DOCUMENT")]
    types_from: Option<String>,
    /// Options for requests of the document.
    #[command(flatten)]
    requests: RequestArgs,
}

/// Options of `overlay apply`.
#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// The document, in JSON or YAML
    document: PathBuf,
    /// The overlay, in JSON or YAML
    overlay: PathBuf,
}

pub(crate) fn overlay(
    root: &Path,
    action: &OverlayAction,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    match action {
        OverlayAction::Check(args) => check(root, args.client.name(), out, err),
        OverlayAction::Draft(args) => draft_of(root, args, out, err),
        OverlayAction::Apply(args) => apply(args, out, err),
    }
}

fn check(
    root: &Path,
    only: Option<&str>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let workspace = Workspace::read(root)?;
    let mut exit = Exit::Fine;
    for config in workspace.clients(only)? {
        let path = overlay_path(&config);
        // Some errors appear only when code is generated, such as those of `x-gallery-pages`.
        let (_, outcome) = client_files(&workspace.inputs(&config)?);
        for warning in outcome
            .diagnostics
            .of(Severity::Warning)
            .filter(|warning| warning.location.file == path)
        {
            writeln!(err, "{warning}")?;
        }
        if outcome.diagnostics.has_errors() {
            print_errors(&path, &outcome.diagnostics, err)?;
            exit = Exit::Failed;
            continue;
        }
        let client = &config.name;
        match outcome.report.and_then(|report| report.overlay) {
            None => writeln!(
                out,
                "{client}: no overlay; {} prints a draft",
                recommend(&format!("overlay draft {client}"))
            )?,
            Some(overlay) => {
                writeln!(
                    out,
                    "{client}: {} in {}",
                    counted(overlay.actions.len(), "action"),
                    overlay.file
                )?;
                for action in &overlay.actions {
                    let line = action.at.rsplit(':').nth(1).unwrap_or_default();
                    writeln!(
                        out,
                        "  line {line:>4}  {:>12}  {}",
                        counted(action.matches, "location"),
                        action.target
                    )?;
                }
            }
        }
    }
    Ok(exit)
}

fn draft_of(
    root: &Path,
    args: &DraftArgs,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let client = &args.client;
    let workspace = Workspace::read(root)?;
    let downloads = Downloads {
        hosts: &workspace.config.hosts,
        settings: &args.requests.settings(),
    };
    let types = match &args.types_from {
        None => None,
        Some(name) => match typed_document(name, downloads, err)? {
            Some(document) => Some((name, document)),
            None => return Ok(Exit::Failed),
        },
    };
    for config in workspace.clients(Some(client))? {
        let inputs = workspace.inputs(&config)?;
        let (mut names, mut diagnostics) = (inputs.names.clone(), inputs.diagnostics.clone());
        let Some(output) = inputs.output(&mut names, &mut diagnostics) else {
            print_errors(&overlay_path(&config), &diagnostics, err)?;
            return Ok(Exit::Failed);
        };
        if let Some((name, document)) = &types {
            let draft = types_from(&output.canonical, document, &redact::text(name));
            write!(out, "{}", draft.text)?;
            writeln!(
                err,
                "{} of {} have a match in {}; {} of that document are not in `{client}`",
                draft.matched.len(),
                counted(draft.matched.len() + draft.unmatched.len(), "operation"),
                redact::text(name),
                counted(draft.unused.len(), "operation"),
            )?;
            continue;
        }
        match draft(&output.canonical) {
            Some(text) => write!(out, "{text}")?,
            None => writeln!(
                err,
                "nothing to draft: no part of `{client}` lacks a type, and no list has plain pages"
            )?,
        }
    }
    Ok(Exit::Fine)
}

/// Reads a document and converts it to OpenAPI 3.0. Prints errors, and returns `None` if there are
/// any.
fn typed_document(
    name: &str,
    downloads: Downloads<'_>,
    err: &mut dyn Write,
) -> Result<Option<Value>> {
    let (name, bytes) = if name.contains("://") {
        download(name, downloads)?
    } else {
        let bytes = fs::read(name).with_context(|| name.to_owned())?;
        (name.to_owned(), bytes)
    };
    let mut diagnostics = Diagnostics::default();
    let file = RawFile::new(name, bytes);
    let draft = documents::single(&file, &mut diagnostics);
    for error in diagnostics.of(Severity::Error) {
        writeln!(err, "{error}")?;
    }
    match draft {
        Some(draft) => Ok(Some(serde_json::to_value(draft.assemble(|_| None))?)),
        None => Ok(None),
    }
}

fn print_errors(path: &str, diagnostics: &Diagnostics, err: &mut dyn Write) -> Result<()> {
    for error in diagnostics.of(Severity::Error) {
        writeln!(err, "{error}")?;
    }
    writeln!(
        err,
        "{path} has {}",
        counted(diagnostics.of(Severity::Error).count(), "error")
    )?;
    Ok(())
}

fn apply(args: &ApplyArgs, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit> {
    let mut diagnostics = Diagnostics::default();
    let document = read(&args.document)?;
    let parsed = yaml::parse(
        &args.document.display().to_string(),
        document.as_bytes(),
        &mut diagnostics,
    );
    let overlay = gallery_spec::overlay::parse(
        &args.overlay.display().to_string(),
        &read(&args.overlay)?,
        &mut diagnostics,
    );
    for diagnostic in diagnostics.iter() {
        writeln!(err, "{diagnostic}")?;
    }
    let (Some(mut parsed), Some(overlay)) = (parsed, overlay) else {
        return Ok(Exit::Failed);
    };
    let applied = overlay.apply(&mut parsed)?;
    for (action, applied) in overlay.actions.iter().zip(&applied) {
        if applied.matches.is_empty() {
            let target = &action.target;
            writeln!(
                err,
                "warning: {}: `{}` matches nothing",
                target.location, target.text
            )?;
        }
    }
    if document.trim_start().starts_with('{') {
        writeln!(out, "{parsed:#}")?;
    } else {
        write!(out, "{}", serde_yaml::to_string(&parsed)?)?;
    }
    Ok(Exit::Fine)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| path.display().to_string())
}
