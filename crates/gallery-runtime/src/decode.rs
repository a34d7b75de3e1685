//! Decoding of responses into values or errors.

use bytes::Bytes;
use reqwest::header::HeaderMap;

use crate::body::{Body, FromBody};
use crate::error::Error;
use crate::response::{BodyError, Response, excerpt_of};
use crate::value::{ResponseValue, Untyped};

/// A response whose body has been read.
pub(crate) struct Received {
    response: Response,
    bytes: Bytes,
    /// True if only the start of the body was read.
    is_truncated: bool,
    content: Content,
}

/// The encoding of a body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Content {
    /// JSON.
    #[default]
    Json,
    /// Text, which becomes a string.
    Text,
    /// Nothing. The body becomes null, whatever its bytes are.
    Empty,
}

impl Content {
    /// Returns the JSON of a body.
    pub(crate) fn json(self, bytes: &Bytes) -> Result<Bytes, BodyError> {
        match self {
            Content::Json => Ok(bytes.clone()),
            Content::Text => {
                let text = std::str::from_utf8(bytes).map_err(serde::de::Error::custom);
                let json = text.and_then(serde_json::to_vec).map_err(BodyError::Json)?;
                Ok(json.into())
            }
            Content::Empty => Ok(Bytes::from_static(b"null")),
        }
    }
}

/// A response whose body could not be read, with the bytes that were received.
pub(crate) struct Unreadable {
    response: Response,
    received: Bytes,
    error: BodyError,
}

impl Unreadable {
    /// Creates an error for a response whose body is not read.
    pub(crate) fn new(response: Response, error: BodyError) -> Unreadable {
        Unreadable {
            response,
            received: Bytes::new(),
            error,
        }
    }
}

impl<E> From<Unreadable> for Error<E> {
    fn from(unreadable: Unreadable) -> Self {
        let Unreadable {
            response,
            received,
            error,
        } = unreadable;
        Error::invalid(response, &received, error)
    }
}

impl Received {
    /// Reads the whole body.
    pub(crate) async fn whole(mut response: Response) -> Result<Received, Unreadable> {
        match response.read_body().await {
            Ok(bytes) => Ok(Received {
                response,
                bytes,
                is_truncated: false,
                content: Content::default(),
            }),
            Err((received, error)) => Err(Unreadable {
                response,
                received,
                error,
            }),
        }
    }

    /// Reads the start of an error's body. If the connection fails, keeps the bytes received,
    /// because the status matters more than the body.
    pub(crate) async fn start(mut response: Response) -> Received {
        let (bytes, is_truncated) = response.read_excerpt().await;
        Received {
            response,
            bytes,
            is_truncated,
            content: Content::default(),
        }
    }

    /// Sets the encoding of the body.
    pub(crate) fn with_content(self, content: Content) -> Received {
        Received { content, ..self }
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// Returns the body as it was received.
    pub(crate) fn body(&self) -> &Bytes {
        &self.bytes
    }

    /// Returns the JSON of the body.
    pub(crate) fn json(&self) -> Result<Bytes, BodyError> {
        self.content.json(&self.bytes)
    }

    /// Returns an error for a body that cannot be used.
    pub(crate) fn invalid<E>(self, error: BodyError) -> Error<E> {
        Error::invalid(self.response, &self.bytes, error)
    }

    pub(crate) fn decode<T: FromBody, E>(self) -> Result<ResponseValue<T>, Error<E>> {
        let decoded = self.json().and_then(|bytes| {
            T::from_body(Body {
                headers: self.response.headers(),
                bytes: &bytes,
                status: self.response.status(),
                is_truncated: self.is_truncated,
            })
        });
        match decoded {
            Ok(value) => Ok(self.with_value(value)),
            Err(error) => Err(self.invalid(error)),
        }
    }

    fn with_value<T>(self, value: T) -> ResponseValue<T> {
        let status = self.response.status();
        let excerpt = if status.is_client_error() || status.is_server_error() {
            excerpt_of(&self.bytes)
        } else {
            Bytes::new()
        };
        ResponseValue::new(self.response, excerpt, value)
    }
}

impl<T: FromBody> ResponseValue<T> {
    /// Reads and decodes a body, for clients that send requests with
    /// [`Transport::send`](crate::Transport::send).
    #[doc(hidden)]
    pub async fn from_response<E>(response: Response) -> Result<Self, Error<E>> {
        Received::whole(response).await?.decode()
    }
}

impl ResponseValue<Untyped> {
    /// Reads the start of an error's body, as [`from_response`](ResponseValue::from_response) does
    /// for whole bodies.
    #[doc(hidden)]
    pub async fn untyped_error(response: Response) -> Self {
        let received = Received::start(response).await;
        let (headers, bytes) = (received.response.headers(), received.bytes.clone());
        let value = Untyped::new(headers, bytes, received.is_truncated);
        received.with_value(value)
    }
}
