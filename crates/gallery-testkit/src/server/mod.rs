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

use crate::document::{Document, DocumentError, Endpoint, Location};
use crate::request::Recorded;
use crate::sample;

mod reply;
mod wire;

pub use reply::{Gate, Reply};

/// Why a stand-in did not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The document cannot be read.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// No port or no thread could be had.
    #[error("no server could be started on 127.0.0.1: {0}")]
    Io(#[from] io::Error),
}

type Answer = Box<dyn Fn(&Recorded) -> Reply + Send>;

/// A server that stands in for the API of a document.
///
/// An operation is answered with its first documented success and a sample of its schema, unless [`StandIn::answer`] says
/// otherwise. A request that no operation fits gets 404 and a required parameter that is missing 400, both with the reason.
pub struct StandIn {
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
    requests: Vec<Recorded>,
    answers: BTreeMap<String, Answer>,
    always: Option<Answer>,
    connections: usize,
}

impl StandIn {
    /// Starts a server for a document.
    pub fn start(document: &str) -> Result<StandIn, StartError> {
        StandIn::of(Document::parse(document)?)
    }

    pub(crate) fn of(document: Document) -> Result<StandIn, StartError> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared { document, state: Mutex::default() });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let serving = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("stand-in".to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = accept(listener, serving) => {}
                    _ = stopped => {}
                }
            });
        })?;
        Ok(StandIn { address, shared, stop: Some(stop), thread: Some(thread) })
    }

    /// The URL to give to a client: the document's base path is part of it.
    pub fn base_url(&self) -> String {
        format!("{}{}", self.origin(), self.shared.document.base_path)
    }

    /// Scheme, host and port.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on answers an operation like this.
    pub fn answer(&self, operation_id: &str, answer: impl Fn(&Recorded) -> Reply + Send + 'static) {
        self.shared.state().answers.insert(operation_id.to_owned(), Box::new(answer));
    }

    /// From now on answers an operation with these, one after another, and then always with the last.
    pub fn answer_in_turn(&self, operation_id: &str, replies: impl IntoIterator<Item = Reply>) {
        let mut replies: VecDeque<Reply> = replies.into_iter().collect();
        let replies = Mutex::new(move || if replies.len() > 1 { replies.pop_front() } else { replies.front().cloned() });
        self.answer(operation_id, move |_| {
            let next = (replies.lock().unwrap_or_else(PoisonError::into_inner))();
            next.unwrap_or_else(|| Reply::json(500, &json!({"error": "no reply was given for this operation"})))
        });
    }

    /// From now on answers every request like this, whatever it is.
    pub fn answer_always(&self, reply: Reply) {
        self.answer_all(move |_| reply.clone());
    }

    /// From now on answers every request by what it is.
    pub(crate) fn answer_all(&self, answer: impl Fn(&Recorded) -> Reply + Send + 'static) {
        self.shared.state().always = Some(Box::new(answer));
    }

    /// Forgets what has arrived so far.
    pub fn forget_requests(&self) {
        self.shared.state().requests.clear();
    }

    /// What has arrived so far.
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.state().requests.clone()
    }

    /// How many connections have been made so far.
    pub fn connections(&self) -> usize {
        self.shared.state().connections
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl std::fmt::Debug for StandIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StandIn").field("address", &self.address).finish_non_exhaustive()
    }
}

async fn accept(listener: std::net::TcpListener, shared: Arc<Shared>) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
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
    fn reply(&self, request: Recorded) -> Reply {
        let mut state = self.state();
        let reply = self.decide(&state, &request);
        state.requests.push(request);
        reply
    }

    fn decide(&self, state: &State, request: &Recorded) -> Reply {
        if let Some(answer) = &state.always {
            return answer(request);
        }
        let base_path = &self.document.base_path;
        // Of `/users/me` and `/users/{id}` the one with fewer variables is meant, and then the one with more constants.
        let fitting = self.document.endpoints.iter().filter(|endpoint| request.is_for(base_path, endpoint));
        let openness = |endpoint: &&Endpoint| (endpoint.path.matches('{').count(), std::cmp::Reverse(endpoint.constants.len()));
        let Some(endpoint) = fitting.min_by_key(openness) else {
            let message = format!("no operation of the document is {} {}", request.method, request.path);
            return Reply::json(404, &json!({"error": message}));
        };
        if let Some(missing) = missing(request, endpoint) {
            return Reply::json(400, &json!({"error": format!("{}: {missing}", endpoint.id)}));
        }
        match state.answers.get(&endpoint.id) {
            Some(answer) => answer(request),
            None => self.documented(endpoint),
        }
    }

    fn documented(&self, endpoint: &Endpoint) -> Reply {
        let response = endpoint.responses.iter().find(|response| response.status.starts_with('2'));
        let status = response.and_then(|response| response.status.parse().ok()).unwrap_or(200);
        match response.and_then(|response| response.content.first()) {
            Some((kind, schema)) if kind.contains("json") => {
                let body = schema.as_ref().map_or_else(|| json!({}), |schema| sample::value(&self.document, schema, 1));
                Reply::json(status, &body)
            }
            _ => Reply::new(status),
        }
    }
}

fn missing(request: &Recorded, endpoint: &Endpoint) -> Option<String> {
    for parameter in endpoint.parameters.iter().filter(|parameter| parameter.required) {
        let there = match parameter.location {
            Location::Path => true,
            // Objects go out under the names of their properties.
            Location::Query if parameter.schema.get("type").is_some_and(|kind| kind == "object") => request.query.is_some(),
            Location::Query => request.query_value(&parameter.name).is_some(),
            Location::Cookie => request.cookie(&parameter.name).is_some(),
            Location::Header => request.header(&parameter.name.to_ascii_lowercase()).is_some(),
        };
        if !there {
            return Some(format!("the required {} parameter `{}` is missing", parameter.location.key(), parameter.name));
        }
    }
    let body = endpoint.body.as_ref()?;
    (body.required && request.body.is_empty()).then(|| "the required body is missing".to_owned())
}
