//! Errors from API calls.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::failed_call::FailedCall;
use crate::operation::Route;
use crate::pagination::PaginationError;
use crate::platform::reqwest;
use crate::redirect::RedirectError;
use crate::response::{BodyError, Response, ResponseSummary};
use crate::style::InvalidArgument;
use crate::transport_error::{BoxError, TransportError};
use crate::value::{ResponseValue, Untyped};

/// An error from an API call. `E` is the type of the API's documented errors.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error<E = Untyped> {
    /// An argument is missing or invalid. Nothing was sent.
    InvalidRequest(String),
    /// A token provider failed, or a credential has characters that cannot be sent. The request was
    /// not sent, unless the call was retried: see [`Error::may_have_been_processed`].
    Credential(Box<FailedCall<BoxError>>),
    /// The connection failed before a response was received. The URL in the error contains only
    /// scheme, host and port.
    Communication(Box<FailedCall<reqwest::Error>>),
    /// No response was received within the timeout. Contains the timeout.
    Timeout(Box<FailedCall<Duration>>),
    /// A [middleware](crate::Middleware) failed.
    Middleware(Box<FailedCall<BoxError>>),
    /// The body of the request, an [`Upload`](crate::Upload), could not be read.
    Upload(Box<FailedCall<BoxError>>),
    /// The server returned a 4xx or 5xx status.
    ErrorResponse(Box<ResponseValue<E>>),
    /// The server returned a status that the API does not document, such as a redirect that was not
    /// followed. See [`ResponseSummary::redirect_error`].
    UnexpectedResponse(Box<ResponseSummary>),
    /// The response body is incomplete, too large, or does not match the documented schema.
    InvalidResponse(Box<ResponseSummary>, BodyError),
    /// A stream of pages ended before the last page.
    Pagination(Box<FailedCall<PaginationError>>),
    /// In browsers: the server returned a redirect, which only the browser could follow.
    Redirect(Box<FailedCall<RedirectError>>),
}

/// The kind of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument is missing or invalid. Nothing was sent.
    InvalidRequest,
    /// A credential could not be obtained or sent.
    Credential,
    /// Could not connect.
    Connect,
    /// The connection failed before or during the response, or the response is not valid HTTP.
    ConnectionLost,
    /// The call timed out before or during the response.
    Timeout,
    /// A middleware failed.
    Middleware,
    /// The body of the request could not be read.
    Upload,
    /// The server returned a 4xx or 5xx status.
    Status,
    /// The server returned a redirect that was not followed.
    Redirect,
    /// The server returned an undocumented status other than an error or a redirect.
    UnexpectedStatus,
    /// The body does not match the documented schema.
    InvalidBody,
    /// The body is larger than the limit of the client.
    BodyTooLarge,
    /// A stream of pages ended before the last page.
    Pagination,
}

impl<E> Error<E> {
    /// Returns the kind of error.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Error::InvalidRequest(_) => ErrorKind::InvalidRequest,
            Error::Credential(_) => ErrorKind::Credential,
            Error::Communication(error) => kind_of(error),
            Error::Timeout(_) | Error::InvalidResponse(_, BodyError::Timeout) => ErrorKind::Timeout,
            Error::Middleware(_) => ErrorKind::Middleware,
            Error::Upload(_) => ErrorKind::Upload,
            Error::ErrorResponse(_) => ErrorKind::Status,
            Error::UnexpectedResponse(summary) if summary.redirect_error().is_some() => {
                ErrorKind::Redirect
            }
            Error::UnexpectedResponse(summary) => match summary.status().as_u16() {
                301..=303 | 307 | 308 => ErrorKind::Redirect,
                400..=599 => ErrorKind::Status,
                _ => ErrorKind::UnexpectedStatus,
            },
            Error::InvalidResponse(_, BodyError::Read(error)) => kind_of(error),
            Error::InvalidResponse(_, BodyError::NoEvents(_)) => ErrorKind::ConnectionLost,
            Error::InvalidResponse(_, BodyError::TooLarge(_)) => ErrorKind::BodyTooLarge,
            Error::InvalidResponse(_, BodyError::Json(_) | BodyError::Unexpected(_)) => {
                ErrorKind::InvalidBody
            }
            Error::Pagination(_) => ErrorKind::Pagination,
            Error::Redirect(_) => ErrorKind::Redirect,
        }
    }

    /// Returns whether the same call may succeed later: after the statuses 408, 429 and 5xx
    /// except 501, connection failures and timeouts.
    ///
    /// This does not mean that a retry is safe: a request that is not idempotent [may have been
    /// processed](Error::may_have_been_processed).
    pub fn is_retryable(&self) -> bool {
        match self.kind() {
            ErrorKind::Connect | ErrorKind::ConnectionLost | ErrorKind::Timeout => true,
            ErrorKind::Status | ErrorKind::InvalidBody => self.status().is_some_and(is_transient),
            _ => false,
        }
    }

    /// Returns whether the server may have processed the request: false if no attempt of the call
    /// was sent, or if each one that was sent was redirected or rejected with 401 first.
    ///
    /// A retry that cannot connect or has no token does not mean that the attempt before it was not
    /// processed.
    pub fn may_have_been_processed(&self) -> bool {
        match self {
            Error::InvalidRequest(_) => false,
            Error::Credential(error) | Error::Middleware(error) | Error::Upload(error) => {
                error.is_sent()
            }
            Error::Communication(error) => error.is_sent(),
            Error::Timeout(timeout) => timeout.is_sent(),
            Error::ErrorResponse(_)
            | Error::UnexpectedResponse(_)
            | Error::InvalidResponse(..)
            | Error::Pagination(_)
            | Error::Redirect(_) => true,
        }
    }

    /// Returns whether the call timed out.
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Returns the status of the response, if one was received.
    pub fn status(&self) -> Option<StatusCode> {
        self.response().map(|(status, ..)| status)
    }

    /// Returns the headers of the response, if one was received.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.response().map(|(_, headers, _)| headers)
    }

    /// Returns the start of the response body, at most 64 KiB, if a response was received.
    pub fn body_excerpt(&self) -> Option<&Bytes> {
        self.response().map(|(.., excerpt)| excerpt)
    }

    /// Returns the operation, method and path template of the call, unless an argument was invalid.
    pub fn route(&self) -> Option<&Route> {
        match self {
            Error::InvalidRequest(_) => None,
            Error::Credential(error) | Error::Middleware(error) | Error::Upload(error) => {
                Some(error.route())
            }
            Error::Communication(error) => Some(error.route()),
            Error::Timeout(timeout) => Some(timeout.route()),
            Error::Pagination(error) => Some(error.route()),
            Error::Redirect(error) => Some(error.route()),
            Error::ErrorResponse(value) => Some(value.route()),
            Error::UnexpectedResponse(summary) | Error::InvalidResponse(summary, _) => {
                Some(summary.route())
            }
        }
    }

    /// Returns the decoded body of a documented error.
    pub fn body(&self) -> Option<&E> {
        match self {
            Error::ErrorResponse(value) => Some(value),
            _ => None,
        }
    }

    /// Returns the decoded body of a documented error, or else this error.
    ///
    /// # Errors
    ///
    /// Returns this error if it has no decoded body.
    pub fn into_body(self) -> Result<E, Self> {
        match self {
            Error::ErrorResponse(value) => Ok(value.into_inner()),
            other => Err(other),
        }
    }

    /// Returns the API's own message: the text of a field such as `message` or `error` of the
    /// body.
    pub fn message(&self) -> Option<&str> {
        match self {
            Error::ErrorResponse(value) => value.message(),
            Error::UnexpectedResponse(summary) | Error::InvalidResponse(summary, _) => {
                summary.message()
            }
            _ => None,
        }
    }

    fn response(&self) -> Option<(StatusCode, &HeaderMap, &Bytes)> {
        match self {
            Error::ErrorResponse(value) => {
                Some((value.status(), value.headers(), value.body_excerpt()))
            }
            Error::UnexpectedResponse(summary) | Error::InvalidResponse(summary, _) => {
                Some((summary.status(), summary.headers(), summary.body_excerpt()))
            }
            Error::InvalidRequest(_)
            | Error::Credential(_)
            | Error::Communication(_)
            | Error::Timeout(_)
            | Error::Middleware(_)
            | Error::Upload(_)
            | Error::Pagination(_)
            | Error::Redirect(_) => None,
        }
    }

    /// Creates an error from a documented error response. For generated code.
    #[doc(hidden)]
    pub fn documented(value: ResponseValue<E>) -> Self {
        Error::ErrorResponse(Box::new(value))
    }

    /// Creates an error from a response with an undocumented status. For generated code.
    #[doc(hidden)]
    pub async fn undocumented(response: Response) -> Self {
        Error::UnexpectedResponse(Box::new(ResponseSummary::read(response).await))
    }

    pub(crate) fn invalid(response: Response, body: &[u8], error: BodyError) -> Self {
        Error::InvalidResponse(Box::new(ResponseSummary::new(response, body)), error)
    }
}

impl<E> From<InvalidArgument> for Error<E> {
    fn from(error: InvalidArgument) -> Self {
        Error::InvalidRequest(error.to_string())
    }
}

impl<E> From<FailedCall<TransportError>> for Error<E> {
    fn from(error: FailedCall<TransportError>) -> Self {
        let is_sent = error.is_sent();
        let (route, cause) = error.into_parts();
        match cause {
            TransportError::Http(error) if error.is_builder() => {
                Error::InvalidRequest(format!("{route}: {}", with_sources(&error)))
            }
            TransportError::Http(error) => Error::Communication(failed(route, error, is_sent)),
            TransportError::Timeout(timeout) => Error::Timeout(failed(route, timeout, is_sent)),
            TransportError::Credential(error) => Error::Credential(failed(route, error, is_sent)),
            TransportError::Middleware(error) => Error::Middleware(failed(route, error, is_sent)),
            TransportError::Upload(error) => Error::Upload(failed(route, error, is_sent)),
            TransportError::ForbiddenHeader(_) => {
                Error::InvalidRequest(format!("{route}: {cause}"))
            }
            TransportError::Redirect(error) => Error::Redirect(failed(route, error, is_sent)),
        }
    }
}

#[expect(
    clippy::unnecessary_box_returns,
    reason = "errors keep their causes in boxes"
)]
fn failed<T>(route: Route, cause: T, is_sent: bool) -> Box<FailedCall<T>> {
    Box::new(FailedCall::new(route, cause, is_sent))
}

/// Returns whether a later response may have another status.
pub(crate) fn is_transient(status: StatusCode) -> bool {
    // A server that does not implement a request (501) will not do so later.
    matches!(status.as_u16(), 408 | 429 | 500 | 502..=599)
}

fn kind_of(error: &reqwest::Error) -> ErrorKind {
    match () {
        () if error.is_timeout() => ErrorKind::Timeout,
        () if error.is_connect() => ErrorKind::Connect,
        () => ErrorKind::ConnectionLost,
    }
}

/// Formats an error with its sources, which reqwest's messages omit.
fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// Describes the failure without its source. Begins with the operation and its route, except for
/// invalid arguments. Ends with the API's own message, if the response has one.
impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(route) = self.route() {
            write!(f, "{route}: ")?;
        }
        match self {
            Error::InvalidRequest(reason) => write!(f, "invalid request: {reason}")?,
            Error::Credential(_) => f.write_str("could not send credentials")?,
            Error::Communication(error) => f.write_str(match kind_of(error) {
                ErrorKind::Connect => "could not connect",
                ErrorKind::Timeout => "the connection timed out",
                _ => "the connection failed",
            })?,
            Error::Timeout(timeout) => write!(f, "request timed out after {:?}", timeout.cause())?,
            Error::Middleware(_) => f.write_str("middleware error")?,
            Error::Upload(_) => f.write_str("could not read the body of the request")?,
            Error::ErrorResponse(value) => write!(f, "{}", value.status())?,
            Error::UnexpectedResponse(summary) => match summary.redirect_error() {
                Some(reason) => write!(
                    f,
                    "the server returned {}, and the redirect was not followed: {reason}",
                    summary.status()
                )?,
                None => write!(
                    f,
                    "the server returned the undocumented status {}",
                    summary.status()
                )?,
            },
            Error::InvalidResponse(summary, _) => write!(
                f,
                "invalid response ({}, {})",
                summary.status(),
                summary.content()
            )?,
            Error::Pagination(error) => write!(f, "{}", error.cause())?,
            Error::Redirect(error) => {
                write!(f, "the server returned a redirect: {}", error.cause())?;
            }
        }
        match self.message() {
            Some(message) => write!(f, ": {message}"),
            None => Ok(()),
        }
    }
}

impl<E: fmt::Debug> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Communication(error) => Some(error.cause()),
            Error::Middleware(error) | Error::Credential(error) | Error::Upload(error) => {
                Some(error.cause().as_ref())
            }
            Error::InvalidResponse(_, error) => Some(error),
            Error::InvalidRequest(_)
            | Error::Timeout(_)
            | Error::ErrorResponse(_)
            | Error::UnexpectedResponse(_)
            | Error::Pagination(_)
            | Error::Redirect(_) => None,
        }
    }
}
