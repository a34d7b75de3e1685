//! Records the responses of a real server, without secrets, and replays them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::removal::Removal;
use super::reply::{InTurn, Reply};
use crate::document::{Document, SecurityScheme};
use crate::request::RecordedRequest;

/// The text in recordings for the scheme, host and port of the server.
const ORIGIN: &str = "{server}";

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

/// The API that is recorded.
#[derive(Debug)]
pub(super) struct RecordedApi {
    schemes: Vec<SecurityScheme>,
    base_path: String,
    /// Scheme, host and port of the mock server.
    origin: String,
}

impl RecordedApi {
    pub(super) fn new(document: &Document, origin: &str) -> RecordedApi {
        RecordedApi {
            schemes: document.schemes().into_iter().cloned().collect(),
            base_path: document.base_path.clone(),
            origin: origin.to_owned(),
        }
    }

    fn sent(&self, removal: &Removal<'_>, request: &RecordedRequest) -> Sent {
        let path = request.path.strip_prefix(&self.base_path);
        Sent {
            method: request.method.clone(),
            path: removal.text(path.unwrap_or(&request.path)),
            query: removal.query(request.query.as_deref().unwrap_or_default()),
            body: Content::new(&request.body, |text| removal.body(text)),
        }
    }

    fn exchange(&self, request: &RecordedRequest, reply: &Reply) -> Exchange {
        let removal = Removal::new(&self.schemes, request);
        let headers = reply.headers().iter();
        let headers = headers.filter(|(name, _)| HEADERS.contains(&name.as_str()));
        let headers = headers.map(|(name, value)| {
            let value = removal.text(value).replace(&self.origin, ORIGIN);
            (name.clone(), value)
        });
        Exchange {
            request: self.sent(&removal, request),
            status: reply.status(),
            headers: headers.collect(),
            body: Content::new(reply.body(), |text| {
                removal.body(text).replace(&self.origin, ORIGIN)
            }),
        }
    }

    fn reply(&self, exchange: &Exchange) -> Reply {
        let mut reply = Reply::new(exchange.status);
        for (name, value) in &exchange.headers {
            reply = reply.with_header(name, &value.replace(ORIGIN, &self.origin));
        }
        reply.with_body(match &exchange.body {
            Content::Text(text) => Bytes::from(text.replace(ORIGIN, &self.origin)),
            Content::Base64(text) => STANDARD.decode(text).unwrap_or_default().into(),
        })
    }
}

/// The recording of a server that is still running.
#[derive(Clone, Debug)]
pub struct Recorder {
    api: Arc<RecordedApi>,
    recording: Arc<Mutex<Recording>>,
}

impl Recorder {
    pub(super) fn new(api: RecordedApi) -> Recorder {
        Recorder {
            api: Arc::new(api),
            recording: Arc::default(),
        }
    }

    /// Returns what was recorded so far.
    pub fn recording(&self) -> Recording {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Recording> {
        self.recording
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a request and its response.
    pub(super) fn add(&self, request: &RecordedRequest, reply: &Reply) {
        let exchange = self.api.exchange(request, reply);
        self.lock().exchanges.push(exchange);
    }
}

/// Replays a recording.
pub(super) struct Replay {
    api: RecordedApi,
    replies: Mutex<HashMap<Sent, InTurn>>,
}

impl Replay {
    pub(super) fn new(api: RecordedApi, recording: &Recording) -> Replay {
        let mut replies: HashMap<Sent, InTurn> = HashMap::new();
        for exchange in &recording.exchanges {
            let own = replies.entry(exchange.request.clone()).or_default();
            own.push(api.reply(exchange));
        }
        Replay {
            api,
            replies: Mutex::new(replies),
        }
    }

    /// Returns the recorded reply to a request: each one once, in order, and then the last.
    pub(super) fn reply(&self, request: &RecordedRequest) -> Reply {
        let removal = Removal::new(&self.api.schemes, request);
        let sent = self.api.sent(&removal, request);
        let mut replies = self.replies.lock().unwrap_or_else(PoisonError::into_inner);
        let reply = replies.get_mut(&sent).and_then(InTurn::next);
        reply.unwrap_or_else(|| {
            let Sent { method, path, .. } = sent;
            let reason = format!("{method} {path} was not recorded with these arguments");
            Reply::json(400, json!({"error": reason}))
        })
    }
}
