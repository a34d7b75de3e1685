//! A mock server with expected calls.
//!
//! The module `mock` of generated clients wraps this with their own types:
//!
//! ```text
//! let api = Mock::start()?;
//! api.expect().get_book().path("id", 7).success(200, &book);
//! let found = library(&api.client()?).await;   // the code under test
//! api.verify()?;                               // or at the end of the test: dropping verifies too
//! ```

use std::fmt;
use std::sync::{Arc, Mutex};

use gallery_runtime::{ClientBuilder, Transport};

use crate::server::{MockServer, StartError, documented};
use expectation::Expectation;
use state::{State, locked};

mod difference;
mod expectation;
mod expected_call;
mod state;

pub use expected_call::{ExpectedCall, NoBody};

/// A mock server with expected calls. Dropping it without [`Mock::verify`] verifies too and panics
/// on a mismatch.
#[derive(Debug)]
pub struct Mock {
    server: MockServer,
    state: Arc<Mutex<State>>,
    verified: bool,
}

impl Mock {
    /// Starts a server without expectations: any call is a mismatch.
    pub fn start(document: &str) -> Result<Mock, StartError> {
        let server = MockServer::start(document)?;
        let state = Arc::new(Mutex::new(State::default()));
        let (responding, observing) = (Arc::clone(&state), Arc::clone(&state));
        let document = server.document().clone();
        server.respond_by_default(move |request| locked(&responding).respond(&document, request));
        server.observe(move |request, reply| {
            if request.operation.is_none() || !request.violations.is_empty() {
                locked(&observing).rejected(request, reply);
            }
        });
        Ok(Mock {
            server,
            state,
            verified: false,
        })
    }

    /// Creates a builder for a client of this server. Operations with their own server are sent
    /// here too.
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

    /// Expects one call of an operation. `S`, `E` and `B` are the types of successes, errors and
    /// request bodies.
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
        ExpectedCall::new(&self.server, &self.state, state.expectations.len() - 1)
    }

    /// Returns the server. Operations with a response set there need no expectation.
    pub fn server(&self) -> &MockServer {
        &self.server
    }

    /// Returns an error if an expected call is missing or an unexpected one was received.
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
        let problems: Vec<String> = expectations
            .chain(state.unexpected_calls.iter().cloned())
            .collect();
        (!problems.is_empty()).then(|| Mismatch(problems.join("\n\n")))
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        if self.verified || std::thread::panicking() {
            return;
        }
        if let Some(mismatch) = self.mismatch() {
            #[expect(clippy::panic, reason = "fails the test that did not verify")]
            {
                panic!("{mismatch}");
            }
        }
    }
}

/// The difference between expected and received calls.
#[derive(Clone, PartialEq, Eq)]
pub struct Mismatch(String);

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the calls differ from the expected ones\n\n{}\n", self.0)
    }
}

/// Like `Display`, for tests that unwrap the result.
impl fmt::Debug for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Mismatch {}
