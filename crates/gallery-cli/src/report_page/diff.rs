//! Compares two texts line by line.

use imara_diff::{Algorithm, Diff, InternedInput};

/// A run of lines that are equal in both texts, or differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Run<'a> {
    Equal(Vec<&'a str>),
    Different {
        before: Vec<&'a str>,
        after: Vec<&'a str>,
    },
}

/// Returns the runs of two texts, in order.
pub(super) fn runs<'a>(before: &'a str, after: &'a str) -> Vec<Run<'a>> {
    let before: Vec<&str> = before.lines().collect();
    let after: Vec<&str> = after.lines().collect();
    let mut input = InternedInput::default();
    input.update_before(before.iter().copied());
    input.update_after(after.iter().copied());
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_lines(&input);
    let mut runs = Vec::new();
    let mut done = 0;
    let range = |range: std::ops::Range<u32>| range.start as usize..range.end as usize;
    for hunk in diff.hunks() {
        let (old, new) = (range(hunk.before), range(hunk.after));
        if old.start > done {
            runs.push(Run::Equal(before[done..old.start].to_vec()));
        }
        done = old.end;
        runs.push(Run::Different {
            before: before[old].to_vec(),
            after: after[new].to_vec(),
        });
    }
    if done < before.len() {
        runs.push(Run::Equal(before[done..].to_vec()));
    }
    runs
}

/// Splits two lines into their common start, the words in which each differs, and their common end.
pub(super) fn differing_part<'a>(one: &'a str, other: &'a str) -> [(&'a str, &'a str, &'a str); 2] {
    let start = common(one.chars(), other.chars());
    let (one_rest, other_rest) = (&one[start..], &other[start..]);
    let end = common(one_rest.chars().rev(), other_rest.chars().rev());
    [one, other].map(|line| {
        let (rest, last) = line.split_at(line.len() - end);
        let (first, middle) = rest.split_at(start);
        (first, middle, last)
    })
}

/// Returns the length of the characters with which both lines start, without the start of a word
/// in which they differ.
fn common(one: impl Iterator<Item = char>, other: impl Iterator<Item = char>) -> usize {
    let (mut one, mut other) = (one.fuse(), other.fuse());
    let (mut length, mut word) = (0, 0);
    loop {
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        match (one.next(), other.next()) {
            (Some(a), Some(b)) if a == b => {
                length += a.len_utf8();
                word = if a.is_alphanumeric() {
                    word + a.len_utf8()
                } else {
                    0
                };
            }
            (a, b) if is_word(a) || is_word(b) => return length - word,
            _ => return length,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn returns_equal_and_different_runs_in_order() {
        let equal = |lines: &[&'static str]| Run::Equal(lines.to_vec());
        let different = |before: &[&'static str], after: &[&'static str]| Run::Different {
            before: before.to_vec(),
            after: after.to_vec(),
        };
        assert_eq!(
            runs("a\nb\nc\nd\n", "a\nx\ny\nc\n"),
            [
                equal(&["a"]),
                different(&["b"], &["x", "y"]),
                equal(&["c"]),
                different(&["d"], &[]),
            ]
        );
        assert_eq!(runs("", "a\n"), [different(&[], &["a"])]);
        assert_eq!(runs("a\nb", "a\nb"), [equal(&["a", "b"])]);
        assert_eq!(runs("", ""), []);
    }

    #[test]
    fn splits_lines_at_words() {
        let parts = |one, other| {
            differing_part(one, other).map(|(start, middle, end)| format!("{start}[{middle}]{end}"))
        };
        assert_eq!(
            parts("- für eine Zahl", "- fér eine Zahl"),
            ["- [für] eine Zahl", "- [fér] eine Zahl"]
        );
        assert_eq!(parts("The book", "One book"), ["[The] book", "[One] book"]);
        assert_eq!(parts("a", "a, b"), ["a[]", "a[, b]"]);
        assert_eq!(parts("aa", "aaa"), ["[aa]", "[aaa]"]);
        assert_eq!(parts("a a", "a a a"), ["a a[]", "a a[ a]"]);
        assert_eq!(parts("", "a"), ["[]", "[a]"]);
    }
}
