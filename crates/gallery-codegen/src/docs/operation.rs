//! The documentation of operations.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use gallery_spec::canonical::{Canonical, Endpoint, assumed};
use heck::ToPascalCase;
use openapiv3::{Operation, ReferenceOr, RequestBody, Response, SchemaKind, Type};

use crate::bindings::{BODY, OperationBinding};
use crate::code::{ResponseBody, Signature, StatusEnum};
use crate::docs::pages;
use crate::markdown;
use crate::parameters::{ParameterBinding, parameters_of};
use crate::reference;
use crate::statuses::StatusKey;
use crate::wire::{self, BodyKind, Style};
use openapi_text::media_type::essence;

/// The documentation of an operation.
#[derive(Clone, Debug, Default)]
pub(crate) struct OperationDocs {
    /// Documentation of the method, with its arguments.
    pub(crate) method: String,
    /// Documentation of the setters by name.
    pub(crate) setters: BTreeMap<String, String>,
    /// Documentation of `stream` and `pages`, for paginated operations.
    pub(crate) stream: Option<String>,
    pub(crate) pages: Option<String>,
    /// Documentation of the enums of responses, by name.
    pub(crate) responses: BTreeMap<String, String>,
    /// The descriptions of responses.
    pub(crate) statuses: BTreeMap<StatusKey, String>,
}

/// Writes the documentation of an operation.
pub(super) fn operation(
    canonical: &Canonical,
    endpoint: &Endpoint<'_>,
    binding: &OperationBinding,
    signature: &Signature,
) -> OperationDocs {
    let mut arguments = arguments(canonical, endpoint, binding);
    let has_required_body = signature.body.as_ref().is_some_and(|body| body.is_required);
    let required = signature.required.iter().map(|own| own.name.as_str());
    let required = required.chain(has_required_body.then_some(BODY));
    let items: String = required
        .filter_map(|name| Some(item(name, &arguments.remove(name)?)))
        .collect();
    let section = match items.is_empty() {
        true => String::new(),
        false => format!("\n# Arguments\n\n{items}"),
    };
    let own_pages = binding.pages.as_ref();
    OperationDocs {
        method: method(canonical, endpoint, binding, signature, &section),
        setters: arguments
            .into_iter()
            .map(|(name, docs)| (name, docs.setter()))
            .collect(),
        responses: signature
            .status_enums()
            .map(|declared| {
                (
                    declared.name.clone(),
                    responses(binding, signature, declared),
                )
            })
            .collect(),
        statuses: reference::responses(canonical, endpoint.operation)
            .map(|(key, response)| (key, markdown::blocks(&response.description)))
            .collect(),
        stream: own_pages.map(|own| pages::stream(binding, signature, own)),
        pages: own_pages.map(|_| pages::pages()),
    }
}

/// Returns the documentation of an argument as an item of a list.
fn item(name: &str, documentation: &ArgumentDocs) -> String {
    let ArgumentDocs { part, text } = documentation;
    let mut lines = text.trim().lines();
    let first = lines.next().unwrap_or_default();
    let colon = if first.is_empty() { "" } else { ": " };
    let mut item = format!("- `{name}` ({part}){colon}{first}\n");
    for line in lines {
        item.push_str(if line.is_empty() { "" } else { "  " });
        item.push_str(line);
        item.push('\n');
    }
    item
}

/// The documentation of an argument.
struct ArgumentDocs {
    /// The part of the request, such as "query parameter `page`".
    part: String,
    /// The description and notes.
    text: String,
}

impl ArgumentDocs {
    /// Returns the documentation of a setter.
    fn setter(&self) -> String {
        let ArgumentDocs { part, text } = self;
        match text.trim() {
            "" => format!("The {part}.\n"),
            text if text.contains("\n\n") => format!("The {part}.\n\n{text}\n"),
            text => format!("The {part}: {text}\n"),
        }
    }
}

/// Documents the arguments of an operation, by name.
fn arguments(
    canonical: &Canonical,
    endpoint: &Endpoint<'_>,
    binding: &OperationBinding,
) -> BTreeMap<String, ArgumentDocs> {
    let mut arguments = BTreeMap::new();
    for (pointer, location, data) in parameters_of(canonical, endpoint) {
        let Some(parameter) = binding
            .parameters
            .iter()
            .find(|parameter| parameter.pointer == pointer)
        else {
            continue;
        };
        let part = format!(
            "{} parameter {}",
            location.key(),
            markdown::code(&data.name)
        );
        let description = data.description.as_deref();
        let mut text = description.map(markdown::blocks).unwrap_or_default();
        text.push_str(&style(parameter));
        arguments.insert(parameter.setter.clone(), ArgumentDocs { part, text });
    }
    if let Some(body) = endpoint
        .operation
        .request_body
        .as_ref()
        .and_then(|body| reference::body(canonical, body))
    {
        let part = "request body".to_owned();
        let description = body.description.as_deref();
        let mut text = description.map(markdown::blocks).unwrap_or_default();
        let is_untyped = assumed(&body.extensions).contains(&"schema");
        text.push_str(&sent_body(binding, is_untyped));
        text.push_str(&fields(binding, body));
        arguments.insert(BODY.to_owned(), ArgumentDocs { part, text });
    }
    arguments
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
        BodyKind::Multipart => "\nSent as `multipart/form-data`.\n".to_owned(),
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
fn method(
    canonical: &Canonical,
    endpoint: &Endpoint<'_>,
    binding: &OperationBinding,
    signature: &Signature,
    arguments: &str,
) -> String {
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
    if binding.pages.is_some() {
        let _ = write!(
            text,
            "\nThe response is one page. [`stream`](builder::{0}::stream) returns the items of all \
             pages, and [`pages`](builder::{0}::pages) returns the pages.\n",
            binding.method.to_pascal_case()
        );
    }
    text.push_str(arguments);
    let listed = |errors: bool, body: &ResponseBody| -> String {
        let all = reference::responses(canonical, operation);
        let selected = all.filter(|(key, _)| is_error(operation, *key) == errors);
        let items = selected.filter_map(|(key, response)| {
            let kind = body.documented(key);
            let is_by_status = matches!(body, ResponseBody::ByStatus(_));
            let description = match response_description(key, response) {
                None if is_by_status => String::new(),
                description => format!(": {}", description?),
            };
            let kind = kind.filter(|_| errors || is_by_status);
            let kind = kind.map(|kind| format!(" ({})", markdown::code(&kind)));
            let status = match key {
                StatusKey::Default => "any other status".to_owned(),
                key => markdown::code(&key.to_string()),
            };
            Some(format!(
                "- {status}{}{description}\n",
                kind.unwrap_or_default()
            ))
        });
        items.collect()
    };
    let successes = listed(false, &signature.success);
    if !successes.is_empty() {
        let _ = write!(text, "\n# Responses\n\n{successes}");
    }
    let errors = listed(true, &signature.error);
    if !errors.is_empty() {
        let _ = write!(text, "\n# Errors\n\n{errors}");
    }
    text
}

/// Returns true for the statuses of errors. `default` stands for errors, unless no success is
/// documented.
fn is_error(operation: &Operation, key: StatusKey) -> bool {
    match key.class() {
        Some(class) => matches!(class, 4 | 5),
        None => {
            let mut keys = operation.responses.responses.keys().map(StatusKey::from);
            keys.any(|key| key.class() == Some(2))
        }
    }
}

/// Documents an enum of responses.
fn responses(binding: &OperationBinding, signature: &Signature, declared: &StatusEnum) -> String {
    let kind = match signature.error.by_status() {
        Some(error) if error.name == declared.name => "error",
        _ => "successful",
    };
    format!(
        "The {kind} responses of [`{path}`](super::{path}), by status.\n",
        path = binding.method_path()
    )
}

/// Returns the description of a response. `None` if it only repeats the status of a success.
fn response_description(key: StatusKey, response: &Response) -> Option<String> {
    let description = response.description.trim();
    let is_reason = matches!(
        description.to_ascii_lowercase().trim_end_matches('.'),
        "" | "ok" | "success" | "successful" | "successful response" | "created" | "no content"
    );
    match (is_reason, matches!(key.class(), Some(4 | 5))) {
        (true, false) => None,
        (true, true) if description.is_empty() => Some("no description".to_owned()),
        _ => Some(markdown::inline(description)),
    }
}
