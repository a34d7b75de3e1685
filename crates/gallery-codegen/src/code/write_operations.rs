//! Writes the methods of the client and the builders of calls.

use std::fmt::Write as _;

use crate::bindings::{BODY, OperationBinding};
use crate::code::functions::{future, response_types, write_head};
use crate::code::pages::write_streams;
use crate::code::runtime_names::RuntimeNames;
use crate::code::rust_type::RustType;
use crate::code::signatures::{Argument, Body, BodyType, Signature};
use crate::code::text::documentation;
use crate::code::write_description::description_name;
use crate::docs::OperationDocs;

/// Writes the method of the client that creates a call.
pub(crate) fn write_method(
    out: &mut String,
    binding: &OperationBinding,
    signature: &Signature,
    docs: &OperationDocs,
) {
    documentation(out, "    ", Some(&docs.method));
    if binding.is_deprecated {
        out.push_str("    #[deprecated]\n");
    }
    let required_body = signature.body.as_ref().filter(|body| body.is_required);
    let mut arguments = vec!["&self".to_owned()];
    for argument in &signature.required {
        arguments.push(format!("{}: {}", argument.name, argument.method_type()));
    }
    arguments.extend(required_body.map(|body| {
        format!(
            "{BODY}: {}",
            body_type(body, "types::", "Multipart", "Upload")
        )
    }));
    let Signature { builder, .. } = signature;
    let returned = format!("builder::{builder}");
    write_head(
        out,
        &format!("pub fn {}", binding.method_name()),
        &arguments,
        &returned,
    );
    let new = format!(
        "Call::new(&self.transport, &operations::{})",
        description_name(binding)
    );
    if arguments.len() == 1 {
        let _ = writeln!(out, "        {returned}({new})\n    }}");
        return;
    }
    let call = unused("call", signature);
    let _ = writeln!(out, "        let mut {call} = {new};");
    for argument in &signature.required {
        let _ = writeln!(out, "        {}", set(&call, argument, true));
    }
    if let Some(body) = required_body {
        let _ = writeln!(out, "        {}", set_body(&call, body));
    }
    let _ = writeln!(out, "        {returned}({call})\n    }}");
}

/// Returns the statement that sets an argument.
fn set(call: &str, argument: &Argument, is_required: bool) -> String {
    let Argument { index, name, kind } = argument;
    let types = if is_required {
        "types::"
    } else {
        "super::types::"
    };
    match kind {
        RustType::String | RustType::Format(_) => format!("{call}.set({index}, &{name});"),
        RustType::Vec(items) => match items.as_ref() {
            RustType::Named(_) => {
                let items = items.text(types);
                format!("{call}.set_list({index}, {name}.into_iter().map(Into::<{items}>::into));")
            }
            _ => format!("{call}.set_list({index}, {name});"),
        },
        RustType::Json | RustType::Named(_) if is_required => {
            format!("{call}.set({index}, &{name}.into());")
        }
        _ if is_required => format!("{call}.set({index}, &{name});"),
        _ => format!("{call}.set({index}, &{name}.into());"),
    }
}

fn set_body(call: &str, body: &Body) -> String {
    match body.kind {
        BodyType::Json(_) => format!("{call}.json({BODY});"),
        BodyType::Form(_) => format!("{call}.form({BODY});"),
        BodyType::Multipart(None) => format!("{call}.multipart({BODY});"),
        BodyType::Multipart(Some(_)) => format!("{call}.multipart(&{BODY}.into());"),
        BodyType::Bytes => format!("{call}.upload({BODY});"),
    }
}

fn body_type(body: &Body, types: &str, multipart: &str, upload: &str) -> String {
    match &body.kind {
        BodyType::Json(kind) | BodyType::Form(kind) | BodyType::Multipart(Some(kind)) => match kind
        {
            RustType::String => "&str".to_owned(),
            RustType::Vec(items) => format!("&[{}]", items.text(types)),
            kind => format!("&{}", kind.text(types)),
        },
        BodyType::Multipart(None) => format!("&{multipart}"),
        BodyType::Bytes => format!("impl Into<{upload}>"),
    }
}

/// Returns a variable name that no argument has.
fn unused(name: &str, signature: &Signature) -> String {
    let mut name = name.to_owned();
    while signature
        .required
        .iter()
        .any(|argument| argument.name == name)
    {
        name.push('_');
    }
    name
}

/// Writes the builder of an operation's calls.
pub(crate) fn write_builder(
    out: &mut String,
    binding: &OperationBinding,
    signature: &Signature,
    docs: &OperationDocs,
    names: &RuntimeNames,
) {
    let Signature { builder, .. } = signature;
    let path = binding.method_path();
    let _ = write!(
        out,
        "/// A call of [`{path}`](super::{path}).\n\
         #[derive(Clone, Debug)]\n\
         #[must_use = \"`send` makes the call\"]\n\
         pub struct {builder}(pub(super) {});\n\nimpl {builder} {{\n",
        names.get("Call")
    );
    for argument in &signature.optional {
        let Argument { name, .. } = argument;
        documentation(out, "    ", docs.setters.get(name).map(String::as_str));
        if binding.parameters[argument.index].is_deprecated {
            out.push_str("    #[deprecated]\n");
        }
        let arguments = [
            "mut self".to_owned(),
            format!("{name}: {}", argument.setter_type(names)),
        ];
        write_head(out, &format!("pub fn {name}"), &arguments, "Self");
        let _ = writeln!(out, "        {}", set("self.0", argument, false));
        out.push_str("        self\n    }\n\n");
    }
    if let Some(body) = signature.body.as_ref().filter(|body| !body.is_required) {
        documentation(out, "    ", docs.setters.get(BODY).map(String::as_str));
        let arguments = [
            "mut self".to_owned(),
            format!(
                "{BODY}: {}",
                body_type(
                    body,
                    "super::types::",
                    &names.get("Multipart"),
                    &names.get("Upload")
                )
            ),
        ];
        write_head(out, "pub fn body", &arguments, "Self");
        let _ = writeln!(out, "        {}", set_body("self.0", body));
        out.push_str("        self\n    }\n\n");
    }
    let (success, error) = response_types(signature, names);
    out.push_str("    /// Sends the request and reads the response.\n");
    // An `async fn` would make the compiler build a state machine for each operation.
    write_head(
        out,
        "pub fn send",
        &["self".to_owned()],
        &future(&success, &error, names),
    );
    out.push_str("        self.0.send()\n    }\n");
    if binding.is_download {
        out.push_str(
            "\n    /// Sends the request and returns the body of a success before it is read.\n",
        );
        let returned = future(&names.get("Download"), &error, names);
        write_head(out, "pub fn download", &["self".to_owned()], &returned);
        out.push_str("        self.0.download()\n    }\n");
        out.push_str("\n    /// Sends the request for a part of a file. Fails if the server returns another part.\n");
        let range = format!("range: impl Into<{}>", names.get("ByteRange"));
        let arguments = ["self".to_owned(), range];
        write_head(out, "pub fn download_range", &arguments, &returned);
        out.push_str("        self.0.download_range(range)\n    }\n");
    }
    if let Some(event) = &signature.event {
        out.push_str(
            "\n    /// Sends the request and returns the events of the response, as they arrive.\n",
        );
        let event = event.text("super::", &names.get("Untyped"));
        let stream = format!("{}<{event}, {error}>", names.get("EventStream"));
        let returned = future(&stream, &error, names);
        write_head(out, "pub fn events", &["self".to_owned()], &returned);
        out.push_str("        self.0.events()\n    }\n");
    }
    write_streams(out, signature, docs, names);
    out.push_str("}\n");
}
