//! JSON pointers (RFC 6901), also as URI fragments.

use std::borrow::Cow;

/// Escapes a key as one segment of a JSON pointer.
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Appends a key to a JSON pointer.
pub fn push(pointer: &mut String, key: &str) {
    pointer.push('/');
    if key.contains(['~', '/']) {
        pointer.push_str(&escape(key));
    } else {
        pointer.push_str(key);
    }
}

/// Returns the key that a segment of a JSON pointer stands for.
pub fn unescape(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

/// Returns the JSON pointer of a reference within a document, or `None` for other references.
pub fn of_reference(reference: &str) -> Option<Cow<'_, str>> {
    let fragment = reference.strip_prefix('#')?;
    let is_pointer = fragment.is_empty() || fragment.starts_with('/');
    is_pointer.then(|| match fragment.contains('%') {
        true => Cow::Owned(percent_decode(fragment)),
        false => Cow::Borrowed(fragment),
    })
}

/// Decodes percent-encoding. Malformed codes are kept as they are, and so is the whole text if the
/// result is not UTF-8.
pub fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut result = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = text
            .get(at + 1..at + 3)
            .filter(|code| bytes[at] == b'%' && starts_with_hex_pair(code));
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                result.push(byte);
                at += 3;
            }
            None => {
                result.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(result).unwrap_or_else(|_| text.to_owned())
}

/// Returns true if the text starts with two hexadecimal digits, as percent codes do after the `%`.
pub(crate) fn starts_with_hex_pair(text: &str) -> bool {
    text.len() >= 2 && text.bytes().take(2).all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_unescapes_segments() {
        for (key, segment) in [("a/b", "a~1b"), ("~1", "~01"), ("{id}", "{id}")] {
            assert_eq!(escape(key), segment);
            assert_eq!(unescape(segment), key);
        }
    }

    #[test]
    fn finds_the_pointer_of_a_local_reference() {
        let pointer = of_reference("#/paths/~1a~1%7Bid%7D");
        assert_eq!(pointer.as_deref(), Some("/paths/~1a~1{id}"));
        assert_eq!(of_reference("#").as_deref(), Some(""));
        assert_eq!(of_reference("other.yaml#/a"), None);
        assert_eq!(of_reference("#anchor"), None);
    }

    #[test]
    fn keeps_malformed_percent_codes() {
        assert_eq!(percent_decode("%7Bid%7D%2"), "{id}%2");
        assert_eq!(percent_decode("%zz%C3%A9"), "%zzé");
        assert_eq!(percent_decode("%ff"), "%ff");
    }
}
