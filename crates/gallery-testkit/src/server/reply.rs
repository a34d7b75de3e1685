//! What a server answers, and how badly.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::Full;
use serde_json::Value;
use tokio::sync::watch;

/// What a server answers.
///
/// A reply is sent as HTTP wants it, unless it is told to misbehave: then the stand-in writes to the connection itself, says
/// `connection: close` in what it writes, and ends the connection. Of several ways to misbehave the last one is taken; to be held goes
/// with any of them.
///
/// ```
/// use gallery_testkit::{Gate, Reply};
///
/// let gate = Gate::new();
/// let late = Reply::new(204).held_until(&gate); // not answered before `gate.open()`, or until `gate` is dropped
/// let broken = Reply::new(200).with_body("{\"id\": 1}").reset_after(4); // the head, `{"id`, and no connection
/// # let _ = (late, broken);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Bytes,
    held: Option<Held>,
    conduct: Conduct,
}

/// When a reply that is held goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Held {
    Forever,
    Until(Waiting),
}

/// How a reply goes over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Conduct {
    /// As HTTP wants it.
    Proper,
    /// So many bytes of the body, then the connection is reset.
    Reset(usize),
    /// So many bytes of the body, then the connection is closed.
    Truncated(usize),
    /// So many bytes of the body, and the rest when a gate opens.
    Stalled(usize, Waiting),
    /// The body in pieces of so many bytes, with a pause before each.
    Dripping(usize, Duration),
    /// The body is all that is written.
    Raw,
}

impl Reply {
    /// A status, without headers or body.
    pub fn new(status: u16) -> Reply {
        Reply {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
            held: None,
            conduct: Conduct::Proper,
        }
    }

    /// A status with JSON.
    pub fn json(status: u16, body: &Value) -> Reply {
        Reply::new(status)
            .with_header("content-type", "application/json")
            .with_body(body.to_string())
    }

    /// Exactly these bytes, which may be no HTTP at all, and the end of the connection. No bytes: the connection is closed instead of an
    /// answer.
    pub fn raw(bytes: impl Into<Bytes>) -> Reply {
        Reply {
            conduct: Conduct::Raw,
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

    /// The body that there is so far is compressed, and `content-encoding: gzip` says so.
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

    /// Is never sent: the request hangs until the client gives up or the server is dropped.
    #[must_use]
    pub fn held(mut self) -> Reply {
        self.held = Some(Held::Forever);
        self
    }

    /// Is sent when the gate is open or dropped.
    #[must_use]
    pub fn held_until(mut self, gate: &Gate) -> Reply {
        self.held = Some(Held::Until(gate.waiting()));
        self
    }

    /// The head and the first bytes of the body are sent; the rest is when the gate is open or dropped.
    #[must_use]
    pub fn stalled_after(self, bytes: usize, gate: &Gate) -> Reply {
        Reply {
            conduct: Conduct::Stalled(bytes, gate.waiting()),
            ..self
        }
    }

    /// The head, which promises all of the body, and so many bytes of it are sent, then the connection is reset: the client's system tells
    /// of an error, not of an end. Bytes that it has not taken by then are lost, as resets have it.
    #[must_use]
    pub fn reset_after(self, bytes: usize) -> Reply {
        Reply {
            conduct: Conduct::Reset(bytes),
            ..self
        }
    }

    /// The head, which promises all of the body, and so many bytes of it are sent, then the connection is closed as if nothing were
    /// missing.
    #[must_use]
    pub fn truncated_after(self, bytes: usize) -> Reply {
        Reply {
            conduct: Conduct::Truncated(bytes),
            ..self
        }
    }

    /// The body is sent in pieces of so many bytes, with a pause before each.
    #[must_use]
    pub fn dripping(self, chunk: usize, pause: Duration) -> Reply {
        Reply {
            conduct: Conduct::Dripping(chunk.max(1), pause),
            ..self
        }
    }

    /// The status.
    pub fn status(&self) -> u16 {
        self.status
    }

    pub(super) fn body(&self) -> &Bytes {
        &self.body
    }

    pub(super) fn conduct(&self) -> &Conduct {
        &self.conduct
    }

    /// Waits until the reply may be sent.
    pub(super) async fn released(&self) {
        match &self.held {
            None => {}
            Some(Held::Forever) => std::future::pending().await,
            Some(Held::Until(waiting)) => waiting.wait().await,
        }
    }

    /// The reply as HTTP wants it.
    pub(super) fn into_response(self) -> hyper::Response<Full<Bytes>> {
        let mut response = hyper::Response::builder().status(self.status);
        for (name, value) in &self.headers {
            response = response.header(name, value);
        }
        // Only a reply with an impossible status or header cannot be built.
        response.body(Full::new(self.body)).unwrap_or_else(|_| {
            let mut response =
                hyper::Response::new(Full::new(Bytes::from_static(b"the reply cannot be sent")));
            *response.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
            response
        })
    }

    /// The head, written by hand: headers as they were given, whatever they hold.
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

/// What replies wait for. It opens once, for all of them, and also when it is dropped: no test hangs because it failed.
#[derive(Debug)]
pub struct Gate {
    open: watch::Sender<bool>,
    arrived: Arc<watch::Sender<usize>>,
}

/// A place before a gate.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    open: watch::Receiver<bool>,
    arrived: Arc<watch::Sender<usize>>,
}

impl Gate {
    /// A closed gate.
    #[allow(
        clippy::new_without_default,
        reason = "a gate by default would be no clearer than a new one"
    )]
    pub fn new() -> Gate {
        Gate {
            open: watch::Sender::new(false),
            arrived: Arc::new(watch::Sender::new(0)),
        }
    }

    /// Lets through what waits, and what comes.
    pub fn open(&self) {
        self.open.send_replace(true);
    }

    /// Waits until so many replies have come to this gate: then their requests have arrived, and are not answered.
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
