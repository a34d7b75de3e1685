//! Constructors and properties of lowered schemas.

use std::borrow::Borrow;

use openapiv3::{
    AdditionalProperties, AnySchema, ArrayType, BooleanType, ObjectType, Operation,
    ParameterSchemaOrContent, ReferenceOr, Schema, SchemaData, SchemaKind, Type,
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
pub(crate) fn typed(kind: Type) -> ReferenceOr<Schema> {
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

/// Makes a schema nullable if null is a value.
pub(super) fn nullable_if(nullable: bool, schema: ReferenceOr<Schema>) -> ReferenceOr<Schema> {
    match nullable {
        true => or_null(schema),
        false => schema,
    }
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

/// Returns true if a lowered schema accepts null.
pub(super) fn is_nullable(schema: &ReferenceOr<Schema>) -> bool {
    schema
        .as_item()
        .is_some_and(|schema| schema.schema_data.nullable)
}

/// Returns the name of the type that a reference of a lowered schema refers to.
pub(super) fn type_name(reference: &str) -> Option<&str> {
    reference.strip_prefix("#/components/schemas/")
}

/// Adds the names of the types that the parameters and the body of a lowered operation refer to.
pub(crate) fn add_type_names_of<'s>(operation: &'s Operation, names: &mut Vec<&'s str>) {
    let parameters = operation.parameters.iter().filter_map(ReferenceOr::as_item);
    for parameter in parameters {
        if let ParameterSchemaOrContent::Schema(schema) = &parameter.parameter_data_ref().format {
            add_type_names(schema, names);
        }
    }
    let body = operation
        .request_body
        .as_ref()
        .and_then(ReferenceOr::as_item);
    let media = body.into_iter().flat_map(|body| body.content.values());
    for schema in media.filter_map(|media| media.schema.as_ref()) {
        add_type_names(schema, names);
    }
}

/// Returns the schema of a type of the same kind without references to others.
pub(crate) fn without_properties(schema: &ReferenceOr<Schema>) -> ReferenceOr<Schema> {
    let kind = schema.as_item().map(|schema| &schema.schema_kind);
    match kind {
        Some(SchemaKind::Type(Type::Object(_))) => typed(Type::Object(ObjectType {
            // An object without properties would be a map.
            properties: [(
                "property".to_owned(),
                boxed(typed(Type::Boolean(BooleanType::default()))),
            )]
            .into_iter()
            .collect(),
            ..ObjectType::default()
        })),
        _ => schema.clone(),
    }
}

/// Adds the names of the types that a lowered schema refers to, without those of these types.
pub(super) fn add_type_names<'s, S: Borrow<Schema>>(
    schema: &'s ReferenceOr<S>,
    names: &mut Vec<&'s str>,
) {
    let schema = match schema {
        ReferenceOr::Item(schema) => schema.borrow(),
        ReferenceOr::Reference { reference } => return names.extend(type_name(reference)),
    };
    match &schema.schema_kind {
        SchemaKind::Type(Type::Array(array)) => {
            if let Some(items) = &array.items {
                add_type_names(items, names);
            }
        }
        SchemaKind::Type(Type::Object(object)) => {
            for property in object.properties.values() {
                add_type_names(property, names);
            }
            if let Some(AdditionalProperties::Schema(values)) = &object.additional_properties {
                add_type_names(values.as_ref(), names);
            }
        }
        SchemaKind::OneOf { one_of: parts } | SchemaKind::AllOf { all_of: parts } => {
            for part in parts {
                add_type_names(part, names);
            }
        }
        _ => {}
    }
}
