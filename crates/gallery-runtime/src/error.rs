//! What can go wrong in a call, and what is kept of it: an answer's status and headers are never lost.

use std::fmt;

use bytes::Bytes;
use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};
use thiserror::Error as ThisError;

use crate::answer::{EXCERPT_BYTES, ResponseValue, Untyped};
use crate::style::InvalidArgument;
use crate::transport::TransportError;

/// Why a call gave no documented success. `E` is the type of the API's documented errors.
#[non_exhaustive]
pub enum Error<E = Untyped> {
    /// An argument is missing or refused. Nothing was sent.
    InvalidRequest(String),
    /// No answer came: the connection failed, or it took too long.
    Communication(reqwest::Error),
    /// A [hook](crate::Hook) ended the call.
    Hook(Box<dyn std::error::Error + Send + Sync>),
    /// The server answered with an error of the 4xx or 5xx range.
    ErrorResponse(Box<ResponseValue<E>>),
    /// The server answered with a status that is neither a success nor an error, such as a redirect.
    UnexpectedResponse(Box<Failure>),
    /// The server's answer broke off, or does not have the documented shape.
    InvalidResponse(Box<Failure>, BodyError),
}

/// Why a body could not be used.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum BodyError {
    /// The connection broke before its end.
    #[error("the body broke off: {0}")]
    Read(#[source] reqwest::Error),
    /// It is not JSON of the documented shape.
    #[error("the body does not have the documented shape: {0}")]
    Json(#[source] serde_json::Error),
}

/// What is kept of an answer that could not be used: status, headers and the beginning of the body.
#[derive(Clone)]
pub struct Failure {
    status: StatusCode,
    headers: HeaderMap,
    excerpt: Bytes,
}

impl Failure {
    pub(crate) fn new(mut response: Response, mut body: Bytes) -> Failure {
        body.truncate(EXCERPT_BYTES);
        Failure { status: response.status(), headers: std::mem::take(response.headers_mut()), excerpt: body }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The HTTP headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The beginning of the body, at most 64 KiB.
    pub fn excerpt(&self) -> &Bytes {
        &self.excerpt
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Failure")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("excerpt", &glimpse(&self.excerpt))
            .finish()
    }
}

impl<E> Error<E> {
    /// The status of the answer, if one came.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Error::ErrorResponse(answer) => Some(answer.status()),
            Error::UnexpectedResponse(failure) | Error::InvalidResponse(failure, _) => Some(failure.status()),
            Error::InvalidRequest(_) | Error::Communication(_) | Error::Hook(_) => None,
        }
    }

    /// The headers of the answer, if one came.
    pub fn headers(&self) -> Option<&HeaderMap> {
        match self {
            Error::ErrorResponse(answer) => Some(answer.headers()),
            Error::UnexpectedResponse(failure) | Error::InvalidResponse(failure, _) => Some(failure.headers()),
            Error::InvalidRequest(_) | Error::Communication(_) | Error::Hook(_) => None,
        }
    }

    /// A documented error. For generated code.
    #[doc(hidden)]
    pub fn documented(answer: ResponseValue<E>) -> Self {
        Error::ErrorResponse(Box::new(answer))
    }

    /// A status that no part of the description covers. For generated code.
    #[doc(hidden)]
    pub async fn undocumented(response: Response) -> Self {
        Error::UnexpectedResponse(Box::new(Failure::read(response).await))
    }

    pub(crate) fn invalid(response: Response, body: Bytes, error: BodyError) -> Self {
        Error::InvalidResponse(Box::new(Failure::new(response, body)), error)
    }
}

impl<E> From<reqwest::Error> for Error<E> {
    fn from(error: reqwest::Error) -> Self {
        // A request that cannot be built was never sent.
        if error.is_builder() { Error::InvalidRequest(with_sources(&error)) } else { Error::Communication(error) }
    }
}

impl<E> From<InvalidArgument> for Error<E> {
    fn from(error: InvalidArgument) -> Self {
        Error::InvalidRequest(error.to_string())
    }
}

impl<E> From<TransportError> for Error<E> {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::Http(error) => Error::from(error),
            TransportError::Hook(error) => Error::Hook(error),
        }
    }
}

/// reqwest's messages leave out their causes.
fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::InvalidRequest(reason) => write!(f, "invalid request: {reason}"),
            Error::Communication(error) => write!(f, "no answer came: {}", with_sources(error)),
            Error::Hook(error) => write!(f, "a hook ended the call: {error}"),
            Error::ErrorResponse(answer) => write!(f, "the server answered {}", answer.status()),
            Error::UnexpectedResponse(failure) => write!(f, "the server answered {}, which is not documented", failure.status()),
            Error::InvalidResponse(failure, error) => write!(f, "the server answered {}, but {error}", failure.status()),
        }
    }
}

impl<E: fmt::Debug> fmt::Debug for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::InvalidRequest(reason) => f.debug_tuple("InvalidRequest").field(reason).finish(),
            Error::Communication(error) => f.debug_tuple("Communication").field(error).finish(),
            Error::Hook(error) => f.debug_tuple("Hook").field(error).finish(),
            Error::ErrorResponse(answer) => f.debug_tuple("ErrorResponse").field(answer).finish(),
            Error::UnexpectedResponse(failure) => f.debug_tuple("UnexpectedResponse").field(failure).finish(),
            Error::InvalidResponse(failure, error) => f.debug_tuple("InvalidResponse").field(failure).field(error).finish(),
        }
    }
}

impl<E: fmt::Debug> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Communication(error) => Some(error),
            Error::Hook(error) => Some(error.as_ref()),
            Error::InvalidResponse(_, error) => Some(error),
            Error::InvalidRequest(_) | Error::ErrorResponse(_) | Error::UnexpectedResponse(_) => None,
        }
    }
}

/// The first characters of a body, for people.
fn glimpse(body: &Bytes) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(1024)]).into_owned();
    match text.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
