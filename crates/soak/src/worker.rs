//! The client of one worker: a loop of random calls.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;
use fastrand::Rng;
use gallery_runtime::oauth2::OAuthTokenProvider;
use gallery_runtime::reqwest::header::{HeaderName, HeaderValue};
use gallery_runtime::{BodyError, CallOptions, Connection, ErrorKind, RetryPolicy};
use serde_json::{Value, json};
use typed_client::types::Mark;
use typed_client::{Client, Error};

use crate::content::{self, READERS_PER_PAGE, random};
use crate::exchange::{CALL_HEADER, KEY_HEADER};
use crate::figures::{CallError, Figures};
use crate::watchdog::Watchdog;
use crate::writes::{Reported, Write, WriteId, WriteKind};

/// The time after which an unused connection closes.
const IDLE_TIMEOUT: Duration = Duration::from_secs(10);

/// The number of calls after which a worker creates a new client.
const CALLS_PER_CLIENT: usize = 400;

/// The parts that all workers share.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) seed: u64,
    pub(crate) base_url: String,
    /// The mean pause between two calls.
    pub(crate) pause: Duration,
    pub(crate) is_stopped: AtomicBool,
    pub(crate) watchdog: Watchdog,
    pub(crate) figures: Mutex<Figures>,
}

impl Context {
    /// Changes the figures.
    pub(crate) fn record<T>(&self, change: impl FnOnce(&mut Figures) -> T) -> T {
        change(&mut self.figures.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A worker.
pub(crate) struct Worker {
    context: Arc<Context>,
    index: usize,
    provider: OAuthTokenProvider,
    timeout: Duration,
    random: Rng,
    writes: Vec<Write>,
}

/// The reason why a call is not a success.
enum Failure {
    Error(CallError),
    /// A success whose content is not what the server sent: the received and the sent content.
    Mismatch(String),
}

impl<E: std::fmt::Debug> From<Error<E>> for Failure {
    fn from(error: Error<E>) -> Self {
        Failure::Error(CallError::of(&error))
    }
}

impl From<BodyError> for Failure {
    fn from(error: BodyError) -> Self {
        Failure::Error(CallError {
            kind: match error {
                BodyError::Read(_) => ErrorKind::ConnectionLost,
                BodyError::Timeout => ErrorKind::Timeout,
                _ => ErrorKind::InvalidBody,
            },
            status: None,
            may_be_processed: true,
            text: error.to_string(),
        })
    }
}

/// Compares the received content with the sent one.
fn equal<T: PartialEq + std::fmt::Debug>(received: &T, sent: &T) -> Result<(), Failure> {
    if received == sent {
        return Ok(());
    }
    let excerpt = |content: &T| -> String { format!("{content:?}").chars().take(300).collect() };
    Err(Failure::Mismatch(format!(
        "received {}, but the server sent {}",
        excerpt(received),
        excerpt(sent)
    )))
}

impl Worker {
    pub(crate) fn new(context: Arc<Context>, index: usize, provider: OAuthTokenProvider) -> Worker {
        let random = random(context.seed, &format!("worker {index}"));
        let is_patient = !index.is_multiple_of(4);
        Worker {
            context,
            index,
            provider,
            timeout: Duration::from_millis(if is_patient { 4000 } else { 1500 }),
            random,
            writes: Vec::new(),
        }
    }

    /// Makes calls until the end of the run, and returns the writes.
    pub(crate) async fn run(mut self) -> Result<Vec<Write>> {
        let mut client = self.client()?;
        let mut number = 0;
        loop {
            let pause = self.context.pause.mul_f64(2.0 * self.random.f64());
            tokio::time::sleep(pause).await;
            if self.context.is_stopped.load(Ordering::Relaxed) {
                return Ok(self.writes);
            }
            number += 1;
            if number % CALLS_PER_CLIENT == 0 {
                client = self.client()?;
            }
            let id = format!("{}-{number}", self.index);
            match self.random.u8(..100) {
                0..22 => self.get_book(&client, &id).await,
                22..34 => self.get_cover(&client, &id).await,
                34..44 => self.list_readers(&client, &id).await,
                44..52 => self.list_cursors(&client, &id).await,
                52..72 => self.write(&client, WriteKind::Keyed).await,
                72..92 => self.write(&client, WriteKind::Unkeyed).await,
                _ => self.write(&client, WriteKind::Replacing).await,
            }
        }
    }

    fn client(&self) -> Result<Client> {
        let context = &self.context;
        let attempts = if self.index.is_multiple_of(3) { 5 } else { 3 };
        let client = Client::builder(&context.base_url)
            .server("https://settings.example/v3", &context.base_url)
            .token_provider(self.provider.clone())
            .timeout(self.timeout)
            .retry_policy(RetryPolicy::default().max_attempts(attempts))
            .wait_for_rate_limit(self.index % 5 == 1)
            .connection(
                Connection::new()
                    .ignore_proxies()
                    .idle_timeout(IDLE_TIMEOUT),
            );
        Ok(client.build()?)
    }

    /// Returns options with the name of a call, from which the server chooses its faults.
    fn options(&self, id: &str) -> CallOptions {
        let value = HeaderValue::try_from(id).unwrap_or(HeaderValue::from_static(""));
        CallOptions::default().header(HeaderName::from_static(CALL_HEADER), value)
    }

    /// Watches a future that must end within the timeout.
    async fn watch<T>(&self, call: &str, future: impl Future<Output = T>) -> T {
        let watchdog = &self.context.watchdog;
        watchdog.start(self.index, call, self.timeout, Instant::now());
        let output = future.await;
        if let Some(late) = watchdog.end(self.index, Instant::now()) {
            self.context.record(|figures| figures.violation(late));
        }
        output
    }

    /// Counts a call, and returns its error.
    fn count(
        &self,
        operation: &'static str,
        id: &str,
        start: Instant,
        has_body: bool,
        result: Result<(), Failure>,
    ) -> Option<CallError> {
        let elapsed = start.elapsed();
        self.context.record(|figures| match result {
            Ok(()) => {
                figures.count(operation, "success".to_owned(), elapsed);
                None
            }
            Err(Failure::Mismatch(text)) => {
                figures.count(operation, "wrong content".to_owned(), elapsed);
                figures.violation(format!("{operation} {id}: {text}"));
                None
            }
            Err(Failure::Error(error)) => {
                figures.count(operation, error.name(), elapsed);
                if !error.is_expected(has_body) {
                    figures.violation(format!(
                        "{operation} {id}: unexpected error: {}",
                        error.text
                    ));
                }
                Some(error)
            }
        })
    }

    async fn get_book(&mut self, client: &Client, id: &str) {
        let start = Instant::now();
        let call = client.with_options(self.options(id)).get_book(id);
        let result = match self.watch(id, call.send()).await {
            Ok(book) => equal(&*book, &content::book(self.context.seed, id)),
            Err(error) => Err(error.into()),
        };
        self.count("get_book", id, start, false, result);
    }

    async fn get_cover(&mut self, client: &Client, id: &str) {
        let start = Instant::now();
        let client = client.with_options(self.options(id));
        let result = self.download(&client, id).await;
        self.count("get_cover", id, start, false, result);
    }

    async fn download(&self, client: &Client, id: &str) -> Result<(), Failure> {
        let call = client.get_cover(3, id).download();
        let mut cover = self.watch(id, call).await?.into_inner();
        let mut bytes = Vec::new();
        while let Some(chunk) = self.watch(id, cover.next()).await {
            bytes.extend_from_slice(&chunk?);
        }
        equal(&bytes, &content::cover(self.context.seed, id))
    }

    async fn list_readers(&mut self, client: &Client, id: &str) {
        let start = Instant::now();
        let client = client.with_options(self.options(id));
        let call = client.list_readers().stream_query(id);
        let size = i64::try_from(READERS_PER_PAGE).ok();
        let mut stream = call.size(size).stream();
        let mut names = Vec::new();
        let result = loop {
            match self.watch(id, stream.next()).await {
                Some(Ok(reader)) => names.push(reader.name),
                Some(Err(error)) => break Err(error.into()),
                None => break equal(&names, &content::readers(self.context.seed, id)),
            }
        };
        self.count("list_readers", id, start, false, result);
    }

    async fn list_cursors(&mut self, client: &Client, id: &str) {
        let start = Instant::now();
        let client = client.with_options(self.options(id));
        let mut stream = client.list_cursors(&Mark::new(1)).q(id).stream();
        let mut marks = Vec::new();
        let result = loop {
            match self.watch(id, stream.next()).await {
                Some(Ok(mark)) => marks.push(mark),
                Some(Err(error)) => break Err(error.into()),
                None => break equal(&marks, &content::marks(self.context.seed, id)),
            }
        };
        self.count("list_cursors", id, start, true, result);
    }

    async fn write(&mut self, client: &Client, kind: WriteKind) {
        let start = Instant::now();
        let write = WriteId {
            kind,
            client: self.index,
            number: self.writes.len(),
        };
        let id = write.to_string();
        let mut options = self.options(&id);
        if kind == WriteKind::Keyed {
            options = options.idempotency_keys(HeaderName::from_static(KEY_HEADER));
        }
        let client = client.with_options(options);
        let (operation, result) = if kind == WriteKind::Replacing {
            let body = json!({"id": id});
            let sent = self.watch(&id, client.put_settings(&body).send()).await;
            let result = match sent {
                Ok(response) => {
                    let returned: Value = response.json().unwrap_or_default();
                    equal(&returned, &body)
                }
                Err(error) => Err(error.into()),
            };
            ("put_settings", result)
        } else {
            let book = content::book(self.context.seed, &id);
            let result = match self.watch(&id, client.add_book(&book).send()).await {
                Ok(returned) => equal(&*returned, &book),
                Err(error) => Err(error.into()),
            };
            let is_keyed = kind == WriteKind::Keyed;
            let name = if is_keyed {
                "add_book, keyed"
            } else {
                "add_book"
            };
            (name, result)
        };
        let error = self.count(operation, &id, start, true, result);
        let reported = error.map_or(Reported::Success, |error| report(kind, &error));
        self.writes.push(Write { kind, reported });
    }
}

/// Returns what an error of a write says about its processing.
fn report(kind: WriteKind, error: &CallError) -> Reported {
    let status = error.status.map(|status| status.as_u16());
    if !error.may_be_processed {
        return Reported::NotProcessed;
    }
    // The only response to a request that is sent once: the server has refused or redirected it.
    let is_refused = match error.kind {
        ErrorKind::Redirect => true,
        ErrorKind::Status => matches!(status, Some(400 | 401 | 429)),
        _ => false,
    };
    if is_refused && kind == WriteKind::Unkeyed {
        Reported::NotProcessed
    } else {
        Reported::Unknown
    }
}
