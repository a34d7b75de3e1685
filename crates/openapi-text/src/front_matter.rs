//! Finds the YAML in a file with front matter.
//!
//! Files of api.gallery put their YAML between `---` lines. These end in CRLF while all other lines
//! end in LF, and there is no newline after the last one. Files without such lines are YAML as a
//! whole.

use thiserror::Error;

/// The maximum size of a file, in bytes. Documents of api.gallery have about 70 KB, combined ones
/// up to 1 MB.
pub const MAX_FILE_BYTES: usize = 32 << 20;

/// The YAML of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Body<'a> {
    /// The YAML text, without markers.
    pub text: &'a str,
    /// Number of lines of the file before the first line of `text`.
    pub lines_before: usize,
}

/// An error from [`body`].
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum FrontMatterError {
    /// The file has no bytes, or only white space.
    #[error("the file is empty")]
    Empty,
    /// The file has only `---` lines.
    #[error("the file has only `---` lines, without a document between them")]
    OnlyMarkers,
    /// The file is larger than [`MAX_FILE_BYTES`].
    #[error("the file has {0} bytes; the maximum is {MAX_FILE_BYTES}")]
    TooLarge(usize),
    /// The file is not UTF-8.
    #[error("the file is not UTF-8 text: invalid byte at offset {0}")]
    NotUtf8(usize),
    /// The file begins with the byte order mark of UTF-16.
    #[error("the file is UTF-16 text; save it as UTF-8")]
    Utf16,
    /// The file has a NUL byte.
    #[error("the file is binary: NUL byte at offset {0}")]
    Binary(usize),
}

/// Returns the YAML of a file.
pub fn body(bytes: &[u8]) -> Result<Body<'_>, FrontMatterError> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(FrontMatterError::TooLarge(bytes.len()));
    }
    if bytes.starts_with(&[0xFE, 0xFF]) || bytes.starts_with(&[0xFF, 0xFE]) {
        return Err(FrontMatterError::Utf16);
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

    // Count blank lines before the opening marker, so that positions stay those of the file.
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
    fn finds_yaml_with_and_without_markers() {
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
    fn rejects_files_without_yaml() {
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
