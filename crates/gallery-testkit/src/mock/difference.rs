//! Line diffs.

/// Above this number of line pairs no common lines are searched.
const PAIRS: usize = 1 << 22;

/// Returns the lines of a diff: `  ` before common lines, `- ` before removed ones, `+ ` before
/// added ones.
pub(super) fn lines(one: &[String], other: &[String]) -> Vec<String> {
    let same = one
        .iter()
        .zip(other)
        .take_while(|(one, other)| one == other)
        .count();
    let mut diff: Vec<String> = one[..same].iter().map(|line| format!("  {line}")).collect();
    let (one, other) = (&one[same..], &other[same..]);
    let width = other.len() + 1;
    // Length of the longest common subsequence of the remaining lines.
    let mut common = vec![
        0_usize;
        if one.len().saturating_mul(width) > PAIRS {
            0
        } else {
            (one.len() + 1) * width
        }
    ];
    if !common.is_empty() {
        for i in (0..one.len()).rev() {
            for j in (0..other.len()).rev() {
                common[i * width + j] = if one[i] == other[j] {
                    common[(i + 1) * width + j + 1] + 1
                } else {
                    common[(i + 1) * width + j].max(common[i * width + j + 1])
                };
            }
        }
    }
    let at = |i: usize, j: usize| common.get(i * width + j).copied().unwrap_or(0);
    let (mut i, mut j) = (0, 0);
    while i < one.len() || j < other.len() {
        if i < one.len() && j < other.len() && one[i] == other[j] {
            diff.push(format!("  {}", one[i]));
            (i, j) = (i + 1, j + 1);
        } else if i < one.len() && (j == other.len() || at(i + 1, j) >= at(i, j + 1)) {
            diff.push(format!("- {}", one[i]));
            i += 1;
        } else {
            diff.push(format!("+ {}", other[j]));
            j += 1;
        }
    }
    diff
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn keeps_common_lines() {
        let split = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let diff = |one: &str, other: &str| lines(&split(one), &split(other)).join("|");
        assert_eq!(diff("a b c", "a b c"), "  a|  b|  c");
        assert_eq!(diff("a b c", "a x c"), "  a|- b|+ x|  c");
        assert_eq!(diff("a b c d", "b d e"), "- a|  b|- c|  d|+ e");
        assert_eq!(diff("a", "a b b"), "  a|+ b|+ b");
    }
}
