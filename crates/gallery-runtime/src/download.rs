//! Bodies that are read while they arrive.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http_body::Body as _;
use tokio::io::{AsyncRead, ReadBuf};

use crate::byte_range::Part;
use crate::platform::{ResponseBody, Sleep, sleep};
use crate::response::{BodyError, Response};
use crate::value::ResponseValue;

/// The body of a response that is read while it arrives.
///
/// It is a [`Stream`] of its bytes, and a [`tokio::io::AsyncRead`]. It has no limit, and memory
/// does not grow with its length. It ends with an error if the connection breaks, or if nothing
/// arrives for as long as the timeout of a call.
#[must_use = "a body is not read unless polled"]
pub struct Download {
    body: ResponseBody,
    size: Option<u64>,
    part: Option<Part>,
    received: u64,
    timeout: Option<Duration>,
    /// The end of the timeout, while the body is waited for.
    waiting: Option<Pin<Box<Sleep>>>,
    /// Bytes that were received and not read.
    rest: Bytes,
    is_ended: bool,
}

impl Download {
    /// Returns the body of a response. `timeout` is the maximum time in which nothing arrives.
    pub(crate) fn of(
        response: Response,
        part: Option<Part>,
        timeout: Option<Duration>,
    ) -> ResponseValue<Download> {
        ResponseValue::with_body(response, |body| Download::new(body, part, timeout))
    }

    fn new(body: ResponseBody, part: Option<Part>, timeout: Option<Duration>) -> Download {
        Download {
            size: body.size_hint().exact(),
            part,
            received: 0,
            body,
            timeout,
            waiting: None,
            rest: Bytes::new(),
            is_ended: false,
        }
    }

    /// Returns the number of bytes of this body, if the server has sent it. It is unknown for a
    /// compressed body.
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// Returns the number of bytes of the whole file, if the server has sent it. It differs from
    /// [`size`](Download::size) for a part of a file.
    pub fn file_size(&self) -> Option<u64> {
        self.part.map_or(self.size, |part| part.total)
    }

    /// Returns the position in the file after the bytes received so far: where a download of the
    /// rest begins.
    pub fn position(&self) -> u64 {
        self.part.map_or(0, |part| part.start) + self.received
    }

    /// Returns the next bytes. Like `StreamExt::next`, without depending on `futures`.
    pub async fn next(&mut self) -> Option<Result<Bytes, BodyError>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    fn poll_bytes(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, BodyError>>> {
        loop {
            let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) else {
                return self.poll_timeout(context).map(Some);
            };
            self.waiting = None;
            match frame {
                // Trailers are not part of the body.
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(bytes) if bytes.is_empty() => {}
                    Ok(bytes) => {
                        self.received += bytes.len() as u64;
                        return Poll::Ready(Some(Ok(bytes)));
                    }
                    Err(_) => {}
                },
                Some(Err(error)) => {
                    return Poll::Ready(Some(Err(BodyError::Read(error.without_url()))));
                }
                None => return Poll::Ready(None),
            }
        }
    }

    /// Waits for the end of the timeout.
    fn poll_timeout(&mut self, context: &mut Context<'_>) -> Poll<Result<Bytes, BodyError>> {
        let Some(timeout) = self.timeout else {
            return Poll::Pending;
        };
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(timeout)));
        ready!(waiting.as_mut().poll(context));
        Poll::Ready(Err(BodyError::Timeout))
    }
}

impl Stream for Download {
    type Item = Result<Bytes, BodyError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if !this.rest.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut this.rest))));
        }
        if this.is_ended {
            return Poll::Ready(None);
        }
        let next = ready!(this.poll_bytes(context));
        this.is_ended = !matches!(next, Some(Ok(_)));
        Poll::Ready(next)
    }
}

impl AsyncRead for Download {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.rest.is_empty() {
            match ready!(Pin::new(&mut *this).poll_next(context)) {
                Some(Ok(bytes)) => this.rest = bytes,
                Some(Err(error)) => return Poll::Ready(Err(io::Error::other(error))),
                None => return Poll::Ready(Ok(())),
            }
        }
        let length = this.rest.len().min(buffer.remaining());
        buffer.put_slice(&this.rest.split_to(length));
        Poll::Ready(Ok(()))
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}
