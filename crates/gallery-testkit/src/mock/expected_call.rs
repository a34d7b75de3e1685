//! The builder for expected calls.

use std::marker::PhantomData;
use std::sync::{Arc, Mutex};

use serde::Serialize;
use serde_json::Value;

use super::expectation::{Expectation, ExpectedBody};
use super::matcher::Matcher;
use super::responses::Response;
use super::sequence::Sequence;
use super::state::{State, locked};
use crate::document::{Endpoint, Expected, Location};
use crate::request::RecordedRequest;
use crate::server::{MockServer, PagedList, PagesError, Reply, ServerSentEvent, documented};

/// The body type of operations without a JSON or form body. It has no values.
#[derive(Clone, Copy, Debug, Serialize)]
pub enum NoBody {}

/// Uses the types without owning values of them.
type Phantom<S, E, B> = (fn(&S), fn(&E), fn(&B));

/// Builder for an expected call; registered immediately. Parameters without an expectation may have
/// any value. By default the response is the documented success.
#[derive(Debug)]
pub struct ExpectedCall<'a, S: ?Sized, E: ?Sized, B: ?Sized> {
    server: &'a MockServer,
    state: &'a Mutex<State>,
    number: usize,
    types: PhantomData<Phantom<S, E, B>>,
}

impl<'a, S: ?Sized, E: ?Sized, B: ?Sized> ExpectedCall<'a, S, E, B> {
    pub(super) fn new(
        server: &'a MockServer,
        state: &'a Mutex<State>,
        number: usize,
    ) -> ExpectedCall<'a, S, E, B> {
        ExpectedCall {
            server,
            state,
            number,
            types: PhantomData,
        }
    }
}

impl<S: Serialize + ?Sized, E: Serialize + ?Sized, B: Serialize + ?Sized>
    ExpectedCall<'_, S, E, B>
{
    fn change(self, change: impl FnOnce(&mut Expectation)) -> Self {
        if let Some(expectation) = locked(self.state).expectations.get_mut(self.number) {
            change(expectation);
        }
        self
    }

    /// Expects the value of a parameter; `null` if it must be absent.
    fn parameter(self, location: Location, name: &str, value: impl Serialize) -> Self {
        let document = self.server.document();
        self.change(|expectation| {
            let endpoint = document
                .endpoints
                .iter()
                .find(|endpoint| endpoint.id == expectation.operation);
            let known: Vec<&str> = endpoint
                .iter()
                .flat_map(|own| own.of(location))
                .map(|own| own.name.as_str())
                .collect();
            // Every header can be sent.
            if endpoint.is_some() && location != Location::Header && !known.contains(&name) {
                let known = if known.is_empty() {
                    "none".to_owned()
                } else {
                    known.join(", ")
                };
                expectation.wrong.push(format!(
                    "the operation has no {} parameter `{name}`; it has: {known}",
                    location.as_str()
                ));
            }
            match serde_json::to_value(value) {
                Ok(value) => expectation
                    .parameters
                    .push((location, name.to_owned(), value)),
                Err(error) => expectation.wrong.push(format!(
                    "the value of `{name}` cannot be serialized: {error}"
                )),
            }
        })
    }

    /// Expects the value of a path parameter.
    pub fn path(self, name: &str, value: impl Serialize) -> Self {
        self.parameter(Location::Path, name, value)
    }

    /// Expects the value of a query parameter; `None` if it must be absent.
    pub fn query(self, name: &str, value: impl Serialize) -> Self {
        self.parameter(Location::Query, name, value)
    }

    /// Expects the value of any header; `None` if it must be absent. A header that the operation
    /// does not declare, such as `authorization`, is compared as text.
    pub fn header(self, name: &str, value: impl Serialize) -> Self {
        self.parameter(Location::Header, name, value)
    }

    /// Expects the value of a cookie; `None` if it must be absent.
    pub fn cookie(self, name: &str, value: impl Serialize) -> Self {
        self.parameter(Location::Cookie, name, value)
    }

    /// Expects this body.
    pub fn body(self, body: &B) -> Self {
        let body = serde_json::to_value(body);
        self.change(|expectation| match body {
            Ok(body) => expectation.body = Some(ExpectedBody::Json(body)),
            Err(error) => expectation
                .wrong
                .push(format!("the expected body cannot be serialized: {error}")),
        })
    }

    /// Expects exactly these bytes as the body.
    pub fn body_bytes(self, bytes: impl AsRef<[u8]>) -> Self {
        self.change(|expectation| {
            expectation.body = Some(ExpectedBody::Bytes(bytes.as_ref().to_vec()));
        })
    }

    /// Expects a credential: a bearer token, an API key, or `user:password` for basic
    /// authentication.
    pub fn credential(self, secret: impl Into<String>) -> Self {
        self.change(|expectation| expectation.credential = Some(secret.into()))
    }

    /// Expects a JSON or form body with this value at a JSON pointer (`/tags/0`); `null` also
    /// matches an absent value. The pointer of the whole body is empty.
    pub fn body_at(self, pointer: &str, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value);
        self.pointing(pointer, |expectation| match value {
            Ok(value) => {
                let matcher = Matcher::body_value(pointer, &value);
                expectation.matchers.push(matcher);
            }
            Err(error) => expectation.wrong.push(format!(
                "the value at `{pointer}` cannot be serialized: {error}"
            )),
        })
    }

    /// Expects a JSON or form body whose value at a JSON pointer satisfies a condition, which the
    /// diff shows.
    ///
    /// ```text
    /// .body_matching("/title", "a title in uppercase", |title| title == "DUNE")
    /// ```
    pub fn body_matching(
        self,
        pointer: &str,
        condition: &str,
        test: impl Fn(&Value) -> bool + Send + 'static,
    ) -> Self {
        let matcher = Matcher::body(pointer, condition, test);
        self.pointing(pointer, |expectation| expectation.matchers.push(matcher))
    }

    fn pointing(self, pointer: &str, change: impl FnOnce(&mut Expectation)) -> Self {
        self.change(|expectation| {
            if !pointer.is_empty() && !pointer.starts_with('/') {
                expectation.wrong.push(format!(
                    "the JSON pointer `{pointer}` must be empty or start with `/`"
                ));
            }
            change(expectation);
        })
    }

    /// Expects a request that satisfies a condition, which the diff shows. The function must not
    /// call this mock.
    pub fn matching(
        self,
        condition: &str,
        test: impl Fn(&RecordedRequest) -> bool + Send + 'static,
    ) -> Self {
        let matcher = Matcher::request(condition, test);
        self.change(|expectation| expectation.matchers.push(matcher))
    }

    /// Expects the calls of a sequence in the order in which they were added.
    pub fn in_sequence(self, sequence: &Sequence) -> Self {
        let sequence = sequence.clone();
        let mut state = locked(self.state);
        let position = state.expectations.iter();
        let position = position.filter(|own| own.sequence_is(&sequence)).count();
        if let Some(expectation) = state.expectations.get_mut(self.number) {
            expectation.sequence = Some((sequence, position));
        }
        drop(state);
        self
    }

    /// Expects this number of calls.
    pub fn times(self, times: usize) -> Self {
        self.change(|expectation| expectation.set_times(times, times))
    }

    /// Expects at least this number of calls.
    pub fn at_least(self, times: usize) -> Self {
        self.change(|expectation| expectation.set_times(times, usize::MAX))
    }

    /// Responds with a success, whose status must be documented. Several responses are returned in
    /// order, and the number of expected calls is the number of responses, unless `times` or
    /// `at_least` set it. Further calls get the last response.
    pub fn success(self, status: u16, body: &S) -> Self {
        let document = self.server.document();
        let call = self.change(|expectation| {
            let endpoint = documented::operation(document, &expectation.operation);
            // An unknown operation is reported already.
            let response = endpoint.map(|endpoint| documented::response(endpoint, status));
            if let (200..300, Ok(Err(error))) = (status, response) {
                expectation.wrong.push(error.to_string());
            }
        });
        call.typed(status, serde_json::to_value(body), "a success", 200..300)
    }

    /// Responds with an error; see [`ExpectedCall::success`].
    pub fn error(self, status: u16, body: &E) -> Self {
        self.typed(status, serde_json::to_value(body), "an error", 400..600)
    }

    /// Responds with a documented sample; see [`ExpectedCall::success`].
    pub fn documented(self, status: u16) -> Self {
        let server = self.server;
        self.change(
            |expectation| match server.documented(&expectation.operation, status) {
                Ok(_) => expectation.add(Response::Documented(status)),
                Err(error) => expectation.wrong.push(error.to_string()),
            },
        )
    }

    /// Responds with events in the documented format: their data, or a [`ServerSentEvent`] with a
    /// name, an ID or `retry`; see [`ExpectedCall::success`].
    pub fn events<T: Into<ServerSentEvent>>(self, events: impl IntoIterator<Item = T>) -> Self {
        let document = self.server.document();
        self.change(|expectation| {
            let endpoint = documented::operation(document, &expectation.operation).ok();
            let Some((status, media_type, _)) = endpoint.and_then(Endpoint::events) else {
                let operation = &expectation.operation;
                let reason = format!("`{operation}` has no documented events");
                expectation.wrong.push(reason);
                return;
            };
            match Reply::sequence(status, media_type, events) {
                Ok(reply) => expectation.add(Response::Reply(reply)),
                Err(error) => expectation
                    .wrong
                    .push(format!("an event cannot be sent as {media_type}: {error}")),
            }
        })
    }

    /// Responds to any number of calls with the pages of a list, as the document describes them.
    /// See [`MockServer::respond_pages`].
    pub fn pages<T: Serialize>(self, page_size: usize, items: impl IntoIterator<Item = T>) -> Self {
        let document = self.server.document();
        self.change(|expectation| {
            match PagedList::new(document, &expectation.operation, page_size, items) {
                Ok(pages) => {
                    let reply = move |request: &RecordedRequest| pages.reply(request);
                    expectation.add(Response::Function(Arc::new(reply)));
                    expectation.set_times(1, usize::MAX);
                }
                // An unknown operation is reported already.
                Err(PagesError::Operation(_)) => {}
                Err(error) => expectation.wrong.push(error.to_string()),
            }
        })
    }

    /// Responds with any reply; see [`ExpectedCall::success`].
    pub fn reply(self, reply: Reply) -> Self {
        self.change(|expectation| expectation.add(Response::Reply(reply)))
    }

    /// Responds with a function of the request, which must not call this mock; see
    /// [`ExpectedCall::success`].
    pub fn reply_with(
        self,
        reply: impl Fn(&RecordedRequest) -> Reply + Send + Sync + 'static,
    ) -> Self {
        self.change(|expectation| expectation.add(Response::Function(Arc::new(reply))))
    }

    fn typed(
        self,
        status: u16,
        body: serde_json::Result<Value>,
        kind: &str,
        range: std::ops::Range<u16>,
    ) -> Self {
        let document = self.server.document();
        self.change(|expectation| match body {
            Ok(_) if !range.contains(&status) => expectation
                .wrong
                .push(format!("{status} is not the status of {kind}")),
            Ok(body) => {
                let endpoint = documented::operation(document, &expectation.operation).ok();
                let expected = endpoint.and_then(|endpoint| endpoint.expected(status));
                let reply = match (expected, body) {
                    (Some(Expected::Empty), _) => Reply::new(status),
                    (Some(Expected::Text(_)), Value::String(text)) => Reply::new(status)
                        .with_header("content-type", "text/plain")
                        .with_body(text),
                    (_, body) => Reply::json(status, body),
                };
                expectation.add(Response::Reply(reply));
            }
            Err(error) => expectation
                .wrong
                .push(format!("the response body cannot be serialized: {error}")),
        })
    }
}
