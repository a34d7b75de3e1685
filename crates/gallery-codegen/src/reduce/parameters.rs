//! Reduces parameters to schemas that their styles can send.

use openapiv3::{
    AdditionalProperties, ArrayType, ObjectType, Parameter, ParameterSchemaOrContent, QueryStyle,
    ReferenceOr, Schema, SchemaKind, StringType, Type,
};

use super::json_kind::{JsonKind, json_kind};
use super::reason::ReductionReason;
use super::reducer::Reducer;
use super::schemas::schema_of;
use crate::parameters::ParameterLocation;
use crate::wire::{Style, schema_of as parameter_schema, schema_pointer, style};

/// The change of a parameter, and its reason.
struct Change {
    reason: ReductionReason,
    message: String,
    /// The schema instead of its own.
    schema: Option<Schema>,
    /// True if the brackets of the key are part of the name.
    has_brackets: bool,
}

impl Reducer<'_> {
    pub(super) fn parameter(&mut self, pointer: &str, parameter: &mut Parameter) {
        let schema_at = format!(
            "{pointer}/{}",
            schema_pointer(parameter.parameter_data_ref())
        );
        match &mut data(parameter).format {
            ParameterSchemaOrContent::Schema(schema) => self.schema(&schema_at, schema),
            ParameterSchemaOrContent::Content(content) => {
                if let Some(schema) = content.values_mut().find_map(|it| it.schema.as_mut()) {
                    self.schema(&schema_at, schema);
                }
            }
        }
        let Some(change) = self.change(parameter) else {
            return;
        };
        self.push(change.reason, pointer, change.message);
        if let Parameter::Query { style, .. } = parameter
            && *style == QueryStyle::DeepObject
        {
            *style = QueryStyle::Form;
        }
        let data = data(parameter);
        if change.has_brackets {
            data.name.push_str("[]");
            data.explode = Some(true);
        }
        if let Some(schema) = change.schema {
            data.format = ParameterSchemaOrContent::Schema(ReferenceOr::Item(schema));
            // They are examples of the schema that was replaced.
            data.example = None;
            data.examples.clear();
        }
    }

    /// Returns the change that a parameter needs because its style cannot send its schema.
    fn change(&self, parameter: &Parameter) -> Option<Change> {
        let data = parameter.parameter_data_ref();
        let location = ParameterLocation::of(parameter);
        let label = format!("the {} parameter `{}`", location.key(), data.name);
        let Some((style, explode)) = style(parameter) else {
            return Some(Change {
                reason: ReductionReason::ParameterContent,
                message: format!("{label} has `content` of an unknown media type: sent as text"),
                schema: Some(text()),
                has_brackets: false,
            });
        };
        let components = self.canonical.document().components.as_ref();
        let schema = parameter_schema(data)?;
        let kind = json_kind(components, schema);
        let is_deep = style == Style::DeepObject;
        let (message, schema) = match (style, kind) {
            (Style::Json | Style::Numbered, _) => return None,
            (Style::DeepObject, JsonKind::Object(_)) => return None,
            (_, JsonKind::Object(true)) => (
                "has lists or objects in an object, which only `deepObject` can send: each property is sent as text",
                Some(map()),
            ),
            (_, JsonKind::Array(true)) => (
                "has lists or objects in a list, which no style can send: each item is sent as text",
                Some(list()),
            ),
            (Style::DeepObject, JsonKind::Array(false)) => (
                "is a list, for which `deepObject` is not defined: `[]` is appended to its name",
                None,
            ),
            (Style::DeepObject, JsonKind::Scalar) => (
                "is not an object, which `deepObject` requires: sent in the style `form`",
                None,
            ),
            (_, JsonKind::Array(false)) if location == ParameterLocation::Cookie && explode => (
                "is a list in a cookie, which requires `explode: false`: sent as text",
                Some(text()),
            ),
            _ => return None,
        };
        Some(Change {
            reason: ReductionReason::ParameterStyle,
            message: format!("{label} {message}"),
            schema,
            has_brackets: is_deep && matches!(kind, JsonKind::Array(_)),
        })
    }
}

fn data(parameter: &mut Parameter) -> &mut openapiv3::ParameterData {
    match parameter {
        Parameter::Query { parameter_data, .. }
        | Parameter::Header { parameter_data, .. }
        | Parameter::Path { parameter_data, .. }
        | Parameter::Cookie { parameter_data, .. } => parameter_data,
    }
}

/// Returns a schema for text.
pub(super) fn text() -> Schema {
    schema_of(SchemaKind::Type(Type::String(StringType::default())))
}

/// Returns a schema for an object of texts.
fn map() -> Schema {
    let values = AdditionalProperties::Schema(Box::new(ReferenceOr::Item(text())));
    schema_of(SchemaKind::Type(Type::Object(ObjectType {
        additional_properties: Some(values),
        ..ObjectType::default()
    })))
}

/// Returns a schema for a list of texts.
fn list() -> Schema {
    schema_of(SchemaKind::Type(Type::Array(ArrayType {
        items: Some(ReferenceOr::Item(Box::new(text()))),
        min_items: None,
        max_items: None,
        unique_items: false,
    })))
}
