//! The directory that the references of a document do not leave.

use openapi_text::pointer::percent_decode;
use openapi_text::{redact, references};
use url::Url;

/// The path where a host publishes its API catalog (RFC 9727, section 3.1).
pub(super) const WELL_KNOWN_CATALOG: &str = "/.well-known/api-catalog";

/// A directory, and the client that may request its files.
#[derive(Clone, Debug)]
pub(super) struct Root {
    /// With a trailing slash, without a query.
    directory: Url,
    /// The position of the client.
    pub(super) web: usize,
}

impl Root {
    /// Returns the directory of a file, or that of the whole host for the host's API catalog.
    pub(super) fn of(url: &Url, web: usize) -> Root {
        let mut directory = url.clone();
        let path = url.path();
        let end = path.rfind('/').map_or(0, |slash| slash + 1);
        let is_for_host = path == WELL_KNOWN_CATALOG;
        directory.set_path(if is_for_host { "/" } else { &path[..end] });
        directory.set_query(None);
        directory.set_fragment(None);
        Root { directory, web }
    }

    /// Returns true if a URL has the same scheme, host and port.
    pub(super) fn has_origin_of(&self, url: &Url) -> bool {
        has_same_origin(&self.directory, url)
    }

    /// Returns the path of a file below the directory, or `None` if it is not there.
    pub(super) fn relative<'u>(&self, url: &'u Url) -> Option<&'u str> {
        has_same_origin(&self.directory, url)
            .then(|| url.path().strip_prefix(self.directory.path()))
            .flatten()
    }

    /// Returns the reason why a reference may not lead to a URL.
    pub(super) fn refuse(&self, url: &Url) -> Option<String> {
        if !matches!(url.scheme(), "https" | "http") {
            return Some("the scheme is neither https nor http".to_owned());
        }
        if !has_same_origin(&self.directory, url) {
            return Some("it is on another host".to_owned());
        }
        if self.relative(url).is_none() {
            let directory = redact::url(&self.directory);
            return Some(format!("it is not below {directory}"));
        }
        refuse_path(url).map(str::to_owned)
    }
}

/// Returns the reason why a path is not requested. Servers may decode slashes, and leave a
/// directory.
pub(super) fn refuse_path(url: &Url) -> Option<&'static str> {
    let hides_slash = |segment: &str| {
        let segment = percent_decode(segment);
        segment.contains(['/', '\\', '\0']) || segment == ".."
    };
    let mut segments = url.path().split('/');
    segments
        .any(hides_slash)
        .then_some("the path has an encoded slash or NUL")
}

/// Returns the URL that a text in the file `base` stands for, without its fragment. A user and a
/// password are those of `base` on the same host; nobody else chooses them.
pub(super) fn resolve(base: &Url, text: &str) -> Result<Url, url::ParseError> {
    let mut url = references::resolve(base, text)?;
    let (user, password) = match has_same_origin(base, &url) {
        true => (base.username(), base.password()),
        false => ("", None),
    };
    // Fails only for URLs that cannot have a user.
    let _ = url.set_username(user);
    let _ = url.set_password(password);
    Ok(url)
}

/// Returns a text that is equal for equal files: the URL without user, password and fragment.
pub(super) fn key(url: &Url) -> String {
    let mut url = url.clone();
    // Fails only for URLs that cannot have a user.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_fragment(None);
    url.into()
}

/// Returns true if two URLs have the same scheme, host and port.
fn has_same_origin(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme()
        && one.host() == other.host()
        && one.port_or_known_default() == other.port_or_known_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_stay_below_the_root() {
        let base = Url::parse("https://me:pw@host/a/b/index.yml?x=1").unwrap();
        let root = Root::of(&base, 0);
        for (text, reason) in [
            ("c.yml#/x", None),
            ("../b/c/d.yml?v=2", None),
            ("v1:beds.yml", None),
            ("mailto://x", Some("the scheme is neither https nor http")),
            ("https://host:443/a/b/c.yml", None),
            ("//other@host/a/b/c.yml", None),
            ("../c.yml", Some("it is not below https://host/a/b/")),
            ("/a/bc.yml", Some("it is not below https://host/a/b/")),
            ("%2e%2e/c.yml", Some("it is not below https://host/a/b/")),
            ("..%2Fc.yml", Some("the path has an encoded slash or NUL")),
            ("..%5cc.yml", Some("the path has an encoded slash or NUL")),
            ("c%00.yml", Some("the path has an encoded slash or NUL")),
            ("https://host:8443/a/b/c.yml", Some("it is on another host")),
            (
                "https://me:pw@other/a/b/c.yml",
                Some("it is on another host"),
            ),
            ("http://host/a/b/c.yml", Some("it is on another host")),
            (
                "file:///a/b/c.yml",
                Some("the scheme is neither https nor http"),
            ),
            ("data:,x", Some("the scheme is neither https nor http")),
        ] {
            let url = resolve(&base, text).unwrap();
            assert_eq!(root.refuse(&url).as_deref(), reason, "{text}");
            let credentials = (url.username(), url.password());
            let own = has_same_origin(&base, &url);
            let expected = if own { ("me", Some("pw")) } else { ("", None) };
            assert_eq!(credentials, expected, "{text}");
        }
    }
}
