//! Parts of files.

use std::fmt;
use std::ops::{Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};

use reqwest::StatusCode;
use reqwest::header::{CONTENT_RANGE, HeaderValue};

use crate::response::{BodyError, Response};

/// A part of a file in bytes, such as `100..200` or `100..`, for a download.
///
/// A download continues where another one broke if the part begins at the number of bytes that were
/// received. A server may ignore the range and return the whole file, or another part. Both are
/// errors ([`BodyError::Unexpected`]). If the file may have changed meanwhile, send its `ETag` in
/// the header `If-Range`: the server then returns the whole file.
///
/// ```
/// use gallery_runtime::ByteRange;
///
/// assert_eq!(ByteRange::from(100..200), ByteRange::from(100..=199));
/// assert_eq!(ByteRange::from(100..).to_string(), "bytes=100-");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteRange {
    start: u64,
    /// The last byte. `None` stands for the end of the file.
    last: Option<u64>,
}

/// A part of a file that a server returned.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    pub(crate) start: u64,
    /// The length of the whole file, if the server has sent it.
    pub(crate) total: Option<u64>,
}

impl ByteRange {
    fn new(start: u64, last: Option<u64>) -> ByteRange {
        ByteRange { start, last }
    }

    /// Returns the value of the header `Range`.
    pub(crate) fn header(self) -> HeaderValue {
        // The text has digits and `bytes=-` only.
        HeaderValue::try_from(self.to_string()).unwrap_or(HeaderValue::from_static(""))
    }

    /// Returns the part that a response has. Fails if it is not the requested one.
    pub(crate) fn part(self, response: &Response) -> Result<Part, BodyError> {
        let wrong = |what: String| Err(BodyError::Unexpected(what));
        if response.status() != StatusCode::PARTIAL_CONTENT {
            return wrong(format!("the server returned the whole file, not {self}"));
        }
        let value = response.headers().get(CONTENT_RANGE);
        let text = value.and_then(|value| value.to_str().ok()).unwrap_or("");
        let Some((start, last, total)) = content_range(text) else {
            return wrong(format!(
                "the header `Content-Range` is missing or invalid: {text:?}"
            ));
        };
        let is_requested = start == self.start
            && self.last.is_none_or(|requested| last <= requested)
            && last >= start;
        if !is_requested {
            return wrong(format!("the server returned {text:?}, not {self}"));
        }
        Ok(Part { start, total })
    }
}

/// Parses a header such as `bytes 0-99/1000` or `bytes 0-99/*`.
fn content_range(text: &str) -> Option<(u64, u64, Option<u64>)> {
    let (range, total) = text.strip_prefix("bytes ")?.trim().split_once('/')?;
    let (start, last) = range.split_once('-')?;
    let total = match total {
        "*" => None,
        total => Some(total.parse().ok()?),
    };
    Some((start.parse().ok()?, last.parse().ok()?, total))
}

/// Writes the value of the header `Range`.
impl fmt::Display for ByteRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bytes={}-", self.start)?;
        self.last.map_or(Ok(()), |last| write!(f, "{last}"))
    }
}

impl From<RangeFrom<u64>> for ByteRange {
    fn from(range: RangeFrom<u64>) -> ByteRange {
        ByteRange::new(range.start, None)
    }
}

impl From<RangeFull> for ByteRange {
    fn from(_: RangeFull) -> ByteRange {
        ByteRange::new(0, None)
    }
}

impl From<RangeInclusive<u64>> for ByteRange {
    fn from(range: RangeInclusive<u64>) -> ByteRange {
        ByteRange::new(*range.start(), Some(*range.end()))
    }
}

impl From<RangeToInclusive<u64>> for ByteRange {
    fn from(range: RangeToInclusive<u64>) -> ByteRange {
        ByteRange::new(0, Some(range.end))
    }
}

impl From<Range<u64>> for ByteRange {
    /// An empty range becomes its first byte, because HTTP has no empty ranges.
    fn from(range: Range<u64>) -> ByteRange {
        ByteRange::new(
            range.start,
            Some(range.end.saturating_sub(1).max(range.start)),
        )
    }
}

impl From<RangeTo<u64>> for ByteRange {
    /// An empty range becomes its first byte, because HTTP has no empty ranges.
    fn from(range: RangeTo<u64>) -> ByteRange {
        (0..range.end).into()
    }
}
