//! The rules for method names.

use heck::ToSnakeCase;

/// The maximum length of a name, in characters.
pub const MAX_LENGTH: usize = 60;

/// The rules of [`is_usable`], for messages.
pub(super) const RULE: &str = "use at most 60 characters of snake_case, starting with a letter, or `group.method`; \
                    keywords of Rust and methods of every client are reserved";

/// Names that a method cannot have.
const RESERVED: &[&str] = &[
    // Keywords of Rust.
    "abstract",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
    // Other names in generated clients.
    "new",
    "with_http_client",
    "with_hook",
    "base_url",
    "clone",
    "client",
    "prelude",
    "types",
    "builder",
    "exec",
    "pre",
    "post",
    "api_version",
    "error",
    "result",
    "option",
    "string",
    "response_value",
    "byte_stream",
    "client_info",
    "operation_info",
    "untyped",
    "new_with_client",
    "into",
    "try_into",
];

/// True if the name can be the name of a method.
pub fn is_usable(name: &str) -> bool {
    name.len() <= MAX_LENGTH
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        // Code generation converts names to snake_case, which could make two names equal.
        && name.to_snake_case() == name
        && !RESERVED.contains(&name)
}

/// True if the name can be that of an operation: a method, or `group.method`.
pub(super) fn is_operation_name(name: &str) -> bool {
    match name.split_once('.') {
        None => is_usable(name),
        Some((group, method)) => name.len() <= MAX_LENGTH && is_usable(group) && is_usable(method),
    }
}
