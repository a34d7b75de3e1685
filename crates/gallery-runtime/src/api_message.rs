//! The API's own message in the body of an error.

use serde_json::Value;

/// The maximum number of characters of a message.
const MAX_CHARS: usize = 300;

/// Returns the message of a JSON body, on one line, after `redact`. `None` if the body has no known
/// message.
pub(crate) fn api_message(body: &[u8], redact: impl FnOnce(&str) -> String) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let candidates = [
        &body["message"],
        &body["error"],
        &body["error"]["message"],
        &body["detail"],
        &body["title"],
        &body["errors"][0]["message"],
        &body["error_description"],
    ];
    let texts = candidates.into_iter().filter_map(Value::as_str);
    let text = texts.map(str::trim).find(|text| !text.is_empty())?;
    Some(one_line(&redact(text)))
}

/// Escapes characters that could change the line or the terminal, and truncates long text.
pub(crate) fn one_line(text: &str) -> String {
    let (mut line, mut count) = (String::new(), 0);
    for character in text.chars() {
        let escape = is_control(character).then(|| character.escape_default());
        count += escape.as_ref().map_or(1, ExactSizeIterator::len);
        if count > MAX_CHARS {
            line.push('…');
            break;
        }
        match escape {
            Some(escape) => line.extend(escape),
            None => line.push(character),
        }
    }
    line
}

/// Returns whether a character is a control character, a line separator, or changes the direction
/// of text.
fn is_control(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(body: &str) -> Option<String> {
        api_message(body.as_bytes(), str::to_owned)
    }

    #[test]
    fn finds_the_message() {
        for (body, expected) in [
            (r#"{"message": "m", "error": "e"}"#, Some("m")),
            (r#"{"message": " ", "error": "e"}"#, Some("e")),
            (
                r#"{"message": {"a": 1}, "error": {"message": "m"}, "title": "t"}"#,
                Some("m"),
            ),
            (r#"{"title": "t", "detail": "d"}"#, Some("d")),
            (r#"{"title": "t", "status": 403}"#, Some("t")),
            (
                r#"{"errors": [{"message": "m"}, {"message": "n"}]}"#,
                Some("m"),
            ),
            (r#"{"error": 1, "error_description": "d"}"#, Some("d")),
            (r#"{"errors": []}"#, None),
            (r#"[{"message": "m"}]"#, None),
            (r#""message""#, None),
            ("<html>", None),
            ("{\"message\": \"m", None),
            ("", None),
        ] {
            assert_eq!(message(body).as_deref(), expected, "{body}");
        }
    }

    #[test]
    fn prints_messages_on_one_short_line() {
        assert_eq!(
            message(r#"{"message": "a\r\nb\u001b[31m \u2028\u202e é \"\\"}"#).as_deref(),
            Some("a\\r\\nb\\u{1b}[31m \\u{2028}\\u{202e} é \"\\")
        );
        let long = message(&format!(r#"{{"detail": "{}"}}"#, "ü".repeat(301))).unwrap();
        assert_eq!(long, format!("{}…", "ü".repeat(300)));
        let escaped = message(&format!(r#"{{"detail": "{}"}}"#, "\\u0000".repeat(300))).unwrap();
        assert!(escaped.chars().count() <= 301, "{escaped}");
    }
}
