//! Writes the code of a client as text.
//!
//! progenitor chooses the types of arguments, responses and schemas. This module writes them
//! compactly: what does not differ between operations or types is code of the runtime. The code is
//! formatted as by rustfmt where its lines fit, and in the order of the document.

mod response_types;
mod runtime_names;
mod rust_type;
mod samples;
mod signatures;
mod text;
mod types;
mod write_description;
mod write_operations;
mod write_responses;
mod write_types;

pub(crate) use response_types::{ResponseBody, StatusEnum, VariantBody};
pub(crate) use samples::Samples;
pub(crate) use signatures::{Argument, BodyType, Signature, signatures};
pub(crate) use types::{TypeDeclaration, TypeKind, Types, types};

use std::collections::BTreeSet;

use crate::bindings::Bindings;
use crate::code::runtime_names::RuntimeNames;
use crate::code::text::{documentation, indented, string};
use crate::code::write_description::write_description;
use crate::code::write_operations::{write_builder, write_method};
use crate::code::write_responses::write_responses;
use crate::code::write_types::write_types;
use crate::docs::{Docs, docs};
use crate::lower::Lowered;
use crate::progenitor::{GenerateError, declarations};
use gallery_spec::canonical::Canonical;

/// The code of a client.
pub struct ClientCode {
    pub(crate) types: Types,
    /// The signatures of the operations, in the order of the bindings.
    pub(crate) signatures: Vec<Signature>,
    has_deprecated: bool,
    text: String,
}

impl ClientCode {
    /// Returns true if a type is an enum of strings.
    pub(crate) fn is_enum(&self, name: &str) -> bool {
        let declared = self.types.get(name);
        declared.is_some_and(|own| matches!(own.kind, TypeKind::Enum(_)))
    }

    /// Returns the attribute of modules that use deprecated items, or nothing.
    pub(crate) fn allow_deprecated(&self) -> &'static str {
        allow_deprecated(self.has_deprecated)
    }

    /// Returns the code as text.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Shows the size only.
impl std::fmt::Debug for ClientCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientCode")
            .field("types", &self.types.len())
            .field("operations", &self.signatures.len())
            .finish_non_exhaustive()
    }
}

/// Generates the code of a client.
pub fn client(canonical: &Canonical, lowered: &Lowered) -> Result<ClientCode, GenerateError> {
    let declarations = declarations(lowered)?;
    let types = types(&declarations.types, lowered)?;
    let signatures = signatures(&declarations, lowered)?;
    drop(declarations);
    let bindings = lowered.bindings();
    let docs = docs(canonical, bindings, &signatures);
    let has_deprecated = bindings.operations.iter().any(|binding| {
        let mut parameters = binding.parameters.iter();
        binding.is_deprecated || parameters.any(|parameter| parameter.is_deprecated)
    }) || types.values().any(TypeDeclaration::has_deprecated);
    let allow = allow_deprecated(has_deprecated);
    let text = written(bindings, &types, &signatures, &docs, allow);
    Ok(ClientCode {
        types,
        signatures,
        has_deprecated,
        text,
    })
}

fn allow_deprecated(has_deprecated: bool) -> &'static str {
    match has_deprecated {
        true => "#[allow(deprecated)]\n",
        false => "",
    }
}

fn written(
    bindings: &Bindings,
    types: &Types,
    signatures: &[Signature],
    docs: &Docs,
    allow: &str,
) -> String {
    let mut out = String::from(EXPORTS);
    let operations = || bindings.operations.iter().zip(signatures);
    out.push('\n');
    documentation(&mut out, "", Some(&docs.client));
    out.push_str(CLIENT);
    out.push_str(allow);
    out.push_str(METHODS);
    let no_docs = Default::default();
    for (binding, signature) in operations() {
        out.push('\n');
        let docs = docs.operations.get(&binding.method).unwrap_or(&no_docs);
        write_method(&mut out, binding, signature, docs);
    }
    out.push_str("}\n");
    out.push_str(FROM_TRANSPORT);
    let servers: BTreeSet<&str> = bindings
        .operations
        .iter()
        .filter_map(|binding| Some(binding.server.as_ref()?.url.as_str()))
        .collect();
    let servers: Vec<String> = servers.into_iter().map(string).collect();
    out.push_str(&format!(
        "\nconst SERVERS: &[&str] = &[{}];\n",
        servers.join(", ")
    ));
    module(&mut out, "", "operations", DESCRIPTION_IMPORTS, |out| {
        for (index, (binding, _)) in operations().enumerate() {
            out.push_str(if index == 0 { "" } else { "\n" });
            write_description(out, binding);
        }
    });
    let builders = signatures.iter().map(|own| own.builder.as_str()).collect();
    let names = RuntimeNames::new(&builders);
    module(
        &mut out,
        &format!("{BUILDERS}{allow}"),
        "pub builder",
        "",
        |out| {
            names.write_import(out);
            for (index, (binding, signature)) in operations().enumerate() {
                out.push_str(if index == 0 { "" } else { "\n" });
                let docs = docs.operations.get(&binding.method).unwrap_or(&no_docs);
                write_builder(out, binding, signature, docs, &names);
            }
        },
    );
    if signatures
        .iter()
        .any(|own| own.status_enums().next().is_some())
    {
        module(
            &mut out,
            &format!("{RESPONSES}{allow}"),
            "pub responses",
            "",
            |out| {
                let mut separator = "";
                for (binding, signature) in operations() {
                    let docs = docs.operations.get(&binding.method).unwrap_or(&no_docs);
                    for declared in signature.status_enums() {
                        out.push_str(std::mem::replace(&mut separator, "\n"));
                        write_responses(out, declared, docs);
                    }
                }
            },
        );
    }
    module(
        &mut out,
        &format!("{TYPES}{allow}"),
        "pub types",
        "",
        |out| {
            write_types(out, types);
        },
    );
    out
}

/// Writes a module, such as `pub types`.
fn module(
    out: &mut String,
    docs: &str,
    name: &str,
    imports: &str,
    write: impl FnOnce(&mut String),
) {
    let mut content = String::from(imports);
    write(&mut content);
    let (visibility, name) = name.rsplit_once(' ').unwrap_or(("", name));
    let visibility = if visibility.is_empty() { "" } else { "pub " };
    out.push_str(&format!("\n{docs}{visibility}mod {name} {{\n"));
    out.push_str(&indented(&content));
    out.push_str("}\n");
}

const EXPORTS: &str = "\
pub use gallery_runtime::{
    AuthScheme, BuildError, Bytes, CallOptions, ClientBuilder, Error, ErrorKind, Middleware,
    Multipart, Next, OptionalText, PaginationStream, ResponseValue, RetryPolicy, Text, Token,
    TokenProvider, Untyped, formats,
};

#[allow(unused_imports)]
use gallery_runtime::Call;
";

const CLIENT: &str = "\
#[derive(Clone, Debug)]
pub struct Client {
    transport: gallery_runtime::Transport,
}

";

const METHODS: &str = "\
impl Client {
    /// Creates a client for the API at `base_url`: scheme, host, port and base path.
    ///
    /// A trailing slash makes no difference. Use [`Client::builder`] for other settings.
    pub fn new(base_url: &str) -> Result<Self, BuildError> {
        Self::builder(base_url).build()
    }

    /// Creates a builder for a client of the API at `base_url`, to set credentials,
    /// timeouts, retries, redirects, servers and middleware.
    pub fn builder(base_url: &str) -> ClientBuilder<Self> {
        ClientBuilder::new(base_url, SERVERS)
    }

    /// Returns a client that uses other options and shares the connections of this one.
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self { transport: self.transport.with_options(options) }
    }

    /// Returns the base URL, without a trailing slash.
    pub fn base_url(&self) -> &str {
        self.transport.base_url()
    }
";

const FROM_TRANSPORT: &str = "
impl From<gallery_runtime::Transport> for Client {
    fn from(transport: gallery_runtime::Transport) -> Self {
        Self { transport }
    }
}
";

const DESCRIPTION_IMPORTS: &str = "\
#[allow(unused_imports)]
use gallery_runtime::{AuthScheme, Operation, Parameter, Style};

";

const BUILDERS: &str =
    "/// Builders for the operations: one setter per optional argument, and `send`.\n";

const RESPONSES: &str = "/// Responses whose type depends on the status.\n";

const TYPES: &str = "/// Types used as operation parameters and responses.\n";
