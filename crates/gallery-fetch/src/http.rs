//! A listing's folder on a server. One client for all its files, so that connections are used again.

use std::time::Duration;

use gallery_spec::config::ListingRef;
use reqwest::header::{ETAG, HeaderMap, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use url::{Host, Url};

use crate::budget::Budget;
use crate::error::{FetchError, reason, shown};
use crate::{FetchedFile, Settings};

const USER_AGENT: &str = concat!("gallery-fetch/", env!("CARGO_PKG_VERSION"), " (+cargo xtask fetch)");

/// A listing's folder on a server.
pub(crate) struct Folder {
    client: Client,
    /// The folder's URL, without a slash at the end.
    url: Url,
    connect_timeout: Duration,
    request_timeout: Duration,
}

impl Folder {
    /// Makes the client; connects to nothing.
    pub(crate) fn open(listing: &ListingRef, base: &Url, settings: &Settings) -> Result<Folder, FetchError> {
        let is_loopback = is_loopback(base);
        let refuse = |reason| Err(FetchError::Source { source_url: shown(base), reason });
        match base.scheme() {
            "https" => {}
            "http" if is_loopback => {}
            "http" => return refuse("http lets anyone on the way change what is fetched"),
            _ => return refuse("it is neither https nor http"),
        }
        if base.query().is_some() || base.fragment().is_some() {
            return refuse("a base URL has no query and no fragment, since file names are put behind its path");
        }
        let mut url = base.clone();
        url.set_path(&format!("{}/{}", base.path().trim_end_matches('/'), listing.url_path()));

        let mut client = Client::builder()
            .user_agent(USER_AGENT)
            .redirect(Policy::none())
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.request_timeout)
            .https_only(base.scheme() == "https");
        if is_loopback {
            // A proxy would carry plain http off this machine.
            client = client.no_proxy();
        }
        if base.scheme() == "http" {
            // Without TLS no certificates have to be found, of which a small machine may have none.
            client = client.tls_certs_only([]);
        }
        let client = client.build().map_err(|error| FetchError::Client { reason: reason(error) })?;
        let Settings { connect_timeout, request_timeout, .. } = *settings;
        Ok(Folder { client, url, connect_timeout, request_timeout })
    }

    /// The file of that name, or nothing when there is none.
    pub(crate) async fn read(&self, name: &str, budget: &Budget) -> Result<Option<FetchedFile>, FetchError> {
        let sent = self.client.get(self.file_url(name)).send().await;
        let response = sent.map_err(|error| self.unreachable(name, error))?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND => return Ok(None),
            status if status.is_redirection() => {
                return Err(FetchError::Redirect { at: self.at(name), to: self.target(name, response.headers()) });
            }
            status => return Err(FetchError::Status { at: self.at(name), status }),
        }
        let etag = response.headers().get(ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        let bytes = self.body(name, response, budget).await?;
        Ok(Some(FetchedFile { name: name.to_owned(), url: self.at(name), etag, bytes }))
    }

    /// What messages and the lock call the file of that name.
    pub(crate) fn at(&self, name: &str) -> String {
        shown(&self.file_url(name))
    }

    fn file_url(&self, name: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(&format!("{}/{name}", self.url.path()));
        url
    }

    async fn body(&self, name: &str, mut response: Response, budget: &Budget) -> Result<Vec<u8>, FetchError> {
        budget.announce(|| self.at(name), response.content_length().unwrap_or(0))?;
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.unreachable(name, error))? {
            budget.take(|| self.at(name), bytes.len(), chunk.len())?;
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    fn unreachable(&self, name: &str, error: reqwest::Error) -> FetchError {
        let reason = match (error.is_timeout(), error.is_connect()) {
            (true, true) => format!("no connection within {:?}", self.connect_timeout.min(self.request_timeout)),
            (true, false) => format!("the file was not here after {:?}", self.request_timeout),
            (false, _) => reason(error),
        };
        FetchError::Unreachable { at: self.at(name), reason }
    }

    fn target(&self, name: &str, headers: &HeaderMap) -> String {
        let target = headers.get(LOCATION).and_then(|target| target.to_str().ok());
        match target.and_then(|target| self.file_url(name).join(target).ok()) {
            Some(target) => shown(&target),
            None => "nowhere".to_owned(),
        }
    }
}

/// Whether the URL's host is this machine and cannot be another.
fn is_loopback(url: &Url) -> bool {
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
}
