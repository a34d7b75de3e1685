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
    // The levels of `Option` and `Vec` around a file. `Some(None)` is null.
    let mut levels = usize::from(field.presence == Presence::Nullable);
    let mut kind = &field.kind;
    while let RustType::Option(inner) | RustType::Vec(inner) = kind {
        (kind, levels) = (inner, levels + 1);
    }
    if *kind != RustType::Format("File".to_owned()) {
        return format!(".value({name}, &{value})");
    }
    match levels {
        0 => format!(".files({name}, [&{value}])"),
        1 => format!(".files({name}, &{value})"),
        _ => {
            let flattened = ".flatten()".repeat(levels - 1);
            format!(".files({name}, {value}.iter(){flattened})")
        }
    }
}
