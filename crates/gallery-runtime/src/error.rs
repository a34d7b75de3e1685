//! What can go wrong in a call, and what is kept of it: an answer's status and headers are never lost.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;
use reqwest::header::HeaderMap;
use thiserror::Error as ThisError;

use crate::redirect::RedirectError;
use crate::response::{Response, ResponseValue, Untyped, beginning_of};
use crate::retry::is_transient;
use crate::style::InvalidArgument;
use crate::transport::TransportError;

/// Any error of a caller's own code.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why a call gave no documented success. `E` is the type of the API's documented errors.
#[non_exhaustive]
pub enum Error<E = Untyped> {
    /// An argument is missing or refused. Nothing was sent.
    InvalidRequest(String),
    /// No token was to be had, or it cannot be sent. Nothing was sent.
    Credential(BoxError),
    /// No answer came: the connection failed. Of the URL it has scheme, host and port alone.
    Communication(reqwest::Error),
    /// No answer came within the timeout, which is this long.
    Timeout(Duration),
    /// A [hook](crate::Middleware) ended the call.
    Middleware(BoxError),
    /// The server answered with an error of the 4xx or 5xx range.
    ErrorResponse(Box<ResponseValue<E>>),
    /// The server answered with a status that is neither a success nor an error, such as a redirect that is not followed:
    /// [`ResponseSummary::redirect_error`] says why.
    UnexpectedResponse(Box<ResponseSummary>),
    /// The server's answer broke off, or does not have the documented shape.
    InvalidResponse(Box<ResponseSummary>, BodyError),
}

/// What a call failed of. Other kinds may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument is missing or refused, and nothing was sent.
    InvalidRequest,
    /// No token was to be had, or it cannot be sent.
    Credential,
    /// No connection came about.
    Connect,
    /// The connection broke, before the answer or in it, or what came over it is no HTTP.
    ConnectionLost,
    /// The timeout was over, before the answer or in it.
    Timeout,
    /// A hook ended the call.
    Middleware,
    /// The server answered with an error, 4xx or 5xx.
    Status,
    /// The server answered with a redirect that is not followed.
    Redirect,
    /// The server answered with a status that is neither a success nor an error nor a redirect.
    UnexpectedStatus,
    /// The body does not have the documented shape.
    InvalidBody,
    /// The body is bigger than the client takes.
    BodyTooLarge,
}

/// Why a body could not be used.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum BodyError {
    /// The connection broke before its end.
    #[error("the body broke off: {0}")]
    Read(#[source] reqwest::Error),
    /// The timeout was over before its end.
    #[error("the body did not come in time")]
    Timeout,
    /// It has more bytes than the client takes, which are this many.
    #[error("the body has more than {0} bytes")]
    TooLarge(usize),
    /// It is not JSON of the documented shape.
    #[error("the body does not have the documented shape: {0}")]
    Json(#[source] serde_json::Error),
}

/// What is kept of an answer that could not be used: status, headers and the beginning of the body.
#[derive(Clone)]
pub struct ResponseSummary {
    status: StatusCode,
    headers: HeaderMap,
    excerpt: Bytes,
    redirect: Option<RedirectError>,
}

impl ResponseSummary {
    pub(crate) fn new(answer: Response, body: Bytes) -> ResponseSummary {
        let redirect = answer.response().extensions().get().copied();
        let (status, headers) = answer.head();
        ResponseSummary {
            status,
            headers,
            excerpt: beginning_of(&body),
            redirect,
        }
    }

    /// Why the redirect that this answer is was not followed; `None` if it is no redirect, or the client follows none.
    pub fn redirect_error(&self) -> Option<RedirectError> {
        self.redirect
    }

    /// What the body is, for messages.
    fn content(&self) -> String {
        match self.headers.get(CONTENT_TYPE) {
            _ if self.excerpt.is_empty() => "empty".to_owned(),
            Some(kind) => String::from_utf8_lossy(kind.as_bytes())
                .chars()
                .take(80)
                .collect(),
            None => "of no stated type".to_owned(),
        }
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
    pub fn body_excerpt(&self) -> &Bytes {
        &self.excerpt
    }
}

impl fmt::Debug for ResponseSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseSummary")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("excerpt", &glimpse(&self.excerpt))
            .finish()
    }
}

impl<E> Error<E> {
    /// What the call failed of.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Error::InvalidRequest(_) => ErrorKind::InvalidRequest,
            Error::Credential(_) => ErrorKind::Credential,
            Error::Communication(error) => kind_of(error),
            Error::Timeout(_) | Error::InvalidResponse(_, BodyError::Timeout) => ErrorKind::Timeout,
            Error::Middleware(_) => ErrorKind::Middleware,
            Error::ErrorResponse(_) => ErrorKind::Status,
            Error::UnexpectedResponse(failure) if failure.redirect.is_some() => ErrorKind::Redirect,
            Error::UnexpectedResponse(failure) => match failure.status.as_u16() {
                301..=303 | 307 | 308 => ErrorKind::Redirect,
                400..=599 => ErrorKind::Status,
                _ => ErrorKind::UnexpectedStatus,
            },
            Error::InvalidResponse(_, BodyError::Read(error)) => kind_of(error),
            Error::InvalidResponse(_, BodyError::TooLarge(_)) => ErrorKind::BodyTooLarge,
            Error::InvalidResponse(_, BodyError::Json(_)) => ErrorKind::InvalidBody,
        }
    }

    /// Whether the same call may succeed a moment later: after 408, 429 and 5xx, a broken connection and a timeout. It does not say
    /// that calling again is harmless: what is not idempotent may have been done.
    pub fn is_retryable(&self) -> bool {
        match self.kind() {
            ErrorKind::Connect | ErrorKind::ConnectionLost | ErrorKind::Timeout => true,
            ErrorKind::Status | ErrorKind::InvalidBody => self.status().is_some_and(is_transient),
            _ => false,
        }
    }

    /// Whether the call took longer than it may.
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// The status of the answer, if one came.
    pub fn status(&self) -> Option<StatusCode> {
        self.answered().map(|(status, ..)| status)
    }

    /// The headers of the answer, if one came.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.answered().map(|(_, headers, _)| headers)
    }

    /// The beginning of the answer's body, at most 64 KiB, if an answer came.
    pub fn body_excerpt(&self) -> Option<&Bytes> {
        self.answered().map(|(.., excerpt)| excerpt)
    }

    fn answered(&self) -> Option<(StatusCode, &HeaderMap, &Bytes)> {
        match self {
            Error::ErrorResponse(answer) => {
                Some((answer.status(), answer.headers(), answer.body_excerpt()))
            }
            Error::UnexpectedResponse(failure) | Error::InvalidResponse(failure, _) => {
                Some((failure.status, &failure.headers, &failure.excerpt))
            }
            Error::InvalidRequest(_)
            | Error::Credential(_)
            | Error::Communication(_)
            | Error::Timeout(_)
            | Error::Middleware(_) => None,
        }
    }

    /// A documented error. For generated code.
    #[doc(hidden)]
    pub fn documented(answer: ResponseValue<E>) -> Self {
        Error::ErrorResponse(Box::new(answer))
    }

    /// A status that no part of the description covers. For generated code.
    #[doc(hidden)]
    pub async fn undocumented(answer: Response) -> Self {
        Error::UnexpectedResponse(Box::new(ResponseSummary::read(answer).await))
    }

    pub(crate) fn invalid(answer: Response, body: Bytes, error: BodyError) -> Self {
        Error::InvalidResponse(Box::new(ResponseSummary::new(answer, body)), error)
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
            // A request that cannot be built was never sent.
            TransportError::Http(error) if error.is_builder() => {
                Error::InvalidRequest(with_sources(&error))
            }
            TransportError::Http(error) => Error::Communication(error),
            TransportError::Timeout(timeout) => Error::Timeout(timeout),
            TransportError::Credential(error) => Error::Credential(error),
            TransportError::Middleware(error) => Error::Middleware(error),
        }
    }
}

fn kind_of(error: &reqwest::Error) -> ErrorKind {
    match () {
        () if error.is_timeout() => ErrorKind::Timeout,
        () if error.is_connect() => ErrorKind::Connect,
        () => ErrorKind::ConnectionLost,
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
            Error::Credential(error) => write!(f, "no credential could be sent: {error}"),
            Error::Communication(error) => write!(f, "no answer came: {}", with_sources(error)),
            Error::Timeout(timeout) => write!(f, "no answer came within {timeout:?}"),
            Error::Middleware(error) => write!(f, "a middleware ended the call: {error}"),
            Error::ErrorResponse(answer) => write!(f, "the server answered {}", answer.status()),
            Error::UnexpectedResponse(failure) => match failure.redirect {
                Some(refusal) => write!(
                    f,
                    "the server answered {}, a redirect that is not followed: {refusal}",
                    failure.status
                ),
                None => write!(
                    f,
                    "the server answered {}, which is not documented",
                    failure.status
                ),
            },
            Error::InvalidResponse(failure, error) => {
                write!(
                    f,
                    "the server answered {}, but {error} (it is {})",
                    failure.status,
                    failure.content()
                )
            }
        }
    }
}

impl<E: fmt::Debug> fmt::Debug for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::InvalidRequest(reason) => f.debug_tuple("InvalidRequest").field(reason).finish(),
            Error::Credential(error) => f.debug_tuple("Credential").field(error).finish(),
            Error::Communication(error) => f.debug_tuple("Communication").field(error).finish(),
            Error::Timeout(timeout) => f.debug_tuple("Timeout").field(timeout).finish(),
            Error::Middleware(error) => f.debug_tuple("Middleware").field(error).finish(),
            Error::ErrorResponse(answer) => f.debug_tuple("ErrorResponse").field(answer).finish(),
            Error::UnexpectedResponse(failure) => {
                f.debug_tuple("UnexpectedResponse").field(failure).finish()
            }
            Error::InvalidResponse(failure, error) => f
                .debug_tuple("InvalidResponse")
                .field(failure)
                .field(error)
                .finish(),
        }
    }
}

impl<E: fmt::Debug> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Communication(error) => Some(error),
            Error::Middleware(error) | Error::Credential(error) => Some(error.as_ref()),
            Error::InvalidResponse(_, error) => Some(error),
            Error::InvalidRequest(_)
            | Error::Timeout(_)
            | Error::ErrorResponse(_)
            | Error::UnexpectedResponse(_) => None,
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
