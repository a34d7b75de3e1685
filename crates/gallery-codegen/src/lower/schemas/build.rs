//! Constructors of lowered schemas.

use openapiv3::{
    AdditionalProperties, AnySchema, ArrayType, ObjectType, ReferenceOr, Schema, SchemaData,
    SchemaKind, Type,
};

/// Returns a schema for any JSON.
pub(crate) fn any() -> ReferenceOr<Schema> {
    let schema_kind = SchemaKind::Any(AnySchema::default());
    ReferenceOr::Item(Schema {
        schema_data: SchemaData::default(),
        schema_kind,
    })
}

/// Returns a schema of this type.
pub(super) fn typed(kind: Type) -> ReferenceOr<Schema> {
    ReferenceOr::Item(Schema {
        schema_data: SchemaData::default(),
        schema_kind: SchemaKind::Type(kind),
    })
}

/// Returns a reference to a type.
pub(super) fn named(name: &str) -> ReferenceOr<Schema> {
    ReferenceOr::Reference {
        reference: format!("#/components/schemas/{name}"),
    }
}

/// Returns the schema of an array.
pub(super) fn list(items: ReferenceOr<Schema>) -> ReferenceOr<Schema> {
    typed(Type::Array(ArrayType {
        items: Some(boxed(items)),
        min_items: None,
        max_items: None,
        unique_items: false,
    }))
}

/// Returns the schema of a map whose values have this schema, or are any JSON.
pub(crate) fn map(values: Option<ReferenceOr<Schema>>) -> ReferenceOr<Schema> {
    let additional_properties = values.map(|values| AdditionalProperties::Schema(Box::new(values)));
    typed(Type::Object(ObjectType {
        additional_properties,
        ..ObjectType::default()
    }))
}

pub(super) fn boxed(schema: ReferenceOr<Schema>) -> ReferenceOr<Box<Schema>> {
    match schema {
        ReferenceOr::Item(schema) => ReferenceOr::Item(Box::new(schema)),
        ReferenceOr::Reference { reference } => ReferenceOr::Reference { reference },
    }
}

/// Makes a schema nullable, unless it allows any JSON already.
pub(super) fn or_null(schema: ReferenceOr<Schema>) -> ReferenceOr<Schema> {
    let mut schema = match schema {
        ReferenceOr::Item(schema) => schema,
        reference => {
            let schema_kind = SchemaKind::AllOf {
                all_of: vec![reference],
            };
            Schema {
                schema_data: SchemaData::default(),
                schema_kind,
            }
        }
    };
    schema.schema_data.nullable = !matches!(schema.schema_kind, SchemaKind::Any(_));
    ReferenceOr::Item(schema)
}

/// Makes a schema not nullable. Also returns true if it was nullable.
pub(crate) fn without_null(schema: ReferenceOr<Schema>) -> (ReferenceOr<Schema>, bool) {
    match schema {
        ReferenceOr::Item(mut schema) if schema.schema_data.nullable => {
            schema.schema_data.nullable = false;
            match schema.schema_kind {
                SchemaKind::AllOf { mut all_of } if all_of.len() == 1 => (all_of.remove(0), true),
                kind => (
                    ReferenceOr::Item(Schema {
                        schema_kind: kind,
                        ..schema
                    }),
                    true,
                ),
            }
        }
        other => (other, false),
    }
}
