//! Records the responses of a real server, without secrets, and replays them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::removal::Removal;
use super::reply::Reply;
use crate::request::RecordedRequest;

/// The text in recordings for the scheme, host and port of the server.
pub(super) const ORIGIN: &str = "{server}";

/// Headers of responses that are recorded. Others, such as `Set-Cookie`, are not.
const HEADERS: &[&str] = &[
    "content-type",
    "etag",
    "link",
    "location",
    "ratelimit",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "retry-after",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
];

/// Requests and their responses, as [`MockServer::record`](super::MockServer::record) stores them.
/// It serializes to JSON.
///
/// It has no headers of requests, and no values of secrets: credentials that were sent, and the
/// values of properties and parameters such as `password` and `access_token`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    exchanges: Vec<Exchange>,
}

/// A request and its response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Exchange {
    request: Sent,
    status: u16,
    headers: Vec<(String, String)>,
    body: Content,
}

/// The part of a request that selects the response.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Sent {
    method: String,
    /// The path after the base path of the document.
    path: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    query: String,
    #[serde(default, skip_serializing_if = "Content::is_empty")]
    body: Content,
}

/// The content of a body.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Content {
    Text(String),
    /// Bytes that are not UTF-8.
    Base64(String),
}

impl Content {
    fn new(bytes: &[u8], clean: impl FnOnce(&str) -> String) -> Content {
        match std::str::from_utf8(bytes) {
            Ok(text) => Content::Text(clean(text)),
            Err(_) => Content::Base64(STANDARD.encode(bytes)),
        }
    }

    fn is_empty(&self) -> bool {
        matches!(self, Content::Text(text) if text.is_empty())
    }
}

impl Default for Content {
    fn default() -> Content {
        Content::Text(String::new())
    }
}

impl Recording {
    /// Returns the number of recorded responses.
    pub fn len(&self) -> usize {
        self.exchanges.len()
    }

    /// Returns true if no response was recorded.
    pub fn is_empty(&self) -> bool {
        self.exchanges.is_empty()
    }
}

impl Sent {
    fn new(removal: &Removal, base_path: &str, request: &RecordedRequest) -> Sent {
        let path = request.path.strip_prefix(base_path);
        Sent {
            method: request.method.clone(),
            path: removal.text(path.unwrap_or(&request.path)),
            query: removal.query(request.query.as_deref().unwrap_or_default()),
            body: Content::new(&request.body, |text| removal.body(text)),
        }
    }
}

/// The recording of a server that is still running.
#[derive(Clone, Debug, Default)]
pub struct Recorder(Arc<Mutex<Recording>>);

impl Recorder {
    /// Returns what was recorded so far.
    pub fn recording(&self) -> Recording {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Recording> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a request and its response, whose own URLs begin with `origin`.
    pub(super) fn add(
        &self,
        removal: &Removal,
        base_path: &str,
        origin: &str,
        request: &RecordedRequest,
        reply: &Reply,
    ) {
        let clean = |text: &str| removal.text(text).replace(origin, ORIGIN);
        let headers = reply.headers().iter();
        let headers = headers.filter(|(name, _)| HEADERS.contains(&name.as_str()));
        let exchange = Exchange {
            request: Sent::new(removal, base_path, request),
            status: reply.status(),
            headers: headers
                .map(|(name, value)| (name.clone(), clean(value)))
                .collect(),
            body: Content::new(reply.body(), |text| {
                removal.body(text).replace(origin, ORIGIN)
            }),
        };
        self.lock().exchanges.push(exchange);
    }
}

/// Replays a recording.
pub(super) struct Replay {
    replies: Mutex<HashMap<Sent, Vec<Reply>>>,
}

impl Replay {
    pub(super) fn new(recording: &Recording, origin: &str) -> Replay {
        let mut replies: HashMap<Sent, Vec<Reply>> = HashMap::new();
        // The last reply of a request stays, so it is stored first.
        for exchange in recording.exchanges.iter().rev() {
            let mut reply = Reply::new(exchange.status);
            for (name, value) in &exchange.headers {
                reply = reply.with_header(name, &value.replace(ORIGIN, origin));
            }
            let body = match &exchange.body {
                Content::Text(text) => Bytes::from(text.replace(ORIGIN, origin)),
                Content::Base64(text) => STANDARD.decode(text).unwrap_or_default().into(),
            };
            let replies = replies.entry(exchange.request.clone()).or_default();
            replies.push(reply.with_body(body));
        }
        Replay {
            replies: Mutex::new(replies),
        }
    }

    /// Returns the recorded reply to a request: each one once, in order, and then the last.
    pub(super) fn reply(
        &self,
        removal: &Removal,
        base_path: &str,
        request: &RecordedRequest,
    ) -> Reply {
        let sent = Sent::new(removal, base_path, request);
        let mut replies = self.replies.lock().unwrap_or_else(PoisonError::into_inner);
        match replies.get_mut(&sent) {
            Some(replies) if replies.len() > 1 => replies.pop().unwrap_or_else(|| Reply::new(500)),
            Some(replies) => replies.first().cloned().unwrap_or_else(|| Reply::new(500)),
            None => {
                let Sent { method, path, .. } = sent;
                let reason = format!("{method} {path} was not recorded with these arguments");
                Reply::json(400, json!({"error": reason}))
            }
        }
    }
}
