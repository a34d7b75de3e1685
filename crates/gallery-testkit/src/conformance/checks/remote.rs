//! Clients in another process, a worker.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::TcpListener;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};

use crate::conformance::adapter::{Adapter, Arguments, Way};
use crate::conformance::clients::{CallError, Client, CreateClient, PendingCall};
use crate::conformance::messages::{EndedCall, EndedTask, Task, URL_VARIABLE, Work};
use crate::conformance::middleware::RequestCapture;
use crate::conformance::schema_types::Schema;
use crate::conformance::settings::{Servers, Settings};

/// The maximum number of tasks in one response.
const TASKS: usize = 100;

/// The time between checks whether the worker still runs.
const PAUSE: Duration = Duration::from_millis(50);

type TaskResult = Result<Value, String>;

/// A process that has the clients. It gets its tasks with `GET` and reports their results with
/// `POST`.
pub(super) struct Worker {
    shared: Arc<Shared>,
    child: Arc<Mutex<Child>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    tasks: mpsc::UnboundedSender<Task>,
    waiting: tokio::sync::Mutex<mpsc::UnboundedReceiver<Task>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    last_id: u64,
    /// The tasks without a result.
    pending: HashMap<u64, oneshot::Sender<TaskResult>>,
    /// The reason why the worker runs no more tasks.
    failure: Option<String>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fails all tasks.
    fn fail(&self, failure: String) {
        let mut state = self.state();
        for (_, task) in state.pending.drain() {
            let _ = task.send(Err(failure.clone()));
        }
        state.failure = Some(failure);
    }

    /// Adds a task, and returns its future result.
    fn add(&self, work: Work) -> Result<oneshot::Receiver<TaskResult>, String> {
        let (ended, result) = oneshot::channel();
        let mut state = self.state();
        if let Some(failure) = &state.failure {
            return Err(failure.clone());
        }
        state.last_id += 1;
        let id = state.last_id;
        state.pending.insert(id, ended);
        let task = Task { id, work };
        self.tasks.send(task).map_err(|error| error.to_string())?;
        Ok(result)
    }

    /// Responds to a request of the worker.
    async fn respond(&self, request: Request<Incoming>) -> Result<Bytes, String> {
        match *request.method() {
            Method::GET => {
                let mut tasks = Vec::new();
                let mut waiting = self.waiting.lock().await;
                waiting.recv_many(&mut tasks, TASKS).await;
                let tasks = serde_json::to_vec(&tasks).map_err(|error| error.to_string())?;
                Ok(tasks.into())
            }
            _ => {
                let body = request.into_body().collect().await;
                let body = body.map_err(|error| error.to_string())?.to_bytes();
                let ended: EndedTask =
                    serde_json::from_slice(&body).map_err(|error| error.to_string())?;
                if let Some(task) = self.state().pending.remove(&ended.id) {
                    let _ = task.send(ended.result);
                }
                Ok(Bytes::new())
            }
        }
    }
}

impl Worker {
    /// Starts a program of WebAssembly in Node.js. `file` is the JavaScript file that loads it.
    pub(super) fn in_node(file: &str) -> Result<Arc<Worker>, String> {
        let mut node = Command::new("node");
        node.arg(file);
        Worker::start(node)
    }

    fn start(mut program: Command) -> Result<Arc<Worker>, String> {
        let text = |error: std::io::Error| error.to_string();
        let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(text)?;
        listener.set_nonblocking(true).map_err(text)?;
        let url = format!("http://{}", listener.local_addr().map_err(text)?);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(text)?;
        let child = program.env(URL_VARIABLE, url).spawn();
        let child = child.map_err(|error| format!("cannot start {program:?}: {error}"))?;
        let child = Arc::new(Mutex::new(child));
        let (tasks, waiting) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            tasks,
            waiting: tokio::sync::Mutex::new(waiting),
            state: Mutex::default(),
        });
        let (stop, stopped) = oneshot::channel();
        let (serving, watched) = (Arc::clone(&shared), Arc::clone(&child));
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = serve(listener, &serving) => {}
                    () = ended(&watched, &serving) => {}
                    _ = stopped => {}
                }
            });
        });
        Ok(Arc::new(Worker {
            shared,
            child,
            stop: Some(stop),
            thread: Some(thread),
        }))
    }

    /// Runs a task and waits for its result.
    fn run<T: DeserializeOwned>(&self, work: Work) -> Result<T, String> {
        let result = self.shared.add(work)?;
        parsed(result.blocking_recv())
    }
}

/// Returns a function that creates clients in the worker, and the schemas with the types of the
/// worker.
pub(super) fn clients<C>(
    worker: &Arc<Worker>,
    adapters: &[Adapter<C>],
    schemas: Vec<Schema>,
) -> (Box<CreateClient>, Vec<Schema>) {
    let schemas = schemas.into_iter().enumerate().map(|(index, schema)| {
        let worker = Arc::clone(worker);
        schema.with_round_trip(move |value| {
            worker.run(Work::RoundTrip {
                schema: index,
                value: value.clone(),
            })
        })
    });
    let ways = adapters
        .iter()
        .map(|adapter| (adapter.id(), adapter.ways()));
    let ways: Arc<HashMap<_, _>> = Arc::new(ways.collect());
    let (worker, last_client) = (Arc::clone(worker), AtomicU64::new(0));
    let create = move |settings: &Settings, servers: &Servers, capture: &RequestCapture| {
        let client = last_client.fetch_add(1, Ordering::Relaxed);
        let shown = worker.run(Work::Create {
            client,
            settings: Box::new(settings.clone()),
            servers: servers.clone(),
        })?;
        let (worker, ways) = (Arc::clone(&worker), Arc::clone(&ways));
        let capture = capture.clone();
        let call = move |way: Way, id: &str, arguments: Arguments| -> Option<PendingCall> {
            ways.get(id).filter(|ways| ways.contains(&way))?;
            let added = worker.shared.add(Work::Call {
                client,
                way,
                operation: id.to_owned(),
                arguments,
            });
            let capture = capture.clone();
            Some(Box::pin(async move {
                let result = added.map_err(CallError::Process)?;
                let ended: EndedCall = parsed(result.await).map_err(CallError::Process)?;
                capture.add(ended.captured);
                ended.outcome.map_err(CallError::Arguments)
            }))
        };
        Ok(Client {
            call: Box::new(call),
            shown,
        })
    };
    (Box::new(create), schemas.collect())
}

/// Ends the process.
impl Drop for Worker {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = child.kill();
        let _ = child.wait();
    }
}

fn parsed<T: DeserializeOwned>(
    result: Result<TaskResult, oneshot::error::RecvError>,
) -> Result<T, String> {
    let result = result.map_err(|_| "the worker has no result".to_owned())??;
    serde_json::from_value(result).map_err(|error| format!("the result of the worker: {error}"))
}

/// Serves the worker.
async fn serve(listener: TcpListener, shared: &Arc<Shared>) {
    let listener = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => return shared.fail(error.to_string()),
    };
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let shared = Arc::clone(shared);
        tokio::spawn(async move {
            let service = service_fn(|request| async {
                let (status, body) = match shared.respond(request).await {
                    Ok(body) => (StatusCode::OK, body),
                    Err(error) => (StatusCode::BAD_REQUEST, error.into()),
                };
                let mut response = Response::new(Full::new(body));
                *response.status_mut() = status;
                Ok::<_, Infallible>(response)
            });
            let served = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            let _ = served.await;
        });
    }
}

/// Waits for the end of the process.
async fn ended(child: &Mutex<Child>, shared: &Shared) {
    loop {
        let status = child
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .try_wait();
        match status {
            Ok(None) => tokio::time::sleep(PAUSE).await,
            Ok(Some(status)) => return shared.fail(format!("the worker ended: {status}")),
            Err(error) => return shared.fail(format!("the worker: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_fail_when_the_worker_ends() {
        // A program that ends at once.
        let mut program = Command::new(std::env::current_exe().unwrap());
        program.arg("--list").stdout(std::process::Stdio::null());
        let worker = Worker::start(program).unwrap();
        for _ in 0..2 {
            let work = Work::RoundTrip {
                schema: 0,
                value: Value::Null,
            };
            let error = worker.run::<Value>(work).unwrap_err();
            assert!(error.starts_with("the worker ended: "), "{error}");
        }
    }
}
