//! Bodies of requests, encoded as they are sent.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use crate::body_part::with_part;
use crate::description::FieldStyle;
use crate::json;
use crate::multipart::Multipart;
use crate::style::{self, InvalidArgument, Style};
use crate::upload::Upload;

/// A body as it is sent.
#[derive(Clone, Debug)]
pub(crate) struct EncodedBody {
    /// Empty if no `Content-Type` is sent.
    pub(crate) media_type: Cow<'static, str>,
    pub(crate) content: Upload,
}

impl EncodedBody {
    pub(crate) fn json<T: Serialize + ?Sized>(
        media_type: &'static str,
        body: &T,
    ) -> Result<EncodedBody, InvalidArgument> {
        let bytes = json::to_vec(body).map_err(not_serializable)?;
        Ok(EncodedBody::new(media_type, bytes))
    }

    pub(crate) fn form<T: Serialize + ?Sized>(
        media_type: &'static str,
        fields: &[FieldStyle],
        body: &T,
    ) -> Result<EncodedBody, InvalidArgument> {
        let Value::Object(body) = json::to_value(body).map_err(not_serializable)? else {
            return Err(InvalidArgument("a form body must be an object".to_owned()));
        };
        let mut pairs = String::new();
        for (name, value) in &body {
            let styled = fields.iter().find(|(field, ..)| field == name);
            let (_, style, explode) = styled.copied().unwrap_or(("", Style::Form, true));
            style::with_flat(name, style, &flatten(value), |value| {
                style::pairs(&mut pairs, name, style, explode, value)
            })?;
        }
        let start = pairs.len().min("&".len());
        Ok(EncodedBody::new(
            media_type,
            Bytes::from(pairs).slice(start..),
        ))
    }

    pub(crate) fn multipart(body: &Multipart) -> Result<EncodedBody, InvalidArgument> {
        let (boundary, content) = body.encode()?;
        Ok(EncodedBody {
            media_type: format!("multipart/form-data; boundary={boundary}").into(),
            content,
        })
    }

    pub(crate) fn new(media_type: &'static str, content: impl Into<Upload>) -> EncodedBody {
        EncodedBody {
            media_type: media_type.into(),
            content: content.into(),
        }
    }

    /// Returns the bytes of the body, unless they are read while it is sent.
    pub(crate) fn in_memory(&self) -> Option<&Bytes> {
        self.content.in_memory()
    }

    /// Returns the body with another value at a JSON pointer.
    pub(crate) fn with_part(
        &self,
        pointer: &str,
        value: &Value,
    ) -> Result<EncodedBody, InvalidArgument> {
        let body = self.in_memory().map(AsRef::as_ref).unwrap_or_default();
        let changed = with_part(body, pointer, value).map_err(InvalidArgument)?;
        Ok(EncodedBody {
            media_type: self.media_type.clone(),
            content: changed.into(),
        })
    }
}

fn not_serializable(error: impl fmt::Display) -> InvalidArgument {
    InvalidArgument(format!("cannot serialize the body: {error}"))
}

/// Converts nested lists and objects of a form field to JSON text.
fn flatten(value: &Value) -> Value {
    let text = |value: &Value| match value {
        Value::Array(_) | Value::Object(_) => Value::String(value.to_string()),
        plain => plain.clone(),
    };
    match value {
        Value::Array(items) => Value::Array(items.iter().map(text).collect()),
        other => text(other),
    }
}
