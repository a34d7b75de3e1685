//! Compares output with a pattern.

/// Compares the lines of a pattern with a text. `...` matches any lines, `[..]` any text.
pub(crate) fn compare(pattern: &[String], text: &str) -> Result<(), String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut at = 0;
    let mut is_gap = false;
    for expected in pattern {
        if expected == "..." {
            is_gap = true;
            continue;
        }
        let found = lines
            .iter()
            .skip(at)
            .position(|line| matches(expected, line.trim_end()));
        match found {
            Some(skipped) if is_gap || skipped == 0 => at += skipped + 1,
            _ => return Err(format!("no line `{expected}` at line {}", at + 1)),
        }
        is_gap = false;
    }
    if is_gap || at == lines.len() {
        Ok(())
    } else {
        Err(format!("more than expected from line {}", at + 1))
    }
}

/// Returns whether a line matches a pattern.
fn matches(pattern: &str, line: &str) -> bool {
    let mut parts = pattern.split("[..]");
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = line.strip_prefix(first) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[test]
fn patterns_match_lines_and_parts_of_lines() {
    let compare = |pattern: &str, text: &str| {
        let lines: Vec<String> = pattern.lines().map(str::to_owned).collect();
        compare(&lines, text).is_ok()
    };
    assert!(compare("a\n...\nd", "a\nb\nc\nd\n"));
    assert!(compare("a[..]c[..]", "abcd\n"));
    assert!(!compare("a\nc", "a\nb\nc\n"));
    assert!(!compare("a", "a\nb\n"));
    assert!(!compare("a[..]c", "abcd\n"));
    assert!(!compare("a\nb", "a\n"));
}
