//! Maps the JSON pointers of a YAML or JSON text to lines and columns.
//!
//! [`crate::yaml`] parses the values. This module parses the same text once more, as events, and
//! keeps only the positions.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, Span};

use crate::pointer::escape;

mod json;

/// The positions of the values in a text.
#[derive(Clone, Debug, Default)]
pub struct Positions {
    positions: BTreeMap<String, (usize, usize)>,
}

/// A list or map that is not closed yet.
enum Open {
    /// A list, with the index of its next item.
    List { pointer: String, next: usize },
    /// A map, with the key of the next value.
    Map {
        pointer: String,
        key: Option<(String, Span)>,
    },
    /// A key that is a list or a map. It has no JSON pointer.
    Key,
}

/// Returns the line and column where the second document of a YAML text starts.
pub(crate) fn second_document(text: &str) -> Option<(usize, usize)> {
    let mut starts = Parser::new_from_str(text)
        .map_while(Result::ok)
        .filter(|(event, _)| matches!(event, Event::DocumentStart(_)));
    let (_, span) = starts.nth(1)?;
    Some((span.start.line(), span.start.col() + 1))
}

impl Positions {
    /// Reads the positions of a YAML text, up to the first syntax error.
    pub fn of(text: &str) -> Positions {
        let mut positions = Positions::default();
        let mut open: Vec<Open> = Vec::new();
        for event in Parser::new_from_str(text) {
            let Ok((event, span)) = event else { break };
            let is_key = match open.last_mut() {
                Some(Open::Key) => true,
                Some(Open::Map {
                    key: key @ None, ..
                }) if matches!(event, Event::SequenceStart(..) | Event::MappingStart(..)) => {
                    *key = Some((String::new(), span));
                    true
                }
                _ => false,
            };
            match event {
                Event::SequenceStart(..) | Event::MappingStart(..) if is_key => {
                    open.push(Open::Key);
                }
                Event::Scalar(..) | Event::Alias(_) if is_key => {}
                Event::MappingEnd | Event::SequenceEnd => drop(open.pop()),
                Event::Scalar(text, ..) => {
                    if let Some(Open::Map {
                        key: key @ None, ..
                    }) = open.last_mut()
                    {
                        *key = Some((text.into_owned(), span));
                    } else {
                        positions.enter(&mut open, span);
                    }
                }
                Event::Alias(_) => drop(positions.enter(&mut open, span)),
                Event::SequenceStart(..) => {
                    let pointer = positions.enter(&mut open, span);
                    open.push(Open::List { pointer, next: 0 });
                }
                Event::MappingStart(..) => {
                    let pointer = positions.enter(&mut open, span);
                    open.push(Open::Map { pointer, key: None });
                }
                Event::Nothing
                | Event::StreamStart
                | Event::StreamEnd
                | Event::DocumentStart(_)
                | Event::DocumentEnd => {}
            }
        }
        positions
    }

    /// Reads the positions of a JSON text. JSON has escapes that YAML does not have.
    pub fn of_json(text: &str) -> Positions {
        let mut positions = Positions::default();
        json::positions(text, &mut |pointer, line, column| {
            positions
                .positions
                .entry(pointer.to_owned())
                .or_insert((line, column));
        });
        positions
    }

    /// Records the position of a value, and returns its pointer. A value of a map begins at its
    /// key.
    fn enter(&mut self, open: &mut [Open], span: Span) -> String {
        let (pointer, span) = match open.last_mut() {
            None | Some(Open::Key) => (String::new(), span),
            Some(Open::List { pointer, next }) => {
                let pointer = format!("{pointer}/{next}");
                *next += 1;
                (pointer, span)
            }
            Some(Open::Map { pointer, key }) => {
                let (key, at) = key.take().unwrap_or((String::new(), span));
                (format!("{pointer}/{}", escape(&key)), at)
            }
        };
        self.positions
            .entry(pointer.clone())
            .or_insert((span.start.line(), span.start.col() + 1));
        pointer
    }

    /// Returns the line and column, both from 1, of a JSON pointer, or of its nearest existing
    /// ancestor.
    pub fn at(&self, pointer: &str) -> (usize, usize) {
        let mut pointer = pointer;
        loop {
            match (self.positions.get(pointer), pointer.rfind('/')) {
                (Some(position), _) => return *position,
                (None, Some(slash)) => pointer = &pointer[..slash],
                (None, None) => return (1, 1),
            }
        }
    }
}

/// Returns the line and column, both from 1, of a byte offset.
pub fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_positions_in_yaml_and_json() {
        let yaml =
            Positions::of("---\na: 1\nb:\n  - x\n  - y: {z/w: [1, 2]}\n    v: &k 3\nc: *k\n");
        assert_eq!(yaml.at("/a"), (2, 1));
        assert_eq!(yaml.at("/b/0"), (4, 5));
        assert_eq!(yaml.at("/b/1/y/z~1w/1"), (5, 18));
        assert_eq!(yaml.at("/b/1/v"), (6, 5));
        assert_eq!(yaml.at("/c"), (7, 1));
        let json = Positions::of("{\n  \"a\": [\n    {\"b\": null}\n  ]\n}\n");
        assert_eq!(json.at("/a/0/b"), (3, 6));
    }

    #[test]
    fn falls_back_to_the_nearest_ancestor() {
        let lines = Positions::of("a:\n  b: 1\n");
        assert_eq!(lines.at("/a/c/d"), (1, 1));
        assert_eq!(lines.at("/x"), (1, 1));
        assert_eq!(Positions::of("a: [").at("/a"), (1, 1));
        assert_eq!(Positions::of("").at(""), (1, 1));
    }

    #[test]
    fn reads_escapes_of_json() {
        let text = "{\n  \"\\ud83d\\ude00\": [1, {\"a/b\": \"\\\"é\", \"c\": {}}],\n\t\"d\": [[], -1.5e3, true]\r\n}";
        let lines = Positions::of_json(text);
        assert_eq!(lines.at(""), (1, 1));
        assert_eq!(lines.at("/😀"), (2, 3));
        assert_eq!(lines.at("/😀/0"), (2, 20));
        assert_eq!(lines.at("/😀/1/a~1b"), (2, 24));
        assert_eq!(lines.at("/😀/1/c"), (2, 38));
        assert_eq!(lines.at("/d"), (3, 2));
        assert_eq!(lines.at("/d/1"), (3, 12));
        assert_eq!(lines.at("/d/2"), (3, 20));
        assert_eq!(lines.at("/e"), (1, 1));
        for broken in [
            "",
            "{",
            "[1, {\"a\"",
            "}}",
            "\"\\",
            "[[[[",
            "{\"a\": [}",
            "nul",
        ] {
            assert_eq!(Positions::of_json(broken).at("/x").0, 1);
        }
    }

    #[test]
    fn skips_keys_that_are_lists() {
        assert_eq!(Positions::of("? [1]\n: 2\nb: 3\n").at("/b").0, 3);
    }
}
