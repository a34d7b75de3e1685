//! Keywords that do not determine the JSON type of a schema.

/// Keywords that describe a schema without restricting its values.
pub const ANNOTATIONS: &[&str] = &[
    "title",
    "description",
    "default",
    "example",
    "deprecated",
    "externalDocs",
    "xml",
];

/// The extension that holds annotations of schemas that were merged into others.
pub const DROPPED_ANNOTATIONS: &str = "x-dropped-annotations";

/// Keywords that restrict the values of a schema without changing their JSON type.
pub const CONSTRAINTS: &[&str] = &[
    "not",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "multipleOf",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
];

/// Returns true if a keyword describes a schema without restricting its values.
pub fn is_annotation(keyword: &str) -> bool {
    ANNOTATIONS.contains(&keyword) || keyword.starts_with("x-")
}
