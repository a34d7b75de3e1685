//! Compares two texts line by line.

/// Returns the lines that differ, with `-` or `+` before them.
pub(super) fn lines(before: &str, after: &str) -> String {
    let (before, after): (Vec<_>, Vec<_>) = (before.lines().collect(), after.lines().collect());
    let start = before
        .iter()
        .zip(&after)
        .take_while(|(one, other)| one == other)
        .count();
    let (before, after) = (&before[start..], &after[start..]);
    let end = before
        .iter()
        .rev()
        .zip(after.iter().rev())
        .take_while(|(one, other)| one == other)
        .count();
    let (before, after) = (&before[..before.len() - end], &after[..after.len() - end]);
    let common = common(before, after);
    let mut diff = String::new();
    let mut push = |sign: char, line: &str| {
        diff.push(sign);
        diff.push_str(line);
        diff.push('\n');
    };
    let (mut old, mut new) = (before.iter(), after.iter());
    for line in common.iter().map(Some).chain([None]) {
        old.by_ref()
            .take_while(|own| line != Some(*own))
            .for_each(|line| push('-', line));
        new.by_ref()
            .take_while(|own| line != Some(*own))
            .for_each(|line| push('+', line));
    }
    diff
}

/// Returns the longest common subsequence of lines.
fn common<'a>(one: &[&'a str], other: &[&'a str]) -> Vec<&'a str> {
    let width = other.len() + 1;
    let mut longest = vec![0_usize; (one.len() + 1) * width];
    for (row, line) in one.iter().enumerate().rev() {
        for (column, own) in other.iter().enumerate().rev() {
            longest[row * width + column] = match line == own {
                true => longest[(row + 1) * width + column + 1] + 1,
                false => longest[(row + 1) * width + column].max(longest[row * width + column + 1]),
            };
        }
    }
    let (mut row, mut column, mut found) = (0, 0, Vec::new());
    while row < one.len() && column < other.len() {
        if one[row] == other[column] {
            found.push(one[row]);
            row += 1;
            column += 1;
        } else if longest[(row + 1) * width + column] >= longest[row * width + column + 1] {
            row += 1;
        } else {
            column += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_same_is_left_out() {
        assert_eq!(
            lines("a\nb\nc\nd\ne\n", "a\nB\nc\nx\nd\n"),
            "-b\n+B\n+x\n-e\n"
        );
        assert_eq!(lines("a\n", "a\n"), "");
        assert_eq!(lines("a\n", ""), "-a\n");
        assert_eq!(lines("a\na\nb\n", "a\nb\n"), "-a\n");
    }
}
