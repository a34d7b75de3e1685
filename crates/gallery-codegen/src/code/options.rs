//! Applies options to the types and signatures of a client.

use gallery_spec::config::{ALL_TYPES, CodeOptions};
use openapi_text::{Diagnostics, Location, Severity};

use crate::code::rust_type::RustType;
use crate::code::signatures::{Signature, each_type_mut};
use crate::code::types::{TypeDeclaration, TypeKind, Types};
use crate::settings::UNUSED_OPTION;

/// Applies options. An option that no type matches is an error.
pub(super) fn apply(
    options: &CodeOptions,
    types: &mut Types,
    signatures: &mut [Signature],
    diagnostics: &mut Diagnostics,
) {
    let mut unused = |name: &str, place: &Location| {
        let message = format!("the client has no type `{name}`; correct the name or remove it");
        diagnostics.push(Severity::Error, UNUSED_OPTION, place.clone(), message);
    };
    for (name, option) in &options.replaced_types {
        if types.remove(name).is_none() {
            unused(name, &option.place);
        }
    }
    for (name, option) in &options.derives {
        match types.get_mut(name) {
            Some(declaration) => add_derives(declaration, &option.value),
            None if name == ALL_TYPES => types
                .values_mut()
                .for_each(|declaration| add_derives(declaration, &option.value)),
            None => unused(name, &option.place),
        }
    }
    for declaration in types.values_mut() {
        declaration.is_exhaustive = !options.non_exhaustive;
    }
    each_type_mut(types, signatures, |kind| {
        if let RustType::Named(name) = kind
            && let Some(option) = options.replaced_types.get(name)
        {
            *kind = RustType::Other(option.value.clone());
        }
    });
}

/// Adds derive macros that a type does not have.
fn add_derives(declaration: &mut TypeDeclaration, paths: &[String]) {
    let own: &[&str] = match &declaration.kind {
        TypeKind::Struct(_) | TypeKind::Union(_) => &["Clone", "Debug", "PartialEq"],
        TypeKind::Enum(_) => &[
            "Clone",
            "Debug",
            "PartialEq",
            "Eq",
            "Hash",
            "PartialOrd",
            "Ord",
        ],
    };
    for path in paths {
        if !own.contains(&path.as_str()) && !declaration.derives.contains(path) {
            declaration.derives.push(path.clone());
        }
    }
}
