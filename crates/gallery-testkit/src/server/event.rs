//! Bodies that are sequences of events.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use crate::document::{EVENT_STREAM, essence};

/// An event of a reply: data, which is sent as JSON or text, with a name, an ID and a time to
/// reconnect. Data alone converts into an event.
///
/// By default, the ID is the position in the reply: 1, 2, and so on.
///
/// ```
/// use std::time::Duration;
///
/// use gallery_testkit::{Reply, ServerSentEvent};
/// use serde_json::json;
///
/// let reply = Reply::events([
///     ServerSentEvent::new(json!({"status": "open"})).id("a-7").retry(Duration::from_millis(50)),
///     ServerSentEvent::new("bye").name("end").without_id(),
/// ]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerSentEvent {
    data: Result<Value, String>,
    name: Option<String>,
    id: EventId,
    retry: Option<Duration>,
}

/// The ID of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
enum EventId {
    /// The position in the reply, from 1.
    Position,
    Absent,
    Text(String),
}

impl ServerSentEvent {
    /// Creates an event with this data. Strings are sent as text, and other values as JSON.
    pub fn new(data: impl Serialize) -> ServerSentEvent {
        ServerSentEvent {
            data: serde_json::to_value(data).map_err(|error| error.to_string()),
            name: None,
            id: EventId::Position,
            retry: None,
        }
    }

    /// Sets the name, which is the field `event`.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> ServerSentEvent {
        self.name = Some(name.into());
        self
    }

    /// Sets the ID, which a client sends in `Last-Event-ID` when it connects again.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> ServerSentEvent {
        self.id = EventId::Text(id.into());
        self
    }

    /// Removes the ID. A client keeps that of the event before.
    #[must_use]
    pub fn without_id(mut self) -> ServerSentEvent {
        self.id = EventId::Absent;
        self
    }

    /// Sets the time after which a client connects again, in whole milliseconds.
    #[must_use]
    pub fn retry(mut self, time: Duration) -> ServerSentEvent {
        self.retry = Some(time);
        self
    }

    /// Returns the text of a server-sent event. `position` is the index in the reply, from 1.
    fn server_sent(&self, position: usize) -> Result<String, String> {
        let id = match &self.id {
            EventId::Position => Some(position.to_string()),
            EventId::Absent => None,
            EventId::Text(id) => Some(id.clone()),
        };
        let retry = self.retry.map(|time| time.as_millis().to_string());
        let mut text = String::new();
        for (field, value) in [("id", &id), ("event", &self.name), ("retry", &retry)] {
            let Some(value) = value else {
                continue;
            };
            if value.contains(['\n', '\r', '\0']) {
                return Err(format!(
                    "the field `{field}` has a line break or a null: {value:?}"
                ));
            }
            text.push_str(&format!("{field}: {value}\n"));
        }
        let data = match self.data.clone()? {
            Value::String(text) => text.replace("\r\n", "\n"),
            value => value.to_string(),
        };
        for line in data.split(['\n', '\r']) {
            text.push_str(&format!("data: {line}\n"));
        }
        Ok(text + "\n")
    }

    /// Returns the data as a line of JSON, for formats whose events are only data.
    fn json(&self) -> Result<String, String> {
        if self.name.is_some() || self.id != EventId::Position || self.retry.is_some() {
            return Err("only server-sent events have a name, an ID and `retry`".to_owned());
        }
        self.data.clone().map(|data| data.to_string())
    }
}

impl<T: Serialize> From<T> for ServerSentEvent {
    fn from(data: T) -> ServerSentEvent {
        ServerSentEvent::new(data)
    }
}

/// Returns a body with these events, in the format of a media type. The error is the reason why an
/// event cannot be sent.
pub(super) fn sequence(media_type: &str, events: &[ServerSentEvent]) -> Result<String, String> {
    let kind = essence(media_type);
    let texts = events.iter().enumerate().map(|(index, event)| {
        if kind == EVENT_STREAM {
            event.server_sent(index + 1)
        } else if kind == "application/json-seq" {
            event.json().map(|text| format!("\u{1e}{text}\n"))
        } else {
            event.json().map(|text| format!("{text}\n"))
        }
    });
    texts.collect()
}
