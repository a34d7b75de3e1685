//! The streams of items and of pages.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::content::PageContent;
use super::walk::Walk;
use crate::body::FromBody;
use crate::call::Call;
use crate::decode::Received;
use crate::error::Error;
use crate::outcome::{Failure, Outcome, success};
use crate::response::BodyError;
use crate::value::{ResponseValue, Untyped};

/// A [`Stream`] of the items of a paginated list.
///
/// The next page is requested when all items of the previous one have been returned. The stream
/// ends after the last page, and after an error, which is returned once. Pages have numbers,
/// offsets, cursors or links, as the API's document says:
///
/// - With numbers and offsets, the last page is empty, has fewer items than requested, or is equal
///   to the previous one. Where the API says whether there are more items, this counts instead.
/// - With cursors and links, the last page has none. A cursor or a link that was there before is an
///   error, and so is a link to another server.
///
/// A stream of more than 100,000 pages ends with an error; [`max_pages`](Self::max_pages) changes
/// the limit. Dropping the stream cancels a pending request.
#[must_use = "streams do nothing unless polled"]
pub struct PaginationStream<T, E = Untyped> {
    walk: Walk,
    items: std::vec::IntoIter<T>,
    error: PhantomData<fn() -> E>,
}

/// A [`Stream`] of the pages of a paginated list, with status and headers.
///
/// It ends like a [`PaginationStream`].
#[must_use = "streams do nothing unless polled"]
pub struct PageStream<P, E = Untyped> {
    walk: Walk,
    types: PhantomData<fn() -> (P, E)>,
}

impl Call {
    /// Returns the items of all pages as a stream.
    pub fn stream<T, E: FromBody>(self) -> PaginationStream<T, E> {
        PaginationStream::new(self)
    }

    /// Returns all pages as a stream.
    pub fn pages<P: FromBody, E: FromBody>(self) -> PageStream<P, E> {
        PageStream::new(self)
    }
}

impl<T, E: FromBody> PaginationStream<T, E> {
    fn new(call: Call) -> Self {
        PaginationStream {
            walk: Walk::new(call, E::IS_UNTYPED),
            items: Vec::new().into_iter(),
            error: PhantomData,
        }
    }

    /// Sets the number of pages after which the stream ends with an error.
    pub fn max_pages(mut self, max_pages: u64) -> Self {
        self.walk.set_max_pages(max_pages);
        self
    }
}

impl<T: DeserializeOwned, E: FromBody> PaginationStream<T, E> {
    /// Returns the next item. Like `StreamExt::next`, without depending on `futures`.
    pub async fn next(&mut self) -> Option<Result<T, Error<E>>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    fn read(&mut self, outcome: Result<Outcome, Failure>) -> Result<(), Error<E>> {
        let received = success(outcome)?;
        let (_, items) = read::<T, E>(&mut self.walk, received)?;
        self.items = items.unwrap_or_default().into_iter();
        Ok(())
    }
}

impl<T: DeserializeOwned, E: FromBody> Stream for PaginationStream<T, E> {
    type Item = Result<T, Error<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            let Some(outcome) = ready!(this.walk.poll(context)) else {
                return Poll::Ready(None);
            };
            if let Err(error) = this.read(outcome) {
                this.walk.end();
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}

impl<P: FromBody, E: FromBody> PageStream<P, E> {
    fn new(call: Call) -> Self {
        PageStream {
            walk: Walk::new(call, E::IS_UNTYPED),
            types: PhantomData,
        }
    }

    /// Sets the number of pages after which the stream ends with an error.
    pub fn max_pages(mut self, max_pages: u64) -> Self {
        self.walk.set_max_pages(max_pages);
        self
    }

    /// Returns the next page. Like `StreamExt::next`, without depending on `futures`.
    pub async fn next(&mut self) -> Option<Result<ResponseValue<P>, Error<E>>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<P: FromBody, E: FromBody> Stream for PageStream<P, E> {
    type Item = Result<ResponseValue<P>, Error<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let Some(outcome) = ready!(this.walk.poll(context)) else {
            return Poll::Ready(None);
        };
        let read = success(outcome).and_then(|received| {
            let (received, page) = read::<IgnoredAny, E>(&mut this.walk, received)?;
            match page {
                Some(_) => received.decode().map(Some),
                None => Ok(None),
            }
        });
        if read.is_err() {
            this.walk.end();
        }
        Poll::Ready(read.transpose())
    }
}

/// Reads a page and determines the next one. Returns no items if the page is the previous one
/// again.
fn read<T: DeserializeOwned, E>(
    walk: &mut Walk,
    received: Received,
) -> Result<(Received, Option<Vec<T>>), Error<E>> {
    let content = received.json().and_then(|json| {
        let content = walk.parts().read(&json);
        content.map_err(BodyError::Json)
    });
    let PageContent { items, facts } = match content {
        Ok(content) => content,
        Err(error) => return Err(received.invalid(error)),
    };
    let is_new = walk.advance(items.len(), facts, &received);
    Ok((received, is_new.then_some(items)))
}

// Only the boxed future of the walk is pinned.
impl<T, E> Unpin for PaginationStream<T, E> {}

impl<T, E> fmt::Debug for PaginationStream<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaginationStream")
            .field("walk", &self.walk)
            .field("items", &self.items.len())
            .finish_non_exhaustive()
    }
}

impl<P, E> fmt::Debug for PageStream<P, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageStream")
            .field("walk", &self.walk)
            .finish_non_exhaustive()
    }
}
