//! Splits Rust code into comments, string literals and identifiers.
//!
//! A syntax tree has no comments, and `proc_macro2` drops them. This lexer keeps exactly the parts
//! of a file that people read.

/// A part of a Rust file that contains words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// The kind of text.
    pub kind: Kind,
    /// The text without its delimiters. Consecutive line comments are one chunk.
    pub text: String,
    /// The line on which the chunk starts, from 1.
    pub line: usize,
}

/// A kind of [`Chunk`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A comment that is not part of the documentation.
    Comment,
    /// A doc comment.
    Doc,
    /// A string literal.
    Text,
    /// An identifier or a keyword.
    Ident,
}

/// Splits Rust code into chunks.
#[must_use]
pub fn lex(code: &str) -> Vec<Chunk> {
    let mut lexer = Lexer {
        rest: code,
        line: 1,
        chunks: Vec::new(),
        comment_end: 0,
    };
    while let Some(next) = lexer.rest.chars().next() {
        lexer.step(next);
    }
    lexer.chunks
}

/// Splits an identifier into lowercase words, separated by spaces.
#[must_use]
pub fn words(identifier: &str) -> String {
    let mut words = String::new();
    let mut previous_is_lower = false;
    for c in identifier.chars() {
        if c == '_' {
            words.push(' ');
        } else {
            if c.is_uppercase() && previous_is_lower {
                words.push(' ');
            }
            words.extend(c.to_lowercase());
        }
        previous_is_lower = c.is_lowercase();
    }
    words
}

struct Lexer<'a> {
    rest: &'a str,
    line: usize,
    chunks: Vec<Chunk>,
    /// The line of the last line comment, to join it with the next one.
    comment_end: usize,
}

impl Lexer<'_> {
    fn step(&mut self, next: char) {
        if self.rest.starts_with("//") {
            self.line_comment();
        } else if self.rest.starts_with("/*") {
            self.block_comment();
        } else if let Some((prefix, hashes)) = raw_string(self.rest) {
            self.raw_text(prefix, hashes);
        } else if next == '"' {
            self.text();
        } else if next == '\'' {
            self.char_or_lifetime();
        } else if next == '_' || next.is_alphabetic() {
            self.identifier();
        } else if next.is_ascii_digit() {
            let end = self.find(|c| c != '_' && !c.is_alphanumeric());
            self.advance(end);
        } else {
            self.advance(next.len_utf8());
        }
    }

    /// Returns the offset of the first character that matches.
    fn find(&self, matches: impl Fn(char) -> bool) -> usize {
        self.rest.find(matches).unwrap_or(self.rest.len())
    }

    /// Skips a number of bytes and returns them.
    fn advance(&mut self, length: usize) -> String {
        let (skipped, rest) = self.rest.split_at(length);
        self.line += skipped.matches('\n').count();
        self.rest = rest;
        skipped.to_owned()
    }

    fn push(&mut self, kind: Kind, text: String, line: usize) {
        self.chunks.push(Chunk { kind, text, line });
    }

    fn line_comment(&mut self) {
        let line = self.line;
        let end = self.find(|c| c == '\n');
        let comment = self.advance(end);
        let (kind, text) = match comment.get(2..3) {
            Some("/") if !comment.starts_with("////") => (Kind::Doc, &comment[3..]),
            Some("!") => (Kind::Doc, &comment[3..]),
            _ => (Kind::Comment, comment.trim_start_matches('/')),
        };
        let joined = self.comment_end + 1 == line;
        self.comment_end = line;
        match self.chunks.last_mut() {
            Some(last) if joined && last.kind == kind => {
                last.text.push('\n');
                last.text.push_str(text);
            }
            _ => self.push(kind, text.to_owned(), line),
        }
    }

    fn block_comment(&mut self) {
        let line = self.line;
        let (mut depth, mut end) = (0, 0);
        while end < self.rest.len() {
            let rest = &self.rest[end..];
            if rest.starts_with("/*") {
                depth += 1;
                end += 2;
            } else if rest.starts_with("*/") {
                depth -= 1;
                end += 2;
            } else {
                end += rest.chars().next().map_or(1, char::len_utf8);
            }
            if depth == 0 {
                break;
            }
        }
        let comment = self.advance(end);
        self.push(Kind::Comment, comment, line);
    }

    fn raw_text(&mut self, prefix: usize, hashes: usize) {
        let line = self.line;
        self.advance(prefix);
        let closing = format!("\"{}", "#".repeat(hashes));
        let end = self.rest.find(&closing).unwrap_or(self.rest.len());
        let text = self.advance(end);
        self.advance(closing.len().min(self.rest.len()));
        self.push(Kind::Text, text, line);
    }

    fn text(&mut self) {
        let line = self.line;
        self.advance(1);
        let mut escaped = false;
        let end = self
            .rest
            .char_indices()
            .find(|(_, c)| {
                let closes = *c == '"' && !escaped;
                escaped = *c == '\\' && !escaped;
                closes
            })
            .map_or(self.rest.len(), |(at, _)| at);
        let text = self.advance(end);
        self.advance(1.min(self.rest.len()));
        self.push(Kind::Text, text.replace("\\\n", " \n"), line);
    }

    fn char_or_lifetime(&mut self) {
        let mut chars = self.rest.char_indices().skip(1);
        let length = match (chars.next(), chars.next()) {
            (Some((_, '\\')), Some((at, escaped))) => {
                let after = at + escaped.len_utf8();
                self.rest[after..]
                    .find('\'')
                    .map_or(self.rest.len(), |end| after + end + 1)
            }
            (Some(_), Some((at, '\''))) => at + 1,
            _ => 1,
        };
        self.advance(length);
    }

    fn identifier(&mut self) {
        let line = self.line;
        let end = self.find(|c| c != '_' && !c.is_alphanumeric());
        let identifier = self.advance(end);
        // The prefix of a byte or C string is not an identifier.
        if !(matches!(identifier.as_str(), "b" | "c") && self.rest.starts_with(['"', '\''])) {
            self.push(Kind::Ident, identifier, line);
        }
    }
}

/// Returns the length of the opening delimiter of a raw string, and the number of its `#`.
fn raw_string(rest: &str) -> Option<(usize, usize)> {
    let prefix = ["r", "br", "cr"].into_iter().find(|prefix| {
        rest.strip_prefix(prefix)
            .is_some_and(|r| r.starts_with(['#', '"']))
    })?;
    let hashes = rest[prefix.len()..]
        .chars()
        .take_while(|c| *c == '#')
        .count();
    let length = prefix.len() + hashes + 1;
    rest[..length.min(rest.len())]
        .ends_with('"')
        .then_some((length, hashes))
}

#[cfg(test)]
mod tests {
    use super::{Kind, lex, words};

    fn chunks(code: &str) -> Vec<(Kind, String, usize)> {
        lex(code)
            .into_iter()
            .map(|chunk| (chunk.kind, chunk.text, chunk.line))
            .collect()
    }

    #[test]
    fn separates_comments_strings_and_identifiers() {
        let code = "/// One.\n/// Two.\n// Three.\nlet a1 = 'b'; /* x /* y */ z */ f(\"c \\\" d\", b\"e\");";
        let expected = [
            (Kind::Doc, " One.\n Two.", 1),
            (Kind::Comment, " Three.", 3),
            (Kind::Ident, "let", 4),
            (Kind::Ident, "a1", 4),
            (Kind::Comment, "/* x /* y */ z */", 4),
            (Kind::Ident, "f", 4),
            (Kind::Text, "c \\\" d", 4),
            (Kind::Text, "e", 4),
        ];
        let expected = expected.map(|(kind, text, line)| (kind, text.to_owned(), line));
        assert_eq!(chunks(code), expected);
    }

    #[test]
    fn reads_raw_strings_and_lifetimes() {
        let code = "r#\"a \" b\"# r#type 'a '\\'' '\\u{1}' br\"c\" \"\\\\\" d";
        let expected = [
            (Kind::Text, "a \" b"),
            (Kind::Ident, "r"),
            (Kind::Ident, "type"),
            (Kind::Ident, "a"),
            (Kind::Text, "c"),
            (Kind::Text, "\\\\"),
            (Kind::Ident, "d"),
        ];
        let expected = expected.map(|(kind, text)| (kind, text.to_owned(), 1));
        assert_eq!(chunks(code), expected);
    }

    #[test]
    fn splits_identifiers_into_words() {
        assert_eq!(words("read_aFile"), "read a file");
        assert_eq!(words("MockServer"), "mock server");
        assert_eq!(words("URL_PATH"), "url path");
    }
}
