//! HTTP methods.

/// The methods of a path item, in lowercase.
pub const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];
