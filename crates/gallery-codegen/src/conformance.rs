//! Generates `tests/adapters.rs` of a client, which calls the client with arguments in JSON.
//!
//! The generated file contains no checks. `gallery-testkit` compares the requests on a loopback
//! connection with the canonical document.

use std::fmt::Write as _;

use crate::bindings::{BODY, OperationBinding};
use crate::code::{Argument, BodyType, ClientCode, ResponseBody, Signature, VariantBody};
use crate::lower::{Lowered, SchemaType};

/// Generates the adapters of a client.
///
/// `code` is the code of the client, and `library` is the name of its library. The file has one
/// function for each operation. Its public functions are `adapters`, which lists the functions, and
/// `schemas`, which lists the types.
pub fn conformance(lowered: &Lowered, code: &ClientCode, library: &str) -> String {
    let operations = || {
        let bindings = lowered.bindings().operations.iter();
        bindings.zip(&code.signatures)
    };
    let mut out = format!(
        "use gallery_testkit::conformance::{{Adapter, Schema}};\n\n\
         /// Returns the adapters of all operations.\n\
         pub fn adapters() -> Vec<Adapter<{library}::Client>> {{\n    vec![\n"
    );
    for (binding, _) in operations() {
        let (id, function) = (&binding.operation_id, &binding.method);
        let _ = write!(out, "        Adapter::new({id:?}, operations::{function})");
        if binding.pages.is_some() {
            let _ = write!(out, ".with_pages(pages::{function})");
        }
        out.push_str(",\n");
    }
    let allow = code.allow_deprecated();
    let _ = write!(
        out,
        "    ]\n}}\n\n/// Returns the schemas of the document with their types.\n\
         {allow}pub fn schemas() -> Vec<Schema> {{\n    Vec::from([\n"
    );
    for SchemaType { schema, name } in lowered.types() {
        let Some(name) = name else {
            let _ = writeln!(out, "        Schema::untyped({schema:?}),");
            continue;
        };
        let path = format!("{library}::types::{name}");
        let values = match code.is_enum(name) {
            true => format!(".with_values({path}::ALL)"),
            false => String::new(),
        };
        let _ = writeln!(out, "        Schema::new::<{path}>({schema:?}){values},");
    }
    out.push_str("    ])\n}\n");
    module(
        &mut out,
        "Adapters that send one request.",
        &format!("{allow}mod operations"),
        |out| {
            for (binding, signature) in operations() {
                adapter(out, binding, signature, library, SendMethod::Send);
            }
        },
    );
    if operations().any(|(binding, _)| binding.pages.is_some()) {
        module(
            &mut out,
            "Adapters that request all pages of a list.",
            &format!("{allow}mod pages"),
            |out| {
                for (binding, signature) in operations().filter(|(own, _)| own.pages.is_some()) {
                    adapter(out, binding, signature, library, SendMethod::Stream);
                }
            },
        );
    }
    out
}

fn module(out: &mut String, docs: &str, name: &str, write: impl FnOnce(&mut String)) {
    let _ = write!(
        out,
        "\n/// {docs}\n{name} {{\n    #[allow(unused_imports)]\n    \
         use gallery_testkit::conformance::{{ArgumentError, Arguments, Content, Outcome}};\n"
    );
    write(out);
    out.push_str("}\n");
}

/// The method with which an adapter sends a call.
#[derive(Clone, Copy, PartialEq)]
enum SendMethod {
    /// `send`, for one request.
    Send,
    /// `stream`, for the requests of all pages.
    Stream,
}

/// Writes an adapter: it creates the call, sets the arguments, and sends the call.
fn adapter(
    out: &mut String,
    binding: &OperationBinding,
    signature: &Signature,
    library: &str,
    send_method: SendMethod,
) {
    let has_arguments = !binding.parameters.is_empty() || signature.body.is_some();
    let arguments = if has_arguments {
        "arguments"
    } else {
        "_arguments"
    };
    let types = format!("{library}::types::");
    let method = &binding.method;
    let _ = write!(
        out,
        "\n    pub async fn {method}(\n        client: {library}::Client,\n        \
         {arguments}: Arguments,\n    ) -> Result<Outcome, ArgumentError> {{\n"
    );
    let read = |argument: &Argument| {
        let parameter = &binding.parameters[argument.index];
        format!(
            "arguments.{}::<{}>({:?})?",
            parameter.location.key(),
            argument.kind.text(&types),
            parameter.name
        )
    };
    let body = signature.body.as_ref();
    let read_body = body.map(|body| match &body.kind {
        BodyType::Json(kind) | BodyType::Form(kind) => {
            format!("arguments.{BODY}::<{}>()?", kind.text(&types))
        }
        BodyType::Multipart => "arguments.multipart()?".to_owned(),
        BodyType::Bytes => "arguments.bytes()?".to_owned(),
    });
    let borrow = match body.map(|body| &body.kind) {
        Some(BodyType::Bytes) | None => "",
        Some(_) => "&",
    };
    const REQUIRED: &str = ".ok_or_else(ArgumentError::missing)?";
    let required = signature.required.iter();
    let mut required: Vec<String> = required.map(|argument| read(argument) + REQUIRED).collect();
    let is_required = body.is_some_and(|body| body.is_required);
    if let Some(read) = read_body.as_ref().filter(|_| is_required) {
        required.push(format!("{borrow}{read}{REQUIRED}"));
    }
    let has_setters = !signature.optional.is_empty() || body.is_some() && !is_required;
    let mutable = if has_setters { "mut " } else { "" };
    let _ = write!(out, "        let {mutable}call = client.{method}(");
    for argument in &required {
        let _ = write!(out, "\n            {argument},");
    }
    let end = if required.is_empty() {
        ""
    } else {
        "\n        "
    };
    let _ = writeln!(out, "{end});");
    let mut setter = |name: &str, read: &str, borrow: &str| {
        let _ = write!(
            out,
            "        if let Some(value) = {read} {{\n            \
             call = call.{name}({borrow}value);\n        }}\n"
        );
    };
    for argument in &signature.optional {
        setter(&argument.name, &read(argument), "");
    }
    if let Some(read) = read_body.filter(|_| !is_required) {
        setter(BODY, &read, borrow);
    }
    let (success, error) = (
        content(&signature.success, library),
        content(&signature.error, library),
    );
    let outcome = match send_method {
        SendMethod::Send => format!("Outcome::from_result(call.send().await, {success}, {error})"),
        SendMethod::Stream => format!("Outcome::from_pages(call.stream(), {error}).await"),
    };
    let _ = write!(out, "        Ok({outcome})\n    }}\n");
}

/// Returns the function that converts a success or an error.
fn content(body: &ResponseBody, library: &str) -> String {
    let declared = match body {
        ResponseBody::Untyped => return "Content::untyped".to_owned(),
        ResponseBody::Value(_) => return "Content::typed".to_owned(),
        ResponseBody::Optional(_) => return "Content::optional".to_owned(),
        ResponseBody::ByStatus(declared) => declared,
    };
    let path = format!("{library}::responses::{}", declared.name);
    let mut text = "|value| match value {\n".to_owned();
    for (key, body) in &declared.variants {
        let (pattern, converted) = match body {
            VariantBody::Value(_) => ("(value)", "Content::typed(value)"),
            VariantBody::Untyped => ("(value)", "Content::untyped(value)"),
            VariantBody::Empty => ("", "Content::Empty"),
        };
        let variant = key.variant();
        let _ = writeln!(
            text,
            "            {path}::{variant}{pattern} => {converted}.keyed(\"{key}\"),"
        );
    }
    text.push_str("            other => Content::unknown(other),\n        }");
    text
}
