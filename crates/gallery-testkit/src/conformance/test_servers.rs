//! Where checks are run: a server, a runtime and the clients that were made so far. Making them costs more than most checks, so a servers
//! goes from check to check.

use std::cell::RefCell;
use std::fmt::Debug;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gallery_runtime::reqwest::{Request, Response};
use gallery_runtime::{
    BoxError, ClientBuilder, Middleware, Next, RetryPolicy, Token, TokenProvider, Transport,
    TransportError,
};
use tokio::net::TcpSocket;
use tokio::runtime::Runtime;

use crate::conformance::adapter::{Adapter, ArgumentError, Arguments, Called, Outcome};
use crate::conformance::credentials::Secret;
use crate::document::{Document, path_of};
use crate::server::MockServer;

/// Where the stand-in has the servers that operations have for themselves.
const OWN_SERVER: &str = "/own-server";

/// Calls an operation by its id; nothing where there is no adapter for it.
type Caller = Box<dyn Fn(&str, Arguments) -> Option<Called> + Send + Sync>;

pub(super) const THIRD_TOKEN: &str = "third-token";

/// A client.
pub(super) struct Client {
    call: Caller,
    pages: Caller,
    /// What `Debug` shows of it.
    pub(super) shown: String,
}

impl Client {
    pub(super) fn call(&self, id: &str, arguments: Arguments) -> Result<Called, String> {
        (self.call)(id, arguments)
            .ok_or_else(|| "the client has no adapter for this operation".to_owned())
    }

    pub(super) fn pages(&self, id: &str, arguments: Arguments) -> Result<Called, String> {
        (self.pages)(id, arguments)
            .ok_or_else(|| "the client has no adapter for the pages of this operation".to_owned())
    }
}

/// What a client is told when it is made.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Settings {
    /// Another base URL than the stand-in's.
    pub(super) base_url: Option<String>,
    pub(super) secrets: Vec<Secret>,
    pub(super) tokens: Option<Tokens>,
    /// How long a call may take. What gives up may have sent something that arrives later: such a client has a server for itself.
    pub(super) timeout: Option<Duration>,
    /// Nothing is sent, and the client is told nothing of servers that operations have for themselves.
    pub(super) caught: bool,
}

/// A provider of two tokens: the second is for who refuses the first. Where they differ there is a third for who refuses that too, which
/// no client should ask for.
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

/// A hook that catches requests: it keeps what it is told of each and sends nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Catcher {
    caught: Arc<Mutex<Vec<Caught>>>,
}

/// What a hook is told of a request.
#[derive(Clone, Debug)]
pub(super) struct Caught {
    pub(super) url: String,
    /// The id that the client says the operation has, and its path.
    pub(super) operation: (&'static str, &'static str),
}

impl Catcher {
    /// What was caught since the last time.
    pub(super) fn take(&self) -> Vec<Caught> {
        std::mem::take(&mut *self.caught.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Middleware for Catcher {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, TransportError> {
        let operation = (next.operation().operation_id, next.operation().path);
        let caught = Caught {
            url: request.url().to_string(),
            operation,
        };
        self.caught
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(caught);
        Err(TransportError::Middleware("caught".into()))
    }
}

/// Makes a client of the API that a stand-in stands in for; where it is to be caught, by the catcher.
type Make = dyn Fn(&Settings, &MockServer, &Catcher) -> Result<Client, String> + Send + Sync;

/// Makes clients.
struct Maker {
    make: Box<Make>,
    accepts_any_server: Box<dyn Fn(&str) -> bool + Send + Sync>,
}

impl Maker {
    fn new<C: From<Transport> + Clone + Debug + Send + Sync + 'static>(
        document: &Document,
        builder: fn(&str) -> ClientBuilder<C>,
        adapters: Vec<Adapter<C>>,
    ) -> Maker {
        let begun = move |base_url: &str| builder(base_url).retry_policy(RetryPolicy::none());
        let own: Vec<String> = document
            .endpoints
            .iter()
            .filter_map(|endpoint| Some(endpoint.server.as_ref()?.url.clone()))
            .collect();
        let adapters = Arc::new(adapters);
        let make = move |settings: &Settings, server: &MockServer, catcher: &Catcher| {
            let base_url = settings
                .base_url
                .clone()
                .unwrap_or_else(|| server.base_url());
            let mut begun = begun(&base_url);
            if settings.caught {
                begun = begun.middleware(catcher.clone());
            } else {
                for url in &own {
                    begun = begun.server(url, &format!("{}{}", server.origin(), own_path(url)));
                }
            }
            begun = settings
                .secrets
                .iter()
                .fold(begun, |begun, secret| secret.given_to(begun));
            if let Some(tokens) = &settings.tokens {
                begun = begun.token_provider(tokens.clone());
            }
            if let Some(timeout) = settings.timeout {
                begun = begun.timeout(timeout);
            }
            let client: C = begun
                .build()
                .map_err(|error| format!("no client can be made: {error}"))?;
            let shown = format!("{client:?}");
            let caller = |pages: bool| -> Caller {
                let (client, adapters) = (client.clone(), Arc::clone(&adapters));
                Box::new(move |id, arguments| {
                    let adapter = adapters.iter().find(|adapter| adapter.id() == id)?;
                    if pages {
                        adapter.pages(client.clone(), arguments)
                    } else {
                        Some(adapter.call(client.clone(), arguments))
                    }
                })
            };
            Ok(Client {
                call: caller(false),
                pages: caller(true),
                shown,
            })
        };
        let accepts_any_server = move |base_url: &str| {
            begun(base_url)
                .server("https://not-in-the-document.example", "http://a")
                .build()
                .is_ok()
        };
        Maker {
            make: Box::new(make),
            accepts_any_server: Box::new(accepts_any_server),
        }
    }
}

/// A server, a runtime, and the clients that were made so far.
pub(super) struct TestServers {
    pub(super) server: MockServer,
    /// Another host, for what must not go there.
    pub(super) elsewhere: MockServer,
    /// The server of clients that give up.
    pub(super) forsaken: MockServer,
    /// A port that is taken and where nobody listens.
    nowhere: TcpSocket,
    pub(super) runtime: Runtime,
    pub(super) catcher: Catcher,
    maker: Arc<Maker>,
    clients: RefCell<Vec<(Settings, Arc<Client>)>>,
}

impl TestServers {
    /// A client with these settings.
    pub(super) fn client(&self, settings: &Settings) -> Result<Arc<Client>, String> {
        let mut clients = self.clients.borrow_mut();
        if let Some((_, client)) = clients.iter().find(|(own, _)| own == settings) {
            return Ok(Arc::clone(client));
        }
        let server = if settings.timeout.is_some() {
            &self.forsaken
        } else {
            &self.server
        };
        let client = Arc::new((self.maker.make)(settings, server, &self.catcher)?);
        clients.push((settings.clone(), Arc::clone(&client)));
        Ok(client)
    }

    /// A base URL where nobody listens.
    pub(super) fn nowhere(&self) -> Result<String, String> {
        self.nowhere
            .local_addr()
            .map(|address| format!("http://{address}"))
            .map_err(|error| error.to_string())
    }

    /// Whether a client accepts a server that the document does not have.
    pub(super) fn accepts_any_server(&self) -> bool {
        (self.maker.accepts_any_server)(&self.server.base_url())
    }

    /// What comes of calls that are under way at once, if all of them end.
    pub(super) fn outcomes(
        &self,
        calls: Vec<Called>,
        patience: Duration,
    ) -> Result<Vec<Outcome>, String> {
        let all = async {
            let begun: Vec<_> = calls.into_iter().map(tokio::spawn).collect();
            let mut outcomes = Vec::new();
            for call in begun {
                let ended = call.await.map_err(|error| error.to_string())?;
                outcomes.push(ended.map_err(|error| error.to_string())?);
            }
            Ok(outcomes)
        };
        let ended = self
            .runtime
            .block_on(async { tokio::time::timeout(patience, all).await });
        ended.map_err(|_| format!("the calls did not end within {patience:?}"))?
    }

    /// What comes of a call, if it ends.
    pub(super) fn outcome(&self, called: Called, patience: Duration) -> Result<Outcome, String> {
        let ended = self
            .runtime
            .block_on(async { tokio::time::timeout(patience, called).await });
        ended
            .map_err(|_| format!("the call did not end within {patience:?}"))?
            .map_err(|error: ArgumentError| error.to_string())
    }
}

/// The server_pool that no check is in.
pub(super) struct TestServerPool {
    document: Arc<Document>,
    maker: Arc<Maker>,
    free: Mutex<Vec<TestServers>>,
}

impl TestServerPool {
    pub(super) fn new<C: From<Transport> + Clone + Debug + Send + Sync + 'static>(
        document: Arc<Document>,
        builder: fn(&str) -> ClientBuilder<C>,
        adapters: Vec<Adapter<C>>,
    ) -> TestServerPool {
        let maker = Arc::new(Maker::new(&document, builder, adapters));
        TestServerPool {
            document,
            maker,
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
        let nowhere = TcpSocket::new_v4().map_err(|error| error.to_string())?;
        nowhere
            .bind(SocketAddr::from(([127, 0, 0, 1], 0)))
            .map_err(|error| error.to_string())?;
        Ok(TestServers {
            nowhere,
            server: server()?,
            elsewhere: server()?,
            forsaken: server()?,
            runtime,
            catcher: Catcher::default(),
            maker: Arc::clone(&self.maker),
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

/// The path that an operation's own server has on the stand-in: its variables for what they are.
pub(super) fn own_path(url: &str) -> String {
    format!("{OWN_SERVER}{}", path_of(url).replace(['{', '}'], "-"))
}
