//! Spells text in ASCII, for identifiers.

/// Returns text with each letter and digit spelled in ASCII, and a space for everything else.
///
/// Compatible characters, such as full-width letters and ligatures, are spelled alike, and so are
/// composed and decomposed accents.
pub fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            words.push(c);
        } else if c.is_ascii() {
            words.push(' ');
        } else {
            let spelled = any_ascii::any_ascii_char(c);
            // Punctuation separates words. An accent, which has no spelling, does not.
            words.extend(
                spelled
                    .chars()
                    .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }),
            );
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_letters_in_ascii() {
        for (text, words_of) in [
            ("get-user_name", "get user name"),
            ("cr\u{e9}er", "creer"),
            ("cre\u{301}er", "creer"),
            ("\u{ff46}\u{ff49}\u{ff4c}\u{ff45}", "file"),
            ("\u{fb01}le", "file"),
            ("\u{430}dmin", "admin"),
            ("Stra\u{df}e", "Strasse"),
            ("a\u{202e}b", "ab"),
            ("a\u{2013}b", "a b"),
        ] {
            assert_eq!(words(text), words_of, "{text:?}");
        }
    }
}
