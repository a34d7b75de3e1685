//! What there is to say about a listing's content: what was repaired, assumed, dropped or refused, and where.
//!
//! Stages collect [`Diagnostic`]s and go on; only the environment (a disk, a generator) is an `Err`.

use std::fmt;

use thiserror::Error;

/// How much a diagnostic weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The listing was wrong, and what is right was certain.
    Repaired,
    /// The listing was silent; the most open reading was taken.
    Assumed,
    /// Worth a person's look, harmless to the result.
    Warning,
    /// An operation entry could not be kept.
    Dropped,
    /// What people wrote applies to nothing any more; they have to look at it, and the rest is made without it.
    Pending,
    /// The result cannot be trusted; nothing is written.
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

/// Where in the input something is: a file, and in it a line or a JSON pointer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The file, as a path that a person can open.
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

/// Whether a character is not for showing: control characters, and marks that turn the direction of text around.
pub fn is_unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Text of a listing, so that it cannot write lines of its own or command a terminal.
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
        f.write_str(&self.file)?;
        if let Some((line, column)) = self.position {
            write!(f, ":{line}:{column}")?;
        }
        if let Some(pointer) = &self.pointer {
            write!(f, "#{}", printable(pointer))?;
        }
        Ok(())
    }
}

/// One thing to say, with its location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How much it weighs.
    pub severity: Severity,
    /// A stable name for the kind of trouble, in kebab case.
    pub code: &'static str,
    /// Where it is.
    pub location: Location,
    /// What happened and what was done, or what to do.
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

/// What is wrong with a file that people write or keep, such as `gallery.toml`, and where. Unlike trouble in a listing it ends the
/// run at once: nothing after it could be trusted.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{message}\n  --> {location}")]
pub struct FileError {
    /// File, line and column.
    pub location: Location,
    /// What is wrong and what to do.
    pub message: String,
}

/// The diagnostics of a run, in the order in which they came up.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    all: Vec<Diagnostic>,
    is_lenient: bool,
}

impl Diagnostics {
    /// Lets what people wrote apply to nothing: that is [`Severity::Pending`] from now on, and no error.
    pub fn allow_unmatched(&mut self) {
        self.is_lenient = true;
    }

    /// None yet, and as lenient as these.
    pub fn further(&self) -> Diagnostics {
        Diagnostics {
            all: Vec::new(),
            is_lenient: self.is_lenient,
        }
    }

    /// Adds all of the others.
    pub fn extend(&mut self, others: Diagnostics) {
        self.all.extend(others.all);
    }

    /// Adds that something which people wrote applies to nothing. Gives whether that is an error.
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

    /// Adds one.
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

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.all.iter()
    }

    /// Those of one severity, in order.
    pub fn of(&self, severity: Severity) -> impl Iterator<Item = &Diagnostic> {
        self.all
            .iter()
            .filter(move |diagnostic| diagnostic.severity == severity)
    }

    /// Whether the result cannot be trusted.
    pub fn has_errors(&self) -> bool {
        self.of(Severity::Error).next().is_some()
    }
}
