//! Results of calls whose responses arrive in parts: pages, files and events.

use std::fmt::Debug;

use gallery_runtime::reqwest::header::CONTENT_TYPE;
use gallery_runtime::{Download, Error, EventStream, FromBody, PaginationStream, ResponseValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::conformance::outcome::{Content, FailureKind, KeyedContent, Outcome, bytes, texts};

impl Outcome {
    /// Reads a paginated list to its end: all items, or the error. The status of a success is 0.
    pub async fn from_pages<T, E, F>(
        mut pages: PaginationStream<T, E>,
        error: fn(&E) -> F,
    ) -> Outcome
    where
        T: DeserializeOwned + Serialize,
        E: FromBody + Debug,
        F: Into<KeyedContent>,
    {
        let mut items = Vec::new();
        while let Some(item) = pages.next().await {
            match item {
                Ok(item) => items.push(item),
                Err(failed) => {
                    // The stream has ended, but polling it again must not send a request.
                    let _ = pages.next().await;
                    return Outcome::failed(&failed, error);
                }
            }
        }
        Outcome::Success {
            status: 0,
            headers: Vec::new(),
            content: Content::typed(&items),
            key: None,
        }
    }

    /// Reads a body to its end: all bytes, or the error.
    pub async fn from_download<E: Debug, F: Into<KeyedContent>>(
        result: Result<ResponseValue<Download>, Error<E>>,
        error: fn(&E) -> F,
    ) -> Outcome {
        let response = match result {
            Ok(response) => response,
            Err(failed) => return Outcome::failed(&failed, error),
        };
        let (status, headers) = (response.status().as_u16(), texts(response.headers()));
        let content_type = response.headers().get(CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        let content_type = content_type.map(str::to_owned);
        let (mut download, mut received) = (response.into_inner(), Vec::new());
        while let Some(next) = download.next().await {
            match next {
                Ok(next) => received.extend_from_slice(&next),
                Err(failed) => {
                    return Outcome::Failure {
                        kind: FailureKind::InvalidResponse,
                        status: Some(status),
                        headers,
                        content: Some(bytes(&received)),
                        key: None,
                        excerpt: bytes(&received),
                        is_retryable: false,
                        message: failed.to_string(),
                        shown: format!("{failed:?}"),
                    };
                }
            }
        }
        Outcome::Success {
            status,
            headers,
            content: Content::Bytes {
                content_type,
                bytes: received,
            },
            key: None,
        }
    }

    /// Reads all events: a list of their data, or the error after some of it. `event` converts the
    /// data.
    pub async fn from_events<T, E, S, F>(
        result: Result<ResponseValue<EventStream<T, E>>, Error<E>>,
        event: fn(&T) -> S,
        error: fn(&E) -> F,
    ) -> Outcome
    where
        T: FromBody,
        E: FromBody + Debug,
        S: Into<KeyedContent>,
        F: Into<KeyedContent>,
    {
        let response = match result {
            Ok(response) => response,
            Err(failed) => return Outcome::failed(&failed, error),
        };
        let (status, headers) = (response.status().as_u16(), texts(response.headers()));
        let (mut stream, mut all) = (response.into_inner(), Vec::new());
        let mut failure = None;
        while let Some(next) = stream.next().await {
            match next {
                Ok(next) => all.push(json(event(&next.data).into().content)),
                Err(failed) => failure = Some(Outcome::failed(&failed, error)),
            }
        }
        let list = Content::Json(Value::Array(all));
        match failure {
            Some(Outcome::Failure {
                kind,
                is_retryable,
                message,
                shown,
                excerpt,
                ..
            }) => Outcome::Failure {
                kind,
                status: Some(status),
                headers,
                content: Some(list),
                key: None,
                excerpt,
                is_retryable,
                message,
                shown,
            },
            _ => Outcome::Success {
                status,
                headers,
                content: list,
                key: None,
            },
        }
    }
}

/// Returns content as JSON. Content that is not JSON becomes a string.
fn json(content: Content) -> Value {
    match content {
        Content::Json(value) => value,
        Content::Empty => Value::Null,
        Content::Bytes { bytes, .. } => serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into()),
    }
}
