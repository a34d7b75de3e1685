//! Streams of bytes from readers and from streams of the caller.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::io::{AsyncRead, ReadBuf};

use crate::transport_error::BoxError;

/// The maximum number of bytes that are read at once.
pub(super) const CHUNK: usize = 64 << 10;

/// A stream whose errors are boxed.
pub(super) struct Boxed<S>(pub(super) Pin<Box<S>>);

impl<S, E> Stream for Boxed<S>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Into<BoxError>,
{
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = self.0.as_mut().poll_next(context);
        next.map(|next| next.map(|result| result.map_err(Into::into)))
    }
}

/// The bytes of a reader.
pub(super) struct Chunks<R> {
    reader: Pin<Box<R>>,
    buffer: BytesMut,
}

impl<R: AsyncRead> Chunks<R> {
    pub(super) fn new(reader: R) -> Chunks<R> {
        Chunks {
            reader: Box::pin(reader),
            buffer: BytesMut::new(),
        }
    }
}

impl<R: AsyncRead> Stream for Chunks<R> {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Chunks { reader, buffer } = &mut *self;
        buffer.resize(CHUNK, 0);
        let mut read = ReadBuf::new(buffer);
        let result = ready!(reader.as_mut().poll_read(context, &mut read));
        let length = read.filled().len();
        Poll::Ready(match result {
            Ok(()) if length == 0 => None,
            Ok(()) => Some(Ok(buffer.split_to(length).freeze())),
            Err(error) => Some(Err(error.into())),
        })
    }
}
