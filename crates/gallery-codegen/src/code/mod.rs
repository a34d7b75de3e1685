//! Writes the code of a client as text.
//!
//! progenitor chooses the types of arguments, responses and schemas. This module writes them
//! compactly: what does not differ between operations or types is code of the runtime. The code is
//! formatted as by rustfmt where its lines fit, and in the order of the document.

mod client_text;
mod functions;
mod groups;
mod options;
mod pages;
mod response_types;
mod runtime_names;
mod rust_type;
mod samples;
mod sharing;
mod signatures;
mod text;
mod types;
mod write_client;
mod write_description;
mod write_forms;
mod write_operations;
mod write_responses;
mod write_types;

pub(crate) use groups::{ALL_OPERATIONS, Group, Groups};
pub(crate) use response_types::{ResponseBody, StatusEnum, VariantBody};
pub(crate) use samples::Samples;
pub(crate) use signatures::{Argument, BodyType, Signature, signatures};
pub(crate) use text::indented;
pub(crate) use types::{TypeDeclaration, TypeKind, Types, types};
pub use write_client::CodeFile;

use std::collections::{BTreeMap, BTreeSet};

use gallery_spec::canonical::Canonical;
use gallery_spec::config::TagFeatures;
use openapi_text::Diagnostics;

use crate::code::rust_type::RustType;
use crate::code::sharing::{Aliases, share};
use crate::code::write_client::CodeWriter;
use crate::docs::docs;
use crate::lower::{Lowered, Selection};
use crate::progenitor::{GenerateError, declarations};
use crate::settings::CodeSettings;

/// The code of a client.
pub struct ClientCode {
    pub(crate) types: Types,
    /// The signatures of the operations, in the order of the bindings.
    pub(crate) signatures: Vec<Signature>,
    /// The paths of types that replace generated ones, by type name.
    replaced_types: BTreeMap<String, String>,
    aliases: Aliases,
    has_deprecated: bool,
    groups: Option<Groups>,
    files: Vec<CodeFile>,
}

impl ClientCode {
    /// Returns true if a type is an enum of strings.
    pub(crate) fn is_enum(&self, name: &str) -> bool {
        let declared = self.types.get(name);
        declared.is_some_and(|own| matches!(own.kind, TypeKind::Enum(_)))
    }

    /// Returns the name of the union with a tag that a type is. It can be an alternative beside
    /// scalars and lists.
    pub(crate) fn tagged_union<'n>(&'n self, name: &'n str) -> Option<&'n str> {
        let TypeKind::Union(union) = &self.types.get(name)?.kind else {
            return None;
        };
        if let Selection::Tag(_) = union.selection {
            return Some(name);
        }
        let mut objects = union.variants.iter().filter_map(|variant| {
            let RustType::Named(inner) = variant.kind.without_box() else {
                return None;
            };
            let inner = self.resolved(inner);
            (!self.is_enum(inner)).then_some(inner)
        });
        let found = objects.next()?;
        let TypeKind::Union(union) = &self.types.get(found)?.kind else {
            return None;
        };
        let is_only = objects.next().is_none();
        (is_only && matches!(union.selection, Selection::Tag(_))).then_some(found)
    }

    /// Returns the name of the type that has this name or alias.
    pub(crate) fn resolved<'n>(&'n self, name: &'n str) -> &'n str {
        self.aliases.get(name).map_or(name, String::as_str)
    }

    /// Returns the path of a type. `library` is the name of the client's library.
    pub(crate) fn type_path(&self, name: &str, library: &str) -> String {
        let replaced = self.replaced_types.get(name).cloned();
        replaced.unwrap_or_else(|| format!("{library}::types::{name}"))
    }

    /// Returns the attribute of modules that use deprecated items, or nothing.
    pub(crate) fn allow_deprecated(&self) -> &'static str {
        allow_deprecated(self.has_deprecated)
    }

    /// Returns the groups of operations, unless the client is one file.
    pub(crate) fn groups(&self) -> Option<&Groups> {
        self.groups.as_ref()
    }

    /// Returns the cargo feature of the first operation, which examples call.
    pub(crate) fn example_feature(&self) -> Option<String> {
        let mut groups = self.groups()?.groups.iter();
        let group = groups.find(|group| group.operations.contains(&0))?;
        Some(group.feature())
    }

    /// Returns the files. The first one is that of the client.
    pub fn files(&self) -> &[CodeFile] {
        &self.files
    }

    /// Returns the file of the client: without features for tags, all code.
    pub fn text(&self) -> &str {
        self.files.first().map_or("", |file| &file.text)
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

/// Generates the code of a client. Options that do not match are errors in `diagnostics`.
pub fn client(
    canonical: &Canonical,
    lowered: &Lowered,
    settings: &CodeSettings,
    diagnostics: &mut Diagnostics,
) -> Result<ClientCode, GenerateError> {
    let options = &settings.options;
    let declarations = declarations(lowered)?;
    let mut types = types(&declarations.types, lowered)?;
    let mut signatures = signatures(&declarations, lowered)?;
    drop(declarations);
    pages::set_items(&types, lowered.bindings(), &mut signatures);
    options::apply(options, &mut types, &mut signatures, diagnostics);
    let aliases = share(
        &mut types,
        &mut signatures,
        &component_types(lowered),
        &settings.type_names.values().map(String::as_str).collect(),
    );
    let bindings = lowered.bindings();
    let samples = settings.library.as_deref();
    let samples = samples.map(|library| Samples::new(&types, library));
    let docs = docs(canonical, bindings, &signatures, samples.as_ref());
    let has_deprecated = bindings.operations.iter().any(|binding| {
        let mut parameters = binding.parameters.iter();
        binding.is_deprecated || parameters.any(|parameter| parameter.is_deprecated)
    }) || types.values().any(TypeDeclaration::has_deprecated);
    let allow = allow_deprecated(has_deprecated);
    let writer = CodeWriter::new(bindings, &signatures, &types, &docs, allow);
    let groups = || Groups::new(bindings, &signatures, &types);
    let groups = match options.tag_features {
        TagFeatures::Off => None,
        TagFeatures::On => Some(groups()),
        TagFeatures::IfLarge => Some(groups()).filter(Groups::is_large),
    };
    let files = match &groups {
        None => vec![writer.one_file()],
        Some(groups) => writer.files(groups),
    };
    let replaced = options.replaced_types.iter();
    Ok(ClientCode {
        types,
        signatures,
        replaced_types: replaced
            .map(|(name, own)| (name.clone(), own.value.clone()))
            .collect(),
        aliases,
        has_deprecated,
        groups,
        files,
    })
}

/// Returns the names of the types of component schemas.
fn component_types(lowered: &Lowered) -> BTreeSet<&str> {
    let components = lowered.types().iter().filter(|own| !own.is_inline());
    components.filter_map(|own| own.name.as_deref()).collect()
}

fn allow_deprecated(has_deprecated: bool) -> &'static str {
    match has_deprecated {
        true => "#[allow(deprecated)]\n",
        false => "",
    }
}
