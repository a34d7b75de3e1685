//! Why an operation entry can be dropped: the one list, which `docs/dropped.md` explains. Nothing else loses an entry.

/// A reason to drop an operation entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The entry's key is no HTTP method that OpenAPI 3.0 has.
    Method,
    /// The path has a segment `.` or `..`, which no URL keeps.
    DotSegment,
    /// What is left of the path after all repairs is none.
    Path,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Reason; 3] = [Reason::Method, Reason::DotSegment, Reason::Path];

    /// Its stable name, the code of the diagnostic.
    pub fn code(self) -> &'static str {
        match self {
            Reason::Method => "unreadable-method",
            Reason::DotSegment => "dot-segment",
            Reason::Path => "unusable-path",
        }
    }

    /// What it means, in a line.
    pub fn meaning(self) -> &'static str {
        match self {
            Reason::Method => "no method can be read: the key under the path is empty, prose, or a method that OpenAPI 3.0 has not",
            Reason::DotSegment => "the path has a segment `.` or `..`, which URLs do not keep: what is sent would be another path",
            Reason::Path => "no path can be read: what is left after all repairs is still no template",
        }
    }

    /// What a listing says where this happens: path and key.
    pub fn example(self) -> (&'static str, &'static str) {
        match self {
            Reason::Method => ("/devices", ""),
            Reason::DotSegment => ("/a/../b", "get"),
            Reason::Path => ("/{}{", "get"),
        }
    }
}
