//! Which URLs are ever asked for: those of the source, and after a redirect those of hosts that `gallery.toml` allows.

use openapi_text::redact;
use url::{Host, Url};

use crate::error::FetchError;

/// The hosts that may be asked.
#[derive(Debug)]
pub(crate) struct Hosts {
    /// Whether the source is this machine over plain http, and then others of it may be.
    plain: bool,
    /// Host and port.
    allowed: Vec<(String, u16)>,
}

impl Hosts {
    /// The source's host, and `more` of the form `NAME` or `NAME:PORT`. Refuses a source that is not safe.
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
            "http" => return refuse("http lets anyone on the way change what is fetched"),
            _ => return refuse("it is neither https nor http"),
        };
        if base.query().is_some() || base.fragment().is_some() {
            return refuse(
                "a base URL has no query and no fragment, since file names are put behind its path",
            );
        }
        // What is written without a port is meant with the scheme's own.
        let more = more
            .iter()
            .filter_map(|host| Url::parse(&format!("{}://{host}/", base.scheme())).ok());
        let allowed = std::iter::once(base.clone())
            .chain(more)
            .filter_map(|url| place(&url))
            .collect();
        Ok(Hosts { plain, allowed })
    }

    /// Why the URL is not asked for, if it is not.
    pub(crate) fn refuse(&self, url: &Url) -> Option<&'static str> {
        match url.scheme() {
            "https" => {}
            "http" if self.plain && is_loopback(url) => {}
            "http" => return Some("http lets anyone on the way change what is fetched"),
            _ => return Some("it is neither https nor http"),
        }
        let allowed = place(url).is_some_and(|place| self.allowed.contains(&place));
        (!allowed).then_some(
            "its host is neither the source's nor one of the `hosts` of specs/gallery.toml",
        )
    }
}

fn place(url: &Url) -> Option<(String, u16)> {
    Some((url.host_str()?.to_owned(), url.port_or_known_default()?))
}

/// The base URL with exactly one slash at its end.
pub(crate) fn base(url: &Url) -> Url {
    let mut base = url.clone();
    base.set_path(&format!("{}/", url.path().trim_end_matches('/')));
    base
}

/// Whether the URL's host is this machine and cannot be another.
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
    fn only_this_machine_is_loopback() {
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
    fn only_allowed_hosts_are_asked() {
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
