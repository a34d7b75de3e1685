//! The documentation of operations.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use gallery_spec::canonical::{Canonical, Endpoint, assumed};
use gallery_spec::overlay::settle::SOURCES;
use heck::ToPascalCase;
use openapiv3::ReferenceOr;

use crate::bindings::{BODY, OperationBinding};
use crate::markdown;
use crate::media_type::essence;
use crate::pages::PagesBinding;
use crate::parameters::{ParameterBinding, parameters_of};
use crate::reference;
use crate::responses::ResponseType;
use crate::wire::{BodyKind, Style};

/// The documentation of an operation.
#[derive(Clone, Debug, Default)]
pub struct OperationDocs {
    /// Of the method.
    pub method: String,
    /// Of the setters, by setter.
    pub setters: BTreeMap<String, String>,
    /// Of the stream of all items, where the answer is a page of them.
    pub stream: Option<String>,
}

/// Writes the documentation of an operation.
pub(super) fn operation(
    canonical: &Canonical,
    endpoint: &Endpoint<'_>,
    binding: &OperationBinding,
) -> OperationDocs {
    let mut docs = OperationDocs {
        method: method(canonical, endpoint, binding),
        setters: BTreeMap::new(),
        stream: binding.pages.as_ref().map(|pages| stream(binding, pages)),
    };
    for (pointer, location, data) in parameters_of(canonical, endpoint) {
        let Some(own) = binding.parameters.iter().find(|own| own.pointer == pointer) else {
            continue;
        };
        let must = if data.required {
            "required"
        } else {
            "optional"
        };
        let mut text = format!(
            "The {} parameter {}, {must}.\n",
            location.key(),
            markdown::code(&data.name)
        );
        if let Some(description) = &data.description {
            let _ = write!(text, "\n{}\n", markdown::blocks(description));
        }
        if assumed(&data.extensions).contains(&"type") {
            text.push_str("\nThe listing gives no type: any text is sent as it is.\n");
        }
        text.push_str(style(own));
        docs.setters.insert(own.setter.clone(), text);
    }
    if let Some(body) = endpoint
        .operation
        .request_body
        .as_ref()
        .and_then(|body| reference::body(canonical, body))
    {
        let must = if body.required {
            "required"
        } else {
            "optional: without it neither a body nor a `Content-Type` is sent"
        };
        let mut text = format!("The body, {must}.\n");
        if let Some(description) = &body.description {
            let _ = write!(text, "\n{}\n", markdown::blocks(description));
        }
        text.push_str(&sent_body(
            binding,
            assumed(&body.extensions).contains(&"schema"),
        ));
        docs.setters.insert(BODY.to_owned(), text);
    }
    docs
}

/// What there is to know of a parameter whose value is a list or object and is not written in its place's usual way.
fn style(parameter: &ParameterBinding) -> &'static str {
    match parameter.style {
        Some((Style::SpaceDelimited, false)) => {
            "\nA list is sent as one text with spaces: no item may hold one.\n"
        }
        Some((Style::PipeDelimited, false)) => {
            "\nA list is sent as one text with `|`: no item may hold one.\n"
        }
        Some((Style::DeepObject, _)) => {
            "\nEach property is sent under the parameter's name with its own in brackets.\n"
        }
        Some((Style::Json, _)) => "\nThe value is sent as a text in JSON.\n",
        _ => "",
    }
}

/// How a body is sent, where it is not plainly JSON.
fn sent_body(binding: &OperationBinding, is_open: bool) -> String {
    let Some(body) = &binding.body else {
        return String::new();
    };
    let kind = markdown::code(&body.media_type);
    match &body.kind {
        BodyKind::Json if is_open => "\nThe listing does not describe it: any JSON is sent as it is.\n".to_owned(),
        BodyKind::Json if essence(&body.media_type) == "application/json" => String::new(),
        BodyKind::Json => format!("\nIt is sent as {kind}.\n"),
        BodyKind::Form(_) => {
            format!("\nIt is sent as a form, {kind}: a list as one field an item, what has a structure of its own as JSON.\n")
        }
        BodyKind::Multipart => {
            "\nIt is sent as a form of texts and files, `multipart/form-data`. Their names and types are yours to give, since clients \
             have no types for them.\n"
                .to_owned()
        }
        BodyKind::Bytes if body.media_type.contains('*') => {
            format!("\nIt is sent as it is. The API takes any {kind}: add a `Content-Type` with a hook.\n")
        }
        BodyKind::Bytes => format!("\nIt is sent as it is, as {kind}: clients have no type for it.\n"),
    }
}

/// Where a call goes when that is not the client's base URL.
fn server(binding: &OperationBinding) -> String {
    let Some(server) = &binding.server else {
        return String::new();
    };
    let url = markdown::code(&server.url);
    match &server.default {
        Some(_) => format!(
            "\nIt has a server of its own, {url}; [`Builder::server`] gives it another base URL.\n"
        ),
        None => format!(
            "\nIt has a server of its own, {url}: [`Builder::server`] must give it a base URL first.\n"
        ),
    }
}

fn method(canonical: &Canonical, endpoint: &Endpoint<'_>, binding: &OperationBinding) -> String {
    let operation = endpoint.operation;
    let request = format!("{} {}", endpoint.method, endpoint.path);
    let mut text = match &operation.summary {
        Some(summary) => format!(
            "{}\n\nSends {}.\n",
            markdown::sentence(summary),
            markdown::code(&request)
        ),
        None => format!("Sends {}.\n", markdown::code(&request)),
    };
    if let Some(description) = &operation.description {
        let _ = write!(text, "\n{}\n", markdown::blocks(description));
    }
    text.push_str(&server(binding));
    let responses = &operation.responses;
    let all = responses
        .responses
        .iter()
        .map(|(status, response)| (status.to_string(), response));
    let all = all.chain(
        responses
            .default
            .iter()
            .map(|response| ("any other status".to_owned(), response)),
    );
    let all: Vec<_> = all
        .filter_map(|(status, response)| Some((status, reference::response(canonical, response)?)))
        .collect();
    let is_error = |status: &str| status.starts_with(['4', '5']);
    let listed = |text: &mut String, errors: bool| {
        let of_kind = all.iter().filter(|(status, _)| is_error(status) == errors);
        let lines: String = of_kind
            .map(|(status, it)| format!("- {}: {}\n", markdown::code(status), described(it)))
            .collect();
        text.push_str(&if lines.is_empty() {
            lines
        } else {
            lines + "\n"
        });
    };
    text.push_str("\n# Answers\n\n");
    listed(&mut text, false);
    text.push_str(match binding.responses.success {
        ResponseType::Untyped => "A success (2xx) is [`Untyped`]: its content as it came.\n",
        ResponseType::Typed { .. } => "A success is typed.\n",
    });
    if binding.pages.is_some() {
        let _ = writeln!(
            text,
            "\nIt is one page; [`stream`](builder::{}::stream) gives all items.",
            binding.method.to_pascal_case()
        );
    }
    text.push_str("\n# Errors\n\n");
    listed(&mut text, true);
    text.push_str(&errors(binding));
    text.push_str(&provenance(canonical, endpoint));
    text
}

fn described(response: &openapiv3::Response) -> String {
    let described = if response.description.trim().is_empty() {
        "not described".to_owned()
    } else {
        markdown::inline(&response.description)
    };
    let open = if assumed(&response.extensions).contains(&"content") {
        "; the listing does not say what it holds"
    } else {
        ""
    };
    format!("{described}{open}")
}

/// How errors come.
fn errors(binding: &OperationBinding) -> String {
    let documented = match &binding.responses.error {
        ResponseType::Untyped => {
            "[`Error::ErrorResponse`] on any 4xx or 5xx, with status, headers and the beginning of the body".to_owned()
        }
        ResponseType::Typed { schema, .. } => {
            let name = match schema.as_ref() {
                ReferenceOr::Reference { reference: target } => target.rsplit('/').next().map(markdown::code),
                ReferenceOr::Item(_) => None,
            };
            let typed = name.map_or_else(|| "typed".to_owned(), |name| format!("typed by the document's {name}"));
            format!("[`Error::ErrorResponse`] on a documented 4xx or 5xx, {typed}")
        }
    };
    format!(
        "{documented}; the other kinds of [`Error`] when no answer came or it was none that the API documents.\n"
    )
}

/// On whose word the operation is as it is.
fn provenance(canonical: &Canonical, endpoint: &Endpoint<'_>) -> String {
    let mut text = String::new();
    if let Some(provenance) = canonical.provenance() {
        let sources: Vec<String> = provenance.sources().map(markdown::code).collect();
        if !sources.is_empty() {
            let _ = writeln!(text, "Source: {}.\n", sources.join(", "));
        }
    }
    let sources = endpoint
        .operation
        .extensions
        .get(SOURCES)
        .and_then(|sources| sources.as_array());
    let sources: Vec<String> = sources
        .into_iter()
        .flatten()
        .filter_map(|source| source.as_str())
        .map(markdown::inline)
        .collect();
    if !sources.is_empty() {
        text.push_str("Types and corrections:\n\n");
        let _ = writeln!(text, "- {}", sources.join("\n- "));
    }
    if text.is_empty() {
        text
    } else {
        format!("\n# Where it comes from\n\n{text}")
    }
}

/// How all items of a list that comes in pages are had.
fn stream(binding: &OperationBinding, pages: &PagesBinding) -> String {
    let (page, per_page) = (
        markdown::code(&pages.page.name),
        markdown::code(&pages.per_page.name),
    );
    let most = pages.max.map_or_else(String::new, |max| {
        format!("; more than {max} counts as {max}")
    });
    format!(
        "The items of all pages, one after the other: a [`Stream`](gallery_runtime::Stream), to be polled by its own `next` or by what \
         takes streams.\n\
         \n\
         It begins at the {page} that is set, or else at {first}, and asks for the next page when the items are used up. It ends after a \
         page that is shorter than {per_page} ({default} when that is not set{most}), at one that is empty or the same as the one before, \
         and after an error, which it gives once. Dropping it drops the request that is under way.\n\
         \n\
         # Example\n\
         \n\
         ```text\n\
         let mut items = client.{method}()….stream();\n\
         while let Some(item) = items.next().await {{\n\
         \u{20}   println!(\"{{:?}}\", item?);\n\
         }}\n\
         ```\n",
        first = pages.first,
        default = pages.default,
        method = binding.method,
    )
}
