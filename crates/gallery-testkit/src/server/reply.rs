//! Replies of the mock server, including broken ones.

use std::collections::VecDeque;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::Full;
use serde::Serialize;
use tokio::sync::watch;

use super::event::{ServerSentEvent, sequence};
use crate::document::EVENT_STREAM;

/// A response of the mock server.
///
/// By default a reply is a valid HTTP response. A reply that misbehaves is written to the
/// connection directly, with `connection: close`, and the connection ends. If several methods make
/// it misbehave, the last one counts. [`Reply::delayed`], [`Reply::held`] and [`Reply::held_until`]
/// combine with any of them.
///
/// ```
/// use gallery_testkit::{Gate, Reply};
///
/// let gate = Gate::new();
/// let late = Reply::new(204).held_until(&gate); // sent after `gate.open()`
/// // The head and `{"id`, then a reset of the connection.
/// let broken = Reply::new(200).with_body("{\"id\": 1}").reset_after(4);
/// # let _ = (late, broken);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Bytes,
    delay: Duration,
    held: Option<Held>,
    delivery: Delivery,
}

/// Replies of which each is returned once, in order, and then the last.
#[derive(Debug, Default)]
pub(super) struct InTurn(VecDeque<Reply>);

impl InTurn {
    pub(super) fn push(&mut self, reply: Reply) {
        self.0.push_back(reply);
    }

    /// Returns the next reply, or `None` without any.
    pub(super) fn next(&mut self) -> Option<Reply> {
        if self.0.len() > 1 {
            self.0.pop_front()
        } else {
            self.0.front().cloned()
        }
    }
}

impl FromIterator<Reply> for InTurn {
    fn from_iter<T: IntoIterator<Item = Reply>>(replies: T) -> InTurn {
        InTurn(replies.into_iter().collect())
    }
}

/// The condition for sending a held reply.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Held {
    Forever,
    Until(Waiting),
}

/// The form of a reply on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Delivery {
    /// A valid response.
    Valid,
    /// Some bytes of the body, then a reset of the connection.
    Reset(usize),
    /// Some bytes of the body, then the end of the connection.
    Truncated(usize),
    /// Some bytes of the body, and the rest when a gate opens.
    Stalled(usize, Waiting),
    /// The body in chunks of some bytes, with a pause before each.
    Dripping(usize, Duration),
    /// Only the bytes of the body.
    Raw,
}

impl Reply {
    /// Creates a reply without headers or body.
    pub fn new(status: u16) -> Reply {
        Reply {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
            delay: Duration::ZERO,
            held: None,
            delivery: Delivery::Valid,
        }
    }

    /// Creates a reply with a JSON body. If the body cannot be serialized, the reply is a 500 with
    /// the reason.
    pub fn json(status: u16, body: impl Serialize) -> Reply {
        match serde_json::to_vec(&body) {
            Ok(body) => Reply::new(status)
                .with_header("content-type", "application/json")
                .with_body(body),
            Err(error) => unserializable(&error.to_string()),
        }
    }

    /// Creates a reply with server-sent events: values whose data is JSON or text, or a
    /// [`ServerSentEvent`] with a name, an ID or `retry`. By default the IDs are 1, 2, and so on.
    /// With [`stalled_after`](Reply::stalled_after), the connection stays open. If an event cannot
    /// be sent, the reply is a 500 with the reason.
    ///
    /// ```
    /// use gallery_testkit::Reply;
    /// use serde_json::json;
    ///
    /// let reply = Reply::events([json!({"status": "open"}), json!({"status": "sent"})]);
    /// ```
    pub fn events<T: Into<ServerSentEvent>>(events: impl IntoIterator<Item = T>) -> Reply {
        Reply::sequence(200, EVENT_STREAM, events).unwrap_or_else(|error| unserializable(&error))
    }

    /// Creates a reply with events in the format of a media type. The error is the reason why an
    /// event cannot be sent.
    pub(crate) fn sequence<T: Into<ServerSentEvent>>(
        status: u16,
        media_type: &str,
        events: impl IntoIterator<Item = T>,
    ) -> Result<Reply, String> {
        let events: Vec<ServerSentEvent> = events.into_iter().map(Into::into).collect();
        Ok(Reply::new(status)
            .with_header("content-type", media_type)
            .with_body(sequence(media_type, &events)?))
    }

    /// Creates a reply of exactly these bytes, which need not be HTTP, then closes the connection.
    pub fn raw(bytes: impl Into<Bytes>) -> Reply {
        Reply {
            delivery: Delivery::Raw,
            ..Reply::new(0)
        }
        .with_body(bytes)
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Reply {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Bytes>) -> Reply {
        self.body = body.into();
        self
    }

    /// Compresses the current body and adds `content-encoding: gzip`.
    #[must_use]
    pub fn gzipped(self) -> Reply {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        // Writing to memory does not fail.
        let written = encoder
            .write_all(&self.body)
            .and_then(|()| encoder.finish());
        self.with_header("content-encoding", "gzip")
            .with_body(written.unwrap_or_default())
    }

    /// Sends the reply after a delay.
    #[must_use]
    pub fn delayed(mut self, delay: Duration) -> Reply {
        self.delay = delay;
        self
    }

    /// Never sends the reply: the request hangs until the client gives up or the server is dropped.
    #[must_use]
    pub fn held(mut self) -> Reply {
        self.held = Some(Held::Forever);
        self
    }

    /// Sends the reply when the gate is opened or dropped.
    #[must_use]
    pub fn held_until(mut self, gate: &Gate) -> Reply {
        self.held = Some(Held::Until(gate.waiting()));
        self
    }

    /// Sends the head and some bytes of the body; the rest when the gate is opened or dropped.
    #[must_use]
    pub fn stalled_after(self, bytes: usize, gate: &Gate) -> Reply {
        Reply {
            delivery: Delivery::Stalled(bytes, gate.waiting()),
            ..self
        }
    }

    /// Sends the head with the full content length and some bytes of the body, then resets the
    /// connection. The client sees an error, and loses bytes that it has not read yet.
    #[must_use]
    pub fn reset_after(self, bytes: usize) -> Reply {
        Reply {
            delivery: Delivery::Reset(bytes),
            ..self
        }
    }

    /// Sends the head with the full content length and some bytes of the body, then closes the
    /// connection.
    #[must_use]
    pub fn truncated_after(self, bytes: usize) -> Reply {
        Reply {
            delivery: Delivery::Truncated(bytes),
            ..self
        }
    }

    /// Sends the body in chunks of some bytes, with a pause before each.
    #[must_use]
    pub fn dripping(self, chunk: usize, pause: Duration) -> Reply {
        Reply {
            delivery: Delivery::Dripping(chunk.max(1), pause),
            ..self
        }
    }

    /// Returns the status.
    pub fn status(&self) -> u16 {
        self.status
    }

    pub(crate) fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the headers. Their names are lowercase, if they were received.
    pub(super) fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    pub(super) fn delivery(&self) -> &Delivery {
        &self.delivery
    }

    /// Waits until the reply may be sent.
    pub(super) async fn released(&self) {
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
        match &self.held {
            None => {}
            Some(Held::Forever) => std::future::pending().await,
            Some(Held::Until(waiting)) => waiting.wait().await,
        }
    }

    /// Converts the reply into a valid response.
    pub(super) fn into_response(self) -> hyper::Response<Full<Bytes>> {
        let mut response = hyper::Response::builder().status(self.status);
        for (name, value) in &self.headers {
            response = response.header(name, value);
        }
        // Fails only for an invalid status or header.
        response.body(Full::new(self.body)).unwrap_or_else(|_| {
            let mut response =
                hyper::Response::new(Full::new(Bytes::from_static(b"the reply cannot be sent")));
            *response.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
            response
        })
    }

    /// Returns the head with the headers unchecked.
    pub(super) fn head(&self) -> Vec<u8> {
        let reason = http::StatusCode::from_u16(self.status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or_default();
        let mut head = format!("HTTP/1.1 {} {reason}\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let has = |wanted: &str| {
            self.headers
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case(wanted))
        };
        if !has("content-length") && !has("transfer-encoding") {
            head.push_str(&format!("content-length: {}\r\n", self.body.len()));
        }
        head.push_str("connection: close\r\n\r\n");
        head.into_bytes()
    }
}

fn unserializable(error: &str) -> Reply {
    Reply::new(500)
        .with_header("content-type", "text/plain")
        .with_body(format!("the body cannot be serialized: {error}"))
}

/// A dropped gate counts as open.
#[derive(Debug)]
pub struct Gate {
    open: watch::Sender<bool>,
    arrived: Arc<watch::Sender<usize>>,
}

/// A reply that waits for a gate.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    open: watch::Receiver<bool>,
    arrived: Arc<watch::Sender<usize>>,
}

impl Gate {
    /// Creates a closed gate.
    #[allow(
        clippy::new_without_default,
        reason = "`Gate::new` reads better than `Gate::default`"
    )]
    pub fn new() -> Gate {
        Gate {
            open: watch::Sender::new(false),
            arrived: Arc::new(watch::Sender::new(0)),
        }
    }

    /// Opens the gate.
    pub fn open(&self) {
        self.open.send_replace(true);
    }

    /// Waits until this many replies wait at the gate. Their requests have arrived.
    pub async fn reached(&self, replies: usize) {
        // The sender lives as long as this gate.
        let _ = self
            .arrived
            .subscribe()
            .wait_for(|arrived| *arrived >= replies)
            .await;
    }

    fn waiting(&self) -> Waiting {
        Waiting {
            open: self.open.subscribe(),
            arrived: Arc::clone(&self.arrived),
        }
    }
}

impl Waiting {
    pub(super) async fn wait(&self) {
        self.arrived.send_modify(|arrived| *arrived += 1);
        // A gate that was dropped is an error, and open.
        let _ = self.open.clone().wait_for(|open| *open).await;
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Waiting) -> bool {
        Arc::ptr_eq(&self.arrived, &other.arrived)
    }
}

impl Eq for Waiting {}
