//! Writes: their IDs, and what a client reports about them.

use std::fmt;

/// A kind of write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum WriteKind {
    /// A `POST` with an idempotency key, which the client may retry.
    Keyed,
    /// A `POST` without a key, which the client must not send again once it was processed.
    Unkeyed,
    /// A `PUT`, which may be processed several times.
    Replacing,
}

impl WriteKind {
    fn letter(self) -> char {
        match self {
            WriteKind::Keyed => 'k',
            WriteKind::Unkeyed => 'u',
            WriteKind::Replacing => 'r',
        }
    }
}

/// The ID of a write: its kind, the client and a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct WriteId {
    pub(crate) kind: WriteKind,
    pub(crate) client: usize,
    pub(crate) number: usize,
}

impl WriteId {
    pub(crate) fn parse(text: &str) -> Option<WriteId> {
        let mut parts = text.split('-');
        let kind = match parts.next()? {
            "k" => WriteKind::Keyed,
            "u" => WriteKind::Unkeyed,
            "r" => WriteKind::Replacing,
            _ => return None,
        };
        let client = parts.next()?.parse().ok()?;
        let number = parts.next()?.parse().ok()?;
        Some(WriteId {
            kind,
            client,
            number,
        })
    }
}

impl fmt::Display for WriteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.kind.letter(), self.client, self.number)
    }
}

/// The result of a write, as the client reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reported {
    Success,
    /// An error after which the write cannot have been processed.
    NotProcessed,
    /// An error after which the write may have been processed.
    Unknown,
}

/// A write of a client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Write {
    pub(crate) kind: WriteKind,
    pub(crate) reported: Reported,
}

#[test]
fn ids_are_read_as_they_are_written() {
    let id = WriteId {
        kind: WriteKind::Unkeyed,
        client: 12,
        number: 345,
    };
    assert_eq!(id.to_string(), "u-12-345");
    assert_eq!(WriteId::parse("u-12-345"), Some(id));
    assert_eq!(WriteId::parse("x-12-345"), None);
}
