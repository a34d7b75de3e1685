//! Takes a file as the gallery stores it, gives the YAML in it, and refuses what holds none.
//!
//! Most files put their YAML between `---` lines that end in CRLF while all other lines end in LF, and have no newline after
//! the last marker; the combined `openapi.md` has no markers at all.

use thiserror::Error;

/// The largest file that is read, in bytes. Ordinary documents of the gallery have some 70 KB, the combined ones up to 1 MB.
pub const MAX_FILE_BYTES: usize = 32 << 20;

/// The YAML of a file, and how many lines of the file stand before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Body<'a> {
    /// The YAML text, without markers.
    pub text: &'a str,
    /// Lines of the file before the first line of `text`.
    pub lines_before: usize,
}

/// Why a file holds no YAML to read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum FrontMatterError {
    /// No bytes, or only white space.
    #[error("the file is empty")]
    Empty,
    /// Nothing but `---` lines.
    #[error("the file holds only `---` marker lines, and no document between them")]
    OnlyMarkers,
    /// Over [`MAX_FILE_BYTES`].
    #[error("the file has {0} bytes; at most {MAX_FILE_BYTES} are read")]
    TooLarge(usize),
    /// Bytes that are no UTF-8 text.
    #[error("the file is not text: byte {0} (counted from 0) is not UTF-8")]
    NotUtf8(usize),
    /// A control character that no YAML text may contain.
    #[error("the file is binary: it has a NUL byte at {0} (counted from 0)")]
    Binary(usize),
}

/// Finds the YAML in the bytes of a file.
pub fn body(bytes: &[u8]) -> Result<Body<'_>, FrontMatterError> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(FrontMatterError::TooLarge(bytes.len()));
    }
    if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
        return Err(FrontMatterError::Binary(at));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| FrontMatterError::NotUtf8(error.valid_up_to()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(FrontMatterError::Empty);
    }

    // Blank lines before the opening marker are counted, so that positions in messages stay those of the file.
    let mut rest = text;
    let mut lines_before = 0;
    while let Some((line, after)) = rest.split_once('\n') {
        let is_marker = is_marker(line);
        if !is_marker && !line.trim().is_empty() {
            break;
        }
        rest = after;
        lines_before += 1;
        if is_marker {
            break;
        }
    }
    let trimmed = rest.trim_end();
    let without_closing = match trimmed.rfind('\n') {
        Some(at) if is_marker(&trimmed[at + 1..]) => trimmed[..at].trim_end(),
        None if is_marker(trimmed) => "",
        _ => trimmed,
    };
    if without_closing.trim().is_empty() {
        return Err(FrontMatterError::OnlyMarkers);
    }
    Ok(Body {
        text: without_closing,
        lines_before,
    })
}

fn is_marker(line: &str) -> bool {
    line.trim_end() == "---"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ok(text: &str) -> (&str, usize) {
        let body = body(text.as_bytes()).unwrap();
        (body.text, body.lines_before)
    }

    #[test]
    fn finds_the_yaml_between_or_without_markers() {
        for (file, text, lines_before) in [
            ("---\r\na: 1\nb: 2\r\n---", "a: 1\nb: 2", 1),
            ("---\na: 1\n---\n", "a: 1", 1),
            ("a: 1\nb: 2", "a: 1\nb: 2", 0),
            ("a: 1\n---\n", "a: 1", 0),
            ("\n\n---\r\na: 1", "a: 1", 3),
            ("\u{feff}---\na: 1\n---", "a: 1", 1),
            ("--- \na: '---'\n---  ", "a: '---'", 1),
        ] {
            assert_eq!(ok(file), (text, lines_before), "{file:?}");
        }
    }

    #[test]
    fn refuses_what_holds_none() {
        for (file, error) in [
            (&b""[..], FrontMatterError::Empty),
            (b" \r\n\n", FrontMatterError::Empty),
            (b"---\r\n---", FrontMatterError::OnlyMarkers),
            (b"---", FrontMatterError::OnlyMarkers),
            (b"---\r\n\r\n---\r\n", FrontMatterError::OnlyMarkers),
            (b"a: \xff", FrontMatterError::NotUtf8(3)),
            (b"\x89PNG\0\0", FrontMatterError::Binary(4)),
        ] {
            assert_eq!(body(file), Err(error), "{file:?}");
        }
        assert_eq!(
            body(&vec![b'a'; MAX_FILE_BYTES + 1]),
            Err(FrontMatterError::TooLarge(MAX_FILE_BYTES + 1))
        );
    }
}
