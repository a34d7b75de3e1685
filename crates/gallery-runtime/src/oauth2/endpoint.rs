//! URLs of endpoints.

use std::fmt;

use ::oauth2::http::Uri;
use url::{Host, Url};

use super::error::OAuthError;

/// The restrictions on the URLs of endpoints.
#[derive(Clone, Copy)]
pub(crate) struct UrlRules {
    /// True if hosts other than loopback addresses may use `http`.
    pub(crate) allow_http: bool,
    /// False if the HTTP client cannot send requests to `https` URLs.
    pub(crate) has_tls: bool,
}

/// The URL of an endpoint. `Display` shows the scheme, the host and the path.
#[derive(Clone)]
pub(crate) struct Endpoint {
    pub(crate) url: Url,
}

impl Endpoint {
    /// Parses the URL of an endpoint. `role` names the URL in messages.
    pub(crate) fn parse(
        role: &'static str,
        url: &str,
        rules: UrlRules,
    ) -> Result<Endpoint, OAuthError> {
        let invalid = |reason: &str| OAuthError::InvalidUrl {
            role,
            reason: reason.to_owned(),
        };
        let url = Url::parse(url).map_err(|error| invalid(&error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(invalid("the scheme must be http or https"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(invalid(
                "user name and password belong in the client ID and `client_secret`",
            ));
        }
        if url.fragment().is_some() {
            return Err(invalid("it cannot have a fragment"));
        }
        if url.as_str().parse::<Uri>().is_err() {
            return Err(invalid("it has a character that is not allowed in a URI"));
        }
        let endpoint = Endpoint { url };
        let is_https = endpoint.url.scheme() == "https";
        if !is_https && !rules.allow_http && !is_loopback(&endpoint.url) {
            let endpoint = endpoint.to_string();
            return Err(OAuthError::InsecureUrl { role, endpoint });
        }
        if is_https && !rules.has_tls {
            let endpoint = endpoint.to_string();
            return Err(OAuthError::TlsDisabled { role, endpoint });
        }
        Ok(endpoint)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut url = self.url.clone();
        url.set_query(None);
        f.write_str(url.as_str())
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
