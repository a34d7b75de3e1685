//! Settings of connections.

use std::fmt;
use std::time::Duration;

#[cfg(any(feature = "rustls", feature = "native-tls"))]
use reqwest::{Certificate, Identity};
use reqwest::{ClientBuilder, Proxy};

use crate::client_error::InvalidSetting;

/// Settings of the connections of a client.
///
/// By default, proxies are those of the environment variables `HTTP_PROXY`, `HTTPS_PROXY`,
/// `ALL_PROXY` and `NO_PROXY`, and root certificates those of the operating system.
///
/// ```
/// use std::time::Duration;
/// use gallery_runtime::Connection;
///
/// let connection = Connection::new()
///     .proxy("http://proxy.example.com:3128")
///     .max_idle_connections(2)
///     .idle_timeout(Duration::from_secs(10));
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct Connection {
    proxy: Option<String>,
    ignores_proxies: bool,
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    root_certificates: Vec<Vec<u8>>,
    /// A certificate and its key.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    client_certificate: Option<(Vec<u8>, Vec<u8>)>,
    max_idle_connections: Option<usize>,
    idle_timeout: Option<Duration>,
    #[cfg(feature = "http2")]
    http2_only: bool,
}

impl Connection {
    /// Creates the default settings.
    pub fn new() -> Connection {
        Connection::default()
    }

    /// Sends all requests through this proxy. The URL may have a user name and a password.
    pub fn proxy(mut self, url: impl Into<String>) -> Connection {
        self.proxy = Some(url.into());
        self
    }

    /// Ignores the proxies of the environment.
    pub fn ignore_proxies(mut self) -> Connection {
        self.ignores_proxies = true;
        self
    }

    /// Trusts these certificates too, in PEM format.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Connection {
        self.root_certificates.push(pem.into());
        self
    }

    /// Sends this certificate to servers that ask for one. The certificate with its chain and its
    /// key are in PEM format; the key is in PKCS #8.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub fn client_certificate(
        mut self,
        certificate_pem: impl Into<Vec<u8>>,
        key_pem: impl Into<Vec<u8>>,
    ) -> Connection {
        self.client_certificate = Some((certificate_pem.into(), key_pem.into()));
        self
    }

    /// Sets the maximum number of unused connections that are kept for each host. Default: no
    /// limit.
    pub fn max_idle_connections(mut self, count: usize) -> Connection {
        self.max_idle_connections = Some(count);
        self
    }

    /// Sets the time after which an unused connection is closed. Default: 90 s.
    pub fn idle_timeout(mut self, timeout: Duration) -> Connection {
        self.idle_timeout = Some(timeout);
        self
    }

    /// Uses HTTP/2 without asking the server, also without TLS.
    #[cfg(feature = "http2")]
    pub fn http2_only(mut self) -> Connection {
        self.http2_only = true;
        self
    }

    /// Applies the settings.
    pub(crate) fn apply(self, mut http: ClientBuilder) -> Result<ClientBuilder, InvalidSetting> {
        let invalid = |name| {
            move |error: reqwest::Error| InvalidSetting {
                name,
                error: error.without_url(),
            }
        };
        if self.ignores_proxies {
            http = http.no_proxy();
        }
        if let Some(url) = self.proxy {
            http = http.proxy(Proxy::all(url).map_err(invalid("proxy"))?);
        }
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        {
            for pem in self.root_certificates {
                let certificates = Certificate::from_pem_bundle(&pem);
                for certificate in certificates.map_err(invalid("root certificate"))? {
                    http = http.add_root_certificate(certificate);
                }
            }
            if let Some((certificate, key)) = self.client_certificate {
                let identity = identity(&certificate, &key);
                http = http.identity(identity.map_err(invalid("client certificate"))?);
            }
        }
        if let Some(count) = self.max_idle_connections {
            http = http.pool_max_idle_per_host(count);
        }
        if let Some(timeout) = self.idle_timeout {
            http = http.pool_idle_timeout(timeout);
        }
        #[cfg(feature = "http2")]
        if self.http2_only {
            http = http.http2_prior_knowledge();
        }
        Ok(http)
    }
}

#[cfg(all(feature = "rustls", not(feature = "native-tls")))]
fn identity(certificate: &[u8], key: &[u8]) -> reqwest::Result<Identity> {
    Identity::from_pem(&[certificate, b"\n", key].concat())
}

#[cfg(feature = "native-tls")]
fn identity(certificate: &[u8], key: &[u8]) -> reqwest::Result<Identity> {
    Identity::from_pkcs8_pem(certificate, key)
}

/// Shows neither the URL of the proxy, which may have a password, nor keys.
impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("has_proxy", &self.proxy.is_some())
            .field("max_idle_connections", &self.max_idle_connections)
            .field("idle_timeout", &self.idle_timeout)
            .finish_non_exhaustive()
    }
}
