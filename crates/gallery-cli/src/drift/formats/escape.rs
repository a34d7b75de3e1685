//! Text of documents, made harmless for where it is shown.

use openapi_text::is_unprintable;

/// On one line, without anything that commands a terminal or turns text around, nor what older runners of GitHub Actions take for a
/// command wherever it stands.
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

/// The message of a command of GitHub Actions.
pub(super) fn command(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property of a command of GitHub Actions.
pub(super) fn property(text: &str) -> String {
    command(text).replace(':', "%3A").replace(',', "%2C")
}

/// Markdown of a message: what stands between backticks in it is code.
pub(super) fn message(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('`')
        && let Some((inside, behind)) = after.split_once('`')
    {
        out.push_str(&markdown(before));
        out.push_str(&if inside.trim().is_empty() {
            markdown(&format!("`{inside}`"))
        } else {
            code(inside)
        });
        rest = behind;
    }
    out + &markdown(rest)
}

/// Markdown that shows the text as it is, behind something on the same line: no markup, no HTML, no link, nobody called by name, no cell
/// ended.
fn markdown(text: &str) -> String {
    let text = plain(text);
    let mut out = String::new();
    for (at, c) in text.char_indices() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // GitHub looks for names and numbers of issues after Markdown has done its work.
            '@' => out.extend([c, '\u{200b}']),
            '#' if text[at + 1..].starts_with(|next: char| next.is_ascii_digit()) => {
                out.extend([c, '\u{200b}']);
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => out.extend(['\\', c]),
            // A URL is a link of itself.
            ':' if text[at..].starts_with("://") => out.push_str("\\:"),
            '.' if text[..at].to_ascii_lowercase().ends_with("www") => out.push_str("\\."),
            c => out.push(c),
        }
    }
    out
}

/// The text as code, also in a cell of a table.
pub(super) fn code(text: &str) -> String {
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
    // A bar ends the cell of a table, also in code, and escaped it would be shown with its escape elsewhere: one that looks like it does
    // neither.
    format!(
        "{fence}{space}{}{space}{fence}",
        text.replace('|', "\u{2502}")
    )
}

/// A block of code.
pub(super) fn block(language: &str, text: &str) -> String {
    let fence = "`".repeat((longest_run(text) + 1).max(3));
    let lines: Vec<String> = text.trim_end().lines().map(plain).collect();
    format!("{fence}{language}\n{}\n{fence}\n", lines.join("\n"))
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// A path as the reference of a URI.
pub(super) fn uri(path: &str) -> String {
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
    fn text_commands_no_terminal_and_no_runner() {
        assert_eq!(
            plain("a\u{1b}[31m\nb\u{202e}##[error]"),
            "a\\u{1b}[31m\\nb\\u{202e}# #[error]"
        );
        assert_eq!(command("100%\r\n::error::x"), "100%25%0D%0A::error::x");
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
    }

    #[test]
    fn text_is_no_markup() {
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
