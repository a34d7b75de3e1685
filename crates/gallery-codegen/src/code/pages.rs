//! Writes the streams of paginated lists.

use std::fmt::Write;

use openapi_text::pointer::unescape;

use crate::bindings::Bindings;
use crate::code::functions::{response_types, write_head};
use crate::code::response_types::ResponseBody;
use crate::code::runtime_names::RuntimeNames;
use crate::code::rust_type::RustType;
use crate::code::signatures::Signature;
use crate::code::text::{documentation, string};
use crate::code::types::{TypeKind, Types};
use crate::docs::OperationDocs;
use crate::pages::{CursorSource, PageParameter, PageStep, PagesBinding};

/// Sets the types of the items of paginated lists.
pub(super) fn set_items(types: &Types, bindings: &Bindings, signatures: &mut [Signature]) {
    for (binding, signature) in bindings.operations.iter().zip(signatures) {
        let (Some(pages), ResponseBody::Value(body)) = (&binding.pages, &signature.success) else {
            continue;
        };
        let names: Vec<String> = pages.items.split('/').skip(1).map(unescape).collect();
        let item = match part(types, body, &names) {
            Some(RustType::Vec(item)) => *item,
            // Any JSON is on the way, or the list is.
            _ => RustType::Json,
        };
        signature.item = Some(item);
    }
}

/// Returns the type of a part of a value.
fn part(types: &Types, kind: &RustType, names: &[String]) -> Option<RustType> {
    let kind = kind.without_option().without_box();
    let Some((name, rest)) = names.split_first() else {
        return Some(kind.clone());
    };
    match kind {
        RustType::Map(inner) => part(types, inner, rest),
        RustType::Named(own) => {
            let TypeKind::Struct(fields) = &types.get(own)?.kind else {
                return None;
            };
            let mut fields = fields.iter();
            let field = fields.find(|field| field.property.as_ref() == Some(name))?;
            part(types, &field.kind, rest)
        }
        _ => None,
    }
}

/// Writes the methods `stream` and `pages` of a builder.
pub(super) fn write_streams(
    out: &mut String,
    signature: &Signature,
    docs: &OperationDocs,
    names: &RuntimeNames,
) {
    let Some(item) = &signature.item else {
        return;
    };
    let (success, error) = response_types(signature, names);
    for (method, stream, value, docs) in [
        (
            "stream",
            "PaginationStream",
            item.text("super::types::"),
            &docs.stream,
        ),
        ("pages", "PageStream", success, &docs.pages),
    ] {
        let returned = format!("{}<{value}, {error}>", names.get(stream));
        out.push('\n');
        documentation(out, "    ", docs.as_deref());
        write_head(
            out,
            &format!("pub fn {method}"),
            &["self".to_owned()],
            &returned,
        );
        let _ = write!(out, "        self.0.{method}()\n    }}\n");
    }
}

/// Returns the expression that describes the pagination to the runtime.
pub(super) fn pagination(pages: &PagesBinding) -> String {
    let mut text = "Pagination".to_owned();
    let _ = match &pages.step {
        PageStep::Number { parameter, first } => {
            write!(text, "::{}, {first})", argument("number", parameter))
        }
        PageStep::Offset(parameter) => write!(text, "::{})", argument("offset", parameter)),
        PageStep::Cursor { parameter, source } => {
            let (place, value) = match source {
                CursorSource::Body(pointer) => ("next", pointer),
                CursorSource::Header(name) => ("next_header", name),
                CursorSource::LastItem(pointer) => ("last", pointer),
            };
            write!(
                text,
                "::{}).{place}({})",
                argument("cursor", parameter),
                string(value)
            )
        }
        PageStep::Link(relation) => write!(text, "::link({})", string(relation)),
        PageStep::Url(pointer) => write!(text, "::url({})", string(pointer)),
    };
    if let Some(size) = &pages.size {
        let _ = write!(
            text,
            ".{}, {})",
            argument("size", &size.parameter),
            size.default
        );
        if let Some(max) = size.max {
            let _ = write!(text, ".max({max})");
        }
    }
    if !pages.items.is_empty() {
        let _ = write!(text, ".items({})", string(&pages.items));
    }
    for (name, pointer) in [("more", &pages.more), ("total", &pages.total)] {
        if let Some(pointer) = pointer {
            let _ = write!(text, ".{name}({})", string(pointer));
        }
    }
    text
}

/// Returns the start of a call of a function whose first argument is a parameter.
fn argument(function: &str, parameter: &PageParameter) -> String {
    match parameter {
        PageParameter::Parameter(_, index) => format!("{function}({index}"),
        PageParameter::Body(pointer) => format!("{function}_in_body({}", string(pointer)),
    }
}
