//! The command `overlay`: checks, drafts and applies overlays.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use gallery_codegen::generate::client_files;
use gallery_spec::command::recommend;
use gallery_spec::overlay::draft;
use gallery_spec::workspace::{Workspace, overlay_path};
use openapi_text::{Diagnostics, Severity, yaml};

use crate::client_args::ClientArgs;
use crate::exit::Exit;
use crate::text::counted;

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
    /// The draft contains an action for each part of the document that lacks information.
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
        OverlayAction::Draft(args) => draft_of(root, &args.client, out, err),
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

fn draft_of(root: &Path, client: &str, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit> {
    let workspace = Workspace::read(root)?;
    for config in workspace.clients(Some(client))? {
        let inputs = workspace.inputs(&config)?;
        let (mut names, mut diagnostics) = (inputs.names.clone(), inputs.diagnostics.clone());
        let Some(output) = inputs.output(&mut names, &mut diagnostics) else {
            print_errors(&overlay_path(&config), &diagnostics, err)?;
            return Ok(Exit::Failed);
        };
        match draft(&output.canonical) {
            Some(text) => write!(out, "{text}")?,
            None => writeln!(err, "nothing to draft: no part of `{client}` lacks a type")?,
        }
    }
    Ok(Exit::Fine)
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
