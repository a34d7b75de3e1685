//! Writes the conversions of multipart bodies.

use std::fmt::Write as _;

use crate::code::rust_type::RustType;
use crate::code::text::string;
use crate::code::types::{Field, Presence, TypeDeclaration, TypeKind};

/// Writes the conversion of a struct to a multipart form. `attribute` is the attribute of the item
/// or nothing.
pub(crate) fn write_form(
    out: &mut String,
    name: &str,
    declaration: &TypeDeclaration,
    attribute: &str,
) {
    let TypeKind::Struct(fields) = &declaration.kind else {
        return;
    };
    let parameter = if fields.is_empty() { "_" } else { "form" };
    let _ = write!(
        out,
        "\n{attribute}impl From<&{name}> for gallery_runtime::Multipart {{\n    \
         fn from({parameter}: &{name}) -> Self {{\n        gallery_runtime::Multipart::new()"
    );
    for field in fields {
        let _ = write!(out, "\n            {}", part(field));
    }
    out.push_str("\n    }\n}\n");
}

/// Returns the call that adds the parts of a field.
fn part(field: &Field) -> String {
    let value = format!("form.{}", field.name);
    let Some(property) = field
        .property
        .as_ref()
        .filter(|_| field.presence != Presence::Other)
    else {
        return format!(".values(&{value})");
    };
    let name = string(property);
    // `Some(None)` is null.
    let nested = match field.presence {
        Presence::Nullable => ".iter().flatten()",
        _ => "",
    };
    let (inner, is_optional) = match &field.kind {
        RustType::Option(inner) => (inner.as_ref(), true),
        kind => (kind, false),
    };
    match inner {
        kind if is_file(kind) && is_optional && !nested.is_empty() => {
            format!(".files({name}, {value}{nested})")
        }
        kind if is_file(kind) && is_optional => format!(".files({name}, &{value})"),
        kind if is_file(kind) => format!(".files({name}, [&{value}])"),
        RustType::Vec(items) if is_file(items) && !nested.is_empty() => {
            format!(".files({name}, {value}{nested}.flatten())")
        }
        RustType::Vec(items) if is_file(items) && is_optional => {
            format!(".files({name}, {value}.iter().flatten())")
        }
        RustType::Vec(items) if is_file(items) => format!(".files({name}, &{value})"),
        _ => format!(".value({name}, &{value})"),
    }
}

fn is_file(kind: &RustType) -> bool {
    matches!(kind, RustType::Format(name) if name == "File")
}
