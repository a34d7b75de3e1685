//! Which names methods of a client can have.

use heck::ToSnakeCase;

/// The longest name, in characters. Rust allows more; readers do not.
pub const MAX_LENGTH: usize = 60;

pub(super) const RULE: &str = "it is snake_case of ASCII letters and digits, starts with a letter, has at most 60 characters, \
                    and is neither a keyword of Rust nor a method that every client has";

/// Words that no method of a client can be called.
const RESERVED: &[&str] = &[
    // Rust's keywords.
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
    // What generated clients have beside their operations.
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

/// Returns true if the name can be the name of a method.
pub fn is_usable(name: &str) -> bool {
    name.len() <= MAX_LENGTH
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        // Codegen converts names to snake_case, which could make two names equal.
        && name.to_snake_case() == name
        && !RESERVED.contains(&name)
}
