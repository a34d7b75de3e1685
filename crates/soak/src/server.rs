//! The server process: the API, the port that redirects lead to, the token endpoint, and restarts.

use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use fastrand::Rng;
use gallery_testkit::{Document, MockServer, RecordedRequest, Reply, StartError};
use serde_json::json;
use url::Url;

use crate::content::random;
use crate::exchange::Addresses;
use crate::handler::Handler;

/// The document of the token endpoint and the report.
const CONTROL: &str = r#"{
    "openapi": "3.0.3",
    "info": {"title": "Control", "version": "1"},
    "paths": {
        "/token": {"post": {"operationId": "token", "responses": {"200": {"description": "Token"}}}},
        "/report": {"get": {"operationId": "report", "responses": {"200": {"description": "Report"}}}}
    }
}"#;

/// The time between two runs of the housekeeping.
const TICK: Duration = Duration::from_millis(100);

/// The time for which keys, calls and tokens are known at least.
const ROTATION: Duration = Duration::from_secs(60);

/// The most attempts to start the API.
const MAX_STARTS: usize = 100;

type Shared = Arc<Mutex<Handler>>;

/// Serves until the standard input ends.
pub(crate) fn run(seed: u64) -> Result<()> {
    let other = MockServer::start(typed_client::OPENAPI)?;
    let origin = Url::parse(&other.base_url())?
        .origin()
        .ascii_serialization();
    let handler = Arc::new(Mutex::new(Handler::new(seed, origin)));
    serve(&other, &handler, Handler::other);
    let control = MockServer::start(CONTROL)?;
    let mut tokens = random(seed, "tokens");
    control.be_lenient();
    let own = Arc::clone(&handler);
    let random_numbers = Mutex::new(move || tokens.u64(..));
    control.respond_by_default(move |request| {
        let next = &mut *random_numbers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut handler = lock(&own);
        match request.operation.as_deref() {
            Some("token") => token(&mut handler, request, Rng::with_seed(next())),
            _ => handler.report(),
        }
    });
    let api = start_api(0, &handler)?;
    let base_url = api.base_url();
    let port = Url::parse(&base_url)?
        .port()
        .context("the API has no port")?;
    let addresses = Addresses {
        api: base_url,
        control: control.base_url(),
    };
    println!("{}", serde_json::to_string(&addresses)?);
    std::io::stdout().flush()?;

    let is_stopped = Arc::new(AtomicBool::new(false));
    let stop = Arc::clone(&is_stopped);
    thread::spawn(move || {
        // The client process closes the input when it ends.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        stop.store(true, Ordering::Relaxed);
    });
    let mut restarts = random(seed, "restarts");
    let mut next_rotation = Instant::now() + ROTATION;
    let mut next_restart = Instant::now() + pause(&mut restarts);
    let mut api = Some(api);
    while !is_stopped.load(Ordering::Relaxed) {
        thread::sleep(TICK);
        let now = Instant::now();
        lock(&handler).open_gates(now);
        if now >= next_rotation {
            next_rotation = now + ROTATION;
            lock(&handler).rotate();
        }
        for server in api.iter().chain([&other, &control]) {
            server.forget_requests();
        }
        if now >= next_restart {
            next_restart = now + pause(&mut restarts);
            lock(&handler).report.restarts += 1;
            // All connections break, and new ones are refused for a moment.
            drop(api.take());
            thread::sleep(Duration::from_millis(restarts.u64(100..600)));
            api = Some(start_api(port, &handler)?);
        }
    }
    Ok(())
}

/// Returns the time until the next restart.
fn pause(random: &mut Rng) -> Duration {
    Duration::from_secs(random.u64(15..45))
}

/// Starts the API. Another process may use the port for a moment.
fn start_api(port: u16, handler: &Shared) -> Result<MockServer> {
    let document = Arc::new(Document::parse(typed_client::OPENAPI)?);
    for _ in 0..MAX_STARTS {
        let configure = |api: &MockServer| serve(api, handler, Handler::api);
        match MockServer::configured(Arc::clone(&document), port, configure) {
            Ok(api) => return Ok(api),
            Err(StartError::Port { .. }) => thread::sleep(TICK),
            Err(error) => return Err(error.into()),
        }
    }
    bail!("the port {port} is in use")
}

fn serve(
    server: &MockServer,
    handler: &Shared,
    respond: fn(&mut Handler, &RecordedRequest) -> Reply,
) {
    let handler = Arc::clone(handler);
    server.respond_by_default(move |request| respond(&mut lock(&handler), request));
    server.allow_missing_credentials();
    server.be_lenient();
}

/// Responds to a token request. One in ten gets no token, or too late.
fn token(handler: &mut Handler, request: &RecordedRequest, mut random: Rng) -> Reply {
    // The header has the name of the OAuth 2 client.
    let client = request
        .header("authorization")
        .unwrap_or_default()
        .to_owned();
    let now = Instant::now();
    handler.tokens.request(&client, now);
    let token = format!("{:016x}", random.u64(..));
    let lifetime = Duration::from_secs(random.u64(4..9));
    let is_announced = random.u8(..4) > 0;
    let mut body = json!({"access_token": token, "token_type": "Bearer"});
    if is_announced {
        body["expires_in"] = json!(lifetime.as_secs());
    }
    let plain = Reply::json(200, &body);
    let reply = match random.u8(..40) {
        0 => Reply::raw(""),
        1 => plain.reset_after(5),
        2 => plain.truncated_after(20),
        3 => plain.held(),
        4 => Reply::json(503, json!({"error": "temporarily_unavailable"})),
        _ => {
            handler
                .tokens
                .issue(&client, &token, lifetime, is_announced, now);
            let delay = Duration::from_millis(random.u64(..100));
            return plain.delayed(delay);
        }
    };
    handler.report.token_faults += 1;
    handler.tokens.fail(&client);
    reply
}

fn lock(handler: &Mutex<Handler>) -> MutexGuard<'_, Handler> {
    handler.lock().unwrap_or_else(PoisonError::into_inner)
}
