//! Requests one file over HTTP, with conditional requests, retries and a check of each host.

use std::time::{Duration, SystemTime};

use openapi_text::redact;
use reqwest::header::{CONTENT_ENCODING, ETAG, HeaderMap, IF_NONE_MATCH, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use url::Url;

use crate::budget::Budget;
use crate::error::{FetchError, certificate, reason};
use crate::event::Event;
use crate::hosts::{Hosts, is_loopback};
use crate::retry::{is_transient, retry_after};
use crate::settings::Settings;

const USER_AGENT: &str = concat!(
    "gallery-fetch/",
    env!("CARGO_PKG_VERSION"),
    " (+gallery fetch)"
);

/// Maximum number of redirects of a request.
const MAX_REDIRECTS: usize = 5;

/// An HTTP client that requests only allowed hosts.
pub(crate) struct Web {
    client: Client,
    hosts: Hosts,
    settings: Settings,
    /// True if a mirror may have the same files, which errors recommend.
    mirror: bool,
}

/// The response to a request for a file.
#[derive(Debug)]
pub(crate) enum FileResponse {
    /// The file.
    File {
        /// The content.
        bytes: Vec<u8>,
        /// The ETag.
        etag: Option<String>,
    },
    /// The file still has the ETag of the request.
    Unchanged,
    /// The file does not exist.
    Absent,
}

/// A failed attempt.
struct Failure {
    error: FetchError,
    transient: bool,
    /// The server's `Retry-After`.
    retry_after: Option<Duration>,
}

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Failure {
        Failure {
            error,
            transient: false,
            retry_after: None,
        }
    }
}

impl Web {
    /// Creates a client without connecting.
    pub(crate) fn new(
        base: &Url,
        hosts: &[String],
        settings: &Settings,
    ) -> Result<Web, FetchError> {
        let hosts = Hosts::new(base, hosts)?;
        // An error means that the program has chosen another provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut client = Client::builder()
            .user_agent(USER_AGENT)
            .redirect(Policy::none())
            .connect_timeout(settings.connect_timeout)
            .read_timeout(settings.idle_timeout)
            .timeout(settings.request_timeout)
            .https_only(base.scheme() == "https");
        if is_loopback(base) {
            // A proxy would forward plain http to other machines.
            client = client.no_proxy();
        }
        if base.scheme() == "http" {
            // Without TLS, do not fail on machines without certificates.
            client = client.tls_certs_only([]);
        }
        let client = client.build().map_err(|error| FetchError::Client {
            reason: reason(error),
        })?;
        Ok(Web {
            client,
            hosts,
            settings: settings.clone(),
            mirror: true,
        })
    }

    /// Creates a client for one document, which no mirror has.
    pub(crate) fn for_document(
        url: &Url,
        hosts: &[String],
        settings: &Settings,
    ) -> Result<Web, FetchError> {
        let mut base = url.clone();
        base.set_query(None);
        base.set_fragment(None);
        match Web::new(&base, hosts, settings) {
            Ok(web) => Ok(Web {
                mirror: false,
                ..web
            }),
            Err(FetchError::Source { source_url, reason }) => Err(FetchError::UnsafeUrl {
                at: source_url,
                reason,
            }),
            Err(error) => Err(error),
        }
    }

    /// Returns the reason why a URL is not allowed.
    pub(crate) fn refuse(&self, url: &Url) -> Option<&'static str> {
        self.hosts.refuse(url)
    }

    /// Requests the file at `url`, with `etag` for a conditional request. Calls `on` before each
    /// retry.
    pub(crate) async fn get(
        &self,
        url: &Url,
        etag: Option<&str>,
        budget: &Budget,
        on: &(dyn Fn(Event) + Sync),
    ) -> Result<FileResponse, FetchError> {
        let mut attempt = 1;
        loop {
            let failure = match self.attempt(url, etag, budget).await {
                Ok(response) => return Ok(response),
                Err(failure) => failure,
            };
            let delay = self
                .settings
                .retries
                .delay(attempt, failure.retry_after, fastrand::f64())
                .filter(|_| failure.transient);
            let Some(wait) = delay else {
                return Err(failure.error.after(attempt));
            };
            on(Event::Waiting {
                at: redact::url(url),
                reason: failure.error.reason(),
                wait,
            });
            tokio::time::sleep(wait).await;
            attempt += 1;
        }
    }

    async fn attempt(
        &self,
        url: &Url,
        etag: Option<&str>,
        budget: &Budget,
    ) -> Result<FileResponse, Failure> {
        let at = redact::url(url);
        let mut response = self.send(url, etag).await?;
        let mut hops = 0;
        while is_redirect(response.status()) {
            let next = self.target(&at, &response)?;
            hops += 1;
            if hops > MAX_REDIRECTS {
                return Err(FetchError::RedirectLoop {
                    at,
                    limit: MAX_REDIRECTS,
                }
                .into());
            }
            response = self.send(&next, etag).await?;
        }
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Ok(FileResponse::Absent),
            StatusCode::NOT_MODIFIED if etag.is_some() => return Ok(FileResponse::Unchanged),
            status => {
                let retry_after = retry_after(response.headers(), SystemTime::now());
                let error = FetchError::Status {
                    at,
                    status,
                    retry_after,
                    attempts: 1,
                    mirror: self.mirror,
                };
                return Err(Failure {
                    error,
                    transient: is_transient(status),
                    retry_after,
                });
            }
        }
        // The HTTP library decodes what it knows, and removes the header.
        if let Some(encoding) = response
            .headers()
            .get(CONTENT_ENCODING)
            .filter(|encoding| *encoding != "identity")
        {
            let encoding = String::from_utf8_lossy(encoding.as_bytes())
                .escape_debug()
                .to_string();
            return Err(FetchError::Encoding { at, encoding }.into());
        }
        let etag = text(response.headers(), &ETAG);
        let bytes = self.body(&at, response, budget).await?;
        Ok(FileResponse::File { bytes, etag })
    }

    async fn send(&self, url: &Url, etag: Option<&str>) -> Result<Response, Failure> {
        let mut request = self.client.get(url.clone());
        if let Some(etag) = etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        request
            .send()
            .await
            .map_err(|error| self.connection_failure(&redact::url(url), error))
    }

    /// Returns the target of a redirect, if it is allowed.
    fn target(&self, at: &str, response: &Response) -> Result<Url, FetchError> {
        let location = text(response.headers(), &LOCATION);
        let Some(target) = location.and_then(|location| response.url().join(&location).ok()) else {
            let reason = "the header `Location` is missing or invalid";
            return Err(FetchError::Redirect {
                at: at.to_owned(),
                to: "an unknown location".to_owned(),
                reason,
            });
        };
        match self.hosts.refuse(&target) {
            Some(reason) => Err(FetchError::Redirect {
                at: at.to_owned(),
                to: redact::url(&target),
                reason,
            }),
            None => Ok(without_credentials(target)),
        }
    }

    async fn body(
        &self,
        at: &str,
        mut response: Response,
        budget: &Budget,
    ) -> Result<Vec<u8>, Failure> {
        budget.announce(at, response.content_length().unwrap_or(0))?;
        let mut bytes = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) => {
                    budget.take(at, bytes.len(), chunk.len())?;
                    bytes.extend_from_slice(&chunk);
                }
                Ok(None) => return Ok(bytes),
                Err(error) => {
                    budget.give_back(bytes.len());
                    return Err(self.connection_failure(at, error));
                }
            }
        }
    }

    /// Returns the failure for a connection that failed or broke.
    fn connection_failure(&self, at: &str, error: reqwest::Error) -> Failure {
        if let Some(reason) = certificate(&error) {
            return FetchError::Certificate {
                at: at.to_owned(),
                reason,
            }
            .into();
        }
        let reason = match (error.is_timeout(), error.is_connect()) {
            (true, true) => format!("no connection within {:?}", self.settings.connect_timeout),
            (true, false) => {
                format!(
                    "no data for {:?}, or not complete after {:?}",
                    self.settings.idle_timeout, self.settings.request_timeout
                )
            }
            (false, _) => reason(error),
        };
        let error = FetchError::Unreachable {
            at: at.to_owned(),
            reason,
            attempts: 1,
            mirror: self.mirror,
        };
        Failure {
            error,
            transient: true,
            retry_after: None,
        }
    }
}

/// Removes the user and the password, which a server must not choose.
fn without_credentials(mut url: Url) -> Url {
    // This fails only for URLs without a host, which have no credentials.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn text(headers: &HeaderMap, name: &reqwest::header::HeaderName) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}
