//! The README of a client.

use std::fmt::Write as _;

use gallery_spec::canonical::Canonical;
use gallery_spec::config::ClientConfig;

use crate::bindings::{Bindings, OperationBinding};
use crate::markdown;
use crate::package::readme::example::{example, example_url};
use crate::package::readme::missing_types::missing_types;
use crate::package::readme::source::{origin, source};
use crate::package::readme::wrap::wrap;
use crate::parameters::{ParameterLocation, parameters_of};
use crate::security::Scheme;

mod example;
mod missing_types;
mod source;
mod wrap;

/// Writes the README, with prose wrapped at 100 columns.
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
    text.push_str(&missing_types(canonical));
    text.push_str(&source(canonical));
    wrap(&text)
}

/// Writes the section on installation.
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

/// Writes the list of features.
fn features(bindings: &Bindings) -> String {
    let mut text = "\n## Features\n\n\
        - One method per operation and one setter per argument.\n\
        - An error before the request is sent if a required argument is missing.\n"
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
        text.push_str("- `stream()` returns the items of all pages of a list.\n");
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

/// Writes the section on client settings, with a credential that the API accepts.
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

`Client::builder` sets options for all calls. `Client::with_options` returns a client that
shares the connections but has other options.

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

/// Returns the builder call that sets a credential of the first security scheme, if there is one.
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

/// Writes the section on testing code that uses the client.
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

The feature `mock` adds a mock server on a loopback port. The server rejects requests that the
OpenAPI document does not allow. It returns the responses you set, or documented ones by default.
`Mock::verify` reports a diff of expected and received calls. Enable it in `[dev-dependencies]`:

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

/// Writes the table of operations.
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
