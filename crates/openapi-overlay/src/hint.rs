//! Corrects JSONPath queries with member names that must be quoted.

/// Quotes member names that are invalid after a dot: writes `$.x-a` as `$['x-a']`.
pub(crate) fn quote_names(query: &str) -> String {
    let mut written = String::new();
    let mut rest = query;
    while let Some(first) = rest.chars().next() {
        let mut length = first.len_utf8();
        if matches!(first, '\'' | '"') {
            length = literal_length(rest, first);
        } else if first == '.' {
            let dots = if rest.starts_with("..") { 2 } else { 1 };
            let name = &rest[dots..];
            let name = &name[..name.find(ends_name).unwrap_or(name.len())];
            length = dots + name.len();
            if !is_shorthand(name) {
                let descendant = if dots == 2 { ".." } else { "" };
                written.push_str(&format!("{descendant}['{name}']"));
                rest = &rest[length..];
                continue;
            }
        }
        written.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    written
}

/// Returns the length of the string literal at the start of `text`.
fn literal_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|&(_, c)| {
        let ends = c == quote && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at + quote.len_utf8())
}

fn ends_name(c: char) -> bool {
    c.is_whitespace() || ".[]()'\"\\,:=<>!&|?*@".contains(c)
}

/// Returns true if a name is empty or valid after a dot: `member-name-shorthand` of RFC 9535.
fn is_shorthand(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii())
}
