//! Keeps an empty list or map apart from an absent one: typify makes an optional list a plain `Vec` that is left out when it is
//! empty, so that "none of them" could never be said. A nullable one becomes an `Option`.

use openapiv3::{ReferenceOr, SchemaKind, Type};

use crate::lower::Work;

pub(crate) fn make_nullable(work: &mut Work<'_>) {
    let Some(components) = &mut work.document.components else { return };
    for schema in components.schemas.values_mut() {
        let ReferenceOr::Item(schema) = schema else { continue };
        let SchemaKind::Type(Type::Object(object)) = &mut schema.schema_kind else { continue };
        for (name, property) in &mut object.properties {
            let ReferenceOr::Item(property) = property else { continue };
            let is_list = matches!(property.schema_kind, SchemaKind::Type(Type::Array(_) | Type::Object(_)));
            if is_list && !object.required.contains(name) {
                property.schema_data.nullable = true;
            }
        }
    }
}
