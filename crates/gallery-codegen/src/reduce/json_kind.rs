//! The kind of JSON that a schema allows.

use indexmap::IndexMap;
use openapiv3::{AdditionalProperties, Components, ReferenceOr, Schema, SchemaKind, Type};

use crate::reference;

/// The kind of JSON that a schema allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonKind {
    Scalar,
    /// An array; true if its items are arrays or objects.
    Array(bool),
    /// An object; true if values of its properties are arrays or objects.
    Object(bool),
    /// Several kinds, or unknown.
    Any,
}

impl JsonKind {
    /// Returns true for arrays and objects.
    fn has_parts(self) -> bool {
        matches!(self, JsonKind::Array(_) | JsonKind::Object(_))
    }
}

/// The maximum number of schemas to look at. Beyond it, the kind is unknown.
const BUDGET: usize = 200;

/// Returns the kind of JSON that a schema allows.
pub(super) fn json_kind(components: Option<&Components>, schema: &ReferenceOr<Schema>) -> JsonKind {
    let mut budget = BUDGET;
    let mut kinds = Kinds {
        components,
        budget: &mut budget,
    };
    kinds.of(schema)
}

struct Kinds<'a> {
    components: Option<&'a Components>,
    budget: &'a mut usize,
}

impl Kinds<'_> {
    fn of(&mut self, schema: &ReferenceOr<Schema>) -> JsonKind {
        match schema {
            ReferenceOr::Item(schema) => self.of_schema(schema),
            ReferenceOr::Reference { reference } => self.of_reference(reference),
        }
    }

    fn of_boxed(&mut self, schema: &ReferenceOr<Box<Schema>>) -> JsonKind {
        match schema {
            ReferenceOr::Item(schema) => self.of_schema(schema),
            ReferenceOr::Reference { reference } => self.of_reference(reference),
        }
    }

    fn of_reference(&mut self, target: &str) -> JsonKind {
        let schemas = self.components.map(|components| &components.schemas);
        match schemas.and_then(|schemas| reference::schema_in(schemas, target)) {
            Some(schema) if self.spend() => self.of(schema),
            _ => JsonKind::Any,
        }
    }

    fn of_schema(&mut self, schema: &Schema) -> JsonKind {
        if !self.spend() {
            return JsonKind::Any;
        }
        match &schema.schema_kind {
            SchemaKind::Type(Type::Array(array)) => self.array(array.items.as_ref()),
            SchemaKind::Type(Type::Object(object)) => {
                self.object(&object.properties, object.additional_properties.as_ref())
            }
            SchemaKind::Type(_) => JsonKind::Scalar,
            SchemaKind::AllOf { all_of } => self.all(all_of),
            SchemaKind::OneOf { one_of: options } | SchemaKind::AnyOf { any_of: options } => {
                self.common(options)
            }
            SchemaKind::Not { .. } => JsonKind::Any,
            SchemaKind::Any(any) => match any.typ.as_deref() {
                Some("array") => self.array(any.items.as_ref()),
                Some("object") => self.object(&any.properties, any.additional_properties.as_ref()),
                Some("string" | "integer" | "number" | "boolean") => JsonKind::Scalar,
                _ if !any.properties.is_empty() || any.additional_properties.is_some() => {
                    self.object(&any.properties, any.additional_properties.as_ref())
                }
                _ if any.items.is_some() => self.array(any.items.as_ref()),
                _ if !any.all_of.is_empty() => self.all(&any.all_of),
                _ if !any.one_of.is_empty() => self.common(&any.one_of),
                _ => self.common(&any.any_of),
            },
        }
    }

    fn array(&mut self, items: Option<&ReferenceOr<Box<Schema>>>) -> JsonKind {
        let kind = items.map_or(JsonKind::Any, |items| self.of_boxed(items));
        JsonKind::Array(kind.has_parts())
    }

    fn object(
        &mut self,
        properties: &IndexMap<String, ReferenceOr<Box<Schema>>>,
        additional: Option<&AdditionalProperties>,
    ) -> JsonKind {
        let mut declared = properties.values();
        let is_nested = declared.any(|property| self.of_boxed(property).has_parts());
        let others = match additional {
            Some(AdditionalProperties::Schema(schema)) => self.of(schema),
            _ => JsonKind::Any,
        };
        JsonKind::Object(is_nested || others.has_parts())
    }

    /// Returns the kind of values that have all parts.
    fn all(&mut self, parts: &[ReferenceOr<Schema>]) -> JsonKind {
        let kinds = parts.iter().map(|part| self.of(part));
        kinds.fold(JsonKind::Any, |kind, other| match (kind, other) {
            (JsonKind::Any, other) => other,
            (JsonKind::Object(a), JsonKind::Object(b)) => JsonKind::Object(a || b),
            (kind, _) => kind,
        })
    }

    /// Returns the kind that all alternatives share.
    fn common(&mut self, options: &[ReferenceOr<Schema>]) -> JsonKind {
        let mut kinds = options.iter().map(|option| self.of(option));
        let first = kinds.next().unwrap_or(JsonKind::Any);
        match kinds.all(|kind| kind == first) {
            true => first,
            false => JsonKind::Any,
        }
    }

    /// Returns false if the budget is spent.
    fn spend(&mut self) -> bool {
        *self.budget = self.budget.saturating_sub(1);
        *self.budget > 0
    }
}
