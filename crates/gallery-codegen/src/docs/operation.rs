//! The documentation of operations.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use gallery_spec::canonical::{Canonical, Endpoint, assumed};
use gallery_spec::overlay::SOURCES;
use heck::ToPascalCase;
use openapiv3::{ReferenceOr, RequestBody, SchemaKind, Type};

use crate::bindings::{BODY, OperationBinding};
use crate::markdown;
use crate::pages::PagesBinding;
use crate::parameters::{ParameterBinding, parameters_of};
use crate::reference;
use crate::responses::ResponseType;
use crate::wire::{self, BodyKind, Style};
use openapi_text::media_type::essence;

/// The documentation of an operation.
#[derive(Clone, Debug, Default)]
pub struct OperationDocs {
    /// Documentation of the method.
    pub method: String,
    /// Documentation of the setters by name.
    pub setters: BTreeMap<String, String>,
    /// Documentation of `stream`, for paginated operations.
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
        let Some(parameter) = binding
            .parameters
            .iter()
            .find(|parameter| parameter.pointer == pointer)
        else {
            continue;
        };
        let presence = if data.required {
            "required"
        } else {
            "optional"
        };
        let mut text = format!(
            "The {presence} {} parameter {}.\n",
            location.key(),
            markdown::code(&data.name)
        );
        if let Some(description) = &data.description {
            let _ = write!(text, "\n{}\n", markdown::blocks(description));
        }
        if assumed(&data.extensions).contains(&"type") {
            text.push_str("\nUntyped in the source: the string is sent unchanged.\n");
        }
        text.push_str(&style(parameter));
        docs.setters.insert(parameter.setter.clone(), text);
    }
    if let Some(body) = endpoint
        .operation
        .request_body
        .as_ref()
        .and_then(|body| reference::body(canonical, body))
    {
        let presence = if body.required {
            "required"
        } else {
            "optional"
        };
        let mut text = format!("The {presence} request body.\n");
        if let Some(description) = &body.description {
            let _ = write!(text, "\n{}\n", markdown::blocks(description));
        }
        text.push_str(&sent_body(
            binding,
            assumed(&body.extensions).contains(&"schema"),
        ));
        text.push_str(&fields(binding, body));
        docs.setters.insert(BODY.to_owned(), text);
    }
    docs
}

/// Describes the serialization of a parameter with an unusual style.
fn style(parameter: &ParameterBinding) -> String {
    if parameter.allows_slashes {
        return "\nSlashes are sent unencoded.\n".to_owned();
    }
    let text = match parameter.style {
        Some((Style::Numbered, _)) => {
            let key = |number: &str| markdown::code(&parameter.key.replace("{n}", number));
            return format!("\nArray items are sent as {}, {}, ….\n", key("1"), key("2"));
        }
        Some((Style::SpaceDelimited, false)) => {
            "\nArray items are separated by spaces and must not contain spaces.\n"
        }
        Some((Style::PipeDelimited, false)) => {
            "\nArray items are separated by `|` and must not contain `|`.\n"
        }
        Some((Style::DeepObject, _)) => "\nEach property is sent as `name[property]`.\n",
        Some((Style::Json, _)) => "\nThe value is sent as JSON.\n",
        _ => "",
    };
    text.to_owned()
}

/// Describes the encoding of a body other than plain JSON.
fn sent_body(binding: &OperationBinding, is_untyped: bool) -> String {
    let Some(body) = &binding.body else {
        return String::new();
    };
    let kind = markdown::code(&body.media_type);
    match &body.kind {
        BodyKind::Json if is_untyped => {
            "\nUntyped in the source: any JSON is sent unchanged.\n".to_owned()
        }
        BodyKind::Json if essence(&body.media_type) == "application/json" => String::new(),
        BodyKind::Json => format!("\nSent as {kind}.\n"),
        BodyKind::Form(_) => {
            format!("\nSent as a form ({kind}): one field per array item, nested values as JSON.\n")
        }
        BodyKind::Multipart => {
            "\nSent as `multipart/form-data`. Set the fields and files by name.\n".to_owned()
        }
        BodyKind::Bytes if body.media_type.contains('*') => {
            format!(
                "\nSent unchanged. The API accepts any {kind}: set `Content-Type` with middleware.\n"
            )
        }
        BodyKind::Bytes => format!("\nSent unchanged as {kind}.\n"),
    }
}

/// Lists the fields of a form that have descriptions. The type of an inline schema has no
/// documentation.
fn fields(binding: &OperationBinding, body: &RequestBody) -> String {
    let Some(BodyKind::Form(_) | BodyKind::Multipart) = binding.body.as_ref().map(|it| &it.kind)
    else {
        return String::new();
    };
    let schema = wire::media_of(body).and_then(|(_, media, _)| media.schema.as_ref());
    let Some(ReferenceOr::Item(schema)) = schema else {
        return String::new();
    };
    let SchemaKind::Type(Type::Object(object)) = &schema.schema_kind else {
        return String::new();
    };
    let lines: String = object
        .properties
        .iter()
        .filter_map(|(name, property)| {
            let description = property.as_item()?.schema_data.description.as_deref()?;
            let (name, text) = (markdown::code(name), markdown::inline(description));
            Some(format!("- {name}: {text}\n"))
        })
        .collect();
    match lines.is_empty() {
        true => lines,
        false => format!("\nFields:\n\n{lines}"),
    }
}

/// Describes the server of an operation that does not use the base URL.
fn server(binding: &OperationBinding) -> String {
    let Some(server) = &binding.server else {
        return String::new();
    };
    let url = markdown::code(&server.url);
    match &server.default {
        Some(_) => format!("\nSent to {url}. [`ClientBuilder::server`] sets another base URL.\n"),
        None => format!("\nSent to {url}. [`ClientBuilder::server`] must set its base URL.\n"),
    }
}

/// Documents the method of an operation.
fn method(canonical: &Canonical, endpoint: &Endpoint<'_>, binding: &OperationBinding) -> String {
    let operation = endpoint.operation;
    let request = binding.request_line();
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
    let list_responses = |text: &mut String, errors: bool| {
        let selected = all.iter().filter(|(status, _)| is_error(status) == errors);
        let lines: String = selected
            .map(|(status, response)| {
                format!(
                    "- {}: {}\n",
                    markdown::code(status),
                    response_description(response)
                )
            })
            .collect();
        text.push_str(&if lines.is_empty() {
            lines
        } else {
            lines + "\n"
        });
    };
    text.push_str("\n# Responses\n\n");
    list_responses(&mut text, false);
    text.push_str(match binding.responses.success {
        ResponseType::Untyped => "A success response (2xx) is [`Untyped`].\n",
        ResponseType::Typed { .. } => "",
    });
    if binding.pages.is_some() {
        let _ = writeln!(
            text,
            "\nThe response is one page.\n[`stream`](builder::{}::stream) returns the items of all pages.",
            binding.method.to_pascal_case()
        );
    }
    text.push_str("\n# Errors\n\n");
    list_responses(&mut text, true);
    text.push_str(&errors(binding));
    text.push_str(&provenance(canonical, endpoint));
    text
}

/// Returns the description of a response, with a note if its schema is missing.
fn response_description(response: &openapiv3::Response) -> String {
    let description = if response.description.trim().is_empty() {
        "no description".to_owned()
    } else {
        markdown::inline(&response.description)
    };
    let note = if assumed(&response.extensions).contains(&"content") {
        "; no schema in the source"
    } else {
        ""
    };
    format!("{description}{note}")
}

/// Describes the errors of an operation.
fn errors(binding: &OperationBinding) -> String {
    let response_errors = match &binding.responses.error {
        ResponseType::Untyped => {
            "Any 4xx or 5xx response is an [`Error::ErrorResponse`] with an untyped body".to_owned()
        }
        ResponseType::Typed { schema, .. } => {
            let name = match schema.as_ref() {
                ReferenceOr::Reference { reference: target } => {
                    target.rsplit('/').next().map(markdown::code)
                }
                ReferenceOr::Item(_) => None,
            };
            let body = name.map_or_else(
                || "a typed body".to_owned(),
                |name| format!("a body of type {name}"),
            );
            format!("A documented 4xx or 5xx response is an [`Error::ErrorResponse`] with {body}")
        }
    };
    format!("{response_errors}.\nSee [`Error`] for other errors.\n")
}

/// Lists the sources of the operation.
fn provenance(canonical: &Canonical, endpoint: &Endpoint<'_>) -> String {
    let mut text = String::new();
    if let Some(provenance) = canonical.provenance() {
        let sources: Vec<String> = provenance.sources().map(markdown::code).collect();
        if !sources.is_empty() {
            let _ = writeln!(text, "{}\n", sources.join(", "));
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
        text.push_str("Types and corrections from:\n\n");
        let _ = writeln!(text, "- {}", sources.join("\n- "));
    }
    if text.is_empty() {
        text
    } else {
        format!("\n# Source\n\n{text}")
    }
}

/// Documents the `stream` method of a paginated operation.
fn stream(binding: &OperationBinding, pages: &PagesBinding) -> String {
    let (page, per_page) = (
        markdown::code(&pages.page.name),
        markdown::code(&pages.per_page.name),
    );
    let maximum = pages
        .max
        .map_or_else(String::new, |max| format!(", at most {max}"));
    format!(
        "Returns the items of all pages as a [`Stream`](gallery_runtime::Stream).\n\
         \n\
         Starts at {page}, by default {first}. Ends after a page with fewer items than {per_page} \
         (by default {default}{maximum}), after an empty or repeated page, or after an error.\n\
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
