//! Values whose format has a type in the runtime.

use openapi_text::formats;
use openapiv3::{
    IntegerFormat, IntegerType, ReferenceOr, Schema, StringType, Type, VariantOrUnknownOrEmpty,
};

use super::Schemas;
use super::build::{named, typed};

impl Schemas<'_> {
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
        let Some(own) = format.and_then(|format| formats::type_name(json_type, format)) else {
            return typed(plain);
        };
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
