//! The README of a client.

use std::fmt::Write as _;

use gallery_spec::canonical::{Canonical, Endpoint};
use gallery_spec::config::ClientConfig;

use crate::bindings::{Bindings, OperationBinding};
use crate::code::{ALL_OPERATIONS, ClientCode, Group, Groups, indented};
use crate::markdown;
use crate::package::readme::example::{credential, example};
use crate::package::readme::missing_types::missing_types;
use crate::package::readme::oauth::oauth;
use crate::package::readme::reductions::reductions;
use crate::package::readme::source::{origin, source};
use crate::package::readme::wrap::wrap;
use crate::parameters::{ParameterLocation, parameters_of};

mod example;
mod missing_types;
mod oauth;
mod reductions;
mod source;
mod wrap;

/// Writes the README, with prose wrapped at 100 columns.
pub(super) fn readme(
    client: &ClientConfig,
    canonical: &Canonical,
    bindings: &Bindings,
    code: &ClientCode,
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
    text.push_str(&install(client, code));
    if let Some(example) = example(canonical, bindings, code, library) {
        text.push_str(&example.section(canonical, library));
    }
    text.push_str(&features(bindings, code));
    text.push_str(&settings(bindings, library));
    text.push_str(ERRORS);
    text.push_str(&oauth(canonical, library));
    if let Some(statements) = mock_statements(canonical, bindings) {
        text.push_str(&testing(&statements, client, library));
    }
    text.push_str(&operations(canonical, bindings, code));
    text.push_str(&missing_types(canonical));
    text.push_str(&reductions(canonical));
    text.push_str(&source(canonical));
    wrap(&text)
}

/// Writes items of the library that test the examples of the README. GitHub shows hidden lines of
/// doctests, so the README has none, and these are the same statements with what they need.
pub(super) fn doctests(
    canonical: &Canonical,
    bindings: &Bindings,
    code: &ClientCode,
    library: &str,
) -> String {
    let example =
        example(canonical, bindings, code, library).and_then(|example| example.program(library));
    let mock = mock_statements(canonical, bindings).map(|statements| {
        format!(
            "use {library}::mock::Mock;\n\n\
             async fn example() -> Result<(), Box<dyn std::error::Error>> {{\n{}}}\n",
            indented(&statements)
        )
    });
    let item = |attribute: &str, name: &str, fence: &str, program: Option<String>| {
        let lines = |program: String| {
            let text = format!("```{fence}\n{program}```\n");
            text.lines()
                .map(|line| format!("/// {line}").trim_end().to_owned() + "\n")
                .collect::<String>()
        };
        program.map_or_else(String::new, |program| {
            format!("\n{}#[cfg({attribute})]\nstruct {name};\n", lines(program))
        })
    };
    let (plain, mocking) = match code.example_feature() {
        None => (
            "doctest".to_owned(),
            r#"all(doctest, feature = "mock")"#.to_owned(),
        ),
        Some(feature) => (
            format!("all(doctest, feature = {feature:?})"),
            format!("all(doctest, feature = \"mock\", feature = {feature:?})"),
        ),
    };
    item(&plain, "ReadmeExample", "rust", example)
        + &item(&mocking, "ReadmeMockExample", "rust,no_run", mock)
}

/// Writes the section on installation.
fn install(client: &ClientConfig, code: &ClientCode) -> String {
    let selection = code.groups().map(|groups| selection(client, groups));
    format!(
        r#"
## Install

```toml
[dependencies]
{} = {{ path = "{}" }}
tokio = {{ version = "1", features = ["macros", "rt-multi-thread"] }}
```
{}"#,
        client.package,
        client.crate_dir(),
        selection.unwrap_or_default()
    )
}

/// Explains how to compile a part of the operations.
fn selection(client: &ClientConfig, groups: &Groups) -> String {
    let feature = groups.groups.first().map(Group::feature);
    format!(
        r#"
All operations are compiled by default. The operations of each tag have a cargo feature: see
[Operations](#operations). To compile faster, select those you use:

```toml
{} = {{ path = "{}", default-features = false, features = ["rustls", "{}"] }}
```
"#,
        client.package,
        client.crate_dir(),
        feature.unwrap_or_default()
    )
}

/// Writes the list of features.
fn features(bindings: &Bindings, code: &ClientCode) -> String {
    let mut text = "\n## Features\n\n\
        - One method per operation, with the required arguments, and one setter per optional argument.\n"
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
        text.push_str(
            "- `stream()` returns the items of all pages of a list, and `pages()` its pages.\n",
        );
    }
    if operations
        .iter()
        .any(|operation| operation.events.is_some())
    {
        text.push_str("- `events()` returns the events of a response, as they arrive.\n");
    }
    if operations.iter().any(|operation| operation.is_download) {
        text.push_str("- `download()` returns a file while it arrives.\n");
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
         | `http2` | no | HTTP/2, where the server offers it |\n\
         | `gzip`, `brotli`, `zstd` | no | compressed responses |\n\
         | `blocking` | no | calls without `async` |\n\
         | `oauth2` | no | tokens by the flows of OAuth 2 |\n\
         | `tower` | no | tower services as HTTP clients |\n\
         | `tracing` | no | a `tracing` span per call |\n\
         | `jiff`, `chrono` | no | conversions of dates and times from and to the types of these crates |\n\
         | `uuid` | no | conversions of UUIDs from and to `uuid::Uuid` |\n\
         | `mock` | no | the module `mock`, for tests |\n",
    );
    if code.groups().is_some() {
        let _ = writeln!(
            text,
            "| `{ALL_OPERATIONS}` | yes | the operations of all tags |"
        );
    }
    text
}

/// Writes the section on client settings, with a credential that the API accepts.
fn settings(bindings: &Bindings, library: &str) -> String {
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

fn clients(base_url: &str) -> Result<(Client, Client), Box<dyn std::error::Error>> {{
    let client = Client::builder(base_url)
{credentials}        .timeout(Duration::from_secs(20))
        .retry_policy(RetryPolicy::default().max_attempts(5))
        .user_agent("my-program/1.0")
        .build()?;
    let quick = client.with_options(CallOptions::default().timeout(Duration::from_secs(2)));
    Ok((client, quick))
}}
```
"#,
        credentials = indented(&credentials)
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
    let call = scheme.map(|scheme| format!("    {}\n", credential(scheme, "")));
    call.unwrap_or_default()
}

const ERRORS: &str = "
An [`Error`] has `kind()`, `status()`, `headers()`, `is_retryable()` and `body_excerpt()`. Errors
that the API documents with a schema are typed, in [`Error::ErrorResponse`].
";

/// Returns the statements of the example for the mock server, which expects the first operation.
fn mock_statements(canonical: &Canonical, bindings: &Bindings) -> Option<String> {
    let endpoint = canonical.endpoints().into_iter().next()?;
    let binding = bindings.operations.first()?;
    let path = parameters_of(canonical, &endpoint)
        .into_iter()
        .find(|(_, location, _)| *location == ParameterLocation::Path);
    let path = path
        .map(|(_, _, data)| format!(".path({:?}, \"7\")", data.name))
        .unwrap_or_default();
    Some(format!(
        "let api = Mock::start()?;\n\
         api.expect().{}(){path};\n\
         let client = api.client()?;\n\
         // … run the code under test with `client` …\n\
         api.verify()?;\n\
         Ok(())",
        binding.method
    ))
}

/// Writes the section on testing code that uses the client.
fn testing(statements: &str, client: &ClientConfig, library: &str) -> String {
    format!(
        r#"
## Test your code

The feature `mock` adds a mock server on a loopback port. The server rejects requests that the
OpenAPI document does not allow. It returns the responses you set, or documented ones by default.
`Mock::verify` reports a diff of expected and received calls. Enable it in `[dev-dependencies]`:

```toml
{package} = {{ path = "{path}", features = ["mock"] }}
```

```rust,ignore
use {library}::mock::Mock;

#[tokio::test]
async fn calls_the_api() -> Result<(), Box<dyn std::error::Error>> {{
{body}}}
```
"#,
        package = client.package,
        path = client.crate_dir(),
        body = indented(statements),
    )
}

/// Writes the table of operations, or one for each cargo feature.
fn operations(canonical: &Canonical, bindings: &Bindings, code: &ClientCode) -> String {
    let endpoints = canonical.endpoints();
    let rows = endpoints.iter().zip(&bindings.operations);
    let rows: Vec<String> = rows
        .map(|(endpoint, binding)| row(endpoint, binding))
        .collect();
    let mut text = "\n## Operations\n".to_owned();
    let Some(groups) = code.groups() else {
        text.push_str(TABLE);
        text.extend(rows);
        return text;
    };
    for group in &groups.groups {
        let (title, feature) = (markdown::inline(&group.title), group.feature());
        let _ = write!(text, "\n### {title}\n\nFeature: `{feature}`.\n{TABLE}");
        text.extend(group.operations.iter().map(|index| rows[*index].as_str()));
    }
    text
}

const TABLE: &str = "\n| method | request | summary |\n|---|---|---|\n";

fn row(endpoint: &Endpoint<'_>, binding: &OperationBinding) -> String {
    let summary = markdown::inline(endpoint.operation.summary.as_deref().unwrap_or_default());
    // `|` ends a table cell even in code.
    let request =
        markdown::code(&format!("{} {}", endpoint.method, endpoint.path)).replace('|', "\\|");
    format!("| `{}` | {request} | {summary} |\n", binding.call_path())
}
