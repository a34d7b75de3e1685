//! The first example of a README.

use std::fmt::Write as _;

use gallery_spec::canonical::{Canonical, Endpoint};
use openapiv3::{Server, StatusCode};

use crate::bindings::{BODY, Bindings, OperationBinding};
use crate::client_api::ClientApi;
use crate::markdown;
use crate::parameters::parameters_of;

/// The statements of an example, which use the variable `client`.
pub(super) struct Example {
    statements: String,
    /// True if a mock server can return a success for the call.
    is_runnable: bool,
}

/// Returns an example that calls the first operation.
pub(super) fn example(
    canonical: &Canonical,
    bindings: &Bindings,
    code: &syn::File,
    library: &str,
) -> Option<Example> {
    let endpoints = canonical.endpoints();
    let (endpoint, binding) = endpoints.iter().zip(&bindings.operations).next()?;
    let (call, is_valid) = example_call(canonical, endpoint, binding, code, library);
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
    let has_success = endpoint
        .operation
        .responses
        .responses
        .keys()
        .any(|status| matches!(status, StatusCode::Code(200..300)));
    Some(Example {
        statements,
        is_runnable: has_success && is_valid && binding.server.is_none(),
    })
}

impl Example {
    /// Writes the section of the README.
    pub(super) fn section(&self, canonical: &Canonical, library: &str) -> String {
        let server = canonical.document().servers.first();
        let is_complete =
            |server: &&Server| server.url.contains("://") && !server.url.contains('{');
        let (sentence, client) = match server.filter(is_complete) {
            Some(server) => (
                String::new(),
                format!("let client = {library}::Client::new({:?})?;", server.url),
            ),
            None => (
                format!("{}\n\n", base_url_sentence(canonical)),
                format!(
                    "let base_url = std::env::var(\"BASE_URL\")?;\n\
                     let client = {library}::Client::new(&base_url)?;"
                ),
            ),
        };
        let body = indented(&format!("{client}\n{}\nOk(())", self.statements));
        format!(
            "\n## Example\n\n{sentence}```rust,no_run\n\
             #[tokio::main]\n\
             async fn main() -> Result<(), Box<dyn std::error::Error>> {{\n{body}}}\n```\n"
        )
    }

    /// Returns a program that runs the example against a mock server, if that is possible.
    pub(super) fn program(&self, library: &str) -> Option<String> {
        let body = indented(&format!(
            "let server = gallery_testkit::MockServer::start({library}::OPENAPI)?;\n\
             server.be_lenient();\n\
             let client = {library}::Client::new(&server.base_url())?;\n{}\nOk(())",
            self.statements
        ));
        self.is_runnable.then(|| {
            format!(
                "#[tokio::main(flavor = \"current_thread\")]\n\
                 async fn main() -> Result<(), Box<dyn std::error::Error>> {{\n{body}}}\n"
            )
        })
    }
}

/// Returns lines of code with one more level of indentation.
pub(super) fn indented(code: &str) -> String {
    code.lines()
        .map(|line| match line {
            "" => "\n".to_owned(),
            line => format!("    {line}\n"),
        })
        .collect()
}

/// Returns a method call that sets the required arguments, and whether the client certainly accepts
/// the body.
fn example_call(
    canonical: &Canonical,
    endpoint: &Endpoint<'_>,
    binding: &OperationBinding,
    code: &syn::File,
    library: &str,
) -> (String, bool) {
    let client_api = ClientApi::read(code, library);
    let mut call = format!("client.{}()", binding.method);
    let mut set = |setter: &str| {
        let argument = client_api.sample(&binding.method, setter);
        let _ = write!(call, ".{setter}({})", argument.expression);
        argument.is_valid
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
    let has_body = binding.body.as_ref().is_some_and(|body| body.required);
    let is_valid = !has_body || set(BODY);
    (call, is_valid)
}

/// Returns the sentence about the base URL. The default of a variable host is a placeholder, so it
/// is not shown.
fn base_url_sentence(canonical: &Canonical) -> String {
    let Some(server) = canonical.document().servers.first() else {
        return "`BASE_URL` is the URL of the server:".to_owned();
    };
    if !server.url.contains("://") {
        let path = server.url.trim_end_matches('/');
        return match path {
            "" => "`BASE_URL` is the URL of the server:".to_owned(),
            path => {
                let path = markdown::code(path);
                format!("`BASE_URL` is the URL of the server, followed by {path}:")
            }
        };
    }
    match server.url.split_once("://{host}") {
        Some((_, "")) => "`BASE_URL` is the URL of your server:".to_owned(),
        Some((_, path)) => {
            let path = markdown::code(path);
            format!("`BASE_URL` is the URL of your server, followed by {path}:")
        }
        None => {
            let url = markdown::code(&server.url);
            format!("`BASE_URL` is {url}, with your values for the variables:")
        }
    }
}
