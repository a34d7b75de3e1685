//! The mock server: an HTTP server on a loopback port, in its own thread.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use serde::Serialize;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::document::Document;
use crate::request::RecordedRequest;
use crate::sample::Samples;

pub(crate) mod documented;
mod echo;
mod error;
mod event;
mod example;
mod handler;
mod pages;
mod property_name;
mod rate_limit;
mod recording;
mod refusal;
mod removal;
mod reply;
mod tokens;
mod upstream;
mod wire;

pub use documented::DocumentedReplyError;
pub use error::{InvalidUpstream, StartError};
pub use event::ServerSentEvent;
use handler::Shared;
pub(crate) use handler::{Observer, Responder};
pub(crate) use pages::PagedList;
pub use pages::PagesError;
#[cfg(feature = "conformance")]
pub(crate) use pages::{argument, change, last_page_forms};
use rate_limit::RateLimit;
use recording::{RecordedApi, Replay};
pub use recording::{Recorder, Recording};
pub(crate) use refusal::refusal;
use reply::InTurn;
pub use reply::{Gate, Reply};
pub use tokens::TokenEndpoint;
use upstream::Upstream;

/// Default for the maximum size of bodies.
const BODY_LIMIT: usize = 64 << 20;

/// An HTTP server that simulates the API of a document. It stops when it is dropped.
///
/// The server validates requests and refuses violations: 404 if no operation matches the path, 405
/// if none matches the method, 401 if a secured operation is called without credentials, 400 for
/// any other violation. Undeclared query parameters are violations, undeclared headers are not. A
/// refusal has the documented error shape, with the reason as its message. If no error is
/// documented, it is a JSON object that has the reason in `error`.
///
/// By default an operation returns its first documented success with a sample body.
/// [`MockServer::respond`] and similar methods change that.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let server = gallery_testkit::MockServer::start(r#"{"paths": {"/books": {"get": {
///     "operationId": "list_books",
///     "parameters": [
///         {"in": "query", "name": "page", "schema": {"type": "integer", "minimum": 0}}
///     ],
///     "responses": {"200": {"description": "OK"}, "404": {"description": "none"}}
/// }}}}"#)?;
/// let get = |path: &str| reqwest::get(format!("{}{path}", server.base_url()));
///
/// assert_eq!(get("/books?page=1").await?.status(), 200);
/// let refused = get("/books?page=-1").await?.text().await?;
/// assert!(refused.contains("the query parameter `page` is -1, but must be at least 0"));
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

impl MockServer {
    /// Starts a server on a free port.
    pub fn start(document: &str) -> Result<MockServer, StartError> {
        MockServer::start_on(document, 0)
    }

    /// Starts a server on `port`; 0 is any free port.
    pub fn start_on(document: &str, port: u16) -> Result<MockServer, StartError> {
        MockServer::configured(Document::parse(document)?, port, |_| ())
    }

    /// Starts a server for a parsed document. Servers can share one: most of the time of
    /// [`start`](MockServer::start) is needed to parse it.
    pub fn of(document: impl Into<Arc<Document>>) -> Result<MockServer, StartError> {
        MockServer::configured(document, 0, |_| ())
    }

    /// Starts a server on `port`, and calls a function before it responds to requests. A client
    /// that knows the port waits until then.
    pub fn configured(
        document: impl Into<Arc<Document>>,
        port: u16,
        configure: impl FnOnce(&MockServer),
    ) -> Result<MockServer, StartError> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", port))
            .map_err(|source| StartError::Port { port, source })?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            document: document.into(),
            body_limit: AtomicUsize::new(BODY_LIMIT),
            state: Mutex::default(),
            origin: format!("http://{address}"),
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (stop, stopped) = oneshot::channel();
        let mut server = MockServer {
            address,
            shared,
            stop: Some(stop),
            thread: None,
        };
        configure(&server);
        let serving = Arc::clone(&server.shared);
        let serve = move || {
            runtime.block_on(async {
                tokio::select! {
                    () = accept(listener, serving) => {}
                    _ = stopped => {}
                }
            });
        };
        let thread = std::thread::Builder::new().name("mock-server".to_owned());
        server.thread = Some(thread.spawn(serve)?);
        Ok(server)
    }

    /// Returns the base URL for clients, including the base path of the document.
    pub fn base_url(&self) -> String {
        format!("{}{}", self.origin(), self.shared.document.base_path)
    }

    /// Returns scheme, host and port.
    pub(crate) fn origin(&self) -> String {
        self.shared.origin.clone()
    }

    /// Returns the document.
    pub fn document(&self) -> &Document {
        &self.shared.document
    }

    /// Also responds to requests with violations, if an operation matches. They are still recorded
    /// in [`RecordedRequest::violations`].
    pub fn be_lenient(&self) {
        self.shared.state().lenient = true;
    }

    /// Responds to secured operations without checking that the request has credentials.
    pub fn allow_missing_credentials(&self) {
        self.shared.state().allows_missing_credentials = true;
    }

    /// Chooses the values of samples in documented responses. By default they are plausible, and
    /// repeat identifiers and properties of the request.
    pub fn use_samples(&self, samples: Samples) {
        self.shared.state().samples = samples;
    }

    /// Sets the maximum size of request bodies, and of responses that are recorded, by default
    /// 64 MiB. A larger request is refused with 413 and not kept in memory. For a larger response,
    /// the client gets a 502 with the reason, and nothing is recorded.
    pub fn limit_bodies(&self, bytes: usize) {
        self.shared.body_limit.store(bytes, Ordering::Relaxed);
    }

    /// Adds a token endpoint of OAuth 2, and returns it. Operations that require a bearer token
    /// then accept only its tokens, as long as they are valid, and respond with 401 otherwise. If
    /// the document has no `security`, this holds for all operations that are called with a token.
    pub fn issue_tokens(&self) -> TokenEndpoint {
        let tokens = TokenEndpoint::new(&self.origin());
        self.shared.state().tokens = Some(tokens.clone());
        tokens
    }

    /// Responds with 429 to more than `requests` requests in a period, which starts with its first
    /// request. All responses have the headers `RateLimit-Limit`, `RateLimit-Remaining` and
    /// `RateLimit-Reset`. A 429 has `Retry-After`, too.
    pub fn limit_rate(&self, requests: u32, period: Duration) {
        self.shared.state().rate_limit = Some(RateLimit::new(requests, period));
    }

    /// Forwards all requests to a real server, and records its responses. URLs of the server in
    /// responses become those of this one.
    ///
    /// # Errors
    ///
    /// Fails if the base URL is invalid.
    pub fn record(&self, base_url: &str) -> Result<Recorder, InvalidUpstream> {
        let upstream = Upstream::new(base_url).map_err(InvalidUpstream)?;
        let api = RecordedApi::new(self.document(), &self.origin());
        let recorder = Recorder::new(api);
        self.shared.state().recording = Some((upstream, recorder.clone()));
        Ok(recorder)
    }

    /// Responds to all requests with recorded responses, without validation. Equal requests get
    /// their responses in order, and then the last one. Other requests get a 400.
    pub fn replay(&self, recording: &Recording) {
        let api = RecordedApi::new(self.document(), &self.origin());
        let replay = Replay::new(api, recording);
        self.respond_all(move |request| replay.reply(request));
    }

    /// Calls a function with each request and the reply to it.
    pub fn observe(&self, observer: impl Fn(&RecordedRequest, &Reply) + Send + 'static) {
        self.observe_outcomes(Box::new(move |request, reply, _| observer(request, reply)));
    }

    pub(crate) fn observe_outcomes(&self, observer: Observer) {
        self.shared.state().observer = Some(observer);
    }

    pub(crate) fn shared_document(&self) -> Arc<Document> {
        Arc::clone(&self.shared.document)
    }

    /// Responds to an operation with the documented response for a status.
    pub fn respond_documented(
        &self,
        operation_id: &str,
        status: u16,
    ) -> Result<(), DocumentedReplyError> {
        let reply = self.documented(operation_id, status)?;
        let (document, id) = (Arc::clone(&self.shared.document), operation_id.to_owned());
        self.respond_with(
            operation_id,
            Box::new(move |request, samples| {
                documented::answer(&document, &id, status, samples, Some(request))
                    .unwrap_or_else(|_| reply.clone())
            }),
        );
        Ok(())
    }

    /// Returns the documented response of an operation for a status, with sample headers and body.
    pub fn documented(
        &self,
        operation_id: &str,
        status: u16,
    ) -> Result<Reply, DocumentedReplyError> {
        let samples = self.shared.state().samples;
        documented::answer(&self.shared.document, operation_id, status, samples, None)
    }

    /// Returns the `curl` arguments that call an operation with samples for the required arguments.
    /// `None` if these are not only plain values and JSON.
    pub fn curl(&self, operation_id: &str) -> Option<String> {
        let endpoint = documented::operation(&self.shared.document, operation_id).ok()?;
        example::curl(&self.shared.document, &self.base_url(), endpoint)
    }

    /// Responds to an operation with a function of the request, which must not call this server.
    pub fn respond(
        &self,
        operation_id: &str,
        answer: impl Fn(&RecordedRequest) -> Reply + Send + 'static,
    ) {
        self.respond_with(operation_id, Box::new(move |request, _| answer(request)));
    }

    fn respond_with(&self, operation_id: &str, answer: Responder) {
        let mut state = self.shared.state();
        state.responders.insert(operation_id.to_owned(), answer);
    }

    /// Responds to an operation with each reply once, then with the last.
    pub fn respond_in_turn(&self, operation_id: &str, replies: impl IntoIterator<Item = Reply>) {
        let replies: Mutex<InTurn> = Mutex::new(replies.into_iter().collect());
        self.respond(operation_id, move |_| {
            let mut replies = replies.lock().unwrap_or_else(PoisonError::into_inner);
            replies.next().unwrap_or_else(|| {
                Reply::json(500, json!({"error": "the operation has no replies"}))
            })
        });
    }

    /// Responds to a paginated operation with the pages of a list, as the document describes them.
    /// Calls can start at any page. A page has `page_size` items, unless the request sets the size
    /// or the document has a default.
    ///
    /// # Errors
    ///
    /// Fails if the operation is unknown or not paginated, or if an item cannot be serialized.
    pub fn respond_pages<T: Serialize>(
        &self,
        operation_id: &str,
        page_size: usize,
        items: impl IntoIterator<Item = T>,
    ) -> Result<(), PagesError> {
        let pages = PagedList::new(&self.shared.document, operation_id, page_size, items)?;
        self.respond(operation_id, move |request| pages.reply(request));
        Ok(())
    }

    /// Responds to all operations that have no response of their own.
    pub fn respond_by_default(&self, answer: impl Fn(&RecordedRequest) -> Reply + Send + 'static) {
        self.respond_by_default_with(Box::new(move |request, _| answer(request)));
    }

    pub(crate) fn respond_by_default_with(&self, answer: Responder) {
        self.shared.state().default_responder = Some(answer);
    }

    /// Responds to every request with one reply, without validation.
    pub fn respond_always(&self, reply: Reply) {
        self.respond_all(move |_| reply.clone());
    }

    /// Responds to every request with a function of the request, without validation.
    pub(crate) fn respond_all(&self, answer: impl Fn(&RecordedRequest) -> Reply + Send + 'static) {
        self.shared.state().always = Some(Box::new(move |request, _| answer(request)));
    }

    /// Clears the recorded requests.
    pub fn forget_requests(&self) {
        self.shared.state().requests.clear();
    }

    /// Returns the recorded requests.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.state().requests.clone()
    }

    /// Returns the number of connections so far.
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
