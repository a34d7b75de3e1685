//! Writes the enums of responses by status.

use std::fmt::Write as _;

use crate::code::response_types::{StatusEnum, VariantBody};
use crate::code::text::documentation;
use crate::docs::OperationDocs;

/// Writes an enum of successes or errors.
pub(crate) fn write_responses(out: &mut String, declared: &StatusEnum, docs: &OperationDocs) {
    out.push_str("gallery_runtime::response_enum! {\n");
    let text = docs.responses.get(&declared.name).map(String::as_str);
    documentation(out, "    ", text);
    let _ = writeln!(out, "    pub enum {} {{", declared.name);
    for (key, body) in &declared.variants {
        let text = docs.statuses.get(key).map(String::as_str);
        documentation(out, "        ", text);
        let kind = match body {
            VariantBody::Value(kind) => format!("({})", kind.text("super::types::")),
            VariantBody::Untyped => "(gallery_runtime::Untyped)".to_owned(),
            VariantBody::Empty => String::new(),
        };
        let (pattern, variant) = (key.pattern(), key.variant());
        let _ = writeln!(out, "        {pattern} => {variant}{kind},");
    }
    out.push_str("    }\n}\n");
}
