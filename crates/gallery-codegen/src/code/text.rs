//! Writes parts of code as text.

use std::fmt::Write as _;

/// The maximum length of a line that can be split.
pub(crate) const WIDTH: usize = 100;

/// Writes a doc comment. Writes nothing without a text.
pub(crate) fn documentation(out: &mut String, indentation: &str, text: Option<&str>) {
    for line in text.unwrap_or_default().trim_end().lines() {
        let line = line.trim_end();
        let space = if line.is_empty() { "" } else { " " };
        let _ = writeln!(out, "{indentation}///{space}{line}");
    }
}

/// Returns a string literal.
pub(crate) fn string(text: &str) -> String {
    format!("{text:?}")
}

/// Adds a level of indentation to code without literals of several lines.
pub(crate) fn indented(code: &str) -> String {
    let mut out = String::with_capacity(code.len() + code.len() / 8);
    for line in code.lines() {
        if !line.is_empty() {
            out.push_str("    ");
            out.push_str(line);
        }
        out.push('\n');
    }
    out
}
