//! Removes user name, password, query and fragment from URLs, because they may be secret.

use url::Url;

/// Returns a URL without its secrets.
pub fn url(url: &Url) -> String {
    let mut url = url.clone();
    // Fails only for URLs that cannot have a user.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

/// Returns a text without secrets, also if it is not a valid URL.
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
    fn removes_secrets() {
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
