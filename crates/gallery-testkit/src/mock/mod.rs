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

use gallery_runtime::{AuthScheme, ClientBuilder, Transport};

use crate::document::{Document, Location, SecurityScheme};
use crate::server::{MockServer, StartError, documented};
use expectation::Expectation;
use state::{State, locked};

mod difference;
mod expectation;
mod expected_call;
mod matcher;
mod received_call;
mod responses;
mod sequence;
mod state;

pub use expected_call::{ExpectedCall, NoBody};
pub use sequence::Sequence;

/// The token, API key and password of clients from the function `client` of a generated mock.
pub const CREDENTIAL: &str = "mock-credential";

/// The user of clients from the function `client` of a generated mock.
pub const USER: &str = "mock-user";

/// A mock server with expected calls. Dropping it without [`Mock::verify`] verifies too and panics
/// on a mismatch. If the test is panicking already, the mismatch is printed.
#[derive(Debug)]
pub struct Mock {
    server: MockServer,
    state: Arc<Mutex<State>>,
    verified: bool,
}

impl Mock {
    /// Starts a server without expectations: any call is a mismatch.
    pub fn start(document: &str) -> Result<Mock, StartError> {
        Mock::of(Document::parse(document)?)
    }

    /// Starts a server for a parsed document, which mocks can share. They share nothing else.
    pub fn of(document: impl Into<Arc<Document>>) -> Result<Mock, StartError> {
        let server = MockServer::of(document)?;
        let state = Arc::new(Mutex::new(State::default()));
        let (responding, observing) = (Arc::clone(&state), Arc::clone(&state));
        let document = server.shared_document();
        server.respond_by_default_with(Box::new(move |request, samples| {
            locked(&responding).respond(&document, request, samples)
        }));
        server.observe_outcomes(Box::new(move |request, reply, is_refused| {
            if is_refused {
                locked(&observing).rejected(request, reply);
            }
        }));
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

    /// Adds [`CREDENTIAL`] for every security scheme of the document.
    pub fn with_credentials<C: From<Transport>>(
        &self,
        builder: ClientBuilder<C>,
    ) -> ClientBuilder<C> {
        let schemes = self.server.document().schemes();
        schemes.into_iter().fold(builder, |builder, scheme| {
            let (location, name) = match scheme {
                SecurityScheme::Bearer => return builder.bearer_token(CREDENTIAL),
                SecurityScheme::Basic => return builder.basic_auth(USER, CREDENTIAL),
                SecurityScheme::ApiKey(location, name) => (location, name),
            };
            // The names of a document are few and short, and live as long as the test.
            let name: &'static str = name.clone().leak();
            let scheme = match location {
                Location::Query => AuthScheme::Query(name),
                Location::Cookie => AuthScheme::Cookie(name),
                Location::Header | Location::Path => AuthScheme::Header(name),
            };
            builder.api_key(scheme, CREDENTIAL)
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
        if self.verified {
            return;
        }
        if let Some(mismatch) = self.mismatch() {
            if std::thread::panicking() {
                // A second panic would abort the process. The mismatch is often the reason for the
                // first one.
                eprintln!("{mismatch}");
                return;
            }
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
