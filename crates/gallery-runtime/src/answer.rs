//! Answers. Takes what came over the wire, gives a typed value or the content as it is, always with status and headers.

use std::ops::{Deref, DerefMut};

use bytes::{Bytes, BytesMut};
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Response, StatusCode};
use serde::de::DeserializeOwned;

use crate::error::{BodyError, Error, Failure};

/// How much of an error's body is kept, in bytes.
pub(crate) const EXCERPT_BYTES: usize = 64 << 10;

/// A value that a server answered, with the status and headers it came with. It reads like the value itself.
#[derive(Clone, Debug)]
pub struct ResponseValue<T> {
    inner: T,
    head: Box<Head>,
}

#[derive(Clone, Debug)]
struct Head {
    status: StatusCode,
    headers: HeaderMap,
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

    fn new(response: &mut Response, inner: T) -> Self {
        let head = Head { status: response.status(), headers: std::mem::take(response.headers_mut()) };
        ResponseValue { inner, head: Box::new(head) }
    }
}

impl<T: DeserializeOwned> ResponseValue<T> {
    /// Reads the answer as JSON. For generated code.
    #[doc(hidden)]
    pub async fn from_response<E>(mut response: Response) -> Result<Self, Error<E>> {
        let body = match whole(&mut response).await {
            Ok(body) => body,
            Err((read, error)) => return Err(Error::invalid(response, read, BodyError::Read(error))),
        };
        match serde_json::from_slice(&body) {
            Ok(inner) => Ok(ResponseValue::new(&mut response, inner)),
            Err(error) => Err(Error::invalid(response, body, BodyError::Json(error))),
        }
    }
}

impl ResponseValue<Untyped> {
    /// Reads the answer as it is. For generated code.
    #[doc(hidden)]
    pub async fn untyped<E>(mut response: Response) -> Result<Self, Error<E>> {
        match whole(&mut response).await {
            Ok(bytes) => {
                let inner = Untyped::new(response.headers(), bytes, false);
                Ok(ResponseValue::new(&mut response, inner))
            }
            Err((read, error)) => Err(Error::invalid(response, read, BodyError::Read(error))),
        }
    }

    /// Reads the beginning of an error's body. It never fails: what arrived before a connection broke is kept, because the status
    /// matters more. For generated code.
    #[doc(hidden)]
    pub async fn untyped_error(mut response: Response) -> Self {
        let (bytes, truncated) = beginning(&mut response).await;
        let inner = Untyped::new(response.headers(), bytes, truncated);
        ResponseValue::new(&mut response, inner)
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
        let content_type = headers.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        Untyped { content_type, bytes, truncated }
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

/// The whole body; on an error, what had arrived.
async fn whole(response: &mut Response) -> Result<Bytes, (Bytes, reqwest::Error)> {
    let mut body = BytesMut::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.is_empty() && response.content_length() == Some(chunk.len() as u64) => return Ok(chunk),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body.freeze()),
            Err(error) => return Err((body.freeze(), error)),
        }
    }
}

/// At most [`EXCERPT_BYTES`] of the body, and whether there was more.
pub(crate) async fn beginning(response: &mut Response) -> (Bytes, bool) {
    let mut body = BytesMut::new();
    let more = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break false,
            Err(_) => break true,
        }
        if body.len() > EXCERPT_BYTES {
            break true;
        }
    };
    body.truncate(EXCERPT_BYTES);
    (body.freeze(), more)
}

impl Failure {
    /// Reads the beginning of an answer that is not documented.
    pub(crate) async fn read(mut response: Response) -> Failure {
        let (excerpt, _) = beginning(&mut response).await;
        Failure::new(response, excerpt)
    }
}
