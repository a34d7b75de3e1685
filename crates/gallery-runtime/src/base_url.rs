//! Base URLs of APIs.

use url::Url;

/// A valid base URL, which operation paths are appended to.
#[derive(Debug)]
pub(crate) struct BaseUrl {
    /// The URL without trailing slashes.
    pub(crate) text: String,
    pub(crate) url: Url,
}

/// An invalid base URL.
#[derive(Debug)]
pub(crate) struct InvalidBaseUrl {
    /// The URL, without user name, password, query and fragment.
    pub(crate) url: String,
    pub(crate) reason: String,
}

impl BaseUrl {
    /// Returns the path without trailing slashes.
    pub(crate) fn path(&self) -> &str {
        self.url.path().trim_end_matches('/')
    }

    /// Returns the URL of a path and a query. The path begins with that of the base URL.
    pub(crate) fn join(&self, path: &str) -> Result<Url, url::ParseError> {
        let base = &self.url;
        // Two slashes would begin a host.
        if path.starts_with("//") {
            let end = base.as_str().len() - base.path().len();
            return Url::parse(&format!("{}{path}", &base.as_str()[..end]));
        }
        // This does not parse scheme, host and port again.
        Url::options().base_url(Some(base)).parse(path)
    }

    /// Parses a base URL. Errors never contain credentials.
    pub(crate) fn parse(base_url: &str) -> Result<BaseUrl, InvalidBaseUrl> {
        let invalid = |url: &str, reason: &str| {
            Err(InvalidBaseUrl {
                url: url.to_owned(),
                reason: reason.to_owned(),
            })
        };
        let mut url = match Url::parse(base_url) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => url,
            Ok(_) => return invalid(&redact(base_url), "the scheme must be http or https"),
            Err(error) => return invalid(&redact(base_url), &error.to_string()),
        };
        let has_query = url.query().is_some() || url.fragment().is_some();
        url.set_query(None);
        url.set_fragment(None);
        if !url.username().is_empty() || url.password().is_some() {
            // These setters fail only for URLs without a host, which http(s) URLs always have.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            return invalid(
                url.as_str(),
                "user name and password belong in `basic_auth`, not in the URL",
            );
        }
        if has_query {
            return invalid(url.as_str(), "a base URL cannot have a query or fragment");
        }
        Ok(BaseUrl {
            text: url.as_str().trim_end_matches('/').to_owned(),
            url,
        })
    }
}

/// Removes parts of an unparsable URL that may contain secrets: text before an `@`, after a `?`
/// and after a `#`.
fn redact(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    url.rsplit_once('@')
        .map_or(url.to_owned(), |(_, rest)| format!("…@{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trims_trailing_slashes() {
        for (given, expected) in [
            ("https://host", "https://host"),
            ("https://host/", "https://host"),
            ("http://host:8065/api/v4//", "http://host:8065/api/v4"),
        ] {
            assert_eq!(BaseUrl::parse(given).unwrap().text, expected);
        }
    }

    #[test]
    fn joins_paths_without_another_host() {
        for base in ["https://host:8065", "https://host:8065/v4/"] {
            let base = BaseUrl::parse(base).unwrap();
            for path in ["/", "/a", "//a", "///a/b", "/a//b/?c=//d", "/:b", "/a?b=c"] {
                let path = format!("{}{path}", base.path());
                let url = base.join(&path).unwrap();
                assert_eq!(url.as_str(), format!("https://host:8065{path}"));
            }
        }
    }

    #[test]
    fn rejects_invalid_urls_without_showing_secrets() {
        for (given, url, reason) in [
            ("", "", "relative URL without a base"),
            ("host/api", "host/api", "relative URL without a base"),
            ("http://", "http://", "empty host"),
            (
                "file:///etc",
                "file:///etc",
                "the scheme must be http or https",
            ),
            (
                "https://h/?a=secret",
                "https://h/",
                "a base URL cannot have a query or fragment",
            ),
            ("h?key=secret", "h", "relative URL without a base"),
            (
                "https://me:secret@h/?secret",
                "https://h/",
                "user name and password belong in `basic_auth`, not in the URL",
            ),
            ("me:secret@h", "…@h", "the scheme must be http or https"),
        ] {
            let error = BaseUrl::parse(given).unwrap_err();
            assert_eq!((error.url.as_str(), error.reason.as_str()), (url, reason));
        }
    }
}
