//! Mock servers, a runtime and clients for checks. They are expensive to create, so they are
//! pooled.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::TcpSocket;
use tokio::runtime::Runtime;

use crate::conformance::clients::{CallError, Client, CreateClient, PendingCall};
use crate::conformance::middleware::RequestCapture;
use crate::conformance::outcome::Outcome;
use crate::conformance::platform::HOST;
use crate::conformance::settings::{Servers, Settings};
use crate::document::{Document, path_of};
use crate::server::{Gate, MockServer};

/// The path prefix of servers of operations on the mock server.
const OWN_SERVER: &str = "/own-server";

/// Creates clients of a mock server.
pub(super) struct ClientFactory {
    create: Box<CreateClient>,
    /// The servers of operations in the document.
    own_servers: Vec<String>,
}

impl ClientFactory {
    pub(super) fn new(document: &Document, create: Box<CreateClient>) -> ClientFactory {
        let own = document.endpoints.iter();
        let own = own.filter_map(|endpoint| Some(endpoint.server.as_ref()?.url.clone()));
        ClientFactory {
            create,
            own_servers: own.collect(),
        }
    }

    fn create(
        &self,
        settings: &Settings,
        server: &MockServer,
        capture: &RequestCapture,
    ) -> Result<Client, String> {
        let named = |url: String| match settings.named_host {
            true => url.replace("127.0.0.1", HOST),
            false => url,
        };
        let base_url = settings.base_url.clone();
        let origin = settings.own_servers.clone();
        let origin = origin.unwrap_or_else(|| named(server.origin()));
        let own = self.own_servers.iter().filter(|_| !settings.captured);
        let replaced = |url: &String| {
            let path = operation_server_path(url);
            (url.clone(), format!("{origin}{path}"))
        };
        let servers = Servers {
            base_url: base_url.unwrap_or_else(|| named(server.base_url())),
            own: own.map(replaced).collect(),
        };
        (self.create)(settings, &servers, capture)
    }

    fn accepts_any_server(&self, base_url: String) -> bool {
        let unknown = "https://not-in-the-document.example";
        let servers = Servers {
            base_url,
            own: vec![(unknown.to_owned(), "http://a".to_owned())],
        };
        (self.create)(&Settings::default(), &servers, &RequestCapture::default()).is_ok()
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
        let client = Arc::new(self.factory.create(settings, server, &self.capture)?);
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
        self.factory.accepts_any_server(self.server.base_url())
    }

    /// Awaits concurrent calls.
    pub(super) fn outcomes(
        &self,
        calls: Vec<PendingCall>,
        limit: Duration,
    ) -> Result<Vec<Outcome>, String> {
        let all = async {
            let running: Vec<_> = calls.into_iter().map(tokio::spawn).collect();
            let mut outcomes = Vec::new();
            for call in running {
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
    pub(super) fn outcome(&self, called: PendingCall, limit: Duration) -> Result<Outcome, String> {
        match self.within(limit, called)? {
            Ok(outcome) => Ok(outcome),
            Err(CallError::Arguments(error)) => Ok(Outcome::not_expressible(&error)),
            Err(CallError::Process(error)) => Err(error),
        }
    }

    /// Awaits a call. `None` if its reply reaches the gate first.
    pub(super) fn outcome_before(
        &self,
        called: PendingCall,
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

/// The servers that no check uses.
pub(super) struct TestServerPool {
    document: Arc<Document>,
    factory: Arc<ClientFactory>,
    free: Mutex<Vec<TestServers>>,
}

impl TestServerPool {
    pub(super) fn new(document: Arc<Document>, factory: ClientFactory) -> TestServerPool {
        TestServerPool {
            document,
            factory: Arc::new(factory),
            free: Mutex::default(),
        }
    }

    /// Returns servers that no check uses, or new ones.
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
            || MockServer::of(Arc::clone(&self.document)).map_err(|error| error.to_string());
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
