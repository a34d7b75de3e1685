//! Escapes untrusted text of documents for its output format.

use openapi_text::is_unprintable;

/// Escapes text for one line of a terminal or a log.
///
/// Escapes line breaks, terminal control sequences and bidirectional controls. Also breaks up
/// `##[`, which older runners of GitHub Actions interpret as a command anywhere in a line.
pub(crate) fn plain(text: &str) -> String {
    let shown: String = text
        .chars()
        .flat_map(|c| {
            if is_unprintable(c) {
                c.escape_default().collect()
            } else {
                vec![c]
            }
        })
        .collect();
    shown.replace("##[", "# #[")
}

/// Escapes the characters of [`plain`] in JSON. The value remains the same.
pub(crate) fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unprintable(c) && c != '\n' {
            let units = &mut [0; 2];
            for unit in c.encode_utf16(units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out.replace("##[", "#\\u0023[")
}

/// Escapes the message of a GitHub Actions workflow command.
pub(crate) fn command(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes a property of a GitHub Actions workflow command.
pub(crate) fn property(text: &str) -> String {
    command(text).replace(':', "%3A").replace(',', "%2C")
}

/// A part of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Segment<'a> {
    Prose(&'a str),
    /// Text between backticks.
    Code(&'a str),
}

/// Splits a message at its backticks.
pub(crate) fn segments(text: &str) -> Vec<Segment<'_>> {
    let mut segments = Vec::new();
    let (mut prose, mut rest) = (0, 0);
    while let Some(open) = text[rest..].find('`').map(|at| rest + at)
        && let Some(close) = text[open + 1..].find('`').map(|at| open + 1 + at)
    {
        let inside = &text[open + 1..close];
        rest = close + 1;
        if !inside.trim().is_empty() {
            segments.push(Segment::Prose(&text[prose..open]));
            segments.push(Segment::Code(inside));
            prose = rest;
        }
    }
    segments.push(Segment::Prose(&text[prose..]));
    segments
}

/// Converts a message to Markdown. Text between backticks becomes code.
pub(crate) fn message(text: &str) -> String {
    let segments = segments(text).into_iter().map(|segment| match segment {
        Segment::Prose(text) => markdown(text),
        Segment::Code(text) => code(text),
    });
    segments.collect()
}

/// Escapes text for Markdown, except at the start of a line.
///
/// The result contains no markup, HTML, links, mentions or issue references, and does not end a
/// table cell.
fn markdown(text: &str) -> String {
    let text = plain(text);
    let mut out = String::new();
    for (at, c) in text.char_indices() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // GitHub finds mentions and issue numbers after rendering Markdown.
            '@' => out.extend([c, '\u{200b}']),
            '#' if text[at + 1..].starts_with(|next: char| next.is_ascii_digit()) => {
                out.extend([c, '\u{200b}']);
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => out.extend(['\\', c]),
            // GitHub turns bare URLs into links.
            ':' if text[at..].starts_with("://") => out.push_str("\\:"),
            '.' if text[..at].to_ascii_lowercase().ends_with("www") => out.push_str("\\."),
            c => out.push(c),
        }
    }
    out
}

/// Converts text to Markdown inline code that is also valid in a table cell.
pub(crate) fn code(text: &str) -> String {
    let text = plain(text);
    if text.trim().is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    let space = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) {
        " "
    } else {
        ""
    };
    // A `|` ends a table cell even in inline code, and outside of tables `\|` shows the backslash.
    // Use a character that looks similar.
    format!(
        "{fence}{space}{}{space}{fence}",
        text.replace('|', "\u{2502}")
    )
}

/// Converts text to a Markdown code block.
pub(crate) fn block(language: &str, text: &str) -> String {
    let fence = "`".repeat((longest_run(text) + 1).max(3));
    let lines: Vec<String> = text.trim_end().lines().map(plain).collect();
    format!("{fence}{language}\n{}\n{fence}\n", lines.join("\n"))
}

/// Returns the length of the longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Percent-encodes a path as a relative URI reference.
pub(crate) fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_terminal_and_workflow_commands() {
        assert_eq!(
            plain("a\u{1b}[31m\nb\u{202e}##[error]"),
            "a\\u{1b}[31m\\nb\\u{202e}# #[error]"
        );
        assert_eq!(command("100%\r\n::error::x"), "100%25%0D%0A::error::x");
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
    }

    #[test]
    fn escapes_markdown() {
        assert_eq!(
            markdown("<b>|*a* @you #1\n"),
            "&lt;b&gt;\\|\\*a\\* @\u{200b}you #\u{200b}1\\\\n"
        );
        assert_eq!(
            markdown("[x](http://h) www.a.b (c): `d`"),
            "\\[x\\](http\\://h) www\\.a.b (c): \\`d\\`"
        );
        assert_eq!(
            message("`int` → `<b>` (``): it`s"),
            "`int` → `<b>` (\\`\\`): it\\`s"
        );
        assert_eq!(code("a`b|c"), "``a`b\u{2502}c``");
        assert_eq!(code("`a"), "`` `a ``");
        assert_eq!(code(" "), "");
        assert_eq!(
            block("", "```\n</details>"),
            "````\n```\n</details>\n````\n"
        );
        assert_eq!(uri("specs/a b/ü.json"), "specs/a%20b/%C3%BC.json");
    }
}
