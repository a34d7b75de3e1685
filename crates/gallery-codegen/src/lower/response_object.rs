//! The response object.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use openapiv3::{ObjectType, ReferenceOr, Schema, Type};

use crate::bindings::OperationBinding;
use crate::lower::schemas::typed;

/// The schemas of responses, as properties of the response object.
#[derive(Clone, Debug, Default)]
pub(crate) struct ResponseObject {
    /// The name of the type. Empty if no response has a schema.
    pub(crate) name: String,
    /// The names of the properties, by the JSON pointers of the schemas.
    pub(crate) properties: BTreeMap<String, String>,
    schemas: IndexMap<String, ReferenceOr<Schema>>,
}

/// Returns the JSON pointer of a response's schema.
pub(crate) fn response_pointer(binding: &OperationBinding, pointer: &str) -> String {
    format!("{}/responses/{pointer}", binding.pointer)
}

impl ResponseObject {
    pub(super) fn add(&mut self, pointer: String, schema: ReferenceOr<Schema>) {
        // References to one type share a property.
        let key = match &schema {
            ReferenceOr::Reference { reference } => reference.clone(),
            ReferenceOr::Item(_) => pointer.clone(),
        };
        let (index, _) = self.schemas.insert_full(key, schema);
        self.properties.insert(pointer, property(index));
    }

    pub(super) fn object(&self) -> Option<ReferenceOr<Schema>> {
        let names = (0..self.schemas.len()).map(property);
        let required: Vec<String> = names.collect();
        let schemas = self.schemas.values().map(|schema| match schema.clone() {
            ReferenceOr::Item(schema) => ReferenceOr::Item(Box::new(schema)),
            ReferenceOr::Reference { reference } => ReferenceOr::Reference { reference },
        });
        let properties = required.iter().cloned().zip(schemas).collect();
        (!required.is_empty()).then(|| {
            typed(Type::Object(ObjectType {
                properties,
                required,
                ..ObjectType::default()
            }))
        })
    }
}

fn property(index: usize) -> String {
    format!("r{index}")
}
