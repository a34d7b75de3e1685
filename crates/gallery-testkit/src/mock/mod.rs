//! A stand-in that knows which calls are to come, and says line by line how those that came differ.
//!
//! Clients with the feature `mock` have a module `mock` that wraps this with their own types; it reads so:
//!
//! ```text
//! let api = Mock::start()?;
//! api.expect().get_book().path("id", 7).success(200, &book);
//! let found = library(&api.client()?).await;   // the code under test
//! api.verify()?;                               // or at the end of the test: dropping verifies too
//! ```

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gallery_runtime::{ClientBuilder, Transport};
use serde::Serialize;
use serde_json::{Value, json};

use crate::document::{Endpoint, Location};
use crate::request::RecordedRequest;
use crate::server::{MockServer, Reply, StartError, documented};
use expectation::{Expectation, ExpectedBody};

mod difference;
mod expectation;

/// A stand-in that expects calls. When it is dropped without [`Mock::verify`], a mismatch is a panic, so that no test passes by
/// forgetting.
#[derive(Debug)]
pub struct Mock {
    server: MockServer,
    state: Arc<Mutex<State>>,
    verified: bool,
}

#[derive(Debug, Default)]
struct State {
    expectations: Vec<Expectation>,
    /// What came and was not expected.
    unexpected_calls: Vec<String>,
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Mock {
    /// Starts a server for a document. Nothing is expected yet: any call is a mismatch.
    pub fn start(document: &str) -> Result<Mock, StartError> {
        let server = MockServer::start(document)?;
        let state = Arc::new(Mutex::new(State::default()));
        let (answering, observing) = (Arc::clone(&state), Arc::clone(&state));
        let document = server.document().clone();
        server.respond_by_default(move |request| locked(&answering).answer(&document, request));
        server.observe(move |request, reply| {
            if request.operation.is_none() || !request.violations.is_empty() {
                locked(&observing).refused(request, reply);
            }
        });
        Ok(Mock {
            server,
            state,
            verified: false,
        })
    }

    /// Begins a client of this server; also the operations that have servers of their own go here.
    pub fn builder<C: From<Transport>>(
        &self,
        begin: fn(&str) -> ClientBuilder<C>,
    ) -> ClientBuilder<C> {
        let base_url = self.server.base_url();
        let own = self
            .server
            .document()
            .endpoints
            .iter()
            .filter_map(|endpoint| endpoint.server.as_ref());
        own.fold(begin(&base_url), |builder, own| {
            builder.server(&own.url, &base_url)
        })
    }

    /// Expects a call of an operation, once. `S` is the body of its successes, `E` that of its errors, and `B` that of its requests.
    pub fn expect<S: ?Sized, E: ?Sized, B: ?Sized>(
        &self,
        operation_id: &str,
    ) -> ExpectedCall<'_, S, E, B> {
        let mut expectation = Expectation::new(operation_id);
        if let Err(unknown) = documented::operation(self.server.document(), operation_id) {
            expectation.wrong.push(unknown.to_string());
        }
        let mut state = locked(&self.state);
        state.expectations.push(expectation);
        ExpectedCall {
            mock: self,
            number: state.expectations.len() - 1,
            types: PhantomData,
        }
    }

    /// The server: what it was sent, and answers of other kinds. Operations that it is told how to answer expect nothing.
    pub fn server(&self) -> &MockServer {
        &self.server
    }

    /// Whether all calls came that were expected, and no others.
    pub fn verify(mut self) -> Result<(), Mismatch> {
        self.verified = true;
        self.mismatch().map_or(Ok(()), Err)
    }

    fn mismatch(&self) -> Option<Mismatch> {
        let state = locked(&self.state);
        let document = self.server.document();
        let expectations = state
            .expectations
            .iter()
            .filter_map(|expectation| expectation.mismatch(document));
        let told: Vec<String> = expectations
            .chain(state.unexpected_calls.iter().cloned())
            .collect();
        (!told.is_empty()).then(|| Mismatch(told.join("\n\n")))
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        if self.verified || std::thread::panicking() {
            return;
        }
        if let Some(mismatch) = self.mismatch() {
            #[expect(clippy::panic, reason = "this is how a test fails that did not ask")]
            {
                panic!("{mismatch}");
            }
        }
    }
}

impl State {
    fn answer(&mut self, document: &crate::Document, request: &RecordedRequest) -> Reply {
        let found = document
            .endpoints
            .iter()
            .find(|endpoint| Some(&endpoint.id) == request.operation.as_ref());
        let Some(endpoint) = found else {
            return Reply::new(404);
        };
        let received = expectation::ReceivedCall {
            document,
            endpoint,
            request,
        };
        let own = |expectation: &&mut Expectation| expectation.operation == endpoint.id;
        let mut fitting: Vec<&mut Expectation> = self
            .expectations
            .iter_mut()
            .filter(own)
            .filter(|expectation| expectation.fits(received))
            .collect();
        let open = fitting
            .iter()
            .position(|expectation| !expectation.is_exhausted());
        // A call too many is told of the last that it could have been.
        if let Some(at) = open.or_else(|| fitting.len().checked_sub(1)) {
            let expectation = &mut fitting[at];
            expectation.count += 1;
            let reply = expectation
                .reply()
                .unwrap_or_else(|| documented::success(document, endpoint));
            return if open.is_some() {
                reply
            } else {
                unexpected(&format!("{} is called too often", endpoint.id))
            };
        }
        let own = self
            .expectations
            .iter()
            .filter(|expectation| expectation.operation == endpoint.id);
        let told = match own.min_by_key(|expectation| expectation.distance(received)) {
            Some(nearest) => format!(
                "{} was not expected; the nearest that was (- expected, + received):\n{}",
                line(request),
                nearest.difference(received)
            ),
            None => {
                let mut expected: Vec<&str> = self
                    .expectations
                    .iter()
                    .map(|expectation| expectation.operation.as_str())
                    .collect();
                expected.dedup();
                let expected = if expected.is_empty() {
                    "nothing is".to_owned()
                } else {
                    expected.join(", ")
                };
                format!(
                    "{} was not expected: it is a call of {}; expected: {expected}",
                    line(request),
                    endpoint.id
                )
            }
        };
        self.unexpected_calls.push(told.clone());
        unexpected(&told)
    }

    fn refused(&mut self, request: &RecordedRequest, reply: &Reply) {
        let why = match request.operation.as_deref() {
            Some(operation) => request
                .violations
                .iter()
                .map(|violation| format!("\n  {operation}: {violation}"))
                .collect::<String>(),
            None if reply.status() == 405 => {
                "\n  the path is known, but not for this method".to_owned()
            }
            None => "\n  no operation of the document is this".to_owned(),
        };
        self.unexpected_calls.push(format!(
            "{} is not what the document says:{why}",
            line(request)
        ));
    }
}

/// 400: what is never tried again.
fn unexpected(why: &str) -> Reply {
    Reply::json(400, &json!({"error": why}))
}

fn line(request: &RecordedRequest) -> String {
    format!("{} {}", request.method, request.target())
}

/// The body of operations that take none in JSON or as a form: there is no such value.
#[derive(Clone, Copy, Debug, Serialize)]
pub enum NoBody {}

/// What takes these types without having any.
type Takes<S, E, B> = (fn(&S), fn(&E), fn(&B));

/// A call that is expected, in the making: it counts as soon as it is there. What is not said of it
/// is let be, and the answer is the documented success.
#[derive(Debug)]
pub struct ExpectedCall<'a, S: ?Sized, E: ?Sized, B: ?Sized> {
    mock: &'a Mock,
    number: usize,
    types: PhantomData<Takes<S, E, B>>,
}

impl<S: Serialize + ?Sized, E: Serialize + ?Sized, B: Serialize + ?Sized>
    ExpectedCall<'_, S, E, B>
{
    fn change(self, change: impl FnOnce(&mut Expectation)) -> Self {
        if let Some(expectation) = locked(&self.mock.state).expectations.get_mut(self.number) {
            change(expectation);
        }
        self
    }

    /// A parameter, as the document names it, has this value; `null` is none at all.
    fn parameter(self, location: Location, name: &str, value: impl Serialize) -> Self {
        let document = self.mock.server.document();
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
                    "it has no {} parameter `{name}`; it has: {known}",
                    location.key()
                ));
            }
            match serde_json::to_value(value) {
                Ok(value) => expectation
                    .parameters
                    .push((location, name.to_owned(), value)),
                Err(error) => expectation
                    .wrong
                    .push(format!("the value of `{name}` is no JSON: {error}")),
            }
        })
    }

    /// A parameter of the path has this value.
    pub fn path(self, name: &str, value: impl Serialize) -> Self {
        self.parameter(Location::Path, name, value)
    }

    /// A parameter of the query has this value; with `None` it is not sent.
    pub fn query(self, name: &str, value: impl Serialize) -> Self {
        self.parameter(Location::Query, name, value)
    }

    /// A header that the document has has this value; with `None` it is not sent.
    pub fn header(self, name: &str, value: impl Serialize) -> Self {
        self.parameter(Location::Header, name, value)
    }

    /// A cookie has this value; with `None` it is not sent.
    pub fn cookie(self, name: &str, value: impl Serialize) -> Self {
        self.parameter(Location::Cookie, name, value)
    }

    /// The body is this.
    pub fn body(self, body: &B) -> Self {
        let body = serde_json::to_value(body);
        self.change(|expectation| match body {
            Ok(body) => expectation.body = Some(ExpectedBody::Json(body)),
            Err(error) => expectation
                .wrong
                .push(format!("the body that is expected is no JSON: {error}")),
        })
    }

    /// The body is these bytes.
    pub fn body_bytes(self, bytes: impl AsRef<[u8]>) -> Self {
        self.change(|expectation| {
            expectation.body = Some(ExpectedBody::Bytes(bytes.as_ref().to_vec()))
        })
    }

    /// Comes so often.
    pub fn times(self, times: usize) -> Self {
        self.change(|expectation| expectation.times = (times, times))
    }

    /// Comes so often or more often.
    pub fn at_least(self, times: usize) -> Self {
        self.change(|expectation| expectation.times = (times, usize::MAX))
    }

    /// Is answered with a success. Of several answers each is given once, in their order, and the call comes as often as there are
    /// answers unless `times` or `at_least`, said behind them, has it otherwise; then the last answer is given again.
    pub fn success(self, status: u16, body: &S) -> Self {
        self.typed(status, serde_json::to_value(body), "success", 200..300)
    }

    /// Is answered with an error; see [`ExpectedCall::success`].
    pub fn error(self, status: u16, body: &E) -> Self {
        self.typed(status, serde_json::to_value(body), "error", 400..600)
    }

    /// Is answered as documented, with samples; see [`ExpectedCall::success`].
    pub fn documented(self, status: u16) -> Self {
        let server = &self.mock.server;
        self.change(
            |expectation| match server.documented(&expectation.operation, status) {
                Ok(reply) => expectation.add(reply),
                Err(error) => expectation.wrong.push(error.to_string()),
            },
        )
    }

    /// Is answered with whatever it is; see [`ExpectedCall::success`].
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
                .push(format!("{status} is the status of no {kind}")),
            Ok(body) => expectation.add(Reply::json(status, &body)),
            Err(error) => expectation
                .wrong
                .push(format!("the answer is no JSON: {error}")),
        })
    }
}

/// How the calls that came differ from those that were expected.
#[derive(Clone, PartialEq, Eq)]
pub struct Mismatch(String);

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the calls are not those that were expected\n\n{}\n",
            self.0
        )
    }
}

/// As `Display`: this is what a test shows that unwraps it.
impl fmt::Debug for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Mismatch {}

/// What an operation looks like, for messages.
fn title(endpoint: &Endpoint) -> String {
    format!("{}: {} {}", endpoint.id, endpoint.method, endpoint.path)
}
