//! URLs as messages and the lock show them: without user name, password, query and fragment, which may be secret.

use url::Url;

/// A URL.
pub fn url(url: &Url) -> String {
    let mut url = url.clone();
    // Fails only for URLs that cannot have a user, which is as well.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

/// A text that should be a URL, and may be none.
pub fn text(text: &str) -> String {
    match Url::parse(text) {
        Ok(parsed) => url(&parsed),
        Err(_) => {
            let path = text.split(['?', '#']).next().unwrap_or_default();
            path.rsplit('@')
                .next()
                .unwrap_or_default()
                .escape_debug()
                .to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_secret_is_left_out() {
        for (from, to) in [
            (
                "https://user:secret@host/a?token=secret#secret",
                "https://host/a",
            ),
            ("//user:secret@host/a?secret", "host/a"),
            ("..\u{202e}/a", "..\\u{202e}/a"),
        ] {
            assert_eq!(text(from), to);
        }
    }
}
