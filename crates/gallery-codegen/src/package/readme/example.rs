//! The first example of a README.

use std::fmt::Write as _;

use gallery_spec::canonical::{Canonical, Endpoint};
use openapiv3::StatusCode;

use crate::bindings::{BODY, Bindings, OperationBinding};
use crate::client_api::ClientApi;
use crate::markdown;
use crate::parameters::parameters_of;

/// Writes an example that calls the first operation.
///
/// The example runs as a doctest against a mock server if the operation documents a success and
/// uses the base URL of the client.
pub(super) fn example(
    canonical: &Canonical,
    bindings: &Bindings,
    code: &syn::File,
    library: &str,
) -> String {
    let endpoints = canonical.endpoints();
    let Some((endpoint, binding)) = endpoints.iter().zip(&bindings.operations).next() else {
        return String::new();
    };
    let call = example_call(canonical, endpoint, binding, code, library);
    let statements = if binding.pages.is_some() {
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
            "\n## Example\n\n{}\n\n```rust\n\
             # #[tokio::main(flavor = \"current_thread\")]\n\
             # async fn main() -> Result<(), Box<dyn std::error::Error>> {{\n\
             # let server = gallery_testkit::MockServer::start({library}::OPENAPI)?;\n\
             # server.be_lenient();\n\
             # let base_url = &server.base_url();\n\
             let client = {library}::Client::new(base_url)?;\n{statements}\n# Ok(())\n# }}\n```\n",
            base_url_sentence(canonical, &url)
        )
    } else {
        format!(
            "\n## Example\n\n```rust,no_run\n\
             # async fn example() -> Result<(), Box<dyn std::error::Error>> {{\n\
             let client = {library}::Client::new({url:?})?;\n{statements}\n# Ok(())\n# }}\n```\n",
        )
    }
}

/// Returns a method call that sets the required arguments.
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

/// Returns the sentence about `base_url`. The default of a variable host is a placeholder, so it is
/// not shown.
fn base_url_sentence(canonical: &Canonical, url: &str) -> String {
    let server = canonical.document().servers.first();
    let path = server.and_then(|server| server.url.split_once("://{host}"));
    match path {
        Some((_, "")) => "`base_url` is the URL of your server:".to_owned(),
        Some((_, path)) => {
            let path = markdown::code(path);
            format!("`base_url` is the URL of your server, followed by {path}:")
        }
        None => format!("The base URL is {}:", markdown::code(url)),
    }
}

/// Returns the URL of the first server, with default values for variables.
pub(super) fn example_url(canonical: &Canonical) -> String {
    let Some(server) = canonical.document().servers.first() else {
        return "https://example.com".to_owned();
    };
    let mut url = server.url.clone();
    for (name, variable) in server.variables.iter().flatten() {
        url = url.replace(&format!("{{{name}}}"), &variable.default);
    }
    url
}
