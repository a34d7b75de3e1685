//! The first example of a README.

use std::fmt::Write as _;

use gallery_spec::canonical::Canonical;
use openapiv3::{Server, StatusCode};

use crate::bindings::{Bindings, OperationBinding};
use crate::code::{ClientCode, Samples};
use crate::markdown;
use crate::security::Scheme;

/// The statements of an example, which use the variable `client`.
pub(super) struct Example {
    statements: String,
    /// The credentials of the operation: the first documented alternative.
    credentials: Vec<Scheme>,
    /// True if a mock server can return a success for the call.
    is_runnable: bool,
}

/// Returns an example that calls the first operation.
pub(super) fn example(
    canonical: &Canonical,
    bindings: &Bindings,
    code: &ClientCode,
    library: &str,
) -> Option<Example> {
    let endpoints = canonical.endpoints();
    let (endpoint, binding) = endpoints.iter().zip(&bindings.operations).next()?;
    let (call, is_valid) = example_call(code, binding, library);
    let statements = if binding.pages.is_some() {
        format!(
            "let mut items = {call}.stream();\nwhile let Some(item) = items.next().await {{\nlet item = item?;\nprintln!(\"{{item:?}}\");\n}}"
        )
    } else if binding.events.is_some() {
        format!(
            "let mut events = {call}.events().await?.into_inner();\nwhile let Some(event) = events.next().await {{\nlet event = event?;\nprintln!(\"{{:?}}\", event.data);\n}}"
        )
    } else {
        let show = if binding.responses.success.is_untyped() {
            "let text = response.text()?;\nprintln!(\"{text}\");"
        } else {
            "println!(\"{}\", response.status());"
        };
        format!("let response = {call}.send().await?;\n{show}")
    };
    let has_success = endpoint
        .operation
        .responses
        .responses
        .keys()
        .any(|status| matches!(status, StatusCode::Code(200..300)));
    let credentials = binding.security.as_ref().and_then(|all| all.first());
    Some(Example {
        statements,
        credentials: credentials.cloned().unwrap_or_default(),
        is_runnable: has_success && is_valid && binding.server.is_none(),
    })
}

impl Example {
    /// Writes the section of the README.
    pub(super) fn section(&self, canonical: &Canonical, library: &str) -> String {
        let server = canonical.document().servers.first();
        let is_complete =
            |server: &&Server| server.url.contains("://") && !server.url.contains('{');
        let mut sentence = String::new();
        let (base_url, mut client) = match server.filter(is_complete) {
            Some(server) => (format!("{:?}", server.url), String::new()),
            None => {
                sentence = format!("{}\n\n", base_url_sentence(canonical));
                let variable = "let base_url = std::env::var(\"BASE_URL\")?;\n";
                ("&base_url".to_owned(), variable.to_owned())
            }
        };
        if self.credentials.is_empty() {
            let _ = write!(client, "let client = {library}::Client::new({base_url})?;");
        } else {
            let _ = write!(
                client,
                "let client = {library}::Client::builder({base_url})"
            );
            for scheme in &self.credentials {
                client.push_str(&credential(scheme, &format!("{library}::")));
            }
            client.push_str(".build()?;");
        }
        let program = formatted(format!(
            "#[tokio::main]\n\
             async fn main() -> Result<(), Box<dyn std::error::Error>> {{\n{client}\n{}\nOk(())\n}}\n",
            self.statements
        ));
        format!("\n## Example\n\n{sentence}```rust,no_run\n{program}```\n")
    }

    /// Returns a program that runs the example against a mock server, if that is possible.
    pub(super) fn program(&self, library: &str) -> Option<String> {
        let body = format!(
            "let server = gallery_testkit::MockServer::start({library}::OPENAPI)?;\n\
             server.be_lenient();\n\
             let client = {library}::Client::new(&server.base_url())?;\n{}\nOk(())",
            self.statements
        );
        self.is_runnable.then(|| {
            formatted(format!(
                "#[tokio::main(flavor = \"current_thread\")]\n\
                 async fn main() -> Result<(), Box<dyn std::error::Error>> {{\n{body}\n}}\n"
            ))
        })
    }
}

/// Returns the call of the builder that sets a credential from the environment. `module` is the
/// path of the module with `AuthScheme`, or nothing.
pub(super) fn credential(scheme: &Scheme, module: &str) -> String {
    match scheme {
        Scheme::Bearer => ".bearer_token(std::env::var(\"TOKEN\")?)".to_owned(),
        Scheme::Basic => ".basic_auth(\"user\", std::env::var(\"PASSWORD\")?)".to_owned(),
        Scheme::Header(_) | Scheme::Query(_) | Scheme::Cookie(_) => format!(
            ".api_key({module}{}, std::env::var(\"API_KEY\")?)",
            scheme.text()
        ),
    }
}

/// Formats a program.
fn formatted(program: String) -> String {
    match syn::parse_file(&program) {
        Ok(file) => prettyplease::unparse(&file),
        // The example of a README that does not parse fails when it is tested.
        Err(_) => program,
    }
}

/// Returns a call with the required arguments, and whether the server certainly accepts its body.
fn example_call(code: &ClientCode, binding: &OperationBinding, library: &str) -> (String, bool) {
    let Some(signature) = code.signatures.first() else {
        return (String::new(), false);
    };
    let samples = Samples::new(&code.types, library);
    let arguments = samples.arguments(signature);
    (
        format!("client.{}({})", binding.call_path(), arguments.expression),
        arguments.is_valid,
    )
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
