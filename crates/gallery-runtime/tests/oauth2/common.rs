//! Helpers: token servers, providers and time.

use std::fmt::Write as _;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gallery_runtime::oauth2::{OAuthClient, OAuthClientBuilder, OAuthError, OAuthTokenProvider};
use gallery_runtime::{Token, TokenProvider};
use serde_json::{Value, json};

use crate::support::{RecordedRequest, Reply, Server};

/// The longest time that a test waits for another thread.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Returns a JSON response.
pub(crate) fn json(status: u16, body: &Value) -> Reply {
    Reply::new(
        status,
        &[("content-type", "application/json")],
        &body.to_string(),
    )
}

/// Returns a token response with the default token type.
pub(crate) fn issued(token: &str) -> Reply {
    issued_with(token, json!({}))
}

/// Returns a token response with other properties.
pub(crate) fn issued_with(token: &str, mut other: Value) -> Reply {
    other["access_token"] = token.into();
    other["token_type"] = "Bearer".into();
    json(200, &other)
}

/// Starts a server that issues `token-1`, `token-2` and so on.
pub(crate) fn token_server() -> Server {
    Server::start(|_, before| issued(&format!("token-{}", before + 1)))
}

/// Creates a builder for the client `my-client` with the token endpoint `/token`.
pub(crate) fn oauth(server: &Server) -> OAuthClientBuilder {
    OAuthClient::builder(&format!("{}/token", server.root), "my-client")
}

/// Creates a provider with client credentials.
pub(crate) fn provider(server: &Server) -> OAuthTokenProvider {
    let builder = oauth(server).client_secret("s3cret-client");
    builder.build().unwrap().client_credentials()
}

/// Returns the token of a provider.
pub(crate) async fn token(provider: &OAuthTokenProvider) -> Result<String, OAuthError> {
    token_after(provider, None).await
}

/// Returns the token of a provider after another one was rejected.
pub(crate) async fn token_after(
    provider: &OAuthTokenProvider,
    rejected: Option<&str>,
) -> Result<String, OAuthError> {
    let rejected = rejected.map(Token::from);
    let token = TokenProvider::token(provider, rejected.as_ref());
    // A call that nothing wakes fails instead of blocking the test.
    match tokio::time::timeout(PATIENCE, token).await.unwrap() {
        Ok(token) => Ok(token.expose().to_owned()),
        Err(error) => Err(*error.downcast().unwrap()),
    }
}

/// Returns the fields of a form in the order of the body.
pub(crate) fn form(request: &RecordedRequest) -> Vec<(String, String)> {
    let content_type = request.header("content-type");
    assert_eq!(content_type, Some("application/x-www-form-urlencoded"));
    pairs(&request.body)
}

/// Returns the pairs of a form or a query.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    let pairs = url::form_urlencoded::parse(text.as_bytes());
    pairs.into_owned().collect()
}

/// Returns a value of a form or a query.
pub(crate) fn value(pairs: &[(String, String)], name: &str) -> String {
    let pair = pairs.iter().find(|(other, _)| other == name);
    pair.unwrap().1.clone()
}

/// Returns all forms in which an error is shown.
pub(crate) fn all_forms(error: &OAuthError) -> String {
    let mut text = format!("{error}\n{error:?}\n{error:#?}");
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        write!(text, "\n{cause}\n{cause:?}").unwrap();
        source = cause.source();
    }
    text
}

/// Moves the clock of tokio.
pub(crate) async fn advance(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

/// Waits until a server has received this many requests.
pub(crate) async fn wait_for_requests(server: &Server, count: usize) {
    wait_until(|| server.requests().len() >= count).await;
}

/// Waits for a condition, in real time.
pub(crate) async fn wait_until(condition: impl Fn() -> bool) {
    let start = std::time::Instant::now();
    while !condition() {
        assert!(start.elapsed() < PATIENCE, "the condition is never met");
        let nap = || std::thread::sleep(Duration::from_millis(2));
        tokio::task::spawn_blocking(nap).await.unwrap();
    }
}

/// Holds back responses of a server.
pub(crate) struct Gate(Sender<()>);

impl Gate {
    /// Creates a gate and the function of the server that waits for it.
    pub(crate) fn new() -> (Gate, impl Fn() + Send + Sync + 'static) {
        let (sender, receiver): (Sender<()>, Receiver<()>) = channel();
        let receiver = Mutex::new(receiver);
        let wait = move || receiver.lock().unwrap().recv_timeout(PATIENCE).unwrap();
        (Gate(sender), wait)
    }

    /// Releases one response.
    pub(crate) fn open(&self) {
        self.0.send(()).unwrap();
    }
}

/// A list that a callback of a provider appends to.
#[derive(Clone, Default)]
pub(crate) struct Stored(Arc<Mutex<Vec<String>>>);

impl Stored {
    pub(crate) fn push(&self, token: &Token) {
        self.0.lock().unwrap().push(token.expose().to_owned());
    }

    pub(crate) fn tokens(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}
