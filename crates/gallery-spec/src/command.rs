//! The commands that messages recommend.

use std::sync::OnceLock;

/// The program that users start, unless `gallery.toml` or the program itself names another.
pub const DEFAULT_PROGRAM: &str = "gallery";

static PROGRAM: OnceLock<&'static str> = OnceLock::new();

/// Sets the program at the start of recommended commands. Only the first call has an effect.
pub fn set_program(program: &'static str) {
    let _ = PROGRAM.set(program);
}

/// Returns the program that users start: `gallery` or `cargo xtask`.
pub fn program() -> &'static str {
    PROGRAM.get().copied().unwrap_or(DEFAULT_PROGRAM)
}

/// Returns a command for a message, in backticks: `` `gallery fetch --client x` ``.
pub fn recommend(arguments: &str) -> String {
    format!("`{} {arguments}`", program())
}
