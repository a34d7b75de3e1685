//! The hosts that may be requested: the source's, and those that `gallery.toml` allows for
//! redirects.

use openapi_text::redact;
use url::{Host, Url};

use crate::error::FetchError;

/// The reason for rejecting a host that is not allowed.
pub(crate) const OTHER_HOST: &str = "add the host to `hosts` in specs/gallery.toml to allow it";

/// The hosts that may be requested.
#[derive(Debug)]
pub(crate) struct Hosts {
    /// True if the source is http on loopback. Then other loopback hosts may be http as well.
    plain: bool,
    /// Hosts and ports.
    allowed: Vec<(String, u16)>,
}

impl Hosts {
    /// Allows the host of `base`, and `more` hosts of the form `NAME` or `NAME:PORT`. Rejects an
    /// unsafe source.
    pub(crate) fn new(base: &Url, more: &[String]) -> Result<Hosts, FetchError> {
        let refuse = |reason| {
            Err(FetchError::Source {
                source_url: redact::url(base),
                reason,
            })
        };
        let plain = match base.scheme() {
            "https" => false,
            "http" if is_loopback(base) => true,
            "http" => return refuse("http can be modified in transit"),
            _ => return refuse("the scheme is neither https nor http"),
        };
        if base.query().is_some() || base.fragment().is_some() {
            return refuse(
                "a base URL must not have a query or a fragment, because file names are appended to it",
            );
        }
        // The default port is that of the scheme.
        let more = more
            .iter()
            .filter_map(|host| Url::parse(&format!("{}://{host}/", base.scheme())).ok());
        let allowed = std::iter::once(base.clone())
            .chain(more)
            .filter_map(|url| host_and_port(&url))
            .collect();
        Ok(Hosts { plain, allowed })
    }

    /// Returns the reason why a URL is not allowed.
    pub(crate) fn refuse(&self, url: &Url) -> Option<&'static str> {
        match url.scheme() {
            "https" => {}
            "http" if self.plain && is_loopback(url) => {}
            "http" => return Some("http can be modified in transit"),
            _ => return Some("the scheme is neither https nor http"),
        }
        let allowed = host_and_port(url).is_some_and(|host| self.allowed.contains(&host));
        (!allowed).then_some(OTHER_HOST)
    }
}

fn host_and_port(url: &Url) -> Option<(String, u16)> {
    Some((url.host_str()?.to_owned(), url.port_or_known_default()?))
}

/// Returns the base URL with one trailing slash.
pub(crate) fn base(url: &Url) -> Url {
    let mut base = url.clone();
    base.set_path(&format!("{}/", url.path().trim_end_matches('/')));
    base
}

/// Returns true if the host of the URL is a loopback address or `localhost`.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognizes_loopback() {
        for (url, is) in [
            ("http://127.0.0.1/", true),
            ("http://127.9.8.7:81/", true),
            ("http://[::1]:81/", true),
            ("http://LOCALHOST/", true),
            ("http://127.0.0.1.example.com/", false),
            ("http://localhost.example.com/", false),
            ("http://localhost@example.com/", false),
            ("http://10.0.0.1/", false),
            ("http://0.0.0.0/", false),
            ("http://[::ffff:127.0.0.1]/", false),
            ("file:///127.0.0.1/", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(url).unwrap()), is, "{url}");
        }
    }

    #[test]
    fn allows_only_the_configured_hosts() {
        let hosts = |base: &str| {
            Hosts::new(
                &Url::parse(base).unwrap(),
                &["b.example.com".into(), "127.0.0.1:81".into()],
            )
            .unwrap()
        };
        let https = hosts("https://a.example.com/x/");
        for (url, is) in [
            ("https://a.example.com/y", true),
            ("https://a.example.com:443/y", true),
            ("https://b.example.com/", true),
            ("https://127.0.0.1:81/", true),
            ("https://a.example.com:8443/y", false),
            ("https://b.example.com.example.org/", false),
            ("https://c.example.com/", false),
            ("https://a.example.com@c.example.com/", false),
            ("http://a.example.com/y", false),
            ("http://127.0.0.1:81/", false),
            ("file:///etc/passwd", false),
        ] {
            assert_eq!(
                https.refuse(&Url::parse(url).unwrap()).is_none(),
                is,
                "{url}"
            );
        }
        let plain = hosts("http://127.0.0.1:80/");
        for (url, is) in [
            ("http://127.0.0.1/", true),
            ("http://127.0.0.1:81/", true),
            ("http://127.0.0.1:82/", false),
        ] {
            assert_eq!(
                plain.refuse(&Url::parse(url).unwrap()).is_none(),
                is,
                "{url}"
            );
        }
    }
}
