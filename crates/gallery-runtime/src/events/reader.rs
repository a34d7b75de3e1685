//! Reading and reconnecting of a stream of events. Not generic, so that it is compiled once.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream as _;
use reqwest::StatusCode;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use super::parse::{Format, Parser, RawEvent, TooLarge};
use crate::body::{Body, FromBody};
use crate::call::Call;
use crate::decode::Content;
use crate::download::Download;
use crate::error::Error;
use crate::outcome::{FailedResponse, Failure};
use crate::platform::{Sleep, sleep};
use crate::response::{BodyError, ResponseSummary};
use crate::style::InvalidArgument;
use crate::value::ResponseValue;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// The time before the first reconnection, unless the server sets another.
const DELAY: Duration = Duration::from_secs(1);

/// The maximum time before a reconnection.
const MAX_DELAY: Duration = Duration::from_secs(30);

/// The data that ends a stream of JSON.
const DONE: &[u8] = b"[DONE]";

/// The response of a call for events: a stream or another response.
type Connected = Result<Result<ResponseValue<Download>, FailedResponse>, Failure>;

type Connecting = Pin<Box<dyn Future<Output = Connected> + Send>>;

/// A stream of events before they are decoded.
pub(crate) struct EventReader {
    state: State,
    parser: Parser,
    format: Format,
    content: Content,
    /// The response, without its body.
    response: ResponseValue<()>,
    /// The call, for reconnections.
    call: Call,
    /// The maximum number of reconnections in a row. 0 for none.
    max_attempts: u32,
    /// The reconnections since the last event.
    attempts: u32,
}

enum State {
    Reading(Box<Download>),
    Waiting(Pin<Box<Sleep>>),
    Connecting(Connecting),
    Ended,
}

/// The consequence of the end of a connection.
enum End {
    /// The stream goes on.
    Continue,
    Done,
    Failed(EventFailure),
}

/// The reason why a stream of events has ended.
pub(crate) enum EventFailure {
    Call(Box<Failure>),
    Response(Box<FailedResponse>),
    Body(Box<ResponseSummary>, BodyError),
}

impl EventFailure {
    pub(super) fn into_error<E: FromBody>(self) -> Error<E> {
        match self {
            EventFailure::Call(failure) => (*failure).into(),
            EventFailure::Response(response) => (*response).into_error(),
            EventFailure::Body(summary, error) => Error::InvalidResponse(summary, error),
        }
    }
}

/// Connects to a stream of events. `last_id` is the last ID of an event before a reconnection.
pub(super) async fn connect(
    call: Call,
    last_id: Option<String>,
    has_untyped_errors: bool,
) -> Connected {
    let timeout = call.options().timeout;
    let (media_type, _) = call.event_type();
    let accept = HeaderValue::from_str(media_type).map_err(|error| {
        let failed = call.failed(error);
        let (route, error) = (failed.route(), failed.cause());
        Failure::Argument(InvalidArgument(format!(
            "{route}: invalid value {media_type:?} of the header `accept`: {error}"
        )))
    })?;
    let mut headers = HeaderMap::from_iter([(ACCEPT, accept)]);
    if let Some(Ok(id)) = last_id.map(HeaderValue::try_from) {
        headers.insert(LAST_EVENT_ID, id);
    }
    // Servers end a stream with this status.
    let status = Some(StatusCode::NO_CONTENT);
    let response = call.open(Some(headers), status, has_untyped_errors).await?;
    Ok(response.map(|response| Download::of(response, None, timeout)))
}

impl EventReader {
    /// Reads the events of a response. Fails if the response has another media type. A response
    /// without one has the media type that the API documents.
    pub(super) fn new(
        call: Call,
        response: ResponseValue<()>,
        body: Download,
    ) -> Result<EventReader, EventFailure> {
        let max = call.options().max_event_bytes;
        let (documented, content) = call.event_type();
        let format = format_of(response.headers(), documented)
            .map_err(|error| EventFailure::Body(Box::new(response.summary(&[])), error))?;
        let state = match response.status() {
            StatusCode::NO_CONTENT => State::Ended,
            _ => State::Reading(Box::new(body)),
        };
        Ok(EventReader {
            state,
            parser: Parser::new(format, max),
            format,
            content,
            response,
            call,
            max_attempts: 0,
            attempts: 0,
        })
    }

    pub(super) fn reconnect(&mut self, attempts: u32) {
        self.max_attempts = attempts;
    }

    pub(super) fn last_id(&self) -> Option<&str> {
        Some(self.parser.last_id()).filter(|id| !id.is_empty())
    }

    /// Decodes the data of an event.
    pub(super) fn decode<T: FromBody>(&self, data: &Bytes) -> Result<T, BodyError> {
        let json = self.content.json(data)?;
        T::from_body(Body {
            headers: self.response.headers(),
            bytes: &json,
            status: self.response.status(),
            is_truncated: false,
        })
    }

    /// Returns an error for data that does not match its schema.
    pub(super) fn invalid<E>(&self, data: &[u8], error: BodyError) -> Error<E> {
        Error::InvalidResponse(Box::new(self.response.summary(data)), error)
    }

    pub(super) fn poll_event(
        &mut self,
        context: &mut Context<'_>,
        has_untyped_errors: bool,
    ) -> Poll<Option<Result<RawEvent, EventFailure>>> {
        loop {
            let end = match &mut self.state {
                State::Ended => return Poll::Ready(None),
                State::Waiting(sleep) => {
                    ready!(sleep.as_mut().poll(context));
                    self.parser.restart();
                    let id = self.last_id().map(str::to_owned);
                    let connecting = connect(self.call.clone(), id, has_untyped_errors);
                    self.state = State::Connecting(Box::pin(connecting));
                    continue;
                }
                State::Connecting(connecting) => {
                    let connected = ready!(connecting.as_mut().poll(context));
                    self.connected(connected)
                }
                State::Reading(body) => match self.parser.next() {
                    Ok(Some(event)) => return Poll::Ready(self.event(event).map(Ok)),
                    Err(TooLarge(max)) => self.fail(BodyError::TooLarge(max)),
                    Ok(None) => match ready!(Pin::new(body).poll_next(context)) {
                        Some(Ok(bytes)) => {
                            self.parser.push(&bytes);
                            continue;
                        }
                        Some(Err(error)) => {
                            let failure = self.failure(error);
                            self.reconnect_after(failure)
                        }
                        None => match self.parser.end() {
                            Some(event) => return Poll::Ready(self.event(event).map(Ok)),
                            None => self.closed(),
                        },
                    },
                },
            };
            match end {
                End::Continue => {}
                End::Done => return Poll::Ready(None),
                End::Failed(failure) => return Poll::Ready(Some(Err(failure))),
            }
        }
    }

    /// Returns an event, unless it is the end of the stream.
    fn event(&mut self, event: RawEvent) -> Option<RawEvent> {
        self.attempts = 0;
        let is_end = self.content != Content::Text && event.data == DONE;
        if is_end {
            self.state = State::Ended;
        }
        (!is_end).then_some(event)
    }

    /// Continues after a reconnection.
    fn connected(&mut self, connected: Connected) -> End {
        match connected {
            Ok(Ok(response)) if response.status() == StatusCode::NO_CONTENT => {
                self.state = State::Ended;
                End::Done
            }
            Ok(Ok(response)) => {
                let (response, body) = response.take_value();
                self.response = response;
                match format_of(self.response.headers(), self.call.event_type().0) {
                    Ok(format) if format == self.format => {
                        self.state = State::Reading(Box::new(body));
                        End::Continue
                    }
                    Ok(_) => self.fail(BodyError::Unexpected(
                        "the format of the events changed".to_owned(),
                    )),
                    Err(error) => self.fail(error),
                }
            }
            Ok(Err(response)) => self.end(EventFailure::Response(Box::new(response))),
            Err(failure @ Failure::Transport(_)) => {
                self.reconnect_after(EventFailure::Call(Box::new(failure)))
            }
            Err(failure) => self.end(EventFailure::Call(Box::new(failure))),
        }
    }

    /// Continues after the server has closed the connection.
    fn closed(&mut self) -> End {
        if !self.can_reconnect() {
            self.state = State::Ended;
            return End::Done;
        }
        let failure = self.failure(BodyError::NoEvents(self.attempts));
        self.reconnect_after(failure)
    }

    fn can_reconnect(&self) -> bool {
        self.max_attempts > 0 && self.format == Format::ServerSent
    }

    /// Waits for a reconnection, or ends with the failure if there were too many.
    fn reconnect_after(&mut self, failure: EventFailure) -> End {
        if !self.can_reconnect() || self.attempts >= self.max_attempts {
            return self.end(failure);
        }
        let delay = self.parser.retry.unwrap_or(DELAY);
        let factor = 2_u32.saturating_pow(self.attempts);
        let delay = delay.saturating_mul(factor).min(MAX_DELAY);
        self.attempts += 1;
        self.state = State::Waiting(Box::pin(sleep(delay)));
        End::Continue
    }

    fn failure(&self, error: BodyError) -> EventFailure {
        EventFailure::Body(Box::new(self.response.summary(&[])), error)
    }

    fn fail(&mut self, error: BodyError) -> End {
        let failure = self.failure(error);
        self.end(failure)
    }

    fn end(&mut self, failure: EventFailure) -> End {
        self.state = State::Ended;
        End::Failed(failure)
    }
}

/// Returns the format of the events in a response. `documented` is the media type of a response
/// without `Content-Type`.
fn format_of(headers: &HeaderMap, documented: &str) -> Result<Format, BodyError> {
    let sent = headers.get(CONTENT_TYPE);
    let media_type = sent.map_or(Ok(documented), |value| value.to_str());
    let media_type = media_type.unwrap_or_default();
    Format::of(media_type).ok_or_else(|| {
        let reason = format!("the response is {media_type:?}, not a stream of events");
        BodyError::Unexpected(reason)
    })
}
