//! Files that are web pages.

/// Returns true if a file is a web page, such as a login or error page. No document starts with
/// `<`.
pub fn is_html(bytes: &[u8]) -> bool {
    bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(bytes)
        .trim_ascii_start()
        .starts_with(b"<")
}
