//! Generates `tests/adapters.rs` of a client, which calls the client with arguments in JSON.
//!
//! The generated file contains no checks. `gallery-testkit` compares the requests on a loopback
//! connection with the canonical document.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::bindings::{BODY, OperationBinding};
use crate::code::{
    Argument, BodyType, ClientCode, CodeFile, Groups, ResponseBody, Signature, VariantBody,
};
use crate::lower::{Lowered, SchemaType};

/// Generates the adapters of a client: one file, or a file for each module of the client.
///
/// `code` is the code of the client, and `library` is the name of its library. A file has one
/// function for each operation. Its public functions are `adapters`, which lists the functions, and
/// `schemas`, which lists the types. With features for tags, `disabled_features` in the first file
/// lists those that are off.
pub fn conformance(lowered: &Lowered, code: &ClientCode, library: &str) -> Vec<CodeFile> {
    let operations = lowered.bindings().operations.iter().zip(&code.signatures);
    let writer = AdapterWriter {
        operations: operations.collect(),
        types: lowered.types(),
        code,
        library,
    };
    let Some(groups) = code.groups() else {
        let schemas: String = writer.schemas(None).concat();
        let text = writer.file(&writer.operations, &schemas);
        return vec![CodeFile::of_client(text)];
    };
    let mut schemas = writer.schemas(Some(groups));
    let root = CodeFile::of_client(writer.root(groups, &schemas.pop().unwrap_or_default()));
    let of_groups = groups.groups.iter().zip(&schemas).map(|(group, schemas)| {
        let operations = group.operations.iter();
        let operations: Vec<_> = operations.map(|index| writer.operations[*index]).collect();
        CodeFile::of_module(&group.module, writer.file(&operations, schemas))
    });
    std::iter::once(root).chain(of_groups).collect()
}

/// Writes adapters from the operations and types of a client.
struct AdapterWriter<'c> {
    operations: Vec<(&'c OperationBinding, &'c Signature)>,
    types: &'c [SchemaType],
    code: &'c ClientCode,
    library: &'c str,
}

impl AdapterWriter<'_> {
    /// Writes the adapters of some operations and a list of schemas.
    fn file(&self, operations: &[(&OperationBinding, &Signature)], schemas: &str) -> String {
        let (library, allow) = (self.library, self.code.allow_deprecated());
        let mut out = format!(
            "{IMPORTS}{ADAPTERS}pub fn adapters() -> Vec<Adapter<{library}::Client>> {{\n    vec![\n"
        );
        for (binding, _) in operations {
            let (id, function) = (&binding.operation_id, &binding.method);
            let _ = write!(out, "        Adapter::new({id:?}, operations::{function})");
            for way in WAYS.iter().filter(|way| (way.applies)(binding)) {
                let _ = write!(out, ".{}({}::{function})", way.setter, way.module);
            }
            out.push_str(",\n");
        }
        let _ = write!(
            out,
            "    ]\n}}\n\n{SCHEMAS}{allow}pub fn schemas() -> Vec<Schema> {{\n    \
             Vec::from([\n{schemas}    ])\n}}\n"
        );
        let docs = "Adapters that send one request.";
        self.adapters(&mut out, docs, "operations", operations, SendMethod::Send);
        for way in &WAYS {
            let own = operations.iter().copied();
            let own: Vec<_> = own.filter(|(binding, _)| (way.applies)(binding)).collect();
            if !own.is_empty() {
                self.adapters(&mut out, way.docs, way.module, &own, way.send_method);
            }
        }
        out
    }

    /// Writes a module with the adapters of some operations.
    fn adapters(
        &self,
        out: &mut String,
        docs: &str,
        name: &str,
        operations: &[(&OperationBinding, &Signature)],
        send_method: SendMethod,
    ) {
        let name = format!("{}mod {name}", self.code.allow_deprecated());
        module(out, docs, &name, |out| {
            for (binding, signature) in operations {
                adapter(out, binding, signature, self.library, send_method);
            }
        });
    }

    /// Writes the first file of several, which joins the lists of the others.
    fn root(&self, groups: &Groups, schemas: &str) -> String {
        let (library, allow) = (self.library, self.code.allow_deprecated());
        let mut out = IMPORTS.to_owned();
        let groups_of = || {
            groups
                .groups
                .iter()
                .map(|own| (own.attribute(), &own.module))
        };
        for (attribute, module) in groups_of() {
            let _ = writeln!(out, "{attribute}mod {module};");
        }
        let joined = |out: &mut String, function: &str| {
            for (attribute, module) in groups_of() {
                let _ = writeln!(
                    out,
                    "    {attribute}    all.extend({module}::{function}());"
                );
            }
            out.push_str("    all\n}\n");
        };
        let _ = write!(
            out,
            "\n{ADAPTERS}#[allow(unused_mut)]\npub fn adapters() -> Vec<Adapter<{library}::Client>> {{\n    \
             let mut all = Vec::new();\n"
        );
        joined(&mut out, "adapters");
        let _ = write!(
            out,
            "\n{SCHEMAS}#[allow(unused_mut)]\n{allow}pub fn schemas() -> Vec<Schema> {{\n    \
             let mut all = Vec::from([\n{schemas}    ]);\n"
        );
        joined(&mut out, "schemas");
        out.push_str(
            "\n/// Returns the features of tags that are off.\n\
             pub fn disabled_features() -> Vec<&'static str> {\n    \
             let features = [\n",
        );
        for group in &groups.groups {
            let feature = group.feature();
            let _ = writeln!(out, "        ({feature:?}, cfg!(feature = {feature:?})),");
        }
        out.push_str(
            "    ];\n    features.into_iter().filter(|(_, is_on)| !is_on).map(|(name, _)| name).collect()\n}\n",
        );
        out
    }

    /// Writes the schemas with their types: those of each group, and at the end all others.
    fn schemas(&self, groups: Option<&Groups>) -> Vec<String> {
        let all = groups.map_or(&[][..], |groups| &groups.groups);
        let mut group_of = BTreeMap::new();
        for (index, group) in all.iter().enumerate() {
            group_of.extend(group.types.iter().map(|name| (name.as_str(), index)));
        }
        let mut written = vec![String::new(); all.len() + 1];
        for SchemaType { schema, name } in self.types {
            let Some(name) = name else {
                let _ = writeln!(written[all.len()], "        Schema::untyped({schema:?}),");
                continue;
            };
            let name = self.code.resolved(name);
            let own = group_of.get(name).copied();
            let out = &mut written[own.unwrap_or(all.len())];
            let attribute = groups.map(|groups| groups.attribute(name));
            if let Some(attribute) = attribute.filter(|attribute| !attribute.is_empty()) {
                let _ = write!(out, "        {attribute}");
            }
            let path = self.code.type_path(name, self.library);
            let values = match (self.code.is_enum(name), self.code.tagged_union(name)) {
                (true, _) => format!(".with_values({path}::ALL)"),
                (false, Some(tagged)) => {
                    let path = self.code.type_path(tagged, self.library);
                    format!(".with_tag_values({path}::TAG_VALUES)")
                }
                (false, None) => String::new(),
            };
            let _ = writeln!(out, "        Schema::new::<{path}>({schema:?}){values},");
        }
        written
    }
}

const IMPORTS: &str = "use gallery_testkit::conformance::{Adapter, Schema};\n\n";

const ADAPTERS: &str = "/// Returns the adapters of all operations.\n";

const SCHEMAS: &str = "/// Returns the schemas of the document with their types.\n";

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
    /// `download`, for a body that is read while it arrives.
    Download,
    /// `events`, for events that arrive one after another.
    Events,
}

/// A way of reading a response other than at once.
struct Way {
    applies: fn(&OperationBinding) -> bool,
    /// The module of the adapters.
    module: &'static str,
    docs: &'static str,
    /// The method of `Adapter` that adds the function.
    setter: &'static str,
    send_method: SendMethod,
}

const WAYS: [Way; 3] = [
    Way {
        applies: |binding| binding.pages.is_some(),
        module: "pages",
        docs: "Adapters that request all pages of a list.",
        setter: "with_pages",
        send_method: SendMethod::Stream,
    },
    Way {
        applies: |binding| binding.is_download,
        module: "downloads",
        docs: "Adapters that read the body while it arrives.",
        setter: "with_download",
        send_method: SendMethod::Download,
    },
    Way {
        applies: |binding| binding.events.is_some(),
        module: "events",
        docs: "Adapters that read all events of a response.",
        setter: "with_events",
        send_method: SendMethod::Events,
    },
];

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
        BodyType::Json(kind) | BodyType::Form(kind) | BodyType::Multipart(Some(kind)) => {
            format!("arguments.{BODY}::<{}>()?", kind.text(&types))
        }
        BodyType::Multipart(None) => "arguments.multipart()?".to_owned(),
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
    let path = binding.call_path();
    let _ = write!(out, "        let {mutable}call = client.{path}(");
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
        SendMethod::Download => {
            format!("Outcome::from_download(call.download().await, {error}).await")
        }
        SendMethod::Events => {
            let event = signature.event.as_ref();
            let event = event.map_or_else(String::new, |event| content(event, library));
            format!("Outcome::from_events(call.events().await, {event}, {error}).await")
        }
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
