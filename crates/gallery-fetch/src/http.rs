//! One file over HTTP: asked for politely, again if it may help, and never elsewhere than allowed.

use std::time::{Duration, SystemTime};

use openapi_text::redact;
use reqwest::header::{CONTENT_ENCODING, ETAG, HeaderMap, IF_NONE_MATCH, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use url::Url;

use crate::budget::Budget;
use crate::error::{FetchError, certificate, reason};
use crate::hosts::{Hosts, is_loopback};
use crate::retry::{asked, is_transient};
use crate::{Event, Settings};

const USER_AGENT: &str = concat!(
    "gallery-fetch/",
    env!("CARGO_PKG_VERSION"),
    " (+cargo xtask fetch)"
);

/// How many redirects one request follows.
const MAX_REDIRECTS: usize = 5;

/// An HTTP client that keeps to the allowed hosts.
pub(crate) struct Web {
    client: Client,
    hosts: Hosts,
    settings: Settings,
}

/// What a server says of a file.
#[derive(Debug)]
pub(crate) enum Answer {
    /// The file.
    File {
        /// What it holds.
        bytes: Vec<u8>,
        /// Its entity tag.
        etag: Option<String>,
    },
    /// It has the entity tag that was asked about still.
    Unchanged,
    /// There is none.
    Absent,
}

/// A request that failed, and whether it may be worth another.
struct Failure {
    error: FetchError,
    transient: bool,
    /// How long the server wants to be left alone.
    asked: Option<Duration>,
}

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Failure {
        Failure {
            error,
            transient: false,
            asked: None,
        }
    }
}

impl Web {
    /// Makes the client; connects to nothing.
    pub(crate) fn new(
        base: &Url,
        hosts: &[String],
        settings: &Settings,
    ) -> Result<Web, FetchError> {
        let hosts = Hosts::new(base, hosts)?;
        let mut client = Client::builder()
            .user_agent(USER_AGENT)
            .redirect(Policy::none())
            .connect_timeout(settings.connect_timeout)
            .read_timeout(settings.idle_timeout)
            .timeout(settings.request_timeout)
            .https_only(base.scheme() == "https");
        if is_loopback(base) {
            // A proxy would carry plain http off this machine.
            client = client.no_proxy();
        }
        if base.scheme() == "http" {
            // Without TLS no certificates have to be found, of which a small machine may have none.
            client = client.tls_certs_only([]);
        }
        let client = client.build().map_err(|error| FetchError::Client {
            reason: reason(error),
        })?;
        Ok(Web {
            client,
            hosts,
            settings: settings.clone(),
        })
    }

    /// Why the URL is never asked for, if it is not.
    pub(crate) fn refuse(&self, url: &Url) -> Option<&'static str> {
        self.hosts.refuse(url)
    }

    /// The file at `url`; or that it has the entity tag `known` still. `on` is told of pauses.
    pub(crate) async fn get(
        &self,
        url: &Url,
        known: Option<&str>,
        budget: &Budget,
        on: &(dyn Fn(Event) + Sync),
    ) -> Result<Answer, FetchError> {
        let mut attempt = 1;
        loop {
            let failure = match self.attempt(url, known, budget).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            let pause = self
                .settings
                .retries
                .pause(attempt, failure.asked, fastrand::f64())
                .filter(|_| failure.transient);
            let Some(wait) = pause else {
                return Err(failure.error.after(attempt));
            };
            on(Event::Waiting {
                at: redact::url(url),
                reason: failure.error.what(),
                wait,
            });
            tokio::time::sleep(wait).await;
            attempt += 1;
        }
    }

    async fn attempt(
        &self,
        url: &Url,
        known: Option<&str>,
        budget: &Budget,
    ) -> Result<Answer, Failure> {
        let at = redact::url(url);
        let mut response = self.send(url, known).await?;
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
            response = self.send(&next, known).await?;
        }
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Ok(Answer::Absent),
            StatusCode::NOT_MODIFIED if known.is_some() => return Ok(Answer::Unchanged),
            status => {
                let asked = asked(response.headers(), SystemTime::now());
                let error = FetchError::Status {
                    at,
                    status,
                    asked,
                    attempts: 1,
                };
                return Err(Failure {
                    error,
                    transient: is_transient(status),
                    asked,
                });
            }
        }
        // What could be decoded was, and the header taken away.
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
        Ok(Answer::File { bytes, etag })
    }

    async fn send(&self, url: &Url, known: Option<&str>) -> Result<Response, Failure> {
        let mut request = self.client.get(url.clone());
        if let Some(etag) = known {
            request = request.header(IF_NONE_MATCH, etag);
        }
        request
            .send()
            .await
            .map_err(|error| self.broken(&redact::url(url), error))
    }

    /// Where a redirect leads, if that is allowed.
    fn target(&self, at: &str, response: &Response) -> Result<Url, FetchError> {
        let location = text(response.headers(), &LOCATION);
        let Some(target) = location.and_then(|location| response.url().join(&location).ok()) else {
            let reason = "it says not where to";
            return Err(FetchError::Redirect {
                at: at.to_owned(),
                to: "nowhere".to_owned(),
                reason,
            });
        };
        match self.hosts.refuse(&target) {
            Some(reason) => Err(FetchError::Redirect {
                at: at.to_owned(),
                to: redact::url(&target),
                reason,
            }),
            None => Ok(target),
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
                    return Err(self.broken(at, error));
                }
            }
        }
    }

    /// A connection that did not come about, or did not last.
    fn broken(&self, at: &str, error: reqwest::Error) -> Failure {
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
                    "silent for {:?}, or not complete after {:?}",
                    self.settings.idle_timeout, self.settings.request_timeout
                )
            }
            (false, _) => reason(error),
        };
        let error = FetchError::Unreachable {
            at: at.to_owned(),
            reason,
            attempts: 1,
        };
        Failure {
            error,
            transient: true,
            asked: None,
        }
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn text(headers: &HeaderMap, name: &reqwest::header::HeaderName) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}
