//! Events that a server sends one after another in a response.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::body::FromBody;
use crate::call::Call;
use crate::error::Error;
use crate::outcome::FailedResponse;
use crate::value::{ResponseValue, Untyped};

use parse::RawEvent;
use reader::{EventFailure, EventReader};

mod parse;
mod reader;

/// The events of a response, as they arrive.
///
/// It reads server-sent events (`text/event-stream`), JSON in lines (`application/jsonl`,
/// `application/x-ndjson`) and JSON text sequences (`application/json-seq`).
///
/// An event whose data does not match its schema is an error ([`Error::InvalidResponse`]), after
/// which the stream goes on. Other errors end the stream:
///
/// - The connection breaks, or nothing arrives for as long as the timeout of a call. A comment,
///   which keeps a connection open, counts as well.
/// - An event is larger than [`CallOptions::max_event_bytes`](crate::CallOptions::max_event_bytes).
///
/// The data `[DONE]` ends a stream of JSON, as several APIs document it.
#[must_use = "no event is read unless the stream is polled"]
pub struct EventStream<T, E = Untyped> {
    reader: Box<EventReader>,
    types: PhantomData<fn() -> (T, E)>,
}

/// An event of an [`EventStream`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event<T> {
    /// The data.
    pub data: T,
    /// The field `event`, the type of a server-sent event.
    pub name: Option<String>,
    /// The field `id` of this server-sent event or of an earlier one.
    pub id: Option<String>,
}

impl Call {
    /// Sends the call and returns the events of a success, as they arrive.
    pub async fn events<T: FromBody, E: FromBody>(
        self,
    ) -> Result<ResponseValue<EventStream<T, E>>, Error<E>> {
        let connected = reader::connect(self.clone(), None, E::IS_UNTYPED).await?;
        let (head, body) = connected.map_err(FailedResponse::into_error)?.take_value();
        let reader = EventReader::new(self, head.clone(), body);
        let reader = Box::new(reader.map_err(EventFailure::into_error)?);
        let types = PhantomData;
        Ok(head.with_value(EventStream { reader, types }))
    }
}

impl<T: FromBody, E: FromBody> EventStream<T, E> {
    /// Connects again when the connection of server-sent events ends or breaks.
    ///
    /// The call is sent again with the header `Last-Event-ID`, if an event had an `id`. The first
    /// reconnection waits for 1 second or for the time that the server has set with `retry`. The
    /// delay doubles with each failure, up to 30 seconds.
    ///
    /// The stream ends when the server responds with the status 204, or with an error of the API.
    /// After `attempts` reconnections in a row without an event, it ends with the last error.
    /// Streams of JSON are not affected.
    pub fn reconnect(mut self, attempts: u32) -> EventStream<T, E> {
        self.reader.reconnect(attempts);
        self
    }

    /// Returns the last `id` of an event. Another call continues after this event with the header
    /// `Last-Event-ID`.
    pub fn last_event_id(&self) -> Option<&str> {
        self.reader.last_id()
    }

    /// Returns the next event. Like `StreamExt::next`, without depending on `futures`.
    pub async fn next(&mut self) -> Option<Result<Event<T>, Error<E>>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    fn decode(&self, event: RawEvent) -> Result<Event<T>, Error<E>> {
        let RawEvent { name, data } = event;
        match self.reader.decode(&data) {
            Ok(data) => Ok(Event {
                data,
                name,
                id: self.last_event_id().map(str::to_owned),
            }),
            Err(error) => Err(self.reader.invalid(&data, error)),
        }
    }
}

impl<T: FromBody, E: FromBody> Stream for EventStream<T, E> {
    type Item = Result<Event<T>, Error<E>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = ready!(self.reader.poll_event(context, E::IS_UNTYPED));
        Poll::Ready(match next {
            None => None,
            Some(Ok(event)) => Some(self.decode(event)),
            Some(Err(failure)) => Some(Err(failure.into_error())),
        })
    }
}

impl<T, E> fmt::Debug for EventStream<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream").finish_non_exhaustive()
    }
}
