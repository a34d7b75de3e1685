//! WebAssembly in browsers and JavaScript runtimes. `fetch` sends the requests.

use std::future::poll_fn;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::Path;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use http_body::Body;
use tokio::io::{AsyncRead, ReadBuf};
use web_time::web::SystemTimeExt;

use crate::client_error::ClientError;

pub(crate) use self::client::{Client, Response, ResponseBody};
pub use self::connection::Connection;
pub(crate) use self::headers::dropped_header;
pub(crate) use self::time::{Instant, Sleep, sleep, sleep_until};

mod client;
mod connection;
mod error;
mod fetch;
mod headers;
mod time;

/// The items of the crate `reqwest`, with a client and responses that are `Send`, and their errors.
pub mod reqwest {
    pub use super::client::{Client, Response};
    pub use super::error::{Error, Result};
    pub use ::reqwest::*;
}

/// `fetch` has TLS.
pub(crate) const HAS_TLS: bool = true;

#[cfg(feature = "oauth2")]
pub(crate) fn default_client(_connect_timeout: Duration) -> reqwest::Result<Client> {
    Ok(Client::new())
}

pub(crate) fn client(_: Connection, _connect_timeout: Duration) -> Result<Client, ClientError> {
    Ok(Client::new())
}

/// Returns whether the browser has hidden a redirect.
pub(crate) fn is_opaque_redirect(error: &reqwest::Error) -> bool {
    error.is_redirect()
}

/// Reads a body into memory, because `fetch` needs it before it sends the request.
pub(crate) async fn request_body<B>(body: B) -> io::Result<::reqwest::Body>
where
    B: Body<Data = Bytes, Error = io::Error>,
{
    let mut body = pin!(body);
    let mut bytes = BytesMut::new();
    while let Some(frame) = poll_fn(|context| body.as_mut().poll_frame(context)).await {
        // Trailers are not part of the body.
        if let Ok(data) = frame?.into_data() {
            bytes.extend_from_slice(&data);
        }
    }
    Ok(bytes.freeze().into())
}

/// A file, which does not exist in WebAssembly.
pub(crate) enum File {}

impl AsyncRead for File {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match *self {}
    }
}

#[allow(clippy::unused_async, reason = "other targets wait for the file")]
pub(crate) async fn open_file(_: &Path) -> io::Result<(File, Option<u64>)> {
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "WebAssembly has no file system",
    ))
}

/// Runs a future in the background.
#[cfg(feature = "oauth2")]
pub(crate) fn spawn(future: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(future);
}

/// Returns 64 random bits, to tell requests apart and to spread retries, but not for secrets.
pub(crate) fn random_bits() -> u64 {
    // Runtimes without `crypto` still have a clock.
    getrandom::u64().unwrap_or_else(|_| RandomState::new().hash_one(system_time()))
}

/// Returns the time of the system's clock. `SystemTime::now` would panic.
pub(crate) fn system_time() -> SystemTime {
    web_time::SystemTime::now().to_std()
}
