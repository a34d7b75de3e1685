//! Mock servers, a runtime and clients for checks. They are expensive to create, so they are
//! pooled.

use std::cell::RefCell;
use std::fmt::Debug;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gallery_runtime::reqwest::header::{HeaderName, HeaderValue};
use gallery_runtime::{BoxError, ClientBuilder, RetryPolicy, Token, TokenProvider, Transport};
use tokio::net::TcpSocket;
use tokio::runtime::Runtime;

use crate::conformance::adapter::{Adapter, Arguments, Called, Way};
use crate::conformance::middleware::{AddMark, PassOn, RequestCapture};
use crate::conformance::outcome::Outcome;
use crate::conformance::secret::Secret;
use crate::document::{Document, path_of};
use crate::server::{Gate, MockServer};

/// The path prefix of servers of operations on the mock server.
const OWN_SERVER: &str = "/own-server";

/// Calls an operation by its id. `None` if it has no adapter.
type Caller = Box<dyn Fn(Way, &str, Arguments) -> Option<Called> + Send + Sync>;

pub(super) const THIRD_TOKEN: &str = "third-token";

/// A type-erased client.
pub(super) struct Client {
    call: Caller,
    /// The `Debug` output of the client.
    pub(super) shown: String,
}

impl Client {
    pub(super) fn call(&self, id: &str, arguments: Arguments) -> Result<Called, String> {
        self.call_by(Way::Send, id, arguments)
    }

    pub(super) fn call_by(
        &self,
        way: Way,
        id: &str,
        arguments: Arguments,
    ) -> Result<Called, String> {
        let called = (self.call)(way, id, arguments);
        called.ok_or_else(|| match way {
            Way::Send => "the operation has no adapter".to_owned(),
            Way::Pages => "the operation has no adapter for its pages".to_owned(),
            Way::Download => "the operation has no adapter for downloads".to_owned(),
            Way::Events => "the operation has no adapter for events".to_owned(),
        })
    }
}

/// The settings of a client.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Settings {
    /// A base URL other than that of the mock server.
    pub(super) base_url: Option<String>,
    pub(super) secrets: Vec<Secret>,
    pub(super) tokens: Option<Tokens>,
    /// The timeout of calls. A call that timed out can still send a request, so these clients use
    /// their own server.
    pub(super) timeout: Option<Duration>,
    /// Requests are captured instead of sent, and servers of operations keep their defaults.
    pub(super) captured: bool,
    /// A middleware passes requests on.
    pub(super) passed_on: bool,
    /// Middleware that add these values to the header
    /// [`MARK`](crate::conformance::middleware::MARK), in this order.
    pub(super) marks: &'static [&'static str],
    pub(super) user_agent: Option<&'static str>,
    /// The client sends the header `x-custom-key` with the value [`HIDDEN`].
    pub(super) has_hidden_header: bool,
    /// The origin of the operations' own servers, if it is not the mock server.
    pub(super) own_servers: Option<String>,
    /// Retries, which are disabled by default, since checks count requests.
    pub(super) retries: Option<RetryPolicy>,
    pub(super) max_redirects: Option<usize>,
    pub(super) max_body_bytes: Option<usize>,
    /// The mock server has the name [`HOST`], and all [`LOOKALIKES`] lead to it too.
    pub(super) named_host: bool,
}

/// A text that no message and no `Debug` output may contain.
pub(super) const HIDDEN: &str = "hidden-7f3a";

/// The host name of the mock server for clients with [`Settings::named_host`].
pub(super) const HOST: &str = "api.example";

/// Other hosts whose names contain [`HOST`], or a part of it.
pub(super) const LOOKALIKES: [&str; 5] = [
    "evilapi.example",
    "evil.api.example",
    "api.example.evil.test",
    "api.examples",
    "example",
];

/// Returns an HTTP client for which the host names are those of the mock server.
fn http_client() -> Result<gallery_runtime::reqwest::Client, String> {
    let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
    let named = gallery_runtime::reqwest::Client::builder()
        .no_proxy()
        .redirect(gallery_runtime::reqwest::redirect::Policy::none());
    let named = LOOKALIKES
        .iter()
        .chain([&HOST])
        .fold(named, |named, host| named.resolve(host, loopback));
    named.build().map_err(|error| error.to_string())
}

/// A token provider with two tokens: the second replaces the first if that is rejected. If they
/// differ, a third replaces the second, which no client should request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tokens(pub(super) &'static str, pub(super) &'static str);

impl TokenProvider for Tokens {
    async fn token(&self, refused: Option<&Token>) -> Result<Token, BoxError> {
        Ok(Token::new(match refused.map(Token::expose) {
            None => self.0,
            Some(token) if token == self.1 && self.0 != self.1 => THIRD_TOKEN,
            Some(_) => self.1,
        }))
    }
}

/// Creates a client for a mock server.
type CreateClient =
    dyn Fn(&Settings, &MockServer, &RequestCapture) -> Result<Client, String> + Send + Sync;

/// Creates clients.
struct ClientFactory {
    create: Box<CreateClient>,
    accepts_any_server: Box<dyn Fn(&str) -> bool + Send + Sync>,
}

impl ClientFactory {
    fn new<C: From<Transport> + Clone + Debug + Send + Sync + 'static>(
        document: &Document,
        builder: fn(&str) -> ClientBuilder<C>,
        adapters: Vec<Adapter<C>>,
    ) -> ClientFactory {
        let own: Vec<String> = document
            .endpoints
            .iter()
            .filter_map(|endpoint| Some(endpoint.server.as_ref()?.url.clone()))
            .collect();
        let adapters = Arc::new(adapters);
        let create = move |settings: &Settings, server: &MockServer, capture: &RequestCapture| {
            let named = |url: String| match settings.named_host {
                true => url.replace("127.0.0.1", HOST),
                false => url,
            };
            let base_url = settings
                .base_url
                .clone()
                .unwrap_or_else(|| named(server.base_url()));
            let retries = settings.retries.unwrap_or_else(RetryPolicy::none);
            let mut client_builder = builder(&base_url).retry_policy(retries);
            if settings.passed_on {
                client_builder = client_builder.middleware(PassOn);
            }
            for mark in settings.marks {
                client_builder = client_builder.middleware(AddMark(mark));
            }
            if let Some(user_agent) = settings.user_agent {
                client_builder = client_builder.user_agent(user_agent);
            }
            if settings.has_hidden_header {
                client_builder = client_builder.header(
                    HeaderName::from_static("x-custom-key"),
                    HeaderValue::from_static(HIDDEN),
                );
            }
            if settings.named_host {
                client_builder = client_builder.http_client(http_client()?);
            }
            if let Some(limit) = settings.max_redirects {
                client_builder = client_builder.max_redirects(limit);
            }
            if let Some(bytes) = settings.max_body_bytes {
                client_builder = client_builder.max_body_bytes(bytes);
            }
            if settings.captured {
                client_builder = client_builder.middleware(capture.clone());
            } else {
                let origin = settings.own_servers.clone();
                let origin = origin.unwrap_or_else(|| named(server.origin()));
                for url in &own {
                    let path = operation_server_path(url);
                    client_builder = client_builder.server(url, &format!("{origin}{path}"));
                }
            }
            client_builder = settings
                .secrets
                .iter()
                .fold(client_builder, |client_builder, secret| {
                    secret.given_to(client_builder)
                });
            if let Some(tokens) = &settings.tokens {
                client_builder = client_builder.token_provider(tokens.clone());
            }
            if let Some(timeout) = settings.timeout {
                client_builder = client_builder.timeout(timeout);
            }
            let client: C = client_builder
                .build()
                .map_err(|error| format!("cannot build the client: {error}"))?;
            let shown = format!("{client:?}");
            let adapters = Arc::clone(&adapters);
            let call = move |way: Way, id: &str, arguments: Arguments| {
                let adapter = adapters.iter().find(|adapter| adapter.id() == id)?;
                adapter.call(way, client.clone(), arguments)
            };
            Ok(Client {
                call: Box::new(call),
                shown,
            })
        };
        let accepts_any_server = move |base_url: &str| {
            builder(base_url)
                .server("https://not-in-the-document.example", "http://a")
                .build()
                .is_ok()
        };
        ClientFactory {
            create: Box::new(create),
            accepts_any_server: Box::new(accepts_any_server),
        }
    }
}

/// Mock servers, a runtime and cached clients.
pub(super) struct TestServers {
    pub(super) server: MockServer,
    /// Another host, the target of redirects.
    pub(super) other_host: MockServer,
    /// The server for clients with a timeout.
    pub(super) timeout_server: MockServer,
    /// A bound port without a listener.
    refusing_url: TcpSocket,
    pub(super) runtime: Runtime,
    pub(super) capture: RequestCapture,
    factory: Arc<ClientFactory>,
    clients: RefCell<Vec<(Settings, Arc<Client>)>>,
}

impl TestServers {
    /// Returns a client with these settings, cached.
    pub(super) fn client(&self, settings: &Settings) -> Result<Arc<Client>, String> {
        let mut clients = self.clients.borrow_mut();
        if let Some((_, client)) = clients.iter().find(|(own, _)| own == settings) {
            return Ok(Arc::clone(client));
        }
        let server = if settings.timeout.is_some() {
            &self.timeout_server
        } else {
            &self.server
        };
        let client = Arc::new((self.factory.create)(settings, server, &self.capture)?);
        clients.push((settings.clone(), Arc::clone(&client)));
        Ok(client)
    }

    /// Returns a base URL that refuses connections.
    pub(super) fn refusing_url(&self) -> Result<String, String> {
        self.refusing_url
            .local_addr()
            .map(|address| format!("http://{address}"))
            .map_err(|error| error.to_string())
    }

    /// Returns true if the client accepts a server URL that is not in the document.
    pub(super) fn accepts_any_server(&self) -> bool {
        (self.factory.accepts_any_server)(&self.server.base_url())
    }

    /// Awaits concurrent calls.
    pub(super) fn outcomes(
        &self,
        calls: Vec<Called>,
        limit: Duration,
    ) -> Result<Vec<Outcome>, String> {
        let all = async {
            let client_builder: Vec<_> = calls.into_iter().map(tokio::spawn).collect();
            let mut outcomes = Vec::new();
            for call in client_builder {
                let ended = call.await.map_err(|error| error.to_string())?;
                outcomes.push(ended.map_err(|error| error.to_string())?);
            }
            Ok(outcomes)
        };
        let ended = self
            .runtime
            .block_on(async { tokio::time::timeout(limit, all).await });
        ended.map_err(|_| format!("the calls did not finish within {limit:?}"))?
    }

    /// Awaits a call. Arguments that the client's types do not allow count as rejected.
    pub(super) fn outcome(&self, called: Called, limit: Duration) -> Result<Outcome, String> {
        let ended = self.within(limit, called)?;
        Ok(ended.unwrap_or_else(|error| Outcome::not_expressible(&error)))
    }

    /// Awaits a call. `None` if its reply reaches the gate first.
    pub(super) fn outcome_before(
        &self,
        called: Called,
        gate: &Gate,
        limit: Duration,
    ) -> Result<Option<Outcome>, String> {
        let first = async {
            tokio::select! {
                biased;
                ended = called => ended.map(Some),
                () = gate.reached(1) => Ok(None),
            }
        };
        self.within(limit, first)?
            .map_err(|error| error.to_string())
    }

    fn within<T>(&self, limit: Duration, work: impl Future<Output = T>) -> Result<T, String> {
        self.runtime
            .block_on(async { tokio::time::timeout(limit, work).await })
            .map_err(|_| format!("the call did not finish within {limit:?}"))
    }
}

/// The server_pool that no check is in.
pub(super) struct TestServerPool {
    document: Arc<Document>,
    factory: Arc<ClientFactory>,
    free: Mutex<Vec<TestServers>>,
}

impl TestServerPool {
    pub(super) fn new<C: From<Transport> + Clone + Debug + Send + Sync + 'static>(
        document: Arc<Document>,
        builder: fn(&str) -> ClientBuilder<C>,
        adapters: Vec<Adapter<C>>,
    ) -> TestServerPool {
        let factory = Arc::new(ClientFactory::new(&document, builder, adapters));
        TestServerPool {
            document,
            factory,
            free: Mutex::default(),
        }
    }

    /// A free servers, or a new one.
    pub(super) fn take(&self) -> Result<TestServers, String> {
        if let Some(servers) = self
            .free
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
        {
            return Ok(servers);
        }
        let server =
            || MockServer::of(self.document.as_ref().clone()).map_err(|error| error.to_string());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| error.to_string())?;
        let refusing_url = TcpSocket::new_v4().map_err(|error| error.to_string())?;
        refusing_url
            .bind(SocketAddr::from(([127, 0, 0, 1], 0)))
            .map_err(|error| error.to_string())?;
        Ok(TestServers {
            refusing_url,
            server: server()?,
            other_host: server()?,
            timeout_server: server()?,
            runtime,
            capture: RequestCapture::default(),
            factory: Arc::clone(&self.factory),
            clients: RefCell::default(),
        })
    }

    pub(super) fn give_back(&self, servers: TestServers) {
        self.free
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(servers);
    }
}

/// Returns the path of an operation's server on the mock server.
pub(super) fn operation_server_path(url: &str) -> String {
    format!("{OWN_SERVER}{}", path_of(url).replace(['{', '}'], "-"))
}
