//! Bodies of responses, and the types that are made of them.

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use crate::response::BodyError;
use crate::value::Untyped;

/// A body that has been received. For generated code.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Body<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) bytes: &'a Bytes,
    pub(crate) status: StatusCode,
    /// True if only the start of the body was read.
    pub(crate) is_truncated: bool,
}

impl Body<'_> {
    /// Returns the HTTP status.
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// Returns an error for a status without a variant.
    pub fn undocumented(&self) -> BodyError {
        let message = format!("the status {} is not documented", self.status);
        BodyError::Json(serde::de::Error::custom(message))
    }
}

/// A type of response bodies. For generated code.
#[doc(hidden)]
pub trait FromBody: Sized {
    /// True for types that are made of any body. Of errors, only the start is read.
    const IS_UNTYPED: bool = false;

    /// Decodes a body.
    ///
    /// # Errors
    ///
    /// Fails if the body does not match the documented schema.
    fn from_body(body: Body<'_>) -> Result<Self, BodyError>;
}

impl<T: DeserializeOwned> FromBody for T {
    fn from_body(body: Body<'_>) -> Result<T, BodyError> {
        serde_json::from_slice(body.bytes).map_err(BodyError::Json)
    }
}

impl FromBody for Untyped {
    const IS_UNTYPED: bool = true;

    fn from_body(body: Body<'_>) -> Result<Untyped, BodyError> {
        let Body {
            headers,
            bytes,
            is_truncated,
            ..
        } = body;
        Ok(Untyped::new(headers, bytes.clone(), is_truncated))
    }
}
