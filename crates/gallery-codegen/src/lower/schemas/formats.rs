//! Values whose format has a type in the runtime.

use openapi_text::formats;
use openapi_text::pointer::escape;
use openapiv3::{
    IntegerFormat, IntegerType, ReferenceOr, Schema, StringType, Type, VariantOrUnknownOrEmpty,
};
use serde_json::{Map, Value};

use super::Schemas;
use super::build::{named, typed};
use super::location::SchemaLocation;
use super::shape::reference_of;

/// The format of files in multipart bodies.
const BINARY: &str = "binary";

impl<'d> Schemas<'d> {
    /// Marks the files among the properties of a multipart body: binary strings and lists of them.
    /// Components must not be lowered yet.
    pub(crate) fn mark_files(&mut self, body: &SchemaLocation) {
        let Some((pointer, schema)) = self.target_at(&body.pointer) else {
            return;
        };
        let properties = schema.get("properties").and_then(Value::as_object);
        for name in properties.into_iter().flat_map(Map::keys) {
            let property = format!("{pointer}/properties/{}", escape(name));
            let Some((pointer, schema)) = self.target_at(&property) else {
                continue;
            };
            let items = self.target_at(&format!("{pointer}/items"));
            for (pointer, schema) in [Some((pointer, schema)), items].into_iter().flatten() {
                if schema.get("format").is_some_and(|format| format == BINARY) {
                    self.files.insert(pointer);
                }
            }
        }
    }

    /// Returns the schema at a location, or the component schema that it refers to.
    fn target_at(&self, pointer: &str) -> Option<(String, &'d Value)> {
        let (pointer, schema) = self.normal_form.resolve(pointer)?;
        let Some(reference) = reference_of(schema) else {
            return Some((pointer, schema));
        };
        let pointer = SchemaLocation::component(&self.target(reference)).pointer;
        self.normal_form.resolve(&pointer)
    }

    pub(super) fn string(&mut self, format: Option<&str>) -> ReferenceOr<Schema> {
        self.formatted("string", format, Type::String(StringType::default()))
    }

    pub(super) fn integer(&mut self, format: Option<&str>) -> ReferenceOr<Schema> {
        let plain = IntegerType {
            format: integer_format(format),
            ..IntegerType::default()
        };
        self.formatted("integer", format, Type::Integer(plain))
    }

    /// Returns a value whose format has a type in the runtime, or else a value of the plain type.
    fn formatted(
        &mut self,
        json_type: &str,
        format: Option<&str>,
        plain: Type,
    ) -> ReferenceOr<Schema> {
        let own = format.and_then(|format| formats::type_name(json_type, format));
        let plain_format = format.filter(|format| self.plain_formats.contains_key(*format));
        if let (Some(_), Some(format)) = (own, plain_format) {
            self.used_formats.insert(format.to_owned());
            return typed(plain);
        }
        match own {
            Some(own) => self.replaced(own, plain),
            None => typed(plain),
        }
    }

    /// Returns a file in a multipart body.
    pub(super) fn file(&mut self) -> ReferenceOr<Schema> {
        self.replaced("File", Type::String(StringType::default()))
    }

    /// Returns a value of a type of the runtime.
    fn replaced(&mut self, own: &'static str, plain: Type) -> ReferenceOr<Schema> {
        if let Some((name, _)) = self.formats.iter().find(|(_, known)| **known == own) {
            return named(name);
        }
        let name = self.names.unique(&format!("format {own}"));
        self.types.insert(name.clone(), typed(plain));
        self.formats.insert(name.clone(), own);
        named(&name)
    }
}

/// Returns the format of an integer: `i64`, unless the document has `int32` or `uint64`.
fn integer_format(format: Option<&str>) -> VariantOrUnknownOrEmpty<IntegerFormat> {
    match format {
        Some("int32") => VariantOrUnknownOrEmpty::Item(IntegerFormat::Int32),
        Some("uint64") => VariantOrUnknownOrEmpty::Unknown("uint64".to_owned()),
        _ => VariantOrUnknownOrEmpty::Empty,
    }
}
