//! Changes of the text of a client.

use std::ops::Range;

/// A change of one or more places.
pub(super) struct Change {
    /// A short name for what changes: a part of the mutant's id.
    pub(super) location: String,
    pub(super) what: String,
    /// The ranges of the text and their replacements.
    replacements: Vec<(Range<usize>, String)>,
}

impl Change {
    pub(super) fn new(location: impl Into<String>, what: impl Into<String>) -> Change {
        Change {
            location: location.into(),
            what: what.into(),
            replacements: Vec::new(),
        }
    }

    /// Replaces a range of the text.
    pub(super) fn replace(mut self, range: &Range<usize>, by: impl Into<String>) -> Change {
        self.replacements.push((range.clone(), by.into()));
        self
    }

    /// Removes a range of the text.
    pub(super) fn remove(self, range: &Range<usize>) -> Change {
        self.replace(range, "")
    }

    /// Inserts text.
    pub(super) fn insert(self, at: usize, text: impl Into<String>) -> Change {
        self.replace(&(at..at), text)
    }

    /// Returns the lines that change and their replacement, or `None` if nothing differs.
    pub(super) fn lines(&self, text: &str) -> Option<ChangedLines> {
        let mut sorted: Vec<_> = self.replacements.iter().collect();
        sorted.sort_by_key(|(range, _)| range.start);
        let (first, last) = (sorted.first()?.0.start, sorted.last()?.0.end);
        let start = text[..first].rfind('\n').map_or(0, |at| at + 1);
        let end = text[last..]
            .find('\n')
            .map_or(text.len(), |at| last + at + 1);
        let mut after = String::new();
        let mut at = start;
        for (range, by) in sorted {
            after.push_str(&text[at..range.start]);
            after.push_str(by);
            at = range.end;
        }
        after.push_str(&text[at..end]);
        let before = &text[start..end];
        (before != after).then(|| ChangedLines {
            range: start..end,
            before: before.to_owned(),
            after,
        })
    }
}

/// A replacement of whole lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ChangedLines {
    pub(super) range: Range<usize>,
    pub(super) before: String,
    pub(super) after: String,
}
