//! The closed list of reasons to drop an operation entry, which `docs/dropped.md` explains.

/// A reason to drop an operation entry. Entries are lost for no other reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DropReason {
    /// The entry's key is not an HTTP method of OpenAPI 3.0.
    Method,
    /// The path has a segment `.` or `..`, which URLs do not keep.
    DotSegment,
    /// The path is prose, slashes only, or a browser page, or its query string cannot be read.
    UnclearPath,
}

impl DropReason {
    /// Every reason.
    pub const ALL: [DropReason; 3] = [
        DropReason::Method,
        DropReason::DotSegment,
        DropReason::UnclearPath,
    ];

    /// Returns the stable code of the reason, which diagnostics carry.
    pub fn code(self) -> &'static str {
        match self {
            DropReason::Method => "unreadable-method",
            DropReason::DotSegment => "dot-segment",
            DropReason::UnclearPath => "unclear-path",
        }
    }

    /// Returns the meaning of the reason in one line.
    pub fn meaning(self) -> &'static str {
        match self {
            DropReason::Method => {
                "the key under the path is empty, prose, or not an HTTP method of OpenAPI 3.0"
            }
            DropReason::DotSegment => {
                "the path has a segment `.` or `..`, which URLs do not keep: another path would be sent"
            }
            DropReason::UnclearPath => {
                "the path is prose, only slashes, or a browser page (`/#/a`), or its query string is ambiguous"
            }
        }
    }

    /// Returns the path and the key of an entry that is dropped for the reason.
    pub fn example(self) -> (&'static str, &'static str) {
        match self {
            DropReason::Method => ("/devices", ""),
            DropReason::DotSegment => ("/a/../b", "get"),
            DropReason::UnclearPath => ("Get all the users", "get"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_lists_every_reason() {
        let row = |reason: DropReason| {
            let (path, key) = reason.example();
            format!(
                "| `{}` | {} | path `{path}`, key `{key}` |",
                reason.code(),
                reason.meaning()
            )
        };
        let page = include_str!("../../../docs/dropped.md");
        let (section, _) = page.split_once("## Reduced clients").unwrap();
        let rows: Vec<&str> = section
            .lines()
            .filter(|line| line.starts_with("| `"))
            .collect();
        assert_eq!(rows, DropReason::ALL.map(row));
    }
}
