//! Positions in JSON. Does not validate: for invalid JSON, it reports some of the positions.

use std::iter::Peekable;
use std::str::Chars;

use crate::pointer::escape;

/// Calls `report` with the pointer, line and column of each value. A value of a map begins at its
/// key.
pub(super) fn positions(text: &str, report: &mut dyn FnMut(&str, usize, usize)) {
    let mut reader = Reader {
        text: text.chars().peekable(),
        line: 1,
        column: 1,
    };
    let mut pointer = String::new();
    let mut open: Vec<Open> = Vec::new();
    loop {
        reader.skip(|c| c.is_whitespace() || matches!(c, ',' | ':'));
        let at = (reader.line, reader.column);
        let Some(next) = reader.text.peek().copied() else {
            return;
        };
        if matches!(next, ']' | '}') {
            reader.advance();
            if let Some(Open { length, .. }) = open.pop() {
                pointer.truncate(length);
            }
            continue;
        }
        // The pointer grows where a value begins, and shrinks where it ends.
        let length = pointer.len();
        let at = match open.last_mut() {
            Some(Open {
                next: Some(index), ..
            }) => {
                pointer.push_str(&format!("/{index}"));
                *index += 1;
                at
            }
            Some(_) if next == '"' => {
                pointer.push('/');
                pointer.push_str(&escape(&reader.string()));
                reader.skip(|c| c.is_whitespace() || c == ':');
                at
            }
            _ => at,
        };
        report(&pointer, at.0, at.1);
        match reader.text.peek() {
            Some('[') => open.push(Open {
                length,
                next: Some(0),
            }),
            Some('{') => open.push(Open { length, next: None }),
            Some('"') => {
                reader.string();
                pointer.truncate(length);
                continue;
            }
            _ => {
                reader.skip(|c| !c.is_whitespace() && !matches!(c, ',' | ']' | '}'));
                pointer.truncate(length);
                continue;
            }
        }
        reader.advance();
    }
}

/// A list or map that is not closed yet.
struct Open {
    /// The length of the pointer without this value.
    length: usize,
    /// The index of the next item of a list; `None` for a map.
    next: Option<usize>,
}

struct Reader<'a> {
    text: Peekable<Chars<'a>>,
    line: usize,
    column: usize,
}

impl Reader<'_> {
    fn advance(&mut self) -> Option<char> {
        let c = self.text.next()?;
        if c == '\n' {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
        Some(c)
    }

    fn skip(&mut self, is_passed: impl Fn(char) -> bool) {
        while self.text.peek().is_some_and(|c| is_passed(*c)) {
            self.advance();
        }
    }

    /// Reads a string and its escapes.
    fn string(&mut self) -> String {
        let mut written = String::from('"');
        self.advance();
        while let Some(c) = self.advance() {
            written.push(c);
            match c {
                '"' => break,
                '\\' => written.extend(self.advance()),
                _ => {}
            }
        }
        serde_json::from_str(&written).unwrap_or(written)
    }
}
