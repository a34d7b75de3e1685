//! The README of a client.

use std::fmt::Write as _;

use gallery_spec::canonical::{Canonical, assumed};
use gallery_spec::config::ClientConfig;
use openapiv3::StatusCode;

use crate::bindings::{BODY, Bindings};
use crate::client_api::ClientApi;
use crate::markdown;
use crate::parameters::{ParameterLocation, parameters_of};
use crate::reference;

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
        "A client of the {} API, version {}, generated from its listing in",
        markdown::inline(&info.title),
        markdown::code(&info.version)
    );
    text.push_str("api.gallery, and tested against the document that it is generated from.\n");
    if let Some(description) = &info.description {
        let _ = write!(text, "\n{}\n", markdown::blocks(description));
    }
    text.push_str(&example(canonical, bindings, code, library));
    text.push_str(&settings(library, &example_url(canonical)));
    text.push_str(&testing(canonical, bindings, library));
    text.push_str(&operations(canonical, bindings));
    text.push_str(&assumptions(canonical));
    text.push_str(&provenance(canonical));
    text
}

fn example(canonical: &Canonical, bindings: &Bindings, code: &syn::File, library: &str) -> String {
    let client_api = ClientApi::read(code, library);
    let endpoints = canonical.endpoints();
    let Some((endpoint, binding)) = endpoints.iter().zip(&bindings.operations).next() else {
        return String::new();
    };
    let mut call = format!("client.{}()", binding.method);
    let mut set = |setter: &str| {
        let _ = write!(
            call,
            ".{setter}({})",
            client_api.sample(&binding.method, setter)
        );
    };
    for (pointer, _, data) in parameters_of(canonical, endpoint) {
        let own = binding.parameters.iter().find(|own| own.pointer == pointer);
        if let (Some(own), true) = (own, data.required) {
            set(&own.setter);
        }
    }
    if binding.body.as_ref().is_some_and(|body| body.required) {
        set(BODY);
    }
    let url = example_url(canonical);
    let used = if binding.pages.is_some() {
        format!(
            "let mut items = {call}.stream();\nwhile let Some(item) = items.next().await {{\n    println!(\"{{:?}}\", item?);\n}}"
        )
    } else {
        let show = if binding.responses.success.is_untyped() {
            "answer.text()?"
        } else {
            "answer.status()"
        };
        format!("let answer = {call}.send().await?;\nprintln!(\"{{}}\", {show});")
    };
    // Against a stand-in it runs, where the document says all that a stand-in has to know.
    let has_success = endpoint
        .operation
        .responses
        .responses
        .keys()
        .any(|status| matches!(status, StatusCode::Code(200..300)));
    if has_success && binding.server.is_none() {
        format!(
            "\nWith the base URL {}:\n\n```rust\n\
             # #[tokio::main(flavor = \"current_thread\")]\n\
             # async fn main() -> Result<(), Box<dyn std::error::Error>> {{\n\
             # let stand_in = gallery_testkit::MockServer::start({library}::OPENAPI)?;\n\
             # stand_in.be_lenient();\n\
             # let base_url = &stand_in.base_url();\n\
             let client = {library}::Client::new(base_url)?;\n{used}\n# Ok(())\n# }}\n```\n",
            markdown::code(&url)
        )
    } else {
        format!(
            "\n```rust,no_run\n# async fn example() -> Result<(), Box<dyn std::error::Error>> {{\n\
             let client = {library}::Client::new({url:?})?;\n{used}\n# Ok(())\n# }}\n```\n",
        )
    }
}

/// What is the same for every client, and what one looks for first.
fn settings(library: &str, url: &str) -> String {
    format!(
        r#"
## Settings and errors

`Client::builder` takes a token or what renews it, timeouts, retries, redirects and middleware; `client.with_options` changes some of them for some
calls, on the same connections. What the server takes twice without harm is tried again when it is busy or the connection breaks.

```rust,no_run
use std::time::Duration;
use {library}::Client;
use {library}::gallery_runtime::{{CallOptions, RetryPolicy}};

# fn example() -> Result<(), Box<dyn std::error::Error>> {{
let client = Client::builder({url:?})
    .bearer_token(std::env::var("TOKEN")?)
    .timeout(Duration::from_secs(20))
    .retry_policy(RetryPolicy::default().max_attempts(5))
    .user_agent("my-program/1.0")
    .build()?;
let quick = client.with_options(CallOptions::default().timeout(Duration::from_secs(2)));
# Ok(())
# }}
```

An error keeps status, headers and the beginning of the body: [`Error`] has `status()`, `kind()`, `is_retryable()` and `excerpt()`, and
where the API describes its errors, [`Error::ErrorResponse`] has them typed. The features: `rustls` (on) or `native-tls`, `tracing` for
a span a call, and `mock` for tests.
"#
    )
}

/// How code that uses the client is tested, by its first operation.
fn testing(canonical: &Canonical, bindings: &Bindings, library: &str) -> String {
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
## Testing your code

With the feature `mock`, in the `dev-dependencies`, a stand-in for the API is a real server on a loopback port. It refuses what the
document does not allow, is told which calls to expect, and says line by line how those that came differ:

```rust,no_run
# #[cfg(feature = "mock")]
# async fn example() -> Result<(), Box<dyn std::error::Error>> {{
use {library}::mock::Mock;

let api = Mock::start()?;
{call}; // with an answer as documented; `success`, `error` and `reply` give others
let client = api.client()?;
// … the code that is tested calls the client …
api.verify()?;
# Ok(())
# }}
```
"#
    )
}

/// The first server, with the defaults of its variables.
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
    let mut text =
        "\n## Operations\n\n| method | request | what it does |\n|---|---|---|\n".to_owned();
    for (endpoint, binding) in canonical.endpoints().iter().zip(&bindings.operations) {
        let summary = markdown::inline(endpoint.operation.summary.as_deref().unwrap_or_default());
        // A bar ends a cell even inside of code.
        let request =
            markdown::code(&format!("{} {}", endpoint.method, endpoint.path)).replace('|', "\\|");
        let _ = writeln!(text, "| `{}` | {request} | {summary} |", binding.method);
    }
    text
}

fn assumptions(canonical: &Canonical) -> String {
    let endpoints = canonical.endpoints();
    let open = |count: usize, all: usize, what: &str, then: &str| {
        if count == 0 {
            String::new()
        } else {
            format!("- {count} of {all} {what}: {then}\n")
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
    let open_bodies = bodies
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
    let open_responses = responses
        .iter()
        .filter(|response| assumed(&response.extensions).contains(&"content"))
        .count();
    let lines = [
        open(
            untyped,
            parameters.len(),
            "parameters have no type",
            "any text is sent as it is",
        ),
        open(
            open_bodies,
            bodies.len(),
            "bodies are not described",
            "any JSON is sent as it is",
        ),
        open(
            open_responses,
            responses.len(),
            "answers are not described",
            "they are `Untyped`, with `json::<T>()`, `text()` and `bytes()`",
        ),
    ];
    if lines.iter().all(String::is_empty) {
        return String::new();
    }
    format!(
        "\n## What the listing leaves open\n\nNothing was invented where the listing is silent:\n\n{}",
        lines.concat()
    )
}

fn provenance(canonical: &Canonical) -> String {
    let Some(provenance) = canonical.provenance() else {
        return String::new();
    };
    let mut text = format!(
        "\n## Where it comes from\n\n- Listing: {}",
        markdown::code(&provenance.listing)
    );
    if let Some(modified) = &provenance.modified {
        let _ = write!(text, ", last changed {}", markdown::inline(modified));
    }
    text.push('\n');
    for listing in &provenance.further_listings {
        let _ = writeln!(text, "- Further listing: {}", markdown::code(listing));
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
    let _ = writeln!(
        text,
        "- Licence of the listing: {}, by streamdata.io / API Evangelist; of this crate: MIT or Apache-2.0",
        markdown::inline(&provenance.licence)
    );
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
