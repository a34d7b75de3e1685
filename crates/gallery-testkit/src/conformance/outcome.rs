//! Results of calls.

use std::borrow::Cow;
use std::fmt::Debug;

use gallery_runtime::reqwest::header::HeaderMap;
use gallery_runtime::{BodyError, Error, ErrorKind, ResponseValue, Untyped};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::conformance::argument_error::ArgumentError;

/// The result of a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// A success.
    Success {
        /// The reported status.
        status: u16,
        /// The reported headers.
        headers: Vec<(String, String)>,
        /// The bytes.
        content: Content,
        /// The key of the response whose variant it is.
        key: Option<Cow<'static, str>>,
    },
    /// An error.
    Failure {
        /// The kind of error.
        kind: FailureKind,
        /// The reported status.
        status: Option<u16>,
        /// The reported headers.
        headers: Vec<(String, String)>,
        /// The retained part of the body.
        content: Option<Content>,
        /// The key of the response whose variant it is.
        key: Option<Cow<'static, str>>,
        /// The start of the body, also of a typed error.
        excerpt: Content,
        /// True if the error says that a later call may succeed.
        is_retryable: bool,
        /// The messages of the error and its sources.
        message: String,
        /// The `Debug` output.
        shown: String,
    },
}

/// The content of a response.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub enum Content {
    /// Untyped content.
    Bytes {
        /// `Content-Type`.
        content_type: Option<String>,
        /// The content.
        bytes: Vec<u8>,
    },
    /// A typed value, serialized to JSON.
    Json(Value),
    /// No content.
    Empty,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (kind, text) = match self {
            Content::Bytes {
                content_type,
                bytes,
            } => (
                content_type.as_deref().unwrap_or("no type"),
                String::from_utf8_lossy(bytes).into_owned(),
            ),
            Content::Json(value) => ("typed", value.to_string()),
            Content::Empty => ("empty", String::new()),
        };
        // Shortened for failure messages.
        let end = text
            .char_indices()
            .nth(200)
            .map_or(text.len(), |(end, _)| end);
        write!(
            f,
            "{kind}: {}{}",
            &text[..end],
            if end < text.len() { "…" } else { "" }
        )
    }
}

impl Content {
    /// Converts a response without a schema.
    pub fn untyped(answer: &Untyped) -> Content {
        Content::Bytes {
            content_type: answer.content_type().map(str::to_owned),
            bytes: answer.bytes().to_vec(),
        }
    }

    /// Returns true for bytes that a body begins with.
    pub(super) fn is_start_of(&self, whole: &[u8]) -> bool {
        matches!(self, Content::Bytes { bytes, .. } if whole.starts_with(bytes))
    }

    /// Converts a response that has content for some statuses only.
    pub fn optional<T: Serialize>(answer: &Option<T>) -> Content {
        answer.as_ref().map_or(Content::Empty, Content::typed)
    }

    /// Converts a variant that did not exist when the adapters were generated.
    pub fn unknown<T: Debug>(answer: &T) -> KeyedContent {
        Content::Json(Value::String(format!("{answer:?}"))).into()
    }

    /// Adds the key of the response that the variant stands for: a status, a range such as `4XX`,
    /// or `default`.
    pub fn keyed(self, key: &'static str) -> KeyedContent {
        KeyedContent {
            content: self,
            key: Some(Cow::Borrowed(key)),
        }
    }

    /// Converts a typed response.
    pub fn typed<T: Serialize>(answer: &T) -> Content {
        // A serialization error equals nothing that was sent, so the check fails.
        Content::Json(
            serde_json::to_value(answer).unwrap_or_else(|error| Value::String(error.to_string())),
        )
    }
}

/// The content of a response. If its type has a variant for each status, it has the key of the
/// response that the variant stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyedContent {
    pub(super) content: Content,
    key: Option<Cow<'static, str>>,
}

impl From<Content> for KeyedContent {
    fn from(content: Content) -> KeyedContent {
        KeyedContent { content, key: None }
    }
}

/// The kinds of errors of the runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(
    missing_docs,
    reason = "the variants are those of `gallery_runtime::Error` and `gallery_runtime::ErrorKind`"
)]
pub enum FailureKind {
    InvalidRequest,
    Credential,
    Connect,
    ConnectionLost,
    Timeout,
    Middleware,
    ErrorResponse,
    UnexpectedResponse,
    InvalidResponse,
    BodyTooLarge,
    Pagination,
    Other,
}

impl Outcome {
    /// Converts the result of a call. `success` and `error` convert the content.
    pub fn from_result<T, E: Debug, S: Into<KeyedContent>, F: Into<KeyedContent>>(
        result: Result<ResponseValue<T>, Error<E>>,
        success: fn(&T) -> S,
        error: fn(&E) -> F,
    ) -> Outcome {
        let failed = match result {
            Ok(answer) => {
                let KeyedContent { content, key } = success(&answer).into();
                return Outcome::Success {
                    status: answer.status().as_u16(),
                    headers: texts(answer.headers()),
                    content,
                    key,
                };
            }
            Err(failed) => failed,
        };
        Outcome::failed(&failed, error)
    }

    /// Returns the outcome of a call that the client's types do not allow.
    pub(super) fn not_expressible(error: &ArgumentError) -> Outcome {
        Outcome::Failure {
            kind: FailureKind::InvalidRequest,
            status: None,
            headers: Vec::new(),
            content: None,
            key: None,
            excerpt: bytes(&[]),
            is_retryable: false,
            message: error.to_string(),
            shown: error.to_string(),
        }
    }

    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Outcome::Success { status, .. } => Some(*status),
            Outcome::Failure { status, .. } => *status,
        }
    }

    /// Returns the key of the response whose variant it is.
    pub(super) fn key(&self) -> Option<&str> {
        match self {
            Outcome::Success { key, .. } | Outcome::Failure { key, .. } => key.as_deref(),
        }
    }

    /// Returns status and content of a success.
    pub(super) fn given(&self) -> Option<(u16, &Content)> {
        match self {
            Outcome::Success {
                status, content, ..
            } => Some((*status, content)),
            Outcome::Failure { .. } => None,
        }
    }

    pub(super) fn failed<E: Debug, F: Into<KeyedContent>>(
        failed: &Error<E>,
        error: fn(&E) -> F,
    ) -> Outcome {
        let content = match failed {
            Error::ErrorResponse(answer) => Some(error(answer).into()),
            Error::UnexpectedResponse(failure) | Error::InvalidResponse(failure, _) => {
                Some(bytes(failure.body_excerpt()).into())
            }
            _ => None,
        };
        let (content, key) = content.map_or((None, None), |own| (Some(own.content), own.key));
        // An error whose `kind` contradicts its variant is reported as `Other`.
        let kind = match kinds(failed) {
            (kind, expected) if failed.kind() == expected => kind,
            _ => FailureKind::Other,
        };
        Outcome::Failure {
            kind,
            status: failed.status().map(|status| status.as_u16()),
            headers: failed.headers().map(texts).unwrap_or_default(),
            content,
            key,
            excerpt: bytes(failed.body_excerpt().map_or(&[], |excerpt| excerpt)),
            is_retryable: failed.is_retryable(),
            message: with_sources(failed),
            shown: format!("{failed:?}"),
        }
    }
}

/// Returns the messages of an error and its sources.
fn with_sources(error: &dyn std::error::Error) -> String {
    let messages = std::iter::successors(Some(error), |error| error.source());
    let messages: Vec<_> = messages.map(ToString::to_string).collect();
    messages.join(": ")
}

/// Returns the kind of an error, and the `Error::kind` that fits its variant.
fn kinds<E>(error: &Error<E>) -> (FailureKind, ErrorKind) {
    use ErrorKind as Actual;
    match error {
        Error::InvalidRequest(_) => (FailureKind::InvalidRequest, Actual::InvalidRequest),
        Error::Credential(_) => (FailureKind::Credential, Actual::Credential),
        Error::Communication(cause) => match broken_connection(cause) {
            Actual::Timeout => (FailureKind::Timeout, Actual::Timeout),
            Actual::Connect => (FailureKind::Connect, Actual::Connect),
            other => (FailureKind::ConnectionLost, other),
        },
        Error::Timeout(_) => (FailureKind::Timeout, Actual::Timeout),
        Error::Middleware(_) => (FailureKind::Middleware, Actual::Middleware),
        Error::Pagination(_) => (FailureKind::Pagination, Actual::Pagination),
        Error::ErrorResponse(_) => (FailureKind::ErrorResponse, Actual::Status),
        Error::UnexpectedResponse(response) => {
            let actual = match response.status().as_u16() {
                _ if response.redirect_error().is_some() => Actual::Redirect,
                301..=303 | 307 | 308 => Actual::Redirect,
                400..=599 => Actual::Status,
                _ => Actual::UnexpectedStatus,
            };
            (FailureKind::UnexpectedResponse, actual)
        }
        Error::InvalidResponse(_, cause) => match cause {
            BodyError::TooLarge(_) => (FailureKind::BodyTooLarge, Actual::BodyTooLarge),
            BodyError::Timeout => (FailureKind::InvalidResponse, Actual::Timeout),
            BodyError::Read(cause) => (FailureKind::InvalidResponse, broken_connection(cause)),
            _ => (FailureKind::InvalidResponse, Actual::InvalidBody),
        },
        other => (FailureKind::Other, other.kind()),
    }
}

fn broken_connection(error: &gallery_runtime::reqwest::Error) -> ErrorKind {
    match error {
        _ if error.is_timeout() => ErrorKind::Timeout,
        _ if error.is_connect() => ErrorKind::Connect,
        _ => ErrorKind::ConnectionLost,
    }
}

pub(super) fn bytes(excerpt: &[u8]) -> Content {
    Content::Bytes {
        content_type: None,
        bytes: excerpt.to_vec(),
    }
}

pub(super) fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect()
}
