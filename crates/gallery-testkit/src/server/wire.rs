//! Serves one connection. hyper handles HTTP until a reply misbehaves.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use super::handler::Shared;
use super::reply::{Delivery, Reply};
use crate::request::RecordedRequest;

/// Serves a connection until it ends.
pub(super) async fn serve(stream: TcpStream, shared: &Shared) {
    let seen = Seen::default();
    let (misbehave, mut misbehaving) = mpsc::unbounded_channel();
    let service = service_fn(|request| Box::pin(answer(request, &seen, shared, &misbehave)));
    let tapped = TokioIo::new(Tapped {
        stream,
        seen: seen.clone(),
    });
    let mut connection = http1::Builder::new().serve_connection(tapped, service);
    let reply = tokio::select! {
        // The client may disconnect at any time.
        _ = poll_fn(|context| connection.poll_without_shutdown(context)) => {
            let _ = connection.into_parts().io.into_inner().stream.shutdown().await;
            return;
        }
        Some(reply) = misbehaving.recv() => reply,
    };
    let stream = connection.into_parts().io.into_inner().stream;
    let _ = play(&reply, stream).await;
}

async fn answer(
    request: hyper::Request<Incoming>,
    seen: &Seen,
    shared: &Shared,
    misbehave: &mpsc::UnboundedSender<Reply>,
) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let limit = shared.body_limit.load(Ordering::Relaxed);
    seen.limit(limit);
    let body = received(body, limit).await;
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let recorded = RecordedRequest {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        headers: head
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        body: body.clone().unwrap_or_default(),
        raw: seen.take(),
        operation: None,
        violations: Vec::new(),
    };
    let reply = match body {
        Some(_) => match shared.recorded_reply(recorded).await {
            Ok(reply) => reply,
            Err(request) => shared.reply(request),
        },
        None => shared.too_large(recorded, limit),
    };
    reply.released().await;
    if *reply.delivery() == Delivery::Valid {
        return Ok(reply.into_response());
    }
    // Dropped together with the connection, as soon as the reply is received.
    let _ = misbehave.send(reply);
    std::future::pending().await
}

/// Returns a body. `None` if it is larger than the limit: it is read, but not kept, since a client
/// that is still sending would not see the response.
async fn received(mut body: Incoming, limit: usize) -> Option<Bytes> {
    let (mut content, mut size) = (Vec::new(), 0_usize);
    while let Some(Ok(frame)) = body.frame().await {
        let Ok(data) = frame.into_data() else {
            continue;
        };
        size = size.saturating_add(data.len());
        if size <= limit {
            content.extend_from_slice(&data);
        } else {
            content = Vec::new();
        }
    }
    (size <= limit).then(|| Bytes::from(content))
}

/// Writes a reply that misbehaves, and ends the connection.
async fn play(reply: &Reply, mut stream: TcpStream) -> io::Result<()> {
    let body = reply.body();
    let first = |bytes: usize| &body[..bytes.min(body.len())];
    let head = reply.head();
    stream.set_nodelay(true)?;
    match reply.delivery() {
        Delivery::Raw => stream.write_all(body).await?,
        Delivery::Valid => stream.write_all(&[head.as_slice(), body].concat()).await?,
        Delivery::Truncated(bytes) => {
            stream
                .write_all(&[head.as_slice(), first(*bytes)].concat())
                .await?;
        }
        Delivery::Reset(bytes) => {
            stream
                .write_all(&[head.as_slice(), first(*bytes)].concat())
                .await?;
            // Without a moment to linger, the end is a reset.
            stream.set_zero_linger()?;
            return Ok(());
        }
        Delivery::Stalled(bytes, waiting) => {
            let first = first(*bytes);
            stream.write_all(&head).await?;
            stream.write_all(first).await?;
            waiting.wait().await;
            stream.write_all(&body[first.len()..]).await?;
        }
        Delivery::Dripping(chunk, pause) => {
            stream.write_all(&head).await?;
            for piece in body.chunks(*chunk) {
                tokio::time::sleep(*pause).await;
                stream.write_all(piece).await?;
            }
        }
    }
    stream.shutdown().await
}

/// Bytes that were received and belong to no complete request yet.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<u8>>>, Arc<AtomicUsize>);

/// Maximum size of a request beyond its body: the head, and the framing of chunks.
const FRAMING: usize = 16 << 20;

impl Seen {
    /// Sets the maximum size of a body.
    fn limit(&self, bytes: usize) {
        self.1.store(bytes, Ordering::Relaxed);
    }

    /// Keeps bytes within the limit.
    fn add(&self, bytes: &[u8]) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let most = self.1.load(Ordering::Relaxed).saturating_add(FRAMING);
        let left = most.saturating_sub(seen.len());
        seen.extend_from_slice(&bytes[..bytes.len().min(left)]);
    }

    /// Returns the completed request. The client may have sent the next one already.
    fn take(&self) -> Bytes {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let end = end_of_request(&seen).unwrap_or(seen.len());
        Bytes::from(seen.drain(..end).collect::<Vec<u8>>())
    }
}

/// Returns the length of the first request.
fn end_of_request(seen: &[u8]) -> Option<usize> {
    let head = find(seen, b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&seen[..head]).to_ascii_lowercase();
    let header = |name: &str| {
        text.lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(own, _)| *own == name)
    };
    if header("transfer-encoding").is_some() {
        return end_of_chunks(seen, head);
    }
    let length = header("content-length")
        .and_then(|(_, value)| value.trim().parse::<usize>().ok())
        .unwrap_or(0);
    head.checked_add(length).filter(|end| *end <= seen.len())
}

/// Returns the end of a chunked body that starts at `at`.
fn end_of_chunks(seen: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let line_end = at + find(seen.get(at..)?, b"\r\n")?;
        let line = std::str::from_utf8(&seen[at..line_end]).ok()?;
        let size = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
        if size == 0 {
            // The last chunk is followed by optional trailers and an empty line.
            return Some(line_end + find(&seen[line_end..], b"\r\n\r\n")? + 4);
        }
        at = (line_end + 2).checked_add(size)?.checked_add(2)?;
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len())
        .position(|window| window == wanted)
}

/// A connection that copies the received bytes.
struct Tapped {
    stream: TcpStream,
    seen: Seen,
}

impl AsyncRead for Tapped {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        self.seen.add(&buffer.filled()[before..]);
        read
    }
}

impl AsyncWrite for Tapped {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::end_of_request;

    #[test]
    fn finds_the_end_of_pipelined_requests() {
        let next = "GET / HTTP/1.1\r\n\r\n";
        for request in [
            "GET /a HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST /a HTTP/1.1\r\nContent-Length: 4\r\n\r\n\r\n\r\n",
            "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n",
            "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n\r\n",
        ] {
            assert_eq!(
                end_of_request(format!("{request}{next}").as_bytes()),
                Some(request.len()),
                "{request}"
            );
            assert_eq!(
                end_of_request(&request.as_bytes()[..request.len() - 1]),
                None,
                "{request}"
            );
        }
    }
}
