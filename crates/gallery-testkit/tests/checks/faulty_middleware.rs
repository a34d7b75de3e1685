//! Clients with a middleware that makes them faulty.

use std::sync::atomic::{AtomicUsize, Ordering};

use gallery_runtime::reqwest::header::{
    HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, USER_AGENT,
};
use gallery_runtime::reqwest::{Request, Response, StatusCode};
use gallery_runtime::{ClientBuilder, Middleware, Next, TransportError};

use crate::client::{Client, builder};

/// Returns the first chunk of a response as the whole.
pub(crate) fn hasty(base_url: &str) -> ClientBuilder<Client> {
    builder(base_url).middleware(Hasty)
}

/// Returns the first chunk of an error as the whole.
pub(crate) fn brief(base_url: &str) -> ClientBuilder<Client> {
    builder(base_url).middleware(Brief)
}

/// Reads errors to their end.
pub(crate) fn thorough(base_url: &str) -> ClientBuilder<Client> {
    builder(base_url).middleware(Thorough)
}

/// Replaces what is not UTF-8.
pub(crate) fn lossy(base_url: &str) -> ClientBuilder<Client> {
    builder(base_url).middleware(Lossy)
}

/// Accepts what has arrived if the connection breaks.
pub(crate) fn content(base_url: &str) -> ClientBuilder<Client> {
    builder(base_url).middleware(Content)
}

/// Sends each request again after a 503.
pub(crate) fn eager(base_url: &str) -> ClientBuilder<Client> {
    builder(base_url).middleware(Eager)
}

/// Ignores `Retry-After`.
pub(crate) fn impatient(base_url: &str) -> ClientBuilder<Client> {
    builder(base_url).middleware(Impatient)
}

/// Adds a number to each attempt.
pub(crate) fn counting(base_url: &str) -> ClientBuilder<Client> {
    builder(base_url).middleware(Counting::default())
}

/// Sends each request twice.
pub(crate) fn doubling(base_url: &str) -> ClientBuilder<Client> {
    builder(base_url).middleware(Doubling)
}

/// Shows the URL of a failed request.
pub(crate) fn talkative(base_url: &str) -> ClientBuilder<Client> {
    builder(base_url).middleware(Talkative)
}

/// Shows the values of all headers in `Debug` output.
pub(crate) fn revealing(base_url: &str) -> ClientBuilder<Client> {
    builder(base_url).middleware(Revealing)
}

/// Replaces the caller's `User-Agent`.
pub(crate) fn disguised(base_url: &str) -> ClientBuilder<Client> {
    builder(base_url).middleware(Disguised)
}

struct Hasty;
struct Brief;
struct Thorough;
struct Lossy;
struct Content;
struct Eager;
struct Impatient;
struct Disguised;
struct Doubling;
struct Talkative;
struct Revealing;

#[derive(Default)]
struct Counting(AtomicUsize);

fn response(status: StatusCode, headers: HeaderMap, body: Vec<u8>) -> Response {
    let mut response = http::Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response.into()
}

impl Middleware for Hasty {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, TransportError> {
        let mut received = next.run(request).await?;
        let (status, headers) = (received.status(), received.headers().clone());
        let first = received
            .chunk()
            .await
            .map_err(|error| TransportError::Middleware(error.into()))?;
        let first = first.unwrap_or_default().to_vec();
        Ok(response(status, headers, first))
    }
}

impl Middleware for Brief {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, TransportError> {
        let mut received = next.run(request).await?;
        let (status, headers) = (received.status(), received.headers().clone());
        if status.as_u16() < 400 {
            return Ok(received);
        }
        let first = received.chunk().await?.unwrap_or_default();
        Ok(response(status, headers, first.to_vec()))
    }
}

impl Middleware for Thorough {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, TransportError> {
        let received = next.run(request).await?;
        let (status, headers) = (received.status(), received.headers().clone());
        if status.as_u16() < 400 {
            return Ok(received);
        }
        let body = received.bytes().await?;
        Ok(response(status, headers, body.to_vec()))
    }
}

impl Middleware for Lossy {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, TransportError> {
        let received = next.run(request).await?;
        let (status, headers) = (received.status(), received.headers().clone());
        let body = received.bytes().await?;
        let text = String::from_utf8_lossy(&body).into_owned();
        Ok(response(status, headers, text.into_bytes()))
    }
}

impl Middleware for Content {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, TransportError> {
        let mut received = next.run(request).await?;
        let (status, mut headers) = (received.status(), received.headers().clone());
        headers.remove("content-length");
        let mut body = Vec::new();
        while let Ok(Some(chunk)) = received.chunk().await {
            body.extend_from_slice(&chunk);
        }
        Ok(response(status, headers, body))
    }
}

impl Middleware for Eager {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, TransportError> {
        let again = request.try_clone();
        let received = next.run(request).await?;
        match again.filter(|_| received.status() == StatusCode::SERVICE_UNAVAILABLE) {
            Some(again) => next.run(again).await,
            None => Ok(received),
        }
    }
}

impl Middleware for Impatient {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, TransportError> {
        let mut received = next.run(request).await?;
        received.headers_mut().remove(RETRY_AFTER);
        Ok(received)
    }
}

impl Middleware for Counting {
    async fn handle(
        &self,
        mut request: Request,
        next: Next<'_>,
    ) -> Result<Response, TransportError> {
        let number = HeaderValue::from(self.0.fetch_add(1, Ordering::Relaxed));
        let name = HeaderName::from_static("traceparent");
        request.headers_mut().insert(name, number);
        next.run(request).await
    }
}

impl Middleware for Doubling {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, TransportError> {
        if let Some(copy) = request.try_clone() {
            next.run(copy).await?;
        }
        next.run(request).await
    }
}

impl Middleware for Talkative {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, TransportError> {
        let url = request.url().to_string();
        let received = next.run(request).await;
        received.map_err(|error| TransportError::Middleware(format!("{url}: {error}").into()))
    }
}

impl Middleware for Revealing {
    async fn handle(
        &self,
        mut request: Request,
        next: Next<'_>,
    ) -> Result<Response, TransportError> {
        let headers = request.headers_mut().values_mut();
        headers.for_each(|value| value.set_sensitive(false));
        next.run(request).await
    }
}

impl Middleware for Disguised {
    async fn handle(
        &self,
        mut request: Request,
        next: Next<'_>,
    ) -> Result<Response, TransportError> {
        let user_agent = HeaderValue::from_static("of-its-own");
        request.headers_mut().insert(USER_AGENT, user_agent);
        next.run(request).await
    }
}
