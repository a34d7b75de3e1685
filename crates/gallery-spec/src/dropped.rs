//! Why an operation entry can be dropped: the one list, which `docs/dropped.md` explains. Nothing else loses an entry.

/// A reason to drop an operation entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The entry's key is no HTTP method that OpenAPI 3.0 has.
    Method,
    /// The path has a segment `.` or `..`, which no URL keeps.
    DotSegment,
    /// The path is prose, slashes alone, or a page in a browser, or its query string cannot be read.
    UnclearPath,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Reason; 3] = [Reason::Method, Reason::DotSegment, Reason::UnclearPath];

    /// Its stable name, the code of the diagnostic.
    pub fn code(self) -> &'static str {
        match self {
            Reason::Method => "unreadable-method",
            Reason::DotSegment => "dot-segment",
            Reason::UnclearPath => "unclear-path",
        }
    }

    /// What it means, in a line.
    pub fn meaning(self) -> &'static str {
        match self {
            Reason::Method => {
                "no method can be read: the key under the path is empty, prose, or a method that OpenAPI 3.0 has not"
            }
            Reason::DotSegment => {
                "the path has a segment `.` or `..`, which URLs do not keep: what is sent would be another path"
            }
            Reason::UnclearPath => {
                "the path is prose, slashes alone, or a page in a browser (`/#/a`), or its query string is open or misplaced: nobody can tell what to send"
            }
        }
    }

    /// What a listing says where this happens: path and key.
    pub fn example(self) -> (&'static str, &'static str) {
        match self {
            Reason::Method => ("/devices", ""),
            Reason::DotSegment => ("/a/../b", "get"),
            Reason::UnclearPath => ("Get all the users", "get"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::copies::Copies;
    use crate::parse::parse;
    use crate::server::Known;
    use crate::store::RawFile;
    use openapi_text::Diagnostics;

    #[test]
    fn the_page_about_it_says_the_same() {
        let row = |reason: Reason| {
            let (path, key) = reason.example();
            format!(
                "| `{}` | {} | path `{path}`, key `{key}` |",
                reason.code(),
                reason.meaning()
            )
        };
        let page = include_str!("../../../docs/dropped.md");
        let rows: Vec<&str> = page
            .lines()
            .filter(|line| line.starts_with("| `"))
            .collect();
        assert_eq!(rows, Reason::ALL.map(row));
    }

    #[test]
    fn examples_are_dropped_for_their_reason() {
        for reason in Reason::ALL {
            let (path, key) = reason.example();
            let text = format!("swagger: '2.0'\npaths:\n  {path}:\n    '{key}': {{}}\n");
            let (known, mut diagnostics) = (Known::default(), Diagnostics::default());
            let document = parse(
                &RawFile::new("a".to_owned(), text.into_bytes()),
                &mut diagnostics,
            )
            .unwrap();
            let lifted = Copies::new(&known).lift(document, &mut diagnostics);
            let said: Vec<_> = diagnostics
                .iter()
                .filter(|said| said.code == reason.code())
                .collect();
            assert_eq!((lifted.copies.len(), said.len()), (0, 1), "{path}");
        }
    }
}
