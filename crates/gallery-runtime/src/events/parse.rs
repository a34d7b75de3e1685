//! Parsing of events while they arrive. Memory is limited, and time is linear in the input.

use std::time::Duration;

use bytes::{Bytes, BytesMut};

/// The format of a sequence of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Server-sent events (`text/event-stream`).
    ServerSent,
    /// A JSON text in each line.
    JsonLines,
    /// JSON texts after record separators (RFC 7464).
    JsonSequence,
}

impl Format {
    /// Returns the format of a media type.
    pub(super) fn of(media_type: &str) -> Option<Format> {
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        Some(match essence.to_ascii_lowercase().as_str() {
            "text/event-stream" => Format::ServerSent,
            "application/json-seq" => Format::JsonSequence,
            "application/jsonl"
            | "application/x-jsonl"
            | "application/jsonlines"
            | "application/x-jsonlines"
            | "application/ndjson"
            | "application/x-ndjson" => Format::JsonLines,
            _ => return None,
        })
    }
}

/// An event before its data is decoded.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RawEvent {
    pub(super) name: Option<String>,
    pub(super) data: Bytes,
}

/// An event that is larger than this limit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLarge(pub(super) usize);

/// The state of a stream of events.
pub(super) struct Parser {
    format: Format,
    max: usize,
    buffer: BytesMut,
    /// The number of bytes of the buffer without the end of a line.
    scanned: usize,
    /// True if the last line ended with `\r`, so that `\n` belongs to it.
    after_return: bool,
    is_started: bool,
    name: String,
    data: BytesMut,
    /// The last ID before the end of an event.
    id: String,
    /// The last ID, which an incomplete event may have set.
    next_id: String,
    /// The time before a reconnection, if the server has set it.
    pub(super) retry: Option<Duration>,
}

impl Parser {
    /// Creates a parser. `max` is the maximum size of an event in bytes.
    pub(super) fn new(format: Format, max: usize) -> Parser {
        Parser {
            format,
            max,
            buffer: BytesMut::new(),
            scanned: 0,
            after_return: false,
            is_started: false,
            name: String::new(),
            data: BytesMut::new(),
            id: String::new(),
            next_id: String::new(),
            retry: None,
        }
    }

    /// Starts anew after the connection was lost. Keeps the last ID, which belongs to the client.
    pub(super) fn restart(&mut self) {
        let id = std::mem::take(&mut self.id);
        *self = Parser {
            next_id: id.clone(),
            id,
            retry: self.retry,
            ..Parser::new(self.format, self.max)
        };
    }

    /// Returns the last ID. Empty if there was no ID.
    pub(super) fn last_id(&self) -> &str {
        &self.id
    }

    /// Adds bytes that were received.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Returns the next complete event.
    pub(super) fn next(&mut self) -> Result<Option<RawEvent>, TooLarge> {
        while let Some(line) = self.line() {
            if line.len().saturating_add(self.data.len()) > self.max {
                return Err(TooLarge(self.max));
            }
            let event = match self.format {
                Format::ServerSent => self.field(&line),
                Format::JsonLines | Format::JsonSequence => json(&line),
            };
            if event.is_some() {
                return Ok(event);
            }
        }
        if self.buffer.len().saturating_add(self.data.len()) > self.max {
            return Err(TooLarge(self.max));
        }
        Ok(None)
    }

    /// Returns the event that the end of the input completes. An incomplete server-sent event is
    /// dropped, as its standard requires.
    pub(super) fn end(&mut self) -> Option<RawEvent> {
        match self.format {
            Format::ServerSent => None,
            Format::JsonLines | Format::JsonSequence => {
                self.scanned = 0;
                json(&self.buffer.split())
            }
        }
    }

    /// Takes the next line, without its end.
    fn line(&mut self) -> Option<BytesMut> {
        if !self.is_started && self.format == Format::ServerSent {
            // A byte order mark is not part of the first line.
            let mark = b"\xef\xbb\xbf";
            if self.buffer.len() < mark.len() && mark.starts_with(&self.buffer) {
                return None;
            }
            if self.buffer.starts_with(mark) {
                let _ = self.buffer.split_to(mark.len());
            }
            self.is_started = true;
        }
        if self.after_return && !self.buffer.is_empty() {
            self.after_return = false;
            if self.buffer.first() == Some(&b'\n') {
                let _ = self.buffer.split_to(1);
            }
        }
        let is_end = |byte: u8| match self.format {
            Format::ServerSent => byte == b'\n' || byte == b'\r',
            Format::JsonLines => byte == b'\n',
            Format::JsonSequence => byte == 0x1e,
        };
        let rest = &self.buffer[self.scanned..];
        let Some(length) = rest.iter().position(|byte| is_end(*byte)) else {
            self.scanned = self.buffer.len();
            return None;
        };
        let line = self.buffer.split_to(self.scanned + length);
        let end = self.buffer.split_to(1);
        self.scanned = 0;
        self.after_return = self.format == Format::ServerSent && end.first() == Some(&b'\r');
        Some(line)
    }

    /// Reads a line of server-sent events. Returns the event that it completes.
    fn field(&mut self, line: &[u8]) -> Option<RawEvent> {
        if line.is_empty() {
            return self.dispatch();
        }
        let colon = line.iter().position(|byte| *byte == b':');
        let (name, value) = line.split_at(colon.unwrap_or(line.len()));
        let value = value.strip_prefix(b":").unwrap_or(value);
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"data" => {
                self.data.extend_from_slice(value);
                self.data.extend_from_slice(b"\n");
            }
            b"event" => self.name = String::from_utf8_lossy(value).into_owned(),
            b"id" if !value.contains(&0) => {
                self.next_id = String::from_utf8_lossy(value).into_owned();
            }
            b"retry" if value.iter().all(u8::is_ascii_digit) => {
                let text = std::str::from_utf8(value).ok();
                let number = text.and_then(|text| text.parse().ok());
                self.retry = number.map(Duration::from_millis).or(self.retry);
            }
            // Comments, which have no name, and unknown fields.
            _ => {}
        }
        None
    }

    fn dispatch(&mut self) -> Option<RawEvent> {
        let name = std::mem::take(&mut self.name);
        self.id.clone_from(&self.next_id);
        if self.data.is_empty() {
            return None;
        }
        self.data.truncate(self.data.len() - 1);
        Some(RawEvent {
            name: (!name.is_empty()).then_some(name),
            data: self.data.split().freeze(),
        })
    }
}

/// Returns the event of a JSON text. Blank lines are skipped.
fn json(text: &[u8]) -> Option<RawEvent> {
    let text = text.trim_ascii();
    (!text.is_empty()).then(|| RawEvent {
        name: None,
        data: Bytes::copy_from_slice(text),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parses an input in chunks of this length. Returns `name/data`, and an error.
    fn events(format: Format, input: &str, length: usize) -> Vec<String> {
        let mut parser = Parser::new(format, 20);
        let mut all = Vec::new();
        let mut show = |event: RawEvent| {
            let data = String::from_utf8_lossy(&event.data).into_owned();
            all.push(format!("{}/{data}", event.name.unwrap_or_default()));
        };
        for chunk in input.as_bytes().chunks(length) {
            parser.push(chunk);
            loop {
                match parser.next() {
                    Ok(Some(event)) => show(event),
                    Ok(None) => break,
                    Err(TooLarge(max)) => {
                        all.push(format!("more than {max}"));
                        return all;
                    }
                }
            }
        }
        parser.end().map(&mut show);
        assert_eq!(
            (parser.next(), parser.end()),
            (Ok(None), None),
            "the end stays"
        );
        all
    }

    #[test]
    fn events_do_not_depend_on_chunks() {
        let cases: [(Format, &str, &[&str]); 12] = [
            (
                Format::ServerSent,
                "data: a\n\ndata:b\r\n\r\ndata: c\r\r",
                &["/a", "/b", "/c"],
            ),
            (Format::ServerSent, "\u{feff}data: a\n\n", &["/a"]),
            (
                Format::ServerSent,
                "data: a\ndata:\ndata:  b\n\n",
                &["/a\n\n b"],
            ),
            (
                Format::ServerSent,
                "event: x\ndata: a\n\ndata: b\n\n",
                &["x/a", "/b"],
            ),
            (
                Format::ServerSent,
                ": comment\n\nevent: x\n\ndata: a\nother: b\n\n",
                &["/a"],
            ),
            (Format::ServerSent, "data\n\n", &["/"]),
            (Format::ServerSent, "data: a\n\ndata: incomplete\n", &["/a"]),
            (
                Format::ServerSent,
                "data: 1\n\ndata: 123456789012345\ndata: 6789\n\n",
                &["/1", "more than 20"],
            ),
            (
                Format::JsonLines,
                "{}\n\n [1] \r\n2",
                &["/{}", "/[1]", "/2"],
            ),
            (
                Format::JsonLines,
                "1\n123456789012345678901",
                &["/1", "more than 20"],
            ),
            (
                Format::JsonSequence,
                "\u{1e}{\n}\n\u{1e}1\n\u{1e}\n\u{1e}2",
                &["/{\n}", "/1", "/2"],
            ),
            (Format::JsonSequence, "", &[]),
        ];
        for (format, input, expected) in cases {
            for length in [1, 2, 3, 7, 1000] {
                assert_eq!(
                    events(format, input, length),
                    expected,
                    "{input:?} by {length}"
                );
            }
        }
    }

    #[test]
    fn ids_and_delays_are_kept() {
        let mut parser = Parser::new(Format::ServerSent, 100);
        parser.push(
            b"id: 7\nretry: 1500\ndata: a\n\nid: a\0b\nretry: soon\nretry: -1\nid: 8\ndata: b\n",
        );
        assert!(parser.next().unwrap().is_some());
        assert_eq!(parser.next(), Ok(None));
        parser.restart();
        // The event with the ID 8 was not complete.
        assert_eq!(
            (parser.last_id(), parser.retry),
            ("7", Some(Duration::from_millis(1500)))
        );
        parser.push(b"data: c\nid\n\n");
        assert_eq!(&parser.next().unwrap().unwrap().data[..], b"c");
        assert_eq!(parser.last_id(), "");
        // An ID without data counts as well.
        parser.push(b"id: 9\n\n");
        assert_eq!((parser.next(), parser.last_id()), (Ok(None), "9"));
    }

    #[test]
    fn an_endless_line_is_scanned_once() {
        let mut parser = Parser::new(Format::ServerSent, usize::MAX);
        for _ in 0..200_000 {
            parser.push(b"0123456789");
            assert_eq!(parser.next(), Ok(None));
        }
        assert_eq!(parser.scanned, 2_000_000);
    }
}
