//! The builder for expected calls.

use std::marker::PhantomData;
use std::sync::Mutex;

use serde::Serialize;
use serde_json::Value;

use super::expectation::{Expectation, ExpectedBody};
use super::state::{State, locked};
use crate::document::Location;
use crate::server::{MockServer, Reply};

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
            if endpoint.is_some() && !known.contains(&name) {
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

    /// Expects the value of a header parameter; `None` if it must be absent.
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

    /// Expects this number of calls.
    pub fn times(self, times: usize) -> Self {
        self.change(|expectation| expectation.times = (times, times))
    }

    /// Expects at least this number of calls.
    pub fn at_least(self, times: usize) -> Self {
        self.change(|expectation| expectation.times = (times, usize::MAX))
    }

    /// Responds with a success. Several responses are returned in order, and the number of expected
    /// calls is the number of responses, unless `times` or `at_least` follow. Further calls get the
    /// last response.
    pub fn success(self, status: u16, body: &S) -> Self {
        self.typed(status, serde_json::to_value(body), "a success", 200..300)
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
                Ok(reply) => expectation.add(reply),
                Err(error) => expectation.wrong.push(error.to_string()),
            },
        )
    }

    /// Responds with any reply; see [`ExpectedCall::success`].
    pub fn reply(self, reply: Reply) -> Self {
        self.change(|expectation| expectation.add(reply))
    }

    fn typed(
        self,
        status: u16,
        body: serde_json::Result<Value>,
        kind: &str,
        range: std::ops::Range<u16>,
    ) -> Self {
        self.change(|expectation| match body {
            Ok(_) if !range.contains(&status) => expectation
                .wrong
                .push(format!("{status} is not the status of {kind}")),
            Ok(body) => expectation.add(Reply::json(status, &body)),
            Err(error) => expectation
                .wrong
                .push(format!("the response body cannot be serialized: {error}")),
        })
    }
}
