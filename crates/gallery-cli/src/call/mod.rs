//! The command `call`: calls an operation of a client's API.
//!
//! [`arguments`] reads the arguments, [`operation`] describes the operation to the runtime, and
//! [`output`] prints the response. The runtime of generated clients sends the request, so that it
//! is the one that a client sends.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;
use gallery_regen::client_args::only_client;
use gallery_regen::exit::Exit;
use gallery_runtime::{Call, ClientBuilder, Error, ErrorKind, Transport, Untyped};
use gallery_spec::command::recommend;
use gallery_spec::workspace;
use gallery_testkit::{Document, Endpoint, SecurityScheme};
use serde_json::Value;

mod arguments;
mod operation;
mod output;

/// Call an operation of a client's API
///
/// Sends the request that the generated client would send, and prints the body of the response.
/// Without OPERATION, lists the operations. Credentials are read from the environment:
/// GALLERY_TOKEN, GALLERY_USER and GALLERY_PASSWORD, and GALLERY_API_KEY.
///
/// Exit status: 0 success, 75 no response, 100 a status of 4xx or 5xx, and other errors.
#[derive(Args, Clone, Debug)]
pub struct CallArgs {
    /// Base URL of the API [default: the URL of the document]
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Print a list of objects as a table
    #[arg(long)]
    table: bool,
    /// List the arguments of OPERATION instead of calling it
    #[arg(long, requires = "operation")]
    arguments: bool,
    /// Name of the client in specs/gallery.toml
    client: String,
    /// ID of the operation
    operation: Option<String>,
    /// Arguments of the operation: --NAME VALUE for each parameter, and --body with JSON, @FILE, or
    /// - for standard input. Repeat --NAME for each item of a list
    #[arg(
        value_name = "--NAME VALUE",
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    given: Vec<String>,
}

pub(crate) fn call(
    root: &Path,
    args: &CallArgs,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let client = only_client(&workspace::config(root)?, Some(&args.client))?;
    // The document of the client itself, without the parts that clients leave out.
    let path = format!("{}/openapi.json", client.crate_dir());
    let text = std::fs::read_to_string(root.join(&path)).with_context(|| {
        let regen = recommend(&format!("regen {}", client.name));
        format!("cannot read {path}; {regen} generates it")
    })?;
    let document = Document::parse(&text).with_context(|| path.clone())?;
    let Some(name) = &args.operation else {
        output::operations(&document, out)?;
        return Ok(Exit::Fine);
    };
    let endpoint = operation::find(&document, name)?;
    if args.arguments {
        output::arguments(endpoint, out)?;
        return Ok(Exit::Fine);
    }
    let given = arguments::read(endpoint, &args.given)?;
    let base_url = match &args.base_url {
        Some(url) => url.clone(),
        None => default_url(&text).with_context(|| {
            format!("{path} has no complete URL of a server: set it with --base-url")
        })?,
    };
    let transport = transport(&base_url, endpoint)?;
    let mut request = Call::new(&transport, operation::describe(endpoint));
    given.set(&mut request)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the async runtime")?;
    match runtime.block_on(request.send::<Untyped, Untyped>()) {
        Ok(response) => {
            output::status(response.status(), err)?;
            output::body(endpoint, response.bytes(), args.table, out)?;
            Ok(Exit::Fine)
        }
        Err(Error::ErrorResponse(response)) => {
            output::status(response.status(), err)?;
            output::body(endpoint, response.bytes(), false, out)?;
            Ok(Exit::Failed)
        }
        Err(error) => {
            writeln!(err, "error: {error}")?;
            Ok(match error.kind() {
                ErrorKind::Connect | ErrorKind::ConnectionLost | ErrorKind::Timeout => {
                    Exit::Unreachable
                }
                _ => Exit::Failed,
            })
        }
    }
}

/// Returns the URL of the document's first server, unless it has variables or no host.
fn default_url(document: &str) -> Option<String> {
    let document: Value = serde_json::from_str(document).ok()?;
    let url = document.pointer("/servers/0/url")?.as_str()?;
    let is_complete = url.starts_with("https://") || url.starts_with("http://");
    (is_complete && !url.contains('{')).then(|| url.to_owned())
}

/// Returns a transport with the credentials of the environment that the operation can use.
fn transport(base_url: &str, endpoint: &Endpoint) -> Result<Transport> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let mut builder: ClientBuilder<Transport> = ClientBuilder::new(base_url, &[])
        .user_agent(concat!("gallery/", env!("CARGO_PKG_VERSION")));
    for scheme in endpoint.security.iter().flatten().flatten() {
        builder = match scheme {
            SecurityScheme::Bearer => match variable("GALLERY_TOKEN") {
                Some(token) => builder.bearer_token(token),
                None => builder,
            },
            SecurityScheme::Basic => match variable("GALLERY_PASSWORD") {
                Some(password) => {
                    let user = variable("GALLERY_USER").unwrap_or_default();
                    builder.basic_auth(&user, password)
                }
                None => builder,
            },
            SecurityScheme::ApiKey(location, name) => match variable("GALLERY_API_KEY") {
                Some(key) => builder.api_key(operation::api_key(*location, name), key),
                None => builder,
            },
        };
    }
    Ok(builder.build()?)
}
