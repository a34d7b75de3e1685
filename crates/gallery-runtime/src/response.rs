//! Answers. Takes what came over the wire, gives a typed value or the content as it is, always with status and headers.

use std::fmt;
use std::ops::{Deref, DerefMut};

use bytes::{Bytes, BytesMut};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, Entry, HeaderMap, LOCATION, SET_COOKIE};
use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout_at};

use crate::error::{BodyError, Error, ResponseSummary};
use crate::transport::within;

/// How much of an error's body is kept, in bytes.
pub(crate) const EXCERPT_BYTES: usize = 64 << 10;

/// An answer whose body has not been read yet. For generated code.
#[derive(Debug)]
pub struct Response {
    response: reqwest::Response,
    /// When the call has taken as long as it may.
    deadline: Option<Instant>,
    /// How many bytes a success may have.
    max_body_bytes: usize,
}

/// A value that a server answered, with the status and headers it came with. It reads like the value itself.
#[derive(Clone, Debug)]
pub struct ResponseValue<T> {
    inner: T,
    head: Box<Head>,
}

#[derive(Clone)]
struct Head {
    status: StatusCode,
    headers: HeaderMap,
    /// The beginning of an error's body.
    excerpt: Bytes,
}

impl fmt::Debug for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Head")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .finish()
    }
}

impl<T> ResponseValue<T> {
    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// The HTTP headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// The value alone.
    pub fn into_inner(self) -> T {
        self.inner
    }

    pub(crate) fn body_excerpt(&self) -> &Bytes {
        &self.head.excerpt
    }

    fn new(answer: Response, excerpt: Bytes, inner: T) -> Self {
        let (status, headers) = answer.head();
        ResponseValue {
            inner,
            head: Box::new(Head {
                status,
                headers,
                excerpt,
            }),
        }
    }
}

impl<T: DeserializeOwned> ResponseValue<T> {
    /// Reads the answer as JSON. For generated code.
    #[doc(hidden)]
    pub async fn from_response<E>(mut answer: Response) -> Result<Self, Error<E>> {
        let body = match answer.whole().await {
            Ok(body) => body,
            Err((read, error)) => return Err(Error::invalid(answer, read, error)),
        };
        match serde_json::from_slice(&body) {
            Ok(inner) => {
                // Of a success there is the value.
                let is_error =
                    answer.status().is_client_error() || answer.status().is_server_error();
                let excerpt = if is_error {
                    beginning_of(&body)
                } else {
                    Bytes::new()
                };
                Ok(ResponseValue::new(answer, excerpt, inner))
            }
            Err(error) => Err(Error::invalid(answer, body, BodyError::Json(error))),
        }
    }
}

impl ResponseValue<Untyped> {
    /// Reads the answer as it is. For generated code.
    #[doc(hidden)]
    pub async fn untyped<E>(mut answer: Response) -> Result<Self, Error<E>> {
        match answer.whole().await {
            Ok(bytes) => {
                let inner = Untyped::new(answer.response.headers(), bytes, false);
                Ok(ResponseValue::new(answer, Bytes::new(), inner))
            }
            Err((read, error)) => Err(Error::invalid(answer, read, error)),
        }
    }

    /// Reads the beginning of an error's body. It never fails: what arrived before a connection broke is kept, because the status
    /// matters more. For generated code.
    #[doc(hidden)]
    pub async fn untyped_error(mut answer: Response) -> Self {
        let (bytes, truncated) = answer.beginning().await;
        let inner = Untyped::new(answer.response.headers(), bytes.clone(), truncated);
        ResponseValue::new(answer, bytes, inner)
    }
}

impl<T> Deref for ResponseValue<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T> DerefMut for ResponseValue<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.inner
    }
}

/// An answer whose shape the API's description leaves open: JSON, text, nothing at all, or anything else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Untyped {
    content_type: Option<String>,
    bytes: Bytes,
    truncated: bool,
}

impl Untyped {
    fn new(headers: &HeaderMap, bytes: Bytes, truncated: bool) -> Self {
        let content_type = headers
            .get(CONTENT_TYPE)
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        Untyped {
            content_type,
            bytes,
            truncated,
        }
    }

    /// The `Content-Type` header, if there was one.
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// The content as it came.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The content as text. An error if it is not UTF-8.
    pub fn text(&self) -> Result<&str, std::str::Utf8Error> {
        std::str::from_utf8(&self.bytes)
    }

    /// The content as JSON of the shape `T`, whatever its `Content-Type` says. An error if it is not.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.bytes)
    }

    /// Whether there was no content.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Whether this is only the beginning of the content, which happens to the bodies of errors over 64 KiB or cut on the way.
    pub fn is_truncated(&self) -> bool {
        self.truncated
    }
}

impl Response {
    pub(crate) fn new(
        response: reqwest::Response,
        deadline: Option<Instant>,
        max_body_bytes: usize,
    ) -> Response {
        Response {
            response,
            deadline,
            max_body_bytes,
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    pub(crate) fn response(&self) -> &reqwest::Response {
        &self.response
    }

    /// Status and headers. What a server wants kept as a cookie is a secret of the caller's, and where it sends callers may have their
    /// keys: neither is shown by `Debug`.
    pub(crate) fn head(mut self) -> (StatusCode, HeaderMap) {
        let mut headers = std::mem::take(self.response.headers_mut());
        for name in [SET_COOKIE, LOCATION] {
            if let Entry::Occupied(mut values) = headers.entry(name) {
                values
                    .iter_mut()
                    .for_each(|value| value.set_sensitive(true));
            }
        }
        (self.response.status(), headers)
    }

    /// The whole body; on an error, what had arrived.
    async fn whole(&mut self) -> Result<Bytes, (Bytes, BodyError)> {
        let (response, most) = (&mut self.response, self.max_body_bytes);
        let mut body = BytesMut::new();
        let read = async {
            loop {
                // Of what is to come yet.
                let length = response.content_length();
                match response
                    .chunk()
                    .await
                    .map_err(|error| BodyError::Read(error.without_url()))?
                {
                    Some(chunk) if exceeds(most, body.len(), length, chunk.len()) => {
                        body.extend_from_slice(&chunk);
                        return Err(BodyError::TooLarge(most));
                    }
                    Some(chunk) if body.is_empty() && length == Some(chunk.len() as u64) => {
                        return Ok(Some(chunk));
                    }
                    Some(chunk) => body.extend_from_slice(&chunk),
                    None => return Ok(None),
                }
            }
        };
        match within(self.deadline, read).await {
            Some(Ok(Some(whole))) => Ok(whole),
            Some(Ok(None)) => Ok(body.freeze()),
            Some(Err(error)) => Err((body.freeze(), error)),
            None => Err((body.freeze(), BodyError::Timeout)),
        }
    }

    /// At most [`EXCERPT_BYTES`] of the body, and whether there was more.
    pub(crate) async fn beginning(&mut self) -> (Bytes, bool) {
        let mut body = BytesMut::new();
        let response = &mut self.response;
        let read = async {
            while body.len() <= EXCERPT_BYTES {
                match response.chunk().await {
                    Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                    Ok(None) => return true,
                    Err(_) => return false,
                }
            }
            false
        };
        let ended = within(self.deadline, read).await.unwrap_or(false);
        body.truncate(EXCERPT_BYTES);
        (body.freeze(), !ended)
    }
}

/// Whether a body is bigger than it may be, by what it says of itself or by what came.
fn exceeds(most: usize, before: usize, left: Option<u64>, chunk: usize) -> bool {
    let left = left.map_or(chunk, |left| {
        usize::try_from(left).unwrap_or(usize::MAX).max(chunk)
    });
    before.saturating_add(left) > most
}

/// A copy, so that a big body is not kept for its beginning.
pub(crate) fn beginning_of(body: &[u8]) -> Bytes {
    Bytes::copy_from_slice(&body[..body.len().min(EXCERPT_BYTES)])
}

/// Reads what is left of a body, if that is little and comes in time, so that its connection can be used again.
pub(crate) async fn drain(response: &mut reqwest::Response, until: Instant) {
    let mut read = 0;
    let reading = async {
        while let Ok(Some(chunk)) = response.chunk().await {
            read += chunk.len();
            if read > EXCERPT_BYTES {
                break;
            }
        }
    };
    // Whatever comes of it, the answer is of no more use.
    let _ = timeout_at(until, reading).await;
}

impl ResponseSummary {
    /// Reads the beginning of an answer that is not documented.
    pub(crate) async fn read(mut answer: Response) -> ResponseSummary {
        let (excerpt, _) = answer.beginning().await;
        ResponseSummary::new(answer, excerpt)
    }
}
