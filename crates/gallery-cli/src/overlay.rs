//! The command `overlay`: checks and drafts overlays.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use clap::{Args, Subcommand};
use gallery_spec::command::recommend;
use gallery_spec::config::ClientConfig;
use gallery_spec::overlay::draft;
use gallery_spec::pipeline::Output;
use gallery_spec::workspace::{Workspace, overlay_path};
use openapi_text::Severity;

use crate::client_args::ClientArgs;
use crate::exit::Exit;
use crate::text::counted;

/// Check and draft overlays
#[derive(Debug, Subcommand)]
pub enum OverlayAction {
    /// Apply the overlay of each client, and print the number of matches of each action
    ///
    /// Writes no files.
    ///
    /// Exit status: 0 success, 100 an overlay is invalid or an action matches nothing.
    Check(CheckArgs),
    /// Print a draft of an overlay
    ///
    /// The draft contains an action for each part of the document that lacks information.
    Draft(DraftArgs),
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

pub(crate) fn overlay(
    root: &Path,
    action: &OverlayAction,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    match action {
        OverlayAction::Check(args) => check(root, args.client.name(), out, err),
        OverlayAction::Draft(args) => {
            let workspace = Workspace::read(root)?;
            let wanted = workspace.clients(Some(&args.client))?;
            let clients = clients(&workspace, &wanted, err)?;
            let Some((_, made)) = clients.into_iter().next() else {
                return Ok(Exit::Failed);
            };
            write!(out, "{}", draft(&made.canonical))?;
            Ok(Exit::Fine)
        }
    }
}

fn check(
    root: &Path,
    only: Option<&str>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let workspace = Workspace::read(root)?;
    let wanted = workspace.clients(only)?;
    let clients = clients(&workspace, &wanted, err)?;
    let all_valid = clients.len() == wanted.len();
    for (client, made) in clients {
        match &made.report.overlay {
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
    Ok(if all_valid { Exit::Fine } else { Exit::Failed })
}

/// Returns the clients whose documents build, and prints the errors of the others.
fn clients(
    workspace: &Workspace,
    wanted: &[ClientConfig],
    err: &mut dyn Write,
) -> Result<Vec<(String, Output)>> {
    let mut clients = Vec::new();
    for client in wanted {
        let client = workspace.inputs(client)?;
        let (mut names, mut diagnostics) = (client.names.clone(), client.diagnostics.clone());
        match client.output(&mut names, &mut diagnostics) {
            Some(made) => clients.push((client.config.name, made)),
            None => {
                for error in diagnostics.of(Severity::Error) {
                    writeln!(err, "{error}")?;
                }
                writeln!(
                    err,
                    "{} has {}",
                    overlay_path(&client.config),
                    counted(diagnostics.of(Severity::Error).count(), "error")
                )?;
            }
        }
    }
    Ok(clients)
}
