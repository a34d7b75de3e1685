//! Findings about the content of documents: what was repaired, assumed, dropped or rejected, and
//! where.
//!
//! Stages collect [`Diagnostic`]s and continue. Only the environment (a disk, a generator) is an
//! `Err`.

use std::fmt;

use thiserror::Error;

/// The severity of a diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The source was wrong, and the correction is certain.
    Repaired,
    /// The source does not say; the least restrictive reading was used.
    Assumed,
    /// Worth a look, without effect on the result.
    Warning,
    /// An operation entry was dropped.
    Dropped,
    /// A setting, such as an action of an overlay, no longer matches anything. The rest of the
    /// result is built without it.
    Pending,
    /// The result would be wrong; nothing is written.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Repaired => "repaired",
            Severity::Assumed => "assumed",
            Severity::Warning => "warning",
            Severity::Dropped => "dropped",
            Severity::Pending => "pending",
            Severity::Error => "error",
        })
    }
}

/// A location in the input: a file and, within it, a position or a JSON pointer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The path of the file.
    pub file: String,
    /// Line and column, both from 1.
    pub position: Option<(usize, usize)>,
    /// A JSON pointer (RFC 6901) into the file's document.
    pub pointer: Option<String>,
}

impl Location {
    /// The file as a whole.
    pub fn file(file: impl Into<String>) -> Self {
        Location {
            file: file.into(),
            position: None,
            pointer: None,
        }
    }

    /// A line and column of the file, both from 1.
    pub fn line(file: impl Into<String>, line: usize, column: usize) -> Self {
        Location {
            file: file.into(),
            position: Some((line, column)),
            pointer: None,
        }
    }

    /// A JSON pointer into the file's document.
    pub fn pointer(file: impl Into<String>, pointer: impl Into<String>) -> Self {
        Location {
            file: file.into(),
            position: None,
            pointer: Some(pointer.into()),
        }
    }
}

/// Returns true if a character must not be printed: control characters, marks that change the
/// direction of text, line separators, and other characters that nobody sees.
///
/// The joiners U+200C and U+200D are printed: several languages and emoji need them.
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{AD}'
                | '\u{61C}'
                | '\u{180E}'
                | '\u{200B}'
                | '\u{200E}'
                | '\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{FEFF}'
                | '\u{FFF9}'..='\u{FFFB}'
                | '\u{FFFE}'..='\u{FFFF}'
                | '\u{E0000}'..='\u{E007F}'
        )
}

/// Escapes text of a document, so that it cannot add lines to the output or control a terminal.
pub fn printable(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            if is_unprintable(c) {
                c.escape_default().collect()
            } else {
                vec![c]
            }
        })
        .collect()
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.file))?;
        if let Some((line, column)) = self.position {
            write!(f, ":{line}:{column}")?;
        }
        if let Some(pointer) = &self.pointer {
            write!(f, "#{}", printable(pointer))?;
        }
        Ok(())
    }
}

/// A finding and its location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The severity.
    pub severity: Severity,
    /// A stable name for the kind of finding, in kebab case.
    pub code: &'static str,
    /// The location.
    pub location: Location,
    /// The event, and what was done or what to do.
    pub message: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}[{}]: {}\n  --> {}",
            self.severity,
            self.code,
            printable(&self.message),
            self.location
        )
    }
}

/// An error in a file that people write, such as `gallery.toml`. It ends a run at once, unlike a
/// finding in a source.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{}\n  --> {location}", printable(message))]
pub struct FileError {
    /// File, line and column.
    pub location: Location,
    /// The error, and how to fix it.
    pub message: String,
}

/// The diagnostics of a run, in order.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    all: Vec<Diagnostic>,
    is_lenient: bool,
}

impl Diagnostics {
    /// Reports settings that match nothing as [`Severity::Pending`] instead of an error.
    pub fn allow_unmatched(&mut self) {
        self.is_lenient = true;
    }

    /// Creates an empty collection with the same settings.
    pub fn child(&self) -> Diagnostics {
        Diagnostics {
            all: Vec::new(),
            is_lenient: self.is_lenient,
        }
    }

    /// Appends other diagnostics.
    pub fn extend(&mut self, others: Diagnostics) {
        self.all.extend(others.all);
    }

    /// Adds a diagnostic about a setting that matches nothing. Returns whether it is an error.
    pub fn push_unmatched(
        &mut self,
        code: &'static str,
        location: Location,
        message: impl Into<String>,
    ) -> bool {
        let severity = if self.is_lenient {
            Severity::Pending
        } else {
            Severity::Error
        };
        self.push(severity, code, location, message);
        severity == Severity::Error
    }

    /// Adds a diagnostic.
    pub fn push(
        &mut self,
        severity: Severity,
        code: &'static str,
        location: Location,
        message: impl Into<String>,
    ) {
        self.all.push(Diagnostic {
            severity,
            code,
            location,
            message: message.into(),
        });
    }

    /// Returns all diagnostics, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.all.iter()
    }

    /// Returns the diagnostics of one severity, in order.
    pub fn of(&self, severity: Severity) -> impl Iterator<Item = &Diagnostic> {
        self.all
            .iter()
            .filter(move |diagnostic| diagnostic.severity == severity)
    }

    /// Returns true if there is an error.
    pub fn has_errors(&self) -> bool {
        self.of(Severity::Error).next().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_and_locations_have_no_line_breaks_of_documents() {
        let error = FileError {
            location: Location::pointer("a\n::error::b", "/c\u{1b}[2J"),
            message: "the version is `3\n::error::x`".to_owned(),
        };
        assert_eq!(
            error.to_string(),
            "the version is `3\\n::error::x`\n  --> a\\n::error::b#/c\\u{1b}[2J"
        );
    }
}
