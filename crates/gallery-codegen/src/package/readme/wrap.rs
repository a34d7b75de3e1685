//! Wraps the prose of a Markdown text.

/// The maximum width of a line, in characters.
const WIDTH: usize = 100;

/// Wraps prose at 100 columns without changing the meaning of the Markdown.
///
/// Code blocks, tables, headings and comments are not wrapped.
pub(super) fn wrap(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut fence: Option<&str> = None;
    for line in text.lines() {
        let (prefix, content) = split_prefix(line);
        let ticks = &content[..content.len() - content.trim_start_matches('`').len()];
        match fence {
            Some(open) if content == open => fence = None,
            None if ticks.len() >= 3 => fence = Some(ticks),
            None if !content.starts_with(['|', '#']) && !content.starts_with("<!--") => {
                wrap_line(line, prefix, content, &mut out);
                out.push('\n');
                continue;
            }
            _ => {}
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// Splits a line into its list and quote markers and its content.
fn split_prefix(line: &str) -> (&str, &str) {
    let mut content = line;
    while let Some(rest) = ["  ", "> ", "- "]
        .iter()
        .find_map(|marker| content.strip_prefix(marker))
    {
        content = rest;
    }
    line.split_at(line.len() - content.len())
}

fn wrap_line(line: &str, prefix: &str, content: &str, out: &mut String) {
    if line.chars().count() <= WIDTH {
        out.push_str(line);
        return;
    }
    let indent = prefix.replace('-', " ");
    out.push_str(prefix);
    let mut width = prefix.chars().count();
    let mut words = breakable(content).into_iter();
    if let Some(word) = words.next() {
        out.push_str(word);
        width += word.chars().count();
    }
    for word in words {
        let length = word.chars().count();
        if width + 1 + length > WIDTH {
            out.push('\n');
            out.push_str(&indent);
            width = indent.chars().count();
        } else {
            out.push(' ');
            width += 1;
        }
        out.push_str(word);
        width += length;
    }
}

/// Splits a line at the spaces where a line break has no meaning in Markdown.
///
/// A line must not end with two spaces or a backslash, and must not begin with a block marker.
fn breakable(line: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in line.match_indices(' ') {
        let (before, after) = (&line[..at], &line[at + 1..]);
        let can_begin_a_line = after.starts_with(|c: char| c.is_alphabetic() || c == '(')
            || after.starts_with("<http");
        if can_begin_a_line && !before.ends_with([' ', '\\']) {
            parts.push(&line[start..at]);
            start = at + 1;
        }
    }
    parts.push(&line[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_paragraphs_and_list_items() {
        let long = "word ".repeat(30);
        let wrapped = wrap(&format!("{}\n\n> - {}\n", long.trim(), long.trim()));
        let expected = format!(
            "{}\n{}\n\n> - {}\n>   {}\n",
            "word ".repeat(20).trim(),
            "word ".repeat(10).trim(),
            "word ".repeat(19).trim(),
            "word ".repeat(11).trim()
        );
        assert_eq!(wrapped, expected);
    }

    #[test]
    fn keeps_code_tables_headings_and_short_lines() {
        let long = "word ".repeat(30);
        let long = long.trim();
        let text = format!("<!-- {long} -->\n# {long}\n| {long} |\n```text\n{long}\n```\nshort\n");
        assert_eq!(wrap(&text), text);
    }

    #[test]
    fn breaks_no_line_before_a_block_marker() {
        let text = format!("{} - 1. # + = > b\n", "x".repeat(98));
        let expected = format!("{} - 1. # + = >\nb\n", "x".repeat(98));
        assert_eq!(wrap(&text), expected);
    }
}
