//! The command `serve`: runs a mock server for a client's document.

use std::future::{Future as _, poll_fn};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::task::Poll;

use anyhow::{Context, Result};
use clap::Args;
use gallery_spec::command::recommend;
use gallery_spec::workspace;
use gallery_testkit::{MockServer, RecordedRequest, Recording, Reply};
use tokio::sync::mpsc;

use gallery_regen::client_args::only_client;
use gallery_regen::exit::Exit;
use gallery_regen::text::counted;

/// Run a mock server for a client's API
///
/// Serves the operations of specs/CLIENT/openapi.json on a loopback port, with responses generated
/// from the document. Prints each request and how it violates the document. Stops on Ctrl-C.
#[derive(Args, Clone, Debug)]
pub struct ServeArgs {
    /// Name of the client in specs/gallery.toml; optional if there is only one
    client: Option<String>,

    /// Port to listen on [default: any free port]
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 0,
        hide_default_value = true
    )]
    port: u16,

    /// Also respond to requests that violate the document or lack credentials
    #[arg(long)]
    lenient: bool,

    /// Forward all requests to the API at this URL, and record its responses without secrets
    #[arg(long, value_name = "URL", requires = "recording")]
    record: Option<String>,

    /// File with recorded responses: written at Ctrl-C with --record, otherwise replayed
    #[arg(long, value_name = "FILE")]
    recording: Option<PathBuf>,
}

/// Number of operations printed as `curl` commands.
const EXAMPLES: usize = 3;

const NO_SIGNAL_HANDLER: &str = "cannot wait for Ctrl-C";

pub(crate) fn serve(root: &Path, args: &ServeArgs, out: &mut dyn Write) -> Result<Exit> {
    let client = only_client(&workspace::config(root)?, args.client.as_deref())?;
    let path = format!("{}/openapi.json", client.specs_dir());
    let text = std::fs::read_to_string(root.join(&path)).with_context(|| {
        format!(
            "cannot read {path}; {} generates it",
            recommend(&format!("regen {}", client.name))
        )
    })?;
    let server = MockServer::start_on(&text, args.port).with_context(|| path.clone())?;
    if args.lenient {
        server.be_lenient();
    }
    let recorder = match (&args.record, &args.recording) {
        (Some(url), _) => Some(server.record(url)?),
        (None, Some(path)) => {
            server.replay(&read(path)?);
            None
        }
        (None, None) => None,
    };
    let (sender, mut lines) = mpsc::unbounded_channel();
    server.observe(move |request, reply| _ = sender.send(log_line(request, reply)));

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the async runtime")?;
    let exit = runtime.block_on(async {
        let mut interrupt = pin!(tokio::signal::ctrl_c());
        // The first poll installs the signal handler. Poll before printing that Ctrl-C works.
        if let Poll::Ready(result) =
            poll_fn(|context| Poll::Ready(interrupt.as_mut().poll(context))).await
        {
            return result.context(NO_SIGNAL_HANDLER).map(|()| Exit::Fine);
        }
        let count = counted(server.document().endpoints.len(), "operation");
        writeln!(
            out,
            "{}: {count} of {path} at {}",
            client.name,
            server.base_url()
        )?;
        for command in examples(&server) {
            writeln!(out, "  curl {command}")?;
        }
        writeln!(out, "press Ctrl-C to stop")?;
        out.flush()?;
        loop {
            tokio::select! {
                biased;
                // Print pending lines before stopping.
                Some(line) = lines.recv() => {
                    writeln!(out, "{line}")?;
                    out.flush()?;
                }
                result = &mut interrupt => {
                    return result.context(NO_SIGNAL_HANDLER).map(|()| Exit::Fine);
                }
            }
        }
    })?;
    if let (Some(recorder), Some(path)) = (recorder, &args.recording) {
        let recording = recorder.recording();
        let mut text = serde_json::to_string_pretty(&recording)?;
        text.push('\n');
        std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
        let count = counted(recording.len(), "response");
        writeln!(out, "{count} recorded in {}", path.display())?;
    }
    Ok(exit)
}

/// Reads a recording.
fn read(path: &Path) -> Result<Recording> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
    serde_json::from_str(&text).with_context(|| format!("{name} is not a recording"))
}

/// Returns `curl` commands for some operations, preferably of different methods.
fn examples(server: &MockServer) -> Vec<String> {
    let mut methods = Vec::new();
    let mut others = Vec::new();
    let mut commands = Vec::new();
    for endpoint in &server.document().endpoints {
        let Some(command) = server.curl(&endpoint.id) else {
            continue;
        };
        if methods.contains(&&endpoint.method) {
            others.push(command);
        } else {
            methods.push(&endpoint.method);
            commands.push(command);
        }
    }
    commands.into_iter().chain(others).take(EXAMPLES).collect()
}

/// Returns a line with a request and its status, followed by a line for each violation.
fn log_line(request: &RecordedRequest, reply: &Reply) -> String {
    let operation = request
        .operation
        .as_deref()
        .unwrap_or("not in the document");
    let violations: String = request
        .violations
        .iter()
        .map(|violation| format!("\n     {violation}"))
        .collect();
    format!(
        "{}  {} {}  {operation}{violations}",
        reply.status(),
        request.method,
        request.target()
    )
}
