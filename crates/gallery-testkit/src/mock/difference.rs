//! The difference of two texts, line by line.

/// Beyond this many pairs of lines, lines that changed places are told as gone and come.
const PAIRS: usize = 1 << 22;

/// The lines of both, `  ` before those that both have, `- ` before those of the first alone and `+ ` before those of the second.
pub(super) fn lines(one: &[String], other: &[String]) -> Vec<String> {
    let same = one
        .iter()
        .zip(other)
        .take_while(|(one, other)| one == other)
        .count();
    let mut told: Vec<String> = one[..same].iter().map(|line| format!("  {line}")).collect();
    let (one, other) = (&one[same..], &other[same..]);
    let width = other.len() + 1;
    // How many lines the rests from here on have in common.
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
            told.push(format!("  {}", one[i]));
            (i, j) = (i + 1, j + 1);
        } else if i < one.len() && (j == other.len() || at(i + 1, j) >= at(i, j + 1)) {
            told.push(format!("- {}", one[i]));
            i += 1;
        } else {
            told.push(format!("+ {}", other[j]));
            j += 1;
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn lines_that_both_have_stay_together() {
        let split = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let told = |one: &str, other: &str| lines(&split(one), &split(other)).join("|");
        assert_eq!(told("a b c", "a b c"), "  a|  b|  c");
        assert_eq!(told("a b c", "a x c"), "  a|- b|+ x|  c");
        assert_eq!(told("a b c d", "b d e"), "- a|  b|- c|  d|+ e");
        assert_eq!(told("a", "a b b"), "  a|+ b|+ b");
    }
}
