//! Constraints on values, which clients do not check.

use openapiv3::{AnySchema, Schema};

use super::shape::keywords;

/// Returns true if a schema has constraints on its values.
pub(super) fn has_constraints(schema: &Schema) -> bool {
    let of_strings = |keywords: &AnySchema| {
        keywords.pattern.is_some() || keywords.min_length.is_some() || keywords.max_length.is_some()
    };
    let of_numbers = |keywords: &AnySchema| {
        let values = !keywords.enumeration.is_empty() && keywords.typ.as_deref() != Some("string");
        values
            || keywords.multiple_of.is_some()
            || keywords.minimum.is_some()
            || keywords.maximum.is_some()
    };
    let of_arrays = |keywords: &AnySchema| {
        keywords.min_items.is_some()
            || keywords.max_items.is_some()
            || keywords.unique_items.is_some()
    };
    let of_objects = |keywords: &AnySchema| {
        keywords.min_properties.is_some() || keywords.max_properties.is_some()
    };
    let keywords = keywords(schema);
    [of_strings, of_arrays, of_objects]
        .iter()
        .any(|constraints| constraints(&keywords))
        || of_numbers(&keywords)
        || keywords.not.is_some()
}
