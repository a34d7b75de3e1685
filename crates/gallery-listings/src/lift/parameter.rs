//! Parameters in OpenAPI 3.0: types, array styles, and assumptions.

use indexmap::IndexMap;
use openapiv3::{
    ArrayType, BooleanType, HeaderStyle, IntegerType, NumberType, Parameter as OpenApiParameter,
    ParameterData, ParameterSchemaOrContent, PathStyle, QueryStyle, ReferenceOr, Schema,
    SchemaData, SchemaKind, StringFormat, StringType, Type, VariantOrUnknownOrEmpty,
};
use serde_json::{Value, json};

use crate::swagger2::{Constant, Items, Parameter, ParameterLocation};
use gallery_draft::{ASSUMED, NUMBERED_KEYS};

/// Lifts a constant of the query string: a required parameter with one value.
pub(super) fn constant(listed: &Constant) -> OpenApiParameter {
    let kind = StringType {
        enumeration: vec![Some(listed.value.clone())],
        ..StringType::default()
    };
    let schema = Schema {
        schema_data: SchemaData::default(),
        schema_kind: SchemaKind::Type(Type::String(kind)),
    };
    let parameter_data = ParameterData {
        name: listed.name.clone(),
        description: listed.description.clone(),
        required: true,
        deprecated: None,
        format: ParameterSchemaOrContent::Schema(ReferenceOr::Item(schema)),
        example: None,
        examples: IndexMap::new(),
        explode: None,
        extensions: IndexMap::new(),
    };
    OpenApiParameter::Query {
        parameter_data,
        allow_reserved: false,
        style: QueryStyle::default(),
        allow_empty_value: None,
    }
}

/// Lifts a parameter of path, query or header.
pub(super) fn parameter(listed: &Parameter) -> OpenApiParameter {
    let (style, explode) = query_style(listed);
    let parameter_data = ParameterData {
        name: listed.name.clone(),
        description: listed.description.clone(),
        required: listed.required,
        deprecated: None,
        format: ParameterSchemaOrContent::Schema(ReferenceOr::Item(schema(listed))),
        example: None,
        examples: IndexMap::new(),
        explode: explode.filter(|_| is_array(listed)),
        extensions: extensions(listed),
    };
    match listed.location {
        ParameterLocation::Path => OpenApiParameter::Path {
            parameter_data,
            style: PathStyle::default(),
        },
        ParameterLocation::Header => OpenApiParameter::Header {
            parameter_data,
            style: HeaderStyle::default(),
        },
        _ => OpenApiParameter::Query {
            parameter_data,
            allow_reserved: false,
            style,
            allow_empty_value: None,
        },
    }
}

fn extensions(listed: &Parameter) -> IndexMap<String, Value> {
    let mut extensions = assumed(listed);
    if let Some(keys) = &listed.numbered_keys {
        extensions.insert(NUMBERED_KEYS.to_owned(), json!(keys));
    }
    extensions
}

/// Returns the extension that names what repair assumed.
pub(super) fn assumed(listed: &Parameter) -> IndexMap<String, Value> {
    let assumed = Some(&listed.assumed).filter(|assumed| !assumed.is_empty());
    assumed
        .map(|assumed| (ASSUMED.to_owned(), json!(assumed)))
        .into_iter()
        .collect()
}

pub(super) fn is_array(listed: &Parameter) -> bool {
    listed.kind.as_deref() == Some("array")
}

/// Converts `collectionFormat`, whose default is `csv`, to style and `explode` of OpenAPI 3.0.
pub(super) fn query_style(listed: &Parameter) -> (QueryStyle, Option<bool>) {
    match listed
        .collection_format
        .as_deref()
        .filter(|_| is_array(listed))
    {
        Some("multi") => (QueryStyle::Form, Some(true)),
        Some("ssv") => (QueryStyle::SpaceDelimited, Some(false)),
        Some("pipes") => (QueryStyle::PipeDelimited, Some(false)),
        _ => (QueryStyle::Form, Some(false)),
    }
}

/// Returns the schema of a parameter or of a form's field.
pub(super) fn schema(listed: &Parameter) -> Schema {
    let kind = match &listed.items {
        Some(items) if is_array(listed) => Type::Array(ArrayType {
            items: Some(ReferenceOr::Item(Box::new(whole(items_type(items))))),
            min_items: None,
            max_items: None,
            unique_items: false,
        }),
        _ => scalar(listed.kind.as_deref(), listed.format.as_deref()),
    };
    whole(kind)
}

fn whole(kind: Type) -> Schema {
    Schema {
        schema_data: SchemaData::default(),
        schema_kind: SchemaKind::Type(kind),
    }
}

fn items_type(items: &Items) -> Type {
    scalar(items.kind.as_deref(), items.format.as_deref())
}

fn scalar(kind: Option<&str>, format: Option<&str>) -> Type {
    let format = format.unwrap_or_default();
    match kind {
        Some("integer") => Type::Integer(IntegerType {
            format: known_or_text(format),
            ..IntegerType::default()
        }),
        Some("number") => Type::Number(NumberType {
            format: known_or_text(format),
            ..NumberType::default()
        }),
        Some("boolean") => Type::Boolean(BooleanType::default()),
        Some("file") => {
            let format = VariantOrUnknownOrEmpty::Item(StringFormat::Binary);
            Type::String(StringType {
                format,
                ..StringType::default()
            })
        }
        _ => Type::String(StringType {
            format: known_or_text(format),
            ..StringType::default()
        }),
    }
}

/// Converts a format to the variant that openapiv3 has for it, else keeps the text.
fn known_or_text<T: serde::de::DeserializeOwned>(format: &str) -> VariantOrUnknownOrEmpty<T> {
    if format.is_empty() {
        return VariantOrUnknownOrEmpty::Empty;
    }
    match serde_json::from_value(Value::String(format.to_owned())) {
        Ok(known) => VariantOrUnknownOrEmpty::Item(known),
        Err(_) => VariantOrUnknownOrEmpty::Unknown(format.to_owned()),
    }
}
