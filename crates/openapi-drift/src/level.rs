//! The effect of a difference on calls and on code.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The effect of a difference on calls that worked before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Wire {
    /// Requests and responses are the same.
    None,
    /// Requests or responses differ, but every call still works, or its end was announced.
    Safe,
    /// A call may fail; the documents alone cannot tell.
    Risky,
    /// A call is rejected, or its response cannot be read.
    Breaking,
}

/// The effect of a difference on Rust code that calls a client generated from the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The public API of the client is the same.
    None,
    /// The public API has new items; all code still compiles.
    Safe,
    /// Some code no longer compiles.
    Breaking,
}

impl Wire {
    /// All levels, in ascending order.
    pub const ALL: [Wire; 4] = [Wire::None, Wire::Safe, Wire::Risky, Wire::Breaking];

    /// Returns the name used in files and messages.
    pub fn name(self) -> &'static str {
        match self {
            Wire::None => "none",
            Wire::Safe => "safe",
            Wire::Risky => "risky",
            Wire::Breaking => "breaking",
        }
    }
}

impl Source {
    /// All levels, in ascending order.
    pub const ALL: [Source; 3] = [Source::None, Source::Safe, Source::Breaking];

    /// Returns the name used in files and messages.
    pub fn name(self) -> &'static str {
        match self {
            Source::None => "none",
            Source::Safe => "safe",
            Source::Breaking => "breaking",
        }
    }
}

impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
