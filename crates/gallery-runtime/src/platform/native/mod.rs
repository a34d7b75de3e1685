//! Targets with sockets, threads and files.

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

pub use ::reqwest;
use ::reqwest::ClientBuilder;
use ::reqwest::header::{HeaderMap, HeaderName};
use ::reqwest::redirect::Policy;
use bytes::Bytes;
use http_body::Body;
use tokio::fs::File;

use crate::client_error::ClientError;

pub use self::connection::Connection;
pub(crate) use ::reqwest::{Body as ResponseBody, Client, Response};
pub(crate) use tokio::time::{Instant, Sleep, sleep, sleep_until};

mod connection;

/// False if reqwest cannot send requests to `https` URLs.
pub(crate) const HAS_TLS: bool = cfg!(any(feature = "rustls", feature = "native-tls"));

/// Creates an HTTP client that does not follow redirects.
#[cfg(feature = "oauth2")]
pub(crate) fn default_client(connect_timeout: Duration) -> reqwest::Result<Client> {
    client_builder(connect_timeout).build()
}

/// Creates an HTTP client with these settings that does not follow redirects.
pub(crate) fn client(
    connection: Connection,
    connect_timeout: Duration,
) -> Result<Client, ClientError> {
    let http = connection.apply(client_builder(connect_timeout));
    let http = http.map_err(ClientError::InvalidSetting)?;
    http.build().map_err(ClientError::Other)
}

fn client_builder(connect_timeout: Duration) -> ClientBuilder {
    let http = Client::builder()
        .connect_timeout(connect_timeout)
        .redirect(Policy::none());
    // Features of reqwest that other crates enable must not change the implementation.
    #[cfg(feature = "native-tls")]
    let http = http.tls_backend_native();
    #[cfg(all(feature = "rustls", not(feature = "native-tls")))]
    let http = http.tls_backend_rustls();
    http
}

/// Returns false: redirects that were received are responses.
pub(crate) fn is_opaque_redirect(_: &reqwest::Error) -> bool {
    false
}

/// Returns a body that is read while it is sent.
#[allow(clippy::unused_async, reason = "other targets wait for the body")]
pub(crate) async fn request_body<B>(body: B) -> io::Result<reqwest::Body>
where
    B: Body<Data = Bytes, Error = io::Error> + Send + Sync + 'static,
{
    Ok(reqwest::Body::wrap(body))
}

/// Opens a file. Also returns its length. Pipes and devices have none.
pub(crate) async fn open_file(path: &Path) -> io::Result<(File, Option<u64>)> {
    let file = File::open(path).await?;
    let metadata = file.metadata().await?;
    if metadata.is_dir() {
        return Err(io::Error::other("it is a directory"));
    }
    let size = metadata.is_file().then_some(metadata.len());
    Ok((file, size))
}

/// Runs a future in the background.
#[cfg(feature = "oauth2")]
pub(crate) fn spawn(future: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(future);
}

/// Returns 64 random bits. The seeds of hash maps are random enough to tell requests apart and to
/// spread retries, but not for secrets.
pub(crate) fn random_bits() -> u64 {
    RandomState::new().hash_one(())
}

/// Returns the time of the system's clock.
pub(crate) fn system_time() -> SystemTime {
    SystemTime::now()
}

/// Returns `None`: HTTP clients send all headers.
pub(crate) fn dropped_header(_: &HeaderMap) -> Option<&HeaderName> {
    None
}
