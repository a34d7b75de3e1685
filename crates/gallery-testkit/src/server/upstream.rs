//! Forwards requests to a real server.

use gallery_runtime::reqwest::header::{ACCEPT_ENCODING, HeaderName, HeaderValue};
use gallery_runtime::reqwest::{Client, Error, Method, redirect};
use serde_json::json;
use url::Url;

use super::error::ResponseTooLarge;
use super::reply::Reply;
use crate::request::RecordedRequest;

/// Headers that belong to a connection, and are not forwarded.
const NOT_FORWARDED: &[&str] = &[
    "accept-encoding",
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "transfer-encoding",
];

/// The server that requests are forwarded to.
#[derive(Clone)]
pub(super) struct Upstream {
    /// Without a slash at the end.
    base_url: String,
    origin: String,
    http: Client,
}

impl Upstream {
    pub(super) fn new(base_url: &str) -> Result<Upstream, String> {
        let url = Url::parse(base_url).map_err(|error| error.to_string())?;
        let http = Client::builder().redirect(redirect::Policy::none());
        Ok(Upstream {
            base_url: base_url.trim_end_matches('/').to_owned(),
            origin: url.origin().ascii_serialization(),
            http: http.build().map_err(|error| error.to_string())?,
        })
    }

    /// Sends a request to the server. URLs of the server in the response become those of `origin`.
    /// A body of more than `limit` bytes is an error.
    pub(super) async fn forward(
        &self,
        request: &RecordedRequest,
        base_path: &str,
        origin: &str,
        limit: usize,
    ) -> Result<Reply, Reply> {
        self.send(request, base_path, origin, limit)
            .await
            .map_err(|error| {
                let reason = format!("the recorded server failed: {error}");
                Reply::json(502, json!({"error": reason}))
            })
    }

    async fn send(
        &self,
        request: &RecordedRequest,
        base_path: &str,
        origin: &str,
        limit: usize,
    ) -> Result<Reply, Box<dyn std::error::Error + Send + Sync>> {
        let target = request.target();
        let target = target.strip_prefix(base_path).unwrap_or(&target);
        let method = Method::from_bytes(request.method.as_bytes())?;
        let url = format!("{}{target}", self.base_url);
        let forwarded = self.http.request(method, url).body(request.body.clone());
        // Secrets in a compressed body would not be found.
        let mut forwarded = forwarded.header(ACCEPT_ENCODING, "identity");
        for (name, value) in &request.headers {
            if !NOT_FORWARDED.contains(&name.as_str()) {
                let name = HeaderName::from_bytes(name.as_bytes())?;
                forwarded = forwarded.header(name, HeaderValue::from_str(value)?);
            }
        }
        // Without the URL, which can have credentials.
        let mut response = forwarded.send().await.map_err(Error::without_url)?;
        let mut reply = Reply::new(response.status().as_u16());
        for (name, value) in response.headers() {
            if !NOT_FORWARDED.contains(&name.as_str())
                && let Ok(value) = value.to_str()
            {
                let value = value.replace(&self.origin, origin);
                reply = reply.with_header(name.as_str(), &value);
            }
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(Error::without_url)? {
            if chunk.len() > limit.saturating_sub(body.len()) {
                return Err(ResponseTooLarge { limit }.into());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(match std::str::from_utf8(&body) {
            Ok(text) if text.contains(&self.origin) => {
                reply.with_body(text.replace(&self.origin, origin))
            }
            _ => reply.with_body(body),
        })
    }
}
