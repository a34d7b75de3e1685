//! The command `serve`: runs a mock server for a client's document.

use std::future::{Future as _, poll_fn};
use std::io::Write;
use std::path::Path;
use std::pin::pin;
use std::task::Poll;

use anyhow::{Context, Result, bail};
use clap::Args;
use gallery_spec::command::recommend;
use gallery_spec::workspace;
use gallery_testkit::{MockServer, RecordedRequest, Reply};
use tokio::sync::mpsc;

use crate::exit::Exit;
use crate::text::counted;

/// Run a stand-in for a client's API, to try by hand
///
/// Answers the operations of specs/CLIENT/openapi.json on a loopback port, as the document has them, and says for each request what the
/// document does not allow in it. Ends on Ctrl-C.
#[derive(Args, Clone, Debug)]
pub struct ServeArgs {
    /// The client, as specs/gallery.toml names it; needed where there are several
    client: Option<String>,

    /// The port to listen on, instead of any that is free
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 0,
        hide_default_value = true
    )]
    port: u16,
}

/// How many operations are shown as commands.
const EXAMPLES: usize = 3;

pub(crate) fn serve(root: &Path, args: &ServeArgs, out: &mut dyn Write) -> Result<Exit> {
    let clients = workspace::clients(&workspace::config(root)?, args.client.as_deref())?;
    let [client] = clients.as_slice() else {
        let names: Vec<&str> = clients.iter().map(|client| client.name.as_str()).collect();
        bail!("there are several clients; say which: {}", names.join(", "));
    };
    let path = format!("{}/openapi.json", client.specs_dir());
    let text = std::fs::read_to_string(root.join(&path)).with_context(|| {
        format!(
            "cannot read {path}; {} generates it",
            recommend(&format!("regen --client {}", client.name))
        )
    })?;
    let server = MockServer::start_on(&text, args.port).with_context(|| path.clone())?;
    let (say, mut said) = mpsc::unbounded_channel();
    server.observe(move |request, reply| _ = say.send(told(request, reply)));

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("no runtime")?;
    runtime.block_on(async {
        let mut end = pin!(tokio::signal::ctrl_c());
        // Who has read that Ctrl-C ends it can rely on that: the first poll is what asks for it.
        if let Poll::Ready(ended) = poll_fn(|context| Poll::Ready(end.as_mut().poll(context))).await {
            return ended.context("Ctrl-C cannot be waited for").map(|()| Exit::Fine);
        }
        let count = counted(server.document().endpoints.len(), "operation");
        writeln!(out, "{}: {count} of {path} at {}", client.name, server.base_url())?;
        for command in examples(&server) {
            writeln!(out, "  curl {command}")?;
        }
        writeln!(out, "Ctrl-C ends it")?;
        out.flush()?;
        loop {
            tokio::select! {
                biased;
                // What has been answered is told before the end.
                Some(line) = said.recv() => {
                    writeln!(out, "{line}")?;
                    out.flush()?;
                }
                ended = &mut end => return ended.context("Ctrl-C cannot be waited for").map(|()| Exit::Fine),
            }
        }
    })
}

/// Commands for some operations, of different methods where there are such.
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

/// What became of a request, and below it what was wrong.
fn told(request: &RecordedRequest, reply: &Reply) -> String {
    let operation = request
        .operation
        .as_deref()
        .unwrap_or("no operation of the document");
    let faults: String = request
        .violations
        .iter()
        .map(|fault| format!("\n     {fault}"))
        .collect();
    format!(
        "{}  {} {}  {operation}{faults}",
        reply.status(),
        request.method,
        request.target()
    )
}
