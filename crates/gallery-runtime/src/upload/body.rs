//! Sending of uploads.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::activity::Activity;
use super::read::{CHUNK, Chunks};
use super::{BoxStream, Progress, Report, Source, Upload};
use crate::platform::open_file;
use crate::transport_error::BoxError;

/// A body that is read while it is sent.
pub(crate) struct UploadBody {
    parts: VecDeque<OpenPart>,
    /// The number of bytes that follow, if it is known.
    remaining: Option<u64>,
    activity: Activity,
    failure: Failure,
}

/// The first error of a body. Errors of HTTP clients do not give it back.
#[derive(Clone, Default)]
pub(crate) struct Failure(Arc<Mutex<Option<BoxError>>>);

/// A source that is being read.
struct OpenPart {
    content: Content,
    size: Option<u64>,
    sent: u64,
    /// The last bytes, until the source has ended.
    held: Option<Bytes>,
    reports: Vec<(Report, Arc<Mutex<Progress>>)>,
}

enum Content {
    Bytes(Bytes),
    /// HTTP clients require bodies that can be shared.
    Stream(Mutex<BoxStream>),
}

impl Upload {
    /// Opens the body for an attempt.
    pub(crate) async fn open(&self, activity: &Activity) -> Result<UploadBody, BoxError> {
        let mut parts = VecDeque::new();
        self.add_parts(&mut parts).await?;
        let mut body = UploadBody {
            remaining: parts.iter().map(|part| part.size).sum(),
            parts,
            activity: activity.clone(),
            failure: Failure::default(),
        };
        if body.remaining == Some(0) {
            // HTTP clients do not ask for the bytes of an empty body.
            let next = std::future::poll_fn(|context| body.poll_bytes(context)).await;
            next.transpose()?;
        }
        Ok(body)
    }

    async fn add_parts(&self, parts: &mut VecDeque<OpenPart>) -> Result<(), BoxError> {
        let start = parts.len();
        match &self.source {
            Source::Parts(own) => {
                for part in own.iter() {
                    // Parts of parts do not exist: only forms have parts.
                    Box::pin(part.add_parts(parts)).await?;
                }
            }
            Source::Bytes(bytes) => parts.push_back(OpenPart::new(
                Content::Bytes(bytes.clone()),
                Some(bytes.len() as u64),
            )),
            Source::File(path) => {
                let (file, size) = open_file(path).await.map_err(|error| {
                    format!("cannot read the file `{}`: {error}", path.display())
                })?;
                let content = Content::Stream(Mutex::new(Box::pin(Chunks::new(file))));
                parts.push_back(OpenPart::new(content, size));
            }
            Source::Stream(stream, size) => {
                let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
                let stream = stream.take().ok_or(
                    "the stream was sent before: create an `Upload` for each call, or use \
                     `Upload::file`",
                )?;
                parts.push_back(OpenPart::new(Content::Stream(Mutex::new(stream)), *size));
            }
        }
        if let Some(report) = &self.report {
            let own = parts.iter_mut().skip(start);
            let total = own.map(|part| part.size).sum();
            let progress = Arc::new(Mutex::new(Progress { sent: 0, total }));
            for part in parts.iter_mut().skip(start) {
                let report = (Arc::clone(report), Arc::clone(&progress));
                part.reports.push(report);
            }
        }
        Ok(())
    }
}

impl OpenPart {
    fn new(content: Content, size: Option<u64>) -> OpenPart {
        OpenPart {
            content,
            size,
            sent: 0,
            held: None,
            reports: Vec::new(),
        }
    }

    /// Returns the next bytes. Fails if there are more or fewer than the size.
    fn poll_bytes(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, BoxError>>> {
        loop {
            let next = match &mut self.content {
                Content::Bytes(bytes) => {
                    let length = bytes.len().min(CHUNK);
                    (length > 0).then(|| Ok(bytes.split_to(length)))
                }
                Content::Stream(stream) => {
                    let stream = stream.get_mut().unwrap_or_else(PoisonError::into_inner);
                    ready!(stream.as_mut().poll_next(context))
                }
            };
            let bytes = match next {
                Some(Ok(bytes)) if bytes.is_empty() => continue,
                Some(Ok(bytes)) => bytes,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None if self.size.is_some_and(|size| self.sent < size) => {
                    return Poll::Ready(Some(Err(self.wrong_size("ended after"))));
                }
                None => return Poll::Ready(self.held.take().map(Ok)),
            };
            self.sent += bytes.len() as u64;
            match self.size {
                Some(size) if self.sent > size => {
                    return Poll::Ready(Some(Err(self.wrong_size("has at least"))));
                }
                // HTTP does not ask for more. Look whether the source has more, because the rest
                // would be lost.
                Some(size) if self.sent == size => self.held = Some(bytes),
                _ => return Poll::Ready(Some(Ok(bytes))),
            }
        }
    }

    fn wrong_size(&self, what: &str) -> BoxError {
        let size = self.size.unwrap_or_default();
        format!("the body {what} {} bytes instead of {size}", self.sent).into()
    }

    fn report(&self, length: usize) {
        for (report, progress) in &self.reports {
            let mut progress = progress.lock().unwrap_or_else(PoisonError::into_inner);
            progress.sent += length as u64;
            let current = *progress;
            // The callback may run for long, or panic.
            drop(progress);
            report(current);
        }
    }
}

impl UploadBody {
    /// Returns where an error in reading the body is kept.
    pub(crate) fn failure(&self) -> Failure {
        self.failure.clone()
    }

    fn poll_bytes(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, BoxError>>> {
        while let Some(part) = self.parts.front_mut() {
            let next = ready!(part.poll_bytes(context));
            if let Some(Ok(bytes)) = &next {
                part.report(bytes.len());
            }
            if next.is_some() {
                return Poll::Ready(next);
            }
            self.parts.pop_front();
        }
        Poll::Ready(None)
    }
}

impl Failure {
    fn set(&self, error: BoxError) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    /// Returns the error in reading the body, if there was one.
    pub(crate) fn take(&self) -> Option<BoxError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Body for UploadBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let next = ready!(self.poll_bytes(context));
        Poll::Ready(next.map(|result| match result {
            Ok(bytes) => {
                let length = bytes.len() as u64;
                self.remaining = self
                    .remaining
                    .map(|remaining| remaining.saturating_sub(length));
                self.activity.record();
                Ok(Frame::data(bytes))
            }
            Err(error) => {
                let message = error.to_string();
                self.failure.set(error);
                Err(io::Error::other(message))
            }
        }))
    }

    fn size_hint(&self) -> SizeHint {
        self.remaining
            .map_or_else(SizeHint::new, SizeHint::with_exact)
    }
}
