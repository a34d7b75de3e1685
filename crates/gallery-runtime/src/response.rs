//! Responses whose bodies have not been decoded yet.

use std::fmt;

use bytes::{Bytes, BytesMut};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION, SET_COOKIE};

use crate::api_message::{api_message, one_line};
use crate::deadline::within;
use crate::operation::Route;
use crate::platform::{self, Instant, ResponseBody, reqwest};
use crate::redirect::RedirectError;
use crate::secrets::SentSecrets;

/// The maximum number of bytes that are kept of an error's body.
const EXCERPT_BYTES: usize = 64 << 10;

/// The maximum number of bytes that are reserved for a body of which only the length is known.
const MAX_RESERVED: usize = 64 << 20;

/// A response whose body has not been read yet. For generated code.
#[derive(Debug)]
pub struct Response(Box<Parts>);

/// The parts of a response. They are on the heap, because a response is moved often.
#[derive(Debug)]
struct Parts {
    inner: Box<platform::Response>,
    route: Route,
    /// The end of the call's timeout.
    deadline: Option<Instant>,
    /// The maximum size of a successful response's body.
    max_body_bytes: usize,
}

impl Response {
    pub(crate) fn new(
        inner: Box<platform::Response>,
        route: Route,
        deadline: Option<Instant>,
        max_body_bytes: usize,
    ) -> Response {
        Response(Box::new(Parts {
            inner,
            route,
            deadline,
            max_body_bytes,
        }))
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> StatusCode {
        self.0.inner.status()
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        self.0.inner.headers()
    }

    pub(crate) fn route(&self) -> &Route {
        &self.0.route
    }

    /// Returns the API's message in a body. Removes credentials that the server repeats.
    pub(crate) fn message_in(&self, body: &[u8]) -> Option<String> {
        if body.is_empty() {
            return None;
        }
        let secrets: Option<&SentSecrets> = self.0.inner.extensions().get();
        api_message(body, |text| match secrets {
            Some(secrets) => secrets.redact(text),
            None => text.to_owned(),
        })
    }

    /// Returns status and headers. `Set-Cookie` and `Location` may contain secrets, so their values
    /// are marked as sensitive, which hides them from `Debug`.
    pub(crate) fn take_head(&mut self) -> (StatusCode, HeaderMap) {
        let mut headers = std::mem::take(self.0.inner.headers_mut());
        for (name, value) in &mut headers {
            if [SET_COOKIE, LOCATION].contains(name) {
                value.set_sensitive(true);
            }
        }
        (self.0.inner.status(), headers)
    }

    /// Returns the body, which is read later.
    pub(crate) fn into_body(self) -> ResponseBody {
        (*self.0.inner).into()
    }

    /// Reads the whole body. On an error, also returns the bytes that were received.
    pub(crate) async fn read_body(&mut self) -> Result<Bytes, (Bytes, BodyError)> {
        let (response, max) = (&mut self.0.inner, self.0.max_body_bytes);
        let mut body = BytesMut::new();
        let read = async {
            loop {
                let remaining = response.content_length();
                let chunk = response
                    .chunk()
                    .await
                    .map_err(|error| BodyError::Read(error.without_url()))?;
                match chunk {
                    Some(chunk) if exceeds(max, body.len(), remaining, chunk.len()) => {
                        body.extend_from_slice(&chunk);
                        return Err(BodyError::TooLarge(max));
                    }
                    // The first chunk is the whole body: return it without a copy.
                    Some(chunk) if body.is_empty() && remaining == Some(chunk.len() as u64) => {
                        return Ok(Some(chunk));
                    }
                    Some(chunk) => {
                        // A body of known length is read into one buffer.
                        if let Some(length) = remaining.filter(|_| body.is_empty()) {
                            let length = usize::try_from(length).unwrap_or(MAX_RESERVED);
                            body.reserve(length.min(MAX_RESERVED));
                        }
                        body.extend_from_slice(&chunk);
                    }
                    None => return Ok(None),
                }
            }
        };
        match within(self.0.deadline, read).await {
            Some(Ok(Some(whole))) => Ok(whole),
            Some(Ok(None)) => Ok(body.freeze()),
            Some(Err(error)) => Err((body.freeze(), error)),
            None => Err((body.freeze(), BodyError::Timeout)),
        }
    }

    /// Reads at most [`EXCERPT_BYTES`] of the body. Also returns whether the excerpt is incomplete,
    /// because the body is longer or the connection failed.
    pub(crate) async fn read_excerpt(&mut self) -> (Bytes, bool) {
        let mut body = BytesMut::new();
        let response = &mut self.0.inner;
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
        let is_complete = within(self.0.deadline, read).await.unwrap_or(false);
        body.truncate(EXCERPT_BYTES);
        (body.freeze(), !is_complete)
    }
}

/// Returns whether a body exceeds the limit, by its declared length or by the bytes received.
fn exceeds(max: usize, received: usize, remaining: Option<u64>, chunk: usize) -> bool {
    let remaining = remaining.map_or(chunk, |remaining| {
        usize::try_from(remaining).unwrap_or(usize::MAX).max(chunk)
    });
    received.saturating_add(remaining) > max
}

/// Copies the start of a body, so that the excerpt does not keep a large body in memory.
pub(crate) fn excerpt_of(body: &[u8]) -> Bytes {
    Bytes::copy_from_slice(&body[..body.len().min(EXCERPT_BYTES)])
}

/// Reads the rest of a short body until `deadline`, so that its connection can be reused.
pub(crate) async fn drain(response: &mut platform::Response, deadline: Instant) {
    let mut read = 0;
    let reading = async {
        while let Ok(Some(chunk)) = response.chunk().await {
            read += chunk.len();
            if read > EXCERPT_BYTES {
                break;
            }
        }
    };
    // A timeout only means that the connection is not reused.
    let _ = within(Some(deadline), reading).await;
}

/// An error from reading or decoding a response's body.
#[derive(Debug)]
#[non_exhaustive]
pub enum BodyError {
    /// The connection failed before the end of the body.
    Read(reqwest::Error),
    /// The call timed out before the end of the body.
    Timeout,
    /// The body is larger than the limit of the client, in bytes.
    TooLarge(usize),
    /// The body is another one than requested: not the part of a file, or no stream of events.
    /// Contains the reason.
    Unexpected(String),
    /// This number of reconnections in a row ended without an event.
    NoEvents(u32),
    /// The body is not JSON, or does not match the documented schema.
    Json(serde_json::Error),
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BodyError::Read(_) => f.write_str("the connection failed while reading the body"),
            BodyError::Timeout => f.write_str("timed out while reading the body"),
            BodyError::TooLarge(max) => write!(f, "the body is larger than {max} bytes"),
            BodyError::Unexpected(reason) => f.write_str(reason),
            BodyError::NoEvents(count) => {
                write!(f, "{count} reconnections in a row brought no event")
            }
            BodyError::Json(_) => f.write_str("the body does not match the documented schema"),
        }
    }
}

impl std::error::Error for BodyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            BodyError::Read(error) => Some(error),
            BodyError::Json(error) => Some(error),
            _ => None,
        }
    }
}

/// Status, headers and the start of the body of a response that could not be used.
#[derive(Clone)]
pub struct ResponseSummary {
    status: StatusCode,
    headers: HeaderMap,
    excerpt: Bytes,
    redirect: Option<RedirectError>,
    route: Route,
    message: Option<String>,
    /// False if the body is known to be empty.
    has_body: bool,
}

impl ResponseSummary {
    pub(crate) fn new(mut response: Response, body: &[u8]) -> ResponseSummary {
        let redirect = response.0.inner.extensions().get().copied();
        let excerpt = excerpt_of(body);
        let message = match response.status().as_u16() {
            200..=399 => None,
            _ => response.message_in(&excerpt),
        };
        let route = response.0.route.clone();
        let (status, headers) = response.take_head();
        ResponseSummary {
            status,
            headers,
            excerpt,
            redirect,
            route,
            message,
            has_body: !body.is_empty(),
        }
    }

    /// Creates a summary with a part of a body.
    pub(crate) fn of_part(
        status: StatusCode,
        headers: HeaderMap,
        route: Route,
        part: &[u8],
    ) -> ResponseSummary {
        ResponseSummary {
            status,
            headers,
            excerpt: excerpt_of(part),
            redirect: None,
            route,
            message: None,
            has_body: true,
        }
    }

    /// Reads the start of the body.
    pub(crate) async fn read(mut response: Response) -> ResponseSummary {
        let (excerpt, _) = response.read_excerpt().await;
        ResponseSummary::new(response, &excerpt)
    }

    /// Returns why the redirect was not followed. `None` if the response is not a redirect, or if
    /// the client does not follow redirects.
    pub fn redirect_error(&self) -> Option<RedirectError> {
        self.redirect
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the HTTP headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the start of the body, at most 64 KiB.
    pub fn body_excerpt(&self) -> &Bytes {
        &self.excerpt
    }

    pub(crate) fn route(&self) -> &Route {
        &self.route
    }

    pub(crate) fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Describes the body for messages.
    pub(crate) fn content(&self) -> String {
        match self.headers.get(CONTENT_TYPE) {
            _ if !self.has_body => "empty body".to_owned(),
            Some(content_type) => one_line(&String::from_utf8_lossy(content_type.as_bytes()))
                .chars()
                .take(80)
                .collect(),
            None => "no content type".to_owned(),
        }
    }
}

impl fmt::Debug for ResponseSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseSummary")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("excerpt", &first_characters(&self.excerpt))
            .finish()
    }
}

/// Returns at most 200 characters of a body.
fn first_characters(body: &Bytes) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(1024)]).into_owned();
    match text.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
