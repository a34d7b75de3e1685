//! The documentation of a client, from the canonical document: what each method sends, what its arguments are, where it came
//! from, and what of it was assumed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use gallery_spec::canonical::{Canonical, Endpoint, assumed};

use crate::answers::{AnswerKind, resolved};
use crate::bindings::{BODY, Bindings, OperationBinding, parameters_of, resolved_body};
use crate::prose;

/// The documentation of a client: Markdown, with all that came from a listing escaped.
#[derive(Clone, Debug, Default)]
pub struct Docs {
    /// Of the client.
    pub client: String,
    /// Of the operations, by method.
    pub operations: BTreeMap<String, OperationDocs>,
}

/// The documentation of an operation.
#[derive(Clone, Debug, Default)]
pub struct OperationDocs {
    /// Of the method.
    pub method: String,
    /// Of the setters, by setter.
    pub setters: BTreeMap<String, String>,
}

/// Writes the documentation of a document.
pub fn docs(canonical: &Canonical, bindings: &Bindings) -> Docs {
    let operations = canonical
        .endpoints()
        .iter()
        .zip(&bindings.operations)
        .map(|(endpoint, binding)| (binding.method.clone(), operation(canonical, endpoint, binding)))
        .collect();
    Docs { client: client(canonical), operations }
}

fn client(canonical: &Canonical) -> String {
    let info = &canonical.document().info;
    let mut text = format!("A client of the {} API.\n", prose::inline(&info.title));
    if let Some(description) = &info.description {
        let _ = write!(text, "\n{}\n", prose::blocks(description));
    }
    let _ = write!(
        text,
        "\nVersion of the API: {}. Cloning a client is cheap and shares its connections.\n",
        prose::code(&info.version)
    );
    text
}

fn operation(canonical: &Canonical, endpoint: &Endpoint<'_>, binding: &OperationBinding) -> OperationDocs {
    let mut docs = OperationDocs { method: method(canonical, endpoint, binding), setters: BTreeMap::new() };
    for (pointer, location, data) in parameters_of(canonical, endpoint) {
        let Some(own) = binding.parameters.iter().find(|own| own.pointer == pointer) else { continue };
        let must = if data.required { "required" } else { "optional" };
        let mut text = format!("The {} parameter {}, {must}.\n", location.key(), prose::code(&data.name));
        if let Some(description) = &data.description {
            let _ = write!(text, "\n{}\n", prose::blocks(description));
        }
        if assumed(&data.extensions).contains(&"type") {
            text.push_str("\nThe listing gives no type: any text is sent as it is.\n");
        }
        docs.setters.insert(own.setter.clone(), text);
    }
    if let Some(body) = endpoint.operation.request_body.as_ref().and_then(|body| resolved_body(canonical, body)) {
        let must = if body.required { "required" } else { "optional: without it neither a body nor a `Content-Type` is sent" };
        let mut text = format!("The body, {must}.\n");
        if let Some(description) = &body.description {
            let _ = write!(text, "\n{}\n", prose::blocks(description));
        }
        if assumed(&body.extensions).contains(&"schema") {
            text.push_str("\nThe listing does not describe it: any JSON is sent as it is.\n");
        }
        docs.setters.insert(BODY.to_owned(), text);
    }
    docs
}

fn method(canonical: &Canonical, endpoint: &Endpoint<'_>, binding: &OperationBinding) -> String {
    let operation = endpoint.operation;
    let request = format!("{} {}", endpoint.method, endpoint.path);
    let mut text = match &operation.summary {
        Some(summary) => format!("{}\n\nSends {}.\n", prose::sentence(summary), prose::code(&request)),
        None => format!("Sends {}.\n", prose::code(&request)),
    };
    if let Some(description) = &operation.description {
        let _ = write!(text, "\n{}\n", prose::blocks(description));
    }
    text.push_str("\n# Answers\n\n");
    let responses = &operation.responses;
    let all = responses.responses.iter().map(|(status, response)| (status.to_string(), response));
    for (status, response) in all.chain(responses.default.iter().map(|response| ("any other status".to_owned(), response))) {
        let Some(response) = resolved(canonical, response) else { continue };
        let described = if response.description.trim().is_empty() {
            "not described".to_owned()
        } else {
            prose::inline(&response.description)
        };
        let open =
            if assumed(&response.extensions).contains(&"content") { "; the listing does not say what it holds" } else { "" };
        let _ = writeln!(text, "- {}: {described}{open}", prose::code(&status));
    }
    text.push('\n');
    text.push_str(match binding.answers.success {
        AnswerKind::Untyped => "A success (2xx) is [`Untyped`]: its content as it came.\n",
        AnswerKind::Typed { .. } => "A success is typed.\n",
    });
    text.push_str("\n# Errors\n\n");
    text.push_str(match binding.answers.error {
        AnswerKind::Untyped => "[`Error::ErrorResponse`] on any 4xx or 5xx, with status, headers and the beginning of the body; ",
        AnswerKind::Typed { .. } => "[`Error::ErrorResponse`] on a documented 4xx or 5xx, typed; ",
    });
    text.push_str("the other kinds of [`Error`] when no answer came or it was none that the API documents.\n");
    text
}
