//! The README of a client.

use std::fmt::Write as _;

use gallery_spec::canonical::{Canonical, Endpoint, assumed};
use gallery_spec::config::ClientConfig;
use openapiv3::StatusCode;

use crate::bindings::{BODY, Bindings, OperationBinding};
use crate::client_api::ClientApi;
use crate::markdown;
use crate::parameters::{ParameterLocation, parameters_of};
use crate::reference;
use crate::security::Scheme;

/// Writes the README: introduction, installation, example, features, operations, provenance.
pub(super) fn readme(
    client: &ClientConfig,
    canonical: &Canonical,
    bindings: &Bindings,
    code: &syn::File,
    library: &str,
    header: &str,
) -> String {
    let info = &canonical.document().info;
    let mut text = format!("<!-- {header} -->\n\n# {}\n\n", client.package);
    let _ = writeln!(
        text,
        "A typed, async Rust client for the {} API, version {}, generated from {}.",
        markdown::inline(&info.title),
        markdown::code(&info.version),
        markdown::inline(&origin(canonical))
    );
    if let Some(description) = &info.description {
        let _ = write!(text, "\n{}\n", markdown::blocks(description));
    }
    text.push_str(&install(client));
    text.push_str(&example(canonical, bindings, code, library));
    text.push_str(&features(bindings));
    text.push_str(&settings(bindings, library, &example_url(canonical)));
    text.push_str(ERRORS);
    text.push_str(&testing(canonical, bindings, client, library));
    text.push_str(&operations(canonical, bindings));
    text.push_str(&assumptions(canonical));
    text.push_str(&provenance(canonical));
    text
}

fn install(client: &ClientConfig) -> String {
    format!(
        r#"
## Install

```toml
[dependencies]
{} = {{ path = "{}" }}
tokio = {{ version = "1", features = ["macros", "rt-multi-thread"] }}
```
"#,
        client.package,
        client.crate_dir()
    )
}

/// A call of the first operation. A doctest runs it against a mock server if possible.
fn example(canonical: &Canonical, bindings: &Bindings, code: &syn::File, library: &str) -> String {
    let endpoints = canonical.endpoints();
    let Some((endpoint, binding)) = endpoints.iter().zip(&bindings.operations).next() else {
        return String::new();
    };
    let call = example_call(canonical, endpoint, binding, code, library);
    let used = if binding.pages.is_some() {
        format!(
            "let mut items = {call}.stream();\nwhile let Some(item) = items.next().await {{\n    println!(\"{{:?}}\", item?);\n}}"
        )
    } else {
        let show = if binding.responses.success.is_untyped() {
            "response.text()?"
        } else {
            "response.status()"
        };
        format!("let response = {call}.send().await?;\nprintln!(\"{{}}\", {show});")
    };
    let url = example_url(canonical);
    let has_success = endpoint
        .operation
        .responses
        .responses
        .keys()
        .any(|status| matches!(status, StatusCode::Code(200..300)));
    if has_success && binding.server.is_none() {
        format!(
            "\n## Example\n\nThe base URL is {}:\n\n```rust\n\
             # #[tokio::main(flavor = \"current_thread\")]\n\
             # async fn main() -> Result<(), Box<dyn std::error::Error>> {{\n\
             # let server = gallery_testkit::MockServer::start({library}::OPENAPI)?;\n\
             # server.be_lenient();\n\
             # let base_url = &server.base_url();\n\
             let client = {library}::Client::new(base_url)?;\n{used}\n# Ok(())\n# }}\n```\n",
            markdown::code(&url)
        )
    } else {
        format!(
            "\n## Example\n\n```rust,no_run\n\
             # async fn example() -> Result<(), Box<dyn std::error::Error>> {{\n\
             let client = {library}::Client::new({url:?})?;\n{used}\n# Ok(())\n# }}\n```\n",
        )
    }
}

fn example_call(
    canonical: &Canonical,
    endpoint: &Endpoint<'_>,
    binding: &OperationBinding,
    code: &syn::File,
    library: &str,
) -> String {
    let client_api = ClientApi::read(code, library);
    let mut call = format!("client.{}()", binding.method);
    let mut set = |setter: &str| {
        let argument = client_api.sample(&binding.method, setter);
        let _ = write!(call, ".{setter}({argument})");
    };
    for (pointer, _, data) in parameters_of(canonical, endpoint) {
        let parameter = binding
            .parameters
            .iter()
            .find(|parameter| parameter.pointer == pointer);
        if let (Some(parameter), true) = (parameter, data.required) {
            set(&parameter.setter);
        }
    }
    if binding.body.as_ref().is_some_and(|body| body.required) {
        set(BODY);
    }
    call
}

fn features(bindings: &Bindings) -> String {
    let mut text = "\n## Features\n\n\
        - One method per operation and one setter per argument; a missing required argument is an \
        error\n  before anything is sent.\n"
        .to_owned();
    let operations = &bindings.operations;
    let is_typed = |operation: &OperationBinding| !operation.responses.success.is_untyped();
    if operations.iter().any(is_typed) {
        text.push_str("- Typed responses, with status and headers.\n");
    }
    if !operations.iter().all(is_typed) {
        text.push_str(
            "- Responses without a schema are [`Untyped`]: read them with `json::<T>()`, `text()` or \
             `bytes()`.\n",
        );
    }
    if operations.iter().any(|operation| operation.pages.is_some()) {
        text.push_str("- `stream()` requests the pages of a list one after the other.\n");
    }
    text.push_str(
        "- Timeouts, retries of idempotent requests, redirects and middleware.\n\
         - A mock server for your tests.\n\
         \n\
         Cargo features:\n\
         \n\
         | feature | default | effect |\n\
         |---|---|---|\n\
         | `rustls` | yes | TLS by rustls |\n\
         | `native-tls` | no | TLS by the platform |\n\
         | `tracing` | no | a `tracing` span per call |\n\
         | `mock` | no | the module `mock`, for tests |\n",
    );
    text
}

/// Settings of the client, with the credentials that the API accepts.
fn settings(bindings: &Bindings, library: &str, url: &str) -> String {
    let credentials = credentials(bindings);
    let import = if credentials.contains("AuthScheme") {
        "{AuthScheme, Client}"
    } else {
        "Client"
    };
    format!(
        r#"
## Settings

`Client::builder` sets options for all calls. `Client::with_options` returns a client with other
options for some calls, which shares the connections.

```rust,no_run
use std::time::Duration;
use {library}::{import};
use {library}::gallery_runtime::{{CallOptions, RetryPolicy}};

# fn example() -> Result<(), Box<dyn std::error::Error>> {{
let client = Client::builder({url:?})
{credentials}    .timeout(Duration::from_secs(20))
    .retry_policy(RetryPolicy::default().max_attempts(5))
    .user_agent("my-program/1.0")
    .build()?;
let quick = client.with_options(CallOptions::default().timeout(Duration::from_secs(2)));
# Ok(())
# }}
```
"#
    )
}

/// Returns the call that sets the first kind of credential of the API, if it has any.
fn credentials(bindings: &Bindings) -> String {
    let scheme = bindings
        .operations
        .iter()
        .filter_map(|operation| operation.security.as_ref())
        .flatten()
        .flatten()
        .next();
    let api_key = |scheme: &str, name: &str| {
        format!("    .api_key(AuthScheme::{scheme}({name:?}), std::env::var(\"API_KEY\")?)\n")
    };
    match scheme {
        None => String::new(),
        Some(Scheme::Bearer) => "    .bearer_token(std::env::var(\"TOKEN\")?)\n".to_owned(),
        Some(Scheme::Basic) => {
            "    .basic_auth(\"user\", std::env::var(\"PASSWORD\")?)\n".to_owned()
        }
        Some(Scheme::Header(name)) => api_key("Header", name),
        Some(Scheme::Query(name)) => api_key("Query", name),
        Some(Scheme::Cookie(name)) => api_key("Cookie", name),
    }
}

const ERRORS: &str = "
An [`Error`] has `kind()`, `status()`, `headers()`, `is_retryable()` and `body_excerpt()`. Errors
that the API documents with a schema are typed, in [`Error::ErrorResponse`].
";

/// A test of code that uses the client.
fn testing(
    canonical: &Canonical,
    bindings: &Bindings,
    client: &ClientConfig,
    library: &str,
) -> String {
    let (Some(endpoint), Some(binding)) = (
        canonical.endpoints().into_iter().next(),
        bindings.operations.first(),
    ) else {
        return String::new();
    };
    let path = parameters_of(canonical, &endpoint)
        .into_iter()
        .find(|(_, location, _)| *location == ParameterLocation::Path);
    let path = path
        .map(|(_, _, data)| format!(".path({:?}, \"7\")", data.name))
        .unwrap_or_default();
    let call = format!("api.expect().{}(){path}", binding.method);
    format!(
        r#"
## Test your code

The feature `mock` adds a mock server on a loopback port. It rejects requests that the OpenAPI
document does not allow, returns the responses you set (by default a documented one), and prints a
diff of expected and received calls. Enable it in `[dev-dependencies]`:

```toml
{package} = {{ path = "{path}", features = ["mock"] }}
```

```rust,no_run
# #[cfg(feature = "mock")]
# async fn example() -> Result<(), Box<dyn std::error::Error>> {{
use {library}::mock::Mock;

let api = Mock::start()?;
{call};
let client = api.client()?;
// … run the code under test with `client` …
api.verify()?;
# Ok(())
# }}
```
"#,
        package = client.package,
        path = client.crate_dir(),
    )
}

/// Returns the URL of the first server, with default values for variables.
fn example_url(canonical: &Canonical) -> String {
    let Some(server) = canonical.document().servers.first() else {
        return "https://example.com".to_owned();
    };
    let mut url = server.url.clone();
    for (name, variable) in server.variables.iter().flatten() {
        url = url.replace(&format!("{{{name}}}"), &variable.default);
    }
    url
}

fn operations(canonical: &Canonical, bindings: &Bindings) -> String {
    let mut text = "\n## Operations\n\n| method | request | summary |\n|---|---|---|\n".to_owned();
    for (endpoint, binding) in canonical.endpoints().iter().zip(&bindings.operations) {
        let summary = markdown::inline(endpoint.operation.summary.as_deref().unwrap_or_default());
        // `|` ends a table cell even in code.
        let request =
            markdown::code(&format!("{} {}", endpoint.method, endpoint.path)).replace('|', "\\|");
        let _ = writeln!(text, "| `{}` | {request} | {summary} |", binding.method);
    }
    text
}

fn assumptions(canonical: &Canonical) -> String {
    let endpoints = canonical.endpoints();
    let line = |count: usize, all: usize, what: &str, effect: &str| {
        if count == 0 {
            String::new()
        } else {
            format!("- {count} of {all} {what}: {effect}\n")
        }
    };
    let parameters: Vec<_> = endpoints
        .iter()
        .flat_map(|endpoint| parameters_of(canonical, endpoint))
        .collect();
    let untyped = parameters
        .iter()
        .filter(|(.., data)| assumed(&data.extensions).contains(&"type"))
        .count();
    let bodies: Vec<_> = endpoints
        .iter()
        .filter_map(|endpoint| {
            reference::body(canonical, endpoint.operation.request_body.as_ref()?)
        })
        .collect();
    let untyped_bodies = bodies
        .iter()
        .filter(|body| assumed(&body.extensions).contains(&"schema"))
        .count();
    let responses: Vec<_> = endpoints
        .iter()
        .flat_map(|endpoint| {
            endpoint
                .operation
                .responses
                .responses
                .values()
                .chain(&endpoint.operation.responses.default)
        })
        .filter_map(|response| reference::response(canonical, response))
        .collect();
    let untyped_responses = responses
        .iter()
        .filter(|response| assumed(&response.extensions).contains(&"content"))
        .count();
    let lines = [
        line(
            untyped,
            parameters.len(),
            "parameters have no type",
            "strings are sent unchanged",
        ),
        line(
            untyped_bodies,
            bodies.len(),
            "bodies have no schema",
            "any JSON is sent unchanged",
        ),
        line(
            untyped_responses,
            responses.len(),
            "responses have no schema",
            "they are `Untyped`",
        ),
    ];
    if lines.iter().all(String::is_empty) {
        return String::new();
    }
    format!(
        "\n## Missing types\n\nThe source of this client lacks some types. Nothing is guessed:\n\n{}",
        lines.concat()
    )
}

/// Returns the object of "generated from …".
fn origin(canonical: &Canonical) -> String {
    let origin = canonical.provenance().map(|provenance| provenance.origin);
    origin
        .filter(|origin| !origin.is_empty())
        .unwrap_or_else(|| "an OpenAPI document".to_owned())
}

fn provenance(canonical: &Canonical) -> String {
    let Some(provenance) = canonical.provenance() else {
        return String::new();
    };
    let mut text = "\n## Source\n\n".to_owned();
    let mut sources = provenance.sources().map(markdown::code);
    if let Some(source) = sources.next() {
        let _ = write!(text, "- Source: {source}");
        if let Some(modified) = &provenance.modified {
            let _ = write!(text, ", last changed {}", markdown::inline(modified));
        }
        text.push('\n');
    }
    for source in sources {
        let _ = writeln!(text, "- Further source: {source}");
    }
    if let Some(index) = &provenance.index {
        let _ = writeln!(text, "- Index: {}", markdown::inline(index));
    }
    if !provenance.maintainers.is_empty() {
        let _ = writeln!(
            text,
            "- Maintained by: {}",
            markdown::inline(&provenance.maintainers.join(", "))
        );
    }
    if !provenance.licence.is_empty() {
        let _ = write!(
            text,
            "- License of the source: {}",
            markdown::inline(&provenance.licence)
        );
        if !provenance.author.is_empty() {
            let _ = write!(text, ", by {}", markdown::inline(&provenance.author));
        }
        text.push('\n');
    }
    text.push_str("- License of this crate: MIT or Apache-2.0\n");
    if !provenance.links.is_empty() {
        text.push_str("\nAbout the provider:\n\n");
        for (kind, url) in &provenance.links {
            let _ = writeln!(
                text,
                "- {}: {}",
                markdown::inline(kind.trim_start_matches("x-")),
                markdown::inline(url)
            );
        }
    }
    text
}
