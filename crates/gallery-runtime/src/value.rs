//! Decoded responses.

use std::fmt;
use std::ops::{Deref, DerefMut};

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};

use crate::operation::Route;
use crate::platform::ResponseBody;
use crate::rate_limit::RateLimit;
use crate::response::{Response, ResponseSummary};

/// A decoded response body with its status and headers. Dereferences to the value.
#[derive(Clone, Debug)]
pub struct ResponseValue<T> {
    inner: T,
    head: Box<Head>,
}

#[derive(Clone)]
struct Head {
    status: StatusCode,
    headers: HeaderMap,
    /// The start of the body, for errors only.
    excerpt: Bytes,
    route: Route,
    /// The API's message, for errors only.
    message: Option<String>,
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
    pub(crate) fn new(mut response: Response, excerpt: Bytes, inner: T) -> Self {
        let message = response.message_in(&excerpt);
        let route = response.route().clone();
        let (status, headers) = response.take_head();
        ResponseValue {
            inner,
            head: Box::new(Head {
                status,
                headers,
                excerpt,
                route,
                message,
            }),
        }
    }

    /// Creates a value from a response whose body is read later.
    pub(crate) fn with_body(mut response: Response, make: impl FnOnce(ResponseBody) -> T) -> Self {
        let route = response.route().clone();
        let (status, headers) = response.take_head();
        ResponseValue {
            inner: make(response.into_body()),
            head: Box::new(Head {
                status,
                headers,
                excerpt: Bytes::new(),
                route,
                message: None,
            }),
        }
    }

    /// Separates the value from status and headers.
    pub(crate) fn take_value(self) -> (ResponseValue<()>, T) {
        let ResponseValue { inner, head } = self;
        (ResponseValue { inner: (), head }, inner)
    }

    /// Replaces the value.
    pub(crate) fn with_value<U>(self, value: U) -> ResponseValue<U> {
        let head = self.head;
        ResponseValue { inner: value, head }
    }

    /// Returns status, headers and a part of the body, for an error.
    pub(crate) fn summary(&self, excerpt: &[u8]) -> ResponseSummary {
        let Head {
            status,
            headers,
            route,
            ..
        } = &*self.head;
        ResponseSummary::of_part(*status, headers.clone(), route.clone(), excerpt)
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// Returns the HTTP headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// Returns the rate limit, if the response reports it.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        RateLimit::of(self.headers())
    }

    /// Returns the value without status and headers.
    pub fn into_inner(self) -> T {
        self.inner
    }

    pub(crate) fn body_excerpt(&self) -> &Bytes {
        &self.head.excerpt
    }

    pub(crate) fn route(&self) -> &Route {
        &self.head.route
    }

    pub(crate) fn message(&self) -> Option<&str> {
        self.head.message.as_deref()
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

/// A response body without a documented schema: JSON, text, binary data or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Untyped {
    content_type: Option<String>,
    bytes: Bytes,
    truncated: bool,
}

/// Serializes JSON as it is, and other content as a string.
impl Serialize for Untyped {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serde_json::from_slice::<serde_json::Value>(&self.bytes) {
            Ok(value) => value.serialize(serializer),
            Err(_) => serializer.serialize_str(&String::from_utf8_lossy(&self.bytes)),
        }
    }
}

impl Untyped {
    pub(crate) fn new(headers: &HeaderMap, bytes: Bytes, truncated: bool) -> Self {
        let content_type = headers
            .get(CONTENT_TYPE)
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        Untyped {
            content_type,
            bytes,
            truncated,
        }
    }

    /// Returns the `Content-Type` header.
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// Returns the raw content.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Returns the content as text.
    ///
    /// # Errors
    ///
    /// Fails if the content is not UTF-8.
    pub fn text(&self) -> Result<&str, std::str::Utf8Error> {
        std::str::from_utf8(&self.bytes)
    }

    /// Parses the content as JSON, regardless of its `Content-Type`.
    ///
    /// # Errors
    ///
    /// Fails if the content is not JSON, or does not fit the type `T`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.bytes)
    }

    /// Returns whether the content is empty.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Returns whether this is only the start of the content. Bodies of errors are truncated after
    /// 64 KiB, or where the connection failed.
    pub fn is_truncated(&self) -> bool {
        self.truncated
    }
}
