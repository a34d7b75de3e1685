//! Commands in messages.

use std::sync::OnceLock;

/// The default program of commands in messages.
pub const DEFAULT_PROGRAM: &str = "gallery";

static PROGRAM: OnceLock<&'static str> = OnceLock::new();

/// Sets the program of commands in messages. Only the first call has an effect.
pub fn set_program(program: &'static str) {
    let _ = PROGRAM.set(program);
}

/// Returns the program of commands in messages: `gallery` or `cargo xtask`.
pub fn program() -> &'static str {
    PROGRAM.get().copied().unwrap_or(DEFAULT_PROGRAM)
}

/// Formats a command for a message, in backticks: `` `gallery fetch x` ``.
pub fn recommend(arguments: &str) -> String {
    format!("`{} {arguments}`", program())
}
