//! The worker: calls clients for checks that run in another process.
//!
//! WebAssembly cannot start servers, so the checks and their servers run in a native process. It
//! starts this program, which gets its tasks with HTTP requests.

use std::collections::HashMap;
use std::fmt::Debug;
use std::process::ExitCode;
use std::rc::Rc;

use gallery_runtime::Transport;
use gallery_runtime::reqwest::{Client as HttpClient, Method, Request, Url};
use serde::Serialize;
use wasm_bindgen_futures::spawn_local;

use crate::conformance::adapter::{Arguments, Way};
use crate::conformance::clients::{self, CallError, Client, CreateClient};
use crate::conformance::messages::{EndedCall, EndedTask, Task, URL_VARIABLE, Work};
use crate::conformance::middleware::RequestCapture;
use crate::conformance::schema_types::Schema;
use crate::conformance::settings::{Servers, Settings};
use crate::conformance::suite::Suite;

/// Calls the client for checks that run in another process. The native program starts this one if
/// it has the option `--wasm`.
pub fn main<C: From<Transport> + Clone + Debug + Send + Sync + 'static>(
    suite: Suite<C>,
) -> ExitCode {
    std::panic::set_hook(Box::new(|panic| print_error(&panic.to_string())));
    spawn_local(async {
        if let Err(error) = run(suite).await {
            print_error(&format!("error: {error}"));
        }
    });
    ExitCode::SUCCESS
}

/// Runs tasks until the other process ends.
async fn run<C: From<Transport> + Clone + Debug + Send + Sync + 'static>(
    suite: Suite<C>,
) -> Result<(), String> {
    let url = variable(URL_VARIABLE).ok_or_else(|| {
        format!("`{URL_VARIABLE}` is not set; run the native tests with `--wasm` and this program")
    })?;
    let mut worker = Worker {
        tasks: Tasks {
            http: HttpClient::new(),
            url: Url::parse(&url).map_err(|error| error.to_string())?,
        },
        create: clients::local(suite.builder, suite.adapters),
        schemas: suite.schemas,
        clients: HashMap::new(),
    };
    loop {
        for task in worker.tasks.next().await? {
            worker.start(task);
        }
    }
}

struct Worker {
    tasks: Tasks,
    create: Box<CreateClient>,
    schemas: Vec<Schema>,
    clients: HashMap<u64, Rc<(Client, RequestCapture)>>,
}

impl Worker {
    /// Starts a task. Tasks run concurrently.
    fn start(&mut self, task: Task) {
        match task.work {
            Work::Create {
                client,
                settings,
                servers,
            } => {
                let result = self.create(client, &settings, &servers);
                self.tasks.end(task.id, result);
            }
            Work::RoundTrip { schema, value } => {
                let result = match self.schemas.get(schema) {
                    Some(schema) => schema.round_trip(&value),
                    None => Err("the worker has no such schema".to_owned()),
                };
                self.tasks.end(task.id, result);
            }
            Work::Call {
                client,
                way,
                operation,
                arguments,
            } => {
                let client = self.clients.get(&client).cloned();
                let tasks = self.tasks.clone();
                spawn_local(async move {
                    let ended = call(client, way, &operation, arguments).await;
                    tasks.end(task.id, ended);
                });
            }
        }
    }

    fn create(
        &mut self,
        client: u64,
        settings: &Settings,
        servers: &Servers,
    ) -> Result<String, String> {
        let capture = RequestCapture::default();
        let created = (self.create)(settings, servers, &capture)?;
        let shown = created.shown.clone();
        self.clients.insert(client, Rc::new((created, capture)));
        Ok(shown)
    }
}

async fn call(
    client: Option<Rc<(Client, RequestCapture)>>,
    way: Way,
    operation: &str,
    arguments: Arguments,
) -> Result<EndedCall, String> {
    let client = client.ok_or("the worker has no such client")?;
    let (client, capture) = &*client;
    let outcome = match client.call_by(way, operation, arguments)?.await {
        Ok(outcome) => Ok(outcome),
        Err(CallError::Arguments(error)) => Err(error),
        Err(CallError::Process(error)) => return Err(error),
    };
    Ok(EndedCall {
        outcome,
        captured: capture.take(),
    })
}

/// The tasks of the other process.
#[derive(Clone)]
struct Tasks {
    http: HttpClient,
    url: Url,
}

impl Tasks {
    /// Waits for tasks.
    async fn next(&self) -> Result<Vec<Task>, String> {
        let tasks = self.exchange(Request::new(Method::GET, self.url.clone()));
        serde_json::from_slice(&tasks.await?).map_err(|error| error.to_string())
    }

    /// Reports the result of a task.
    fn end<T: Serialize>(&self, id: u64, result: Result<T, String>) {
        let result = result
            .and_then(|result| serde_json::to_value(result).map_err(|error| error.to_string()));
        let ended = serde_json::to_vec(&EndedTask { id, result });
        let tasks = self.clone();
        spawn_local(async move {
            let reported = match ended {
                Ok(ended) => {
                    let mut request = Request::new(Method::POST, tasks.url.clone());
                    *request.body_mut() = Some(ended.into());
                    tasks.exchange(request).await
                }
                Err(error) => Err(error.to_string()),
            };
            if let Err(error) = reported {
                print_error(&format!("error: cannot report a result: {error}"));
            }
        });
    }

    async fn exchange(&self, request: Request) -> Result<Vec<u8>, String> {
        let response = self.http.execute(request).await;
        let response = response.map_err(|error| error.to_string())?;
        let status = response.status();
        let body = response.bytes().await.map_err(|error| error.to_string())?;
        match status.is_success() {
            true => Ok(body.to_vec()),
            false => Err(format!("{status}: {}", String::from_utf8_lossy(&body))),
        }
    }
}

/// Returns an environment variable. `std::env` has none in WebAssembly.
fn variable(name: &str) -> Option<String> {
    js_sys::eval(&format!("process.env.{name}"))
        .ok()?
        .as_string()
}

/// Prints a message. `eprintln!` prints nothing in WebAssembly.
fn print_error(message: &str) {
    let print = js_sys::Function::new_with_args("message", "console.error(message)");
    let _ = print.call1(&js_sys::global(), &message.into());
}
