//! Decoding of responses into values or errors.

use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::response::{BodyError, Response, excerpt_of};
use crate::value::{ResponseValue, Untyped};

impl<T: DeserializeOwned> ResponseValue<T> {
    /// Decodes a JSON body. For generated code.
    #[doc(hidden)]
    pub async fn from_response<E>(mut response: Response) -> Result<Self, Error<E>> {
        let body = match response.read_body().await {
            Ok(body) => body,
            Err((received, error)) => return Err(Error::invalid(response, &received, error)),
        };
        match serde_json::from_slice(&body) {
            Ok(inner) => {
                let status = response.status();
                let excerpt = if status.is_client_error() || status.is_server_error() {
                    excerpt_of(&body)
                } else {
                    Bytes::new()
                };
                Ok(ResponseValue::new(response, excerpt, inner))
            }
            Err(error) => Err(Error::invalid(response, &body, BodyError::Json(error))),
        }
    }
}

impl ResponseValue<Untyped> {
    /// Reads a body without a schema. For generated code.
    #[doc(hidden)]
    pub async fn untyped<E>(mut response: Response) -> Result<Self, Error<E>> {
        match response.read_body().await {
            Ok(bytes) => {
                let inner = Untyped::new(response.headers(), bytes, false);
                Ok(ResponseValue::new(response, Bytes::new(), inner))
            }
            Err((received, error)) => Err(Error::invalid(response, &received, error)),
        }
    }

    /// Reads the start of an error's body. If the connection fails, keeps the bytes received,
    /// because the status matters more than the body. For generated code.
    #[doc(hidden)]
    pub async fn untyped_error(mut response: Response) -> Self {
        let (bytes, truncated) = response.read_excerpt().await;
        let inner = Untyped::new(response.headers(), bytes.clone(), truncated);
        ResponseValue::new(response, bytes, inner)
    }
}
