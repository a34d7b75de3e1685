//! A server on a free port of this machine that answers from a map and remembers what it was asked.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt, stream};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;

use crate::listing;

/// One answer.
#[derive(Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
    /// Sent in pieces, so that the length is not known beforehand.
    pub(crate) chunked: bool,
    pub(crate) after: Duration,
}

impl Reply {
    pub(crate) fn ok(body: impl Into<String>) -> Reply {
        Reply { status: 200, headers: Vec::new(), body: body.into(), chunked: false, after: Duration::ZERO }
    }

    pub(crate) fn status(status: u16) -> Reply {
        Reply { status, ..Reply::ok("no") }
    }
}

/// What the server was asked.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) paths: Vec<String>,
    pub(crate) user_agents: Vec<String>,
    /// Requests that came with a password.
    pub(crate) authorized: usize,
    under_way: usize,
    /// The most requests at one time.
    pub(crate) most: usize,
}

pub(crate) struct Server {
    /// Without anything at the end: `http://127.0.0.1:PORT`.
    pub(crate) root: String,
    pub(crate) seen: Arc<Mutex<Seen>>,
}

impl Server {
    /// Serves the replies, by path.
    pub(crate) async fn start(replies: HashMap<String, Reply>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let root = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (replies, remembered) = (Arc::new(replies), Arc::clone(&seen));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (replies, seen) = (Arc::clone(&replies), Arc::clone(&remembered));
                let service = service_fn(move |request| answer(request, Arc::clone(&replies), Arc::clone(&seen)));
                tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Server { root, seen }
    }

    /// Serves the listing below `prefix`, with some files changed: `None` takes one away.
    pub(crate) async fn garden(prefix: &str, changes: &[(&str, Option<Reply>)]) -> Server {
        let path = |name: &str| format!("{prefix}/{}/{name}", listing::PATH);
        let mut replies = HashMap::new();
        for (name, body) in [
            ("apis.md", listing::index().as_str()),
            ("openapi.md", listing::COMBINED),
            ("beds-get-openapi.md", listing::BEDS),
            ("seeds-get-openapi.md", listing::SEEDS),
        ] {
            let headers = vec![("etag", format!("W/\"{name}\""))];
            replies.insert(path(name), Reply { headers, ..Reply::ok(body) });
        }
        for (name, reply) in changes {
            match reply {
                Some(reply) => replies.insert(path(name), reply.clone()),
                None => replies.remove(&path(name)),
            };
        }
        Server::start(replies).await
    }

    pub(crate) fn url(&self, prefix: &str) -> Url {
        Url::parse(&format!("{}{prefix}/", self.root)).unwrap()
    }

    /// The last segments of the paths asked for, sorted.
    pub(crate) fn asked(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        let mut names: Vec<_> = seen.paths.iter().filter_map(|path| path.rsplit('/').next()).map(str::to_owned).collect();
        names.sort();
        names
    }
}

type Body = UnsyncBoxBody<Bytes, Infallible>;

async fn answer(
    request: Request<Incoming>,
    replies: Arc<HashMap<String, Reply>>,
    seen: Arc<Mutex<Seen>>,
) -> Result<Response<Body>, hyper::http::Error> {
    let path = request.uri().path().to_owned();
    {
        let mut seen = seen.lock().unwrap();
        seen.paths.push(path.clone());
        seen.user_agents.extend(request.headers().get("user-agent").map(|agent| agent.to_str().unwrap().to_owned()));
        seen.authorized += usize::from(request.headers().contains_key("authorization"));
        seen.under_way += 1;
        seen.most = seen.most.max(seen.under_way);
    }
    let reply = replies.get(&path).cloned().unwrap_or_else(|| Reply::status(404));
    tokio::time::sleep(reply.after).await;
    seen.lock().unwrap().under_way -= 1;

    let mut response = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(*name, value);
    }
    response.body(match reply.chunked {
        false => Full::new(Bytes::from(reply.body)).boxed_unsync(),
        true => {
            let pieces: Vec<_> = reply.body.as_bytes().chunks(16).map(Bytes::copy_from_slice).collect();
            StreamBody::new(stream::iter(pieces).map(|piece| Ok(Frame::data(piece)))).boxed_unsync()
        }
    })
}

/// What [`raw`] does when it has answered.
pub(crate) enum AfterBytes {
    HangUp,
    Stall,
}

/// Answers one connection with exactly these bytes, whatever it asks.
pub(crate) async fn raw(bytes: &'static str, after: AfterBytes) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await.unwrap();
        stream.write_all(bytes.as_bytes()).await.unwrap();
        match after {
            AfterBytes::HangUp => stream.shutdown().await.unwrap(),
            AfterBytes::Stall => std::future::pending().await,
        }
    });
    url
}
