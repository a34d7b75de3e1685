//! The stand-in: a real HTTP server on a free loopback port, in a thread of its own, that ends when it is dropped.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use serde_json::json;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::document::{Document, DocumentError, Endpoint};
use crate::request::RecordedRequest;
use crate::strict;

pub(crate) mod documented;
mod example;
mod reply;
mod wire;

pub use documented::DocumentedReplyError;
pub use reply::{Gate, Reply};

/// Why a stand-in did not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The document cannot be read.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The port cannot be had.
    #[error("no server could be started on 127.0.0.1, port {port}: {source}")]
    Port {
        /// Which one; 0 is any that is free.
        port: u16,
        /// Why.
        source: io::Error,
    },
    /// No thread could be had.
    #[error("no server could be started on 127.0.0.1: {0}")]
    Io(#[from] io::Error),
}

type Answer = Box<dyn Fn(&RecordedRequest) -> Reply + Send>;
type Observer = Box<dyn Fn(&RecordedRequest, &Reply) + Send>;

/// A server that stands in for the API of a document.
///
/// It is strict: a request that is not what the document says is refused, with the reason in `error` of a JSON object. No operation for
/// the path is 404, none for the method 405, and 400 whatever else is wrong: path, query, headers, cookies or body, each value by its
/// schema. A parameter of the query that the document does not have is wrong, a header is not.
///
/// An operation is answered with its first documented success and a sample of its schema, unless [`MockServer::answer`] or one of its kin
/// says otherwise.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let server = gallery_testkit::MockServer::start(r#"{"paths": {"/books": {"get": {
///     "operationId": "list_books",
///     "parameters": [{"in": "query", "name": "page", "schema": {"type": "integer", "minimum": 0}}],
///     "responses": {"200": {"description": "OK"}, "404": {"description": "none"}}
/// }}}}"#)?;
/// let get = |path: &str| reqwest::get(format!("{}{path}", server.base_url()));
///
/// assert_eq!(get("/books?page=1").await?.status(), 200);
/// let refused = get("/books?page=-1").await?.text().await?;
/// assert_eq!(refused, r#"{"error":"list_books: the query parameter `page` is -1, but must be at least 0"}"#);
/// server.respond_documented("list_books", 404)?;
/// assert_eq!(get("/books").await?.status(), 404);
/// assert_eq!(server.requests()[1].violations[0].name, "page");
/// # Ok(())
/// # }
/// ```
pub struct MockServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    document: Document,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    requests: Vec<RecordedRequest>,
    answers: BTreeMap<String, Answer>,
    respond_by_default: Option<Answer>,
    always: Option<Answer>,
    lenient: bool,
    observer: Option<Observer>,
    connections: usize,
}

impl MockServer {
    /// Starts a server for a document.
    pub fn start(document: &str) -> Result<MockServer, StartError> {
        MockServer::start_on(document, 0)
    }

    /// Starts a server for a document on a port of its own; 0 is any that is free.
    pub fn start_on(document: &str, port: u16) -> Result<MockServer, StartError> {
        MockServer::listen(Document::parse(document)?, port)
    }

    /// Starts a server for a document that has been read.
    pub fn of(document: Document) -> Result<MockServer, StartError> {
        MockServer::listen(document, 0)
    }

    fn listen(document: Document, port: u16) -> Result<MockServer, StartError> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", port))
            .map_err(|source| StartError::Port { port, source })?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            document,
            state: Mutex::default(),
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (stop, stopped) = oneshot::channel();
        let serving = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("stand-in".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    tokio::select! {
                        () = accept(listener, serving) => {}
                        _ = stopped => {}
                    }
                });
            })?;
        Ok(MockServer {
            address,
            shared,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The URL to give to a client: the document's base path is part of it.
    pub fn base_url(&self) -> String {
        format!("{}{}", self.origin(), self.shared.document.base_path)
    }

    /// Scheme, host and port.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The document, as it was read.
    pub fn document(&self) -> &Document {
        &self.shared.document
    }

    /// From now on also answers requests that are not what the document says, if there is an operation for them. What is wrong is in
    /// [`RecordedRequest::violations`] all the same.
    pub fn be_lenient(&self) {
        self.shared.state().lenient = true;
    }

    /// From now on shows each request, and the reply to it, to a function.
    pub fn observe(&self, observer: impl Fn(&RecordedRequest, &Reply) + Send + 'static) {
        self.shared.state().observer = Some(Box::new(observer));
    }

    /// From now on answers an operation as it is documented for a status, with samples for headers and body.
    pub fn respond_documented(
        &self,
        operation_id: &str,
        status: u16,
    ) -> Result<(), DocumentedReplyError> {
        let reply = self.documented(operation_id, status)?;
        self.respond(operation_id, move |_| reply.clone());
        Ok(())
    }

    /// The answer that an operation is documented to have for a status, with samples for headers and body.
    pub fn documented(
        &self,
        operation_id: &str,
        status: u16,
    ) -> Result<Reply, DocumentedReplyError> {
        documented::answer(&self.shared.document, operation_id, status)
    }

    /// The arguments of `curl` that call an operation with samples for what is required; none where that takes more than plain values and
    /// JSON.
    pub fn curl(&self, operation_id: &str) -> Option<String> {
        let endpoint = documented::operation(&self.shared.document, operation_id).ok()?;
        example::curl(&self.shared.document, &self.base_url(), endpoint)
    }

    /// From now on answers an operation like this. The function may not call this server.
    pub fn respond(
        &self,
        operation_id: &str,
        answer: impl Fn(&RecordedRequest) -> Reply + Send + 'static,
    ) {
        self.shared
            .state()
            .answers
            .insert(operation_id.to_owned(), Box::new(answer));
    }

    /// From now on answers an operation with these, one after another, and then always with the last.
    pub fn respond_in_turn(&self, operation_id: &str, replies: impl IntoIterator<Item = Reply>) {
        let mut replies: VecDeque<Reply> = replies.into_iter().collect();
        let replies = Mutex::new(move || {
            if replies.len() > 1 {
                replies.pop_front()
            } else {
                replies.front().cloned()
            }
        });
        self.respond(operation_id, move |_| {
            let next = (replies.lock().unwrap_or_else(PoisonError::into_inner))();
            next.unwrap_or_else(|| {
                Reply::json(
                    500,
                    &json!({"error": "no reply was given for this operation"}),
                )
            })
        });
    }

    /// From now on answers every operation like this that has no answer of its own.
    pub fn respond_by_default(&self, answer: impl Fn(&RecordedRequest) -> Reply + Send + 'static) {
        self.shared.state().respond_by_default = Some(Box::new(answer));
    }

    /// From now on answers every request like this, whatever it is, and looks for nothing wrong in it.
    pub fn respond_always(&self, reply: Reply) {
        self.respond_all(move |_| reply.clone());
    }

    /// From now on answers every request by what it is.
    pub(crate) fn respond_all(&self, answer: impl Fn(&RecordedRequest) -> Reply + Send + 'static) {
        self.shared.state().always = Some(Box::new(answer));
    }

    /// Forgets what has arrived so far.
    pub fn forget_requests(&self) {
        self.shared.state().requests.clear();
    }

    /// What has arrived so far.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.state().requests.clone()
    }

    /// How many connections have been made so far.
    pub fn connections(&self) -> usize {
        self.shared.state().connections
    }
}

impl Drop for MockServer {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl std::fmt::Debug for MockServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MockServer")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

async fn accept(listener: std::net::TcpListener, shared: Arc<Shared>) {
    let Ok(listener) = TcpListener::from_std(listener) else {
        return;
    };
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        shared.state().connections += 1;
        let shared = Arc::clone(&shared);
        tokio::spawn(async move { wire::serve(stream, &shared).await });
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Decides on the answer to a request, and keeps the request.
    fn reply(&self, mut request: RecordedRequest) -> Reply {
        let mut state = self.state();
        let reply = match &state.always {
            Some(answer) => answer(&request),
            None => self.decide(&state, &mut request),
        };
        if let Some(observer) = &state.observer {
            observer(&request, &reply);
        }
        state.requests.push(request);
        reply
    }

    fn decide(&self, state: &State, request: &mut RecordedRequest) -> Reply {
        let base_path = &self.document.base_path;
        // Of `/users/me` and `/users/{id}` the one with fewer variables is meant, and then the one with more constants.
        let fitting = self
            .document
            .endpoints
            .iter()
            .filter(|endpoint| request.is_for(base_path, endpoint));
        let openness = |endpoint: &&Endpoint| {
            (
                endpoint.path.matches('{').count(),
                std::cmp::Reverse(endpoint.constants.len()),
            )
        };
        let Some(endpoint) = fitting.min_by_key(openness) else {
            return self.unknown(request);
        };
        request.operation = Some(endpoint.id.clone());
        request.violations = strict::violations(&self.document, endpoint, request);
        if !request.violations.is_empty() && !state.lenient {
            let told: Vec<String> = request.violations.iter().map(ToString::to_string).collect();
            return Reply::json(
                400,
                &json!({"error": format!("{}: {}", endpoint.id, told.join("; "))}),
            );
        }
        match state
            .answers
            .get(&endpoint.id)
            .or(state.respond_by_default.as_ref())
        {
            Some(answer) => answer(request),
            None => documented::success(&self.document, endpoint),
        }
    }

    /// The answer to a request that no operation fits.
    fn unknown(&self, request: &RecordedRequest) -> Reply {
        let base_path = &self.document.base_path;
        let there = self
            .document
            .endpoints
            .iter()
            .filter(|endpoint| request.captured(base_path, endpoint).is_some());
        let mut methods: Vec<&str> = there.map(|endpoint| endpoint.method.as_str()).collect();
        methods.sort_unstable();
        methods.dedup();
        // A path whose method is right lacks a constant, so it is no operation.
        if methods.is_empty() || methods.contains(&request.method.as_str()) {
            let message = format!(
                "no operation of the document is {} {}",
                request.method, request.path
            );
            return Reply::json(404, &json!({"error": message}));
        }
        let allowed = methods.join(", ");
        let message = format!(
            "the document has {} for {allowed}, not for {}",
            request.path, request.method
        );
        Reply::json(405, &json!({"error": message})).with_header("allow", &allowed)
    }
}
