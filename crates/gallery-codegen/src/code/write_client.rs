//! Writes the code of a client: one file, or one for each group of operations.

use std::collections::BTreeSet;

use crate::bindings::{Bindings, OperationBinding};
use crate::code::client_text::{
    BUILDERS, CLIENT, DESCRIPTION_IMPORTS, EXPORTS, FROM_TRANSPORT, METHOD_GROUPS, METHODS,
    RESPONSES, TYPES,
};
use crate::code::groups::{Group, Groups};
use crate::code::runtime_names::RuntimeNames;
use crate::code::signatures::Signature;
use crate::code::text::{documentation, indented, string};
use crate::code::types::Types;
use crate::code::write_description::write_description;
use crate::code::write_forms::write_form;
use crate::code::write_operations::{write_builder, write_method};
use crate::code::write_responses::write_responses;
use crate::code::write_types::write_type;
use crate::docs::{Docs, OperationDocs};
use crate::markdown;
use crate::method_groups::{GROUPS, type_name};

/// A file of a client's code.
#[derive(Clone, Debug)]
pub struct CodeFile {
    /// The name of the module. `None` for the file of the client, which declares the others.
    pub module: Option<String>,
    /// The code.
    pub text: String,
}

impl CodeFile {
    /// Creates the file of the client.
    pub(crate) fn of_client(text: String) -> CodeFile {
        CodeFile { module: None, text }
    }

    /// Creates the file of a module.
    pub(crate) fn of_module(module: &str, text: String) -> CodeFile {
        CodeFile {
            module: Some(module.to_owned()),
            text,
        }
    }

    /// Returns the path of the file, if the file of the client is `NAME.rs`.
    pub(crate) fn path(&self, name: &str) -> String {
        match &self.module {
            None => format!("{name}.rs"),
            Some(module) => format!("{name}/{module}.rs"),
        }
    }
}

/// Writes code from the names, signatures, types and documentation of a client.
pub(crate) struct CodeWriter<'c> {
    operations: Vec<Operation<'c>>,
    types: &'c Types,
    /// The documentation of `Client`.
    client_docs: &'c str,
    names: RuntimeNames,
    /// The names of the groups of methods.
    method_groups: BTreeSet<&'c str>,
    /// The types of multipart bodies.
    forms: BTreeSet<&'c str>,
    /// The attribute of modules that use deprecated items, or nothing.
    allow: &'static str,
}

/// An operation with everything that is written of it.
type Operation<'c> = (&'c OperationBinding, &'c Signature, &'c OperationDocs);

impl<'c> CodeWriter<'c> {
    pub(crate) fn new(
        bindings: &'c Bindings,
        signatures: &'c [Signature],
        types: &'c Types,
        docs: &'c Docs,
        allow: &'static str,
    ) -> CodeWriter<'c> {
        let builders = signatures.iter().map(|own| own.builder.as_str()).collect();
        let written = signatures.iter().zip(&docs.operations);
        let operations = bindings.operations.iter().zip(written);
        CodeWriter {
            operations: operations
                .map(|(binding, (signature, docs))| (binding, signature, docs))
                .collect(),
            types,
            client_docs: &docs.client,
            names: RuntimeNames::new(&builders),
            method_groups: bindings.groups(),
            forms: signatures.iter().filter_map(Signature::form).collect(),
            allow,
        }
    }

    /// Writes the whole client.
    pub(crate) fn one_file(&self) -> CodeFile {
        let operations = &self.operations;
        let mut out = self.client(operations);
        write_grouped(&mut out, operations);
        self.write_groups(&mut out, "");
        self.operations(&mut out, operations, self.allow);
        let types = self.types.keys().map(|name| (name.as_str(), String::new()));
        module(
            &mut out,
            &format!("{TYPES}{}", self.allow),
            "pub types",
            |out| {
                self.types(out, types);
            },
        );
        CodeFile::of_client(out)
    }

    /// Writes the client, the shared types, and each group.
    pub(crate) fn files(&self, groups: &Groups) -> Vec<CodeFile> {
        let mut files = vec![CodeFile::of_client(self.root(groups))];
        let mut shared = String::new();
        self.types(
            &mut shared,
            groups
                .shared
                .keys()
                .map(|name| (name.as_str(), groups.attribute(name))),
        );
        files.push(CodeFile::of_module(SHARED, shared));
        let groups = groups.groups.iter();
        files.extend(groups.map(|group| CodeFile::of_module(&group.module, self.group(group))));
        files
    }

    /// Writes the file of the client, which declares the modules and exports what they contain.
    fn root(&self, groups: &Groups) -> String {
        let mut out = self.client(&[]);
        // With features off, a group may have no methods.
        self.write_groups(&mut out, "#[allow(dead_code)]\n");
        out.push_str(&format!("\n{}mod {SHARED};\n", self.allow));
        for group in &groups.groups {
            let (attribute, module) = (group.attribute(), &group.module);
            out.push_str(&format!("{attribute}{}mod {module};\n", self.allow));
        }
        let with_responses = groups.groups.iter();
        let with_responses: Vec<&Group> = with_responses
            .filter(|group| has_responses(&self.of(group)))
            .collect();
        let with_types = groups.groups.iter().filter(|group| !group.types.is_empty());
        module(&mut out, BUILDERS, "pub builder", |out| {
            exports(out, &groups.groups, "builder");
        });
        if !with_responses.is_empty() {
            module(&mut out, RESPONSES, "pub responses", |out| {
                exports(out, with_responses, "responses");
            });
        }
        module(&mut out, TYPES, "pub types", |out| {
            out.push_str(&format!(
                "#[allow(unused_imports)]\npub use super::{SHARED}::*;\n"
            ));
            exports(out, with_types, OWN_TYPES);
        });
        out
    }

    /// Writes the module of a group.
    fn group(&self, group: &Group) -> String {
        let operations = self.of(group);
        let mut out = String::from("#[allow(unused_imports)]\nuse super::*;\n\n");
        let title = markdown::inline(&group.title);
        let feature = group.feature();
        if operations.iter().any(|(own, ..)| own.group.is_none()) {
            out.push_str(&format!(
                "/// {title}: operations of the feature `{feature}`.\n"
            ));
            out.push_str("impl Client {\n");
            methods(&mut out, &operations, None, "");
            out.push_str("}\n");
        }
        write_grouped(&mut out, &operations);
        self.operations(&mut out, &operations, "");
        if !group.types.is_empty() {
            let types = group
                .types
                .iter()
                .map(|name| (name.as_str(), String::new()));
            module(&mut out, "", &format!("pub {OWN_TYPES}"), |out| {
                out.push_str("#[allow(unused_imports)]\nuse super::types::*;\n\n");
                self.types(out, types);
            });
        }
        out
    }

    fn of(&self, group: &Group) -> Vec<Operation<'c>> {
        let indexes = group.operations.iter();
        indexes.map(|index| self.operations[*index]).collect()
    }

    /// Writes the client with the methods that every client has, those of groups, and those of
    /// operations without a group.
    fn client(&self, operations: &[Operation<'_>]) -> String {
        let mut out = String::from(EXPORTS);
        out.push('\n');
        documentation(&mut out, "", Some(self.client_docs));
        out.push_str(CLIENT);
        out.push_str(self.allow);
        out.push_str(METHODS);
        for group in &self.method_groups {
            let name = type_name(group);
            out.push_str(&format!(
                "\n    /// Returns the operations of the group `{group}`.\n    \
                 pub fn {group}(&self) -> {GROUPS}::{name} {{\n        \
                 {GROUPS}::{name} {{ transport: self.transport.clone() }}\n    }}\n"
            ));
        }
        methods(&mut out, operations, None, "\n");
        out.push_str("}\n");
        out.push_str(FROM_TRANSPORT);
        let operations = self.operations.iter();
        let servers: BTreeSet<&str> = operations
            .filter_map(|(binding, ..)| Some(binding.server.as_ref()?.url.as_str()))
            .collect();
        let servers: Vec<String> = servers.into_iter().map(string).collect();
        out.push_str(&format!(
            "\nconst SERVERS: &[&str] = &[{}];\n\n\
             const USER_AGENT: &str = concat!(env!(\"CARGO_PKG_NAME\"), \"/\", env!(\"CARGO_PKG_VERSION\"));\n",
            servers.join(", ")
        ));
        out
    }

    /// Writes the types of groups of methods, with an attribute or nothing.
    fn write_groups(&self, out: &mut String, attribute: &str) {
        if self.method_groups.is_empty() {
            return;
        }
        module(out, METHOD_GROUPS, &format!("pub {GROUPS}"), |out| {
            for (index, group) in self.method_groups.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "\n" });
                out.push_str(&format!(
                    "/// The operations of [`Client::{group}`](super::Client::{group}).\n\
                     #[derive(Clone, Debug)]\n{attribute}pub struct {} {{\n    \
                     pub(super) transport: gallery_runtime::Transport,\n}}\n",
                    type_name(group)
                ));
            }
        });
    }

    /// Writes the modules with the descriptions, the builders and the responses of operations.
    fn operations(&self, out: &mut String, operations: &[Operation<'_>], allow: &str) {
        module(out, "", "operations", |out| {
            out.push_str(DESCRIPTION_IMPORTS);
            for (index, (binding, ..)) in operations.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "\n" });
                write_description(out, binding);
            }
        });
        module(out, &format!("{BUILDERS}{allow}"), "pub builder", |out| {
            self.names.write_import(out);
            for (index, (binding, signature, docs)) in operations.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "\n" });
                write_builder(out, binding, signature, docs, &self.names);
            }
        });
        if !has_responses(operations) {
            return;
        }
        module(
            out,
            &format!("{RESPONSES}{allow}"),
            "pub responses",
            |out| {
                let mut separator = "";
                for (_, signature, docs) in operations {
                    for declared in signature.status_enums() {
                        out.push_str(std::mem::replace(&mut separator, "\n"));
                        write_responses(out, declared, docs);
                    }
                }
            },
        );
    }

    /// Writes types, each with an attribute or nothing.
    fn types<'n>(&self, out: &mut String, names: impl Iterator<Item = (&'n str, String)>) {
        let mut separator = "";
        for (name, attribute) in names {
            let Some(declaration) = self.types.get(name) else {
                continue;
            };
            out.push_str(std::mem::replace(&mut separator, "\n"));
            write_type(out, name, declaration, &attribute);
            if self.forms.contains(name) {
                write_form(out, name, declaration, &attribute);
            }
        }
    }
}

/// Writes a module, such as `pub types`.
fn module(out: &mut String, docs: &str, name: &str, write: impl FnOnce(&mut String)) {
    let mut content = String::new();
    write(&mut content);
    let (visibility, name) = name.rsplit_once(' ').unwrap_or(("", name));
    let visibility = if visibility.is_empty() { "" } else { "pub " };
    out.push_str(&format!("\n{docs}{visibility}mod {name} {{\n"));
    out.push_str(&indented(&content));
    out.push_str("}\n");
}

/// Writes the methods of a group or of no group, with `separator` before the first one.
fn methods(
    out: &mut String,
    operations: &[Operation<'_>],
    group: Option<&str>,
    mut separator: &str,
) {
    let of_group =
        |(own, ..): &&Operation<'_>| own.group.as_ref().map(|own| own.group.as_str()) == group;
    for (binding, signature, docs) in operations.iter().filter(of_group) {
        out.push_str(std::mem::replace(&mut separator, "\n"));
        write_method(out, binding, signature, docs);
    }
}

/// Writes the methods of each group.
fn write_grouped(out: &mut String, operations: &[Operation<'_>]) {
    let groups = operations.iter().filter_map(|(own, ..)| own.group.as_ref());
    let groups: BTreeSet<&str> = groups.map(|own| own.group.as_str()).collect();
    for group in groups {
        out.push_str(&format!("\nimpl {GROUPS}::{} {{\n", type_name(group)));
        methods(out, operations, Some(group), "");
        out.push_str("}\n");
    }
}

fn has_responses(operations: &[Operation<'_>]) -> bool {
    let mut signatures = operations.iter().map(|(_, signature, _)| signature);
    signatures.any(|signature| signature.status_enums().next().is_some())
}

/// Writes the exports of the module `name` of each group.
fn exports<'g>(out: &mut String, groups: impl IntoIterator<Item = &'g Group>, name: &str) {
    for group in groups {
        let (attribute, module) = (group.attribute(), &group.module);
        out.push_str(&format!("{attribute}pub use super::{module}::{name}::*;\n"));
    }
}

/// The module of the types that several groups use.
const SHARED: &str = "shared";

/// The module of the types that one group uses, in the module of the group.
const OWN_TYPES: &str = "own_types";
