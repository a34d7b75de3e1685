//! Tests of HTTP clients other than reqwest's.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use gallery_runtime::reqwest::{self, Request, Response};
use gallery_runtime::tower::TowerClient;
use gallery_runtime::{BoxError, ErrorKind, HttpClient, RetryPolicy, Token, TransportError};
use tower_service::Service;

use crate::support::{Reply, Server, all_of, client, get};

/// Responds without a connection, and records the requests.
#[derive(Clone, Default)]
struct Local(Arc<Mutex<Vec<String>>>);

impl HttpClient for Local {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let token = request
            .headers()
            .get("authorization")
            .unwrap()
            .to_str()
            .unwrap();
        self.0
            .lock()
            .unwrap()
            .push(format!("{} {token}", request.url()));
        Ok(http::Response::builder()
            .status(200)
            .body("{}")
            .unwrap()
            .into())
    }
}

#[tokio::test]
async fn a_custom_client_gets_requests_with_credentials() {
    let local = Local::default();
    // `https` needs no TLS feature.
    let transport = client("https://api.example.invalid/v1", |builder| {
        builder
            .custom_http_client(local.clone())
            .basic_auth("me", Token::new("päss:word"))
    });
    get(&transport, "a").await.unwrap();
    let expected = "https://api.example.invalid/v1/things/a Basic bWU6cMOkc3M6d29yZA==";
    assert_eq!(*local.0.lock().unwrap(), [expected]);
}

/// Fails with an error that has no URL.
struct Failing;

impl HttpClient for Failing {
    async fn execute(&self, _: Request) -> Result<Response, TransportError> {
        let invalid = reqwest::Client::new().get("http://").build();
        Err(invalid.unwrap_err().without_url().into())
    }
}

#[tokio::test]
async fn errors_without_a_url_get_the_origin() {
    let transport = client("https://api.example.invalid/v1", |builder| {
        builder.custom_http_client(Failing)
    });
    let message = get(&transport, "a").await.unwrap_err().to_string();
    assert!(
        message.contains("for url (https://api.example.invalid/)"),
        "{message}"
    );
}

/// A layer that counts requests, and fails the first ones.
#[derive(Clone)]
struct Counting<S> {
    inner: S,
    count: Arc<AtomicUsize>,
    failures: usize,
}

type Called<S> = Pin<Box<dyn Future<Output = Result<Response, S>> + Send>>;

impl<S> Service<Request> for Counting<S>
where
    S: Service<Request, Response = Response>,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = BoxError;
    type Future = Called<BoxError>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, request: Request) -> Called<BoxError> {
        if self.count.fetch_add(1, Ordering::SeqCst) < self.failures {
            return Box::pin(async { Err("the service is full".into()) });
        }
        let called = self.inner.call(request);
        Box::pin(async { called.await.map_err(Into::into) })
    }
}

#[tokio::test]
async fn a_tower_service_sends_each_attempt() {
    let server = Server::start(|_, before| match before {
        0 => Reply::raw(""),
        1 => Reply::new(503, &[], ""),
        _ => Reply::new(200, &[], "{}"),
    });
    let count = Arc::new(AtomicUsize::new(0));
    let transport = client(&server.root, |builder| {
        let service = Counting {
            inner: reqwest::Client::new(),
            count: Arc::clone(&count),
            failures: 0,
        };
        builder
            .custom_http_client(TowerClient::new(service))
            .retry_policy(RetryPolicy::default().backoff(Duration::ZERO, Duration::ZERO))
    });
    // Errors of reqwest are retried, also from within a layer.
    get(&transport, "a").await.unwrap();
    assert_eq!(count.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn other_errors_of_a_service_end_the_call() {
    let server = Server::always(|| Reply::new(200, &[], "{}"));
    let count = Arc::new(AtomicUsize::new(0));
    let transport = client(&server.root, |builder| {
        builder.custom_http_client(TowerClient::new(Counting {
            inner: reqwest::Client::new(),
            count: Arc::clone(&count),
            failures: 1,
        }))
    });
    let error = get(&transport, "a").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Middleware);
    assert!(all_of(&error).contains("the service is full"), "{error:?}");
    assert_eq!(server.requests(), []);
    get(&transport, "a").await.unwrap();
}

/// A service that is not `Sync` and does not fail.
#[derive(Clone, Default)]
struct Silent(std::marker::PhantomData<std::cell::Cell<u8>>);

impl Service<Request> for Silent {
    type Response = Response;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request) -> Self::Future {
        let response = http::Response::builder().status(204).body("").unwrap();
        std::future::ready(Ok(response.into()))
    }
}

#[tokio::test]
async fn services_need_not_be_shared() {
    let transport = client("http://127.0.0.1:1", |builder| {
        builder.custom_http_client(TowerClient::new(Silent::default()))
    });
    get(&transport, "a").await.unwrap();
}
