//! Counts the fields that are any JSON, along the schemas of the original document.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToPascalCase as _;
use openapi_text::pointer::escape;

use crate::document::{Document, Schema, has_type};
use crate::surface::{Declaration, Surface, Type};

/// The fields of a client whose property has a schema with a type.
#[derive(Default)]
pub(crate) struct Fields {
    /// The fields by type and property.
    pub(crate) all: BTreeMap<(String, String), Field>,
    visited: BTreeSet<(String, String)>,
}

/// A field.
#[derive(Default)]
pub(crate) struct Field {
    /// True if the type contains `serde_json::Value` at a location without a type in the document,
    /// such as the values of a free-form object.
    pub(crate) is_free: bool,
    /// The files and pointers of the schemas with a type that are `serde_json::Value`.
    pub(crate) untyped: BTreeSet<(String, String)>,
}

impl Fields {
    /// Follows a type and the schemas of its values to all fields.
    pub(crate) fn visit(
        &mut self,
        document: &Document,
        surface: &Surface,
        kind: &Type,
        schemas: &[Schema],
    ) {
        let mut open = vec![(kind.clone(), schemas.to_vec())];
        while let Some((kind, schemas)) = open.pop() {
            let parts = document.parts(&schemas);
            match kind {
                Type::List(items) => open.push((*items, document.inside(&parts, "items"))),
                Type::Map(values) => {
                    let values = (*values, document.inside(&parts, "additionalProperties"));
                    open.push(values);
                }
                Type::Named(name) => {
                    let Some(first) = schemas.first() else {
                        continue;
                    };
                    let key = (name.clone(), first.pointer.clone());
                    if !self.visited.insert(key) {
                        continue;
                    }
                    match surface.types.get(&name) {
                        Some(Declaration::Struct(fields)) => {
                            for (property, kind) in fields {
                                let key = format!("properties/{}", escape(property));
                                let schemas = document.inside(&parts, &key);
                                self.add(document, &name, property, kind, &schemas);
                                open.push((kind.clone(), schemas));
                            }
                        }
                        Some(Declaration::Union { is_tagged, types }) => {
                            let all = document.alternatives(&schemas);
                            let is_zipped = *is_tagged && all.len() == types.len();
                            for (index, kind) in types.iter().enumerate() {
                                let own = match is_zipped {
                                    true => vec![all[index].clone()],
                                    false => candidates(document, surface, kind, &all),
                                };
                                open.push((kind.clone(), own));
                            }
                        }
                        Some(Declaration::Strings) | None => {}
                    }
                }
                Type::Untyped | Type::Json | Type::Responses(_) | Type::Other => {}
            }
        }
    }

    fn add(
        &mut self,
        document: &Document,
        name: &str,
        property: &str,
        kind: &Type,
        schemas: &[Schema],
    ) {
        let is_typed = |own: &Schema| document.is_typed(own);
        if !schemas.iter().any(is_typed) {
            return;
        }
        let key = (name.to_owned(), property.to_owned());
        let field = self.all.entry(key).or_default();
        let (mut kind, mut schemas) = (kind, schemas.to_vec());
        loop {
            let parts = document.parts(&schemas);
            match kind {
                Type::List(items) => (kind, schemas) = (items, document.inside(&parts, "items")),
                Type::Map(values) => {
                    schemas = document.inside(&parts, "additionalProperties");
                    kind = values;
                }
                Type::Json if parts.iter().any(|part| has_type(&part.value)) => {
                    let file = || document.file.clone();
                    let pointers = parts.into_iter().map(|part| (file(), part.pointer));
                    field.untyped.extend(pointers);
                    return;
                }
                Type::Json => {
                    field.is_free = true;
                    return;
                }
                _ => return,
            }
        }
    }
}

/// Returns the alternatives that may have a type: the one with its name, or those with the
/// properties of its fields.
fn candidates(document: &Document, surface: &Surface, kind: &Type, all: &[Schema]) -> Vec<Schema> {
    let Type::Named(name) = kind else {
        return all.to_vec();
    };
    let has_name = |own: &&Schema| {
        let name_of = own.pointer.rsplit('/').next().unwrap_or_default();
        name_of.to_pascal_case() == *name
    };
    if let Some(own) = all.iter().find(has_name) {
        return vec![own.clone()];
    }
    let Some(Declaration::Struct(fields)) = surface.types.get(name) else {
        return all.to_vec();
    };
    let has_fields = |own: &&Schema| {
        let parts = document.parts(std::slice::from_ref(*own));
        fields.iter().all(|(property, _)| {
            let has = |part: &Schema| part.value["properties"].get(property).is_some();
            parts.iter().any(has)
        })
    };
    all.iter().filter(has_fields).cloned().collect()
}
