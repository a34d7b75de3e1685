//! Replaces references to missing schemas by any JSON.

use std::borrow::BorrowMut;

use openapi_text::pointer::escape;
use openapiv3::{
    AdditionalProperties, AnySchema, ReferenceOr, Schema, SchemaData, SchemaKind, Type,
};

use super::reason::ReductionReason;
use super::reducer::Reducer;
use crate::reference;

impl Reducer<'_> {
    /// Replaces the dangling references of a schema.
    pub(super) fn schema<S>(&mut self, pointer: &str, schema: &mut ReferenceOr<S>)
    where
        S: BorrowMut<Schema> + From<Schema>,
    {
        match schema {
            ReferenceOr::Reference { reference: target } => {
                if !self.has_schema(target) {
                    let message = format!("`{target}` is not a schema of this document: any JSON");
                    self.push(ReductionReason::DanglingSchema, pointer, message);
                    *schema = ReferenceOr::Item(any().into());
                }
            }
            ReferenceOr::Item(schema) => {
                self.keywords(pointer, &mut schema.borrow_mut().schema_kind);
            }
        }
    }

    fn has_schema(&self, target: &str) -> bool {
        let components = self.canonical.document().components.as_ref();
        components
            .is_some_and(|components| reference::schema_in(&components.schemas, target).is_some())
    }

    fn keywords(&mut self, pointer: &str, kind: &mut SchemaKind) {
        match kind {
            SchemaKind::Type(Type::Object(object)) => {
                self.named(pointer, &mut object.properties);
                self.additional(pointer, &mut object.additional_properties);
            }
            SchemaKind::Type(Type::Array(array)) => self.items(pointer, &mut array.items),
            SchemaKind::Type(_) => {}
            SchemaKind::OneOf { one_of } => self.list(pointer, "oneOf", one_of),
            SchemaKind::AllOf { all_of } => self.list(pointer, "allOf", all_of),
            SchemaKind::AnyOf { any_of } => self.list(pointer, "anyOf", any_of),
            SchemaKind::Not { not } => self.schema(&format!("{pointer}/not"), not.as_mut()),
            SchemaKind::Any(any) => {
                self.list(pointer, "oneOf", &mut any.one_of);
                self.list(pointer, "allOf", &mut any.all_of);
                self.list(pointer, "anyOf", &mut any.any_of);
                self.named(pointer, &mut any.properties);
                self.additional(pointer, &mut any.additional_properties);
                self.items(pointer, &mut any.items);
                if let Some(not) = &mut any.not {
                    self.schema(&format!("{pointer}/not"), not.as_mut());
                }
            }
        }
    }

    fn list(&mut self, pointer: &str, keyword: &str, schemas: &mut [ReferenceOr<Schema>]) {
        for (index, schema) in schemas.iter_mut().enumerate() {
            self.schema(&format!("{pointer}/{keyword}/{index}"), schema);
        }
    }

    fn named(
        &mut self,
        pointer: &str,
        properties: &mut indexmap::IndexMap<String, ReferenceOr<Box<Schema>>>,
    ) {
        for (name, schema) in properties {
            self.schema(&format!("{pointer}/properties/{}", escape(name)), schema);
        }
    }

    fn items(&mut self, pointer: &str, items: &mut Option<ReferenceOr<Box<Schema>>>) {
        if let Some(items) = items {
            self.schema(&format!("{pointer}/items"), items);
        }
    }

    fn additional(&mut self, pointer: &str, additional: &mut Option<AdditionalProperties>) {
        if let Some(AdditionalProperties::Schema(schema)) = additional {
            self.schema(&format!("{pointer}/additionalProperties"), schema.as_mut());
        }
    }
}

/// Returns a schema for any JSON.
fn any() -> Schema {
    schema_of(SchemaKind::Any(AnySchema::default()))
}

/// Returns a schema of this kind.
pub(super) fn schema_of(schema_kind: SchemaKind) -> Schema {
    Schema {
        schema_data: SchemaData::default(),
        schema_kind,
    }
}
