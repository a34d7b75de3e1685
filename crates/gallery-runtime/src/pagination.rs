//! Paginated lists as streams of items.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde::Serialize;
use serde_json::Value;

use crate::error::Error;
use crate::value::{ResponseValue, Untyped};

/// The pagination of a list, from the API's document. For generated code.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Pagination {
    /// The number of the first page.
    pub first: i64,
    /// The page size if the call does not set one.
    pub default: i64,
    /// The maximum page size, if known.
    pub max: Option<i64>,
}

impl Pagination {
    /// Returns the size of a full page. A page with fewer items is the last one.
    fn full_page(self, requested: Option<i64>) -> usize {
        let requested = requested.unwrap_or(self.default);
        // Servers may silently limit the page size. If the limit is unknown, assume the default.
        let size = requested.min(self.max.unwrap_or(self.default));
        usize::try_from(size).unwrap_or(0)
    }
}

type Page<T, E> = Result<ResponseValue<Vec<T>>, Error<E>>;
type PageFuture<T, E> = Pin<Box<dyn Future<Output = Page<T, E>> + Send>>;

/// A [`Stream`] of the items of a paginated list.
///
/// The next page is requested when all items of the previous one have been returned. The stream
/// ends after:
///
/// - a page with fewer items than requested,
/// - a page that is empty or equal to the previous page,
/// - an error, which is returned once.
///
/// Dropping the stream cancels a pending request.
#[must_use = "streams do nothing unless polled"]
pub struct PaginationStream<T, E = Untyped> {
    request: Box<dyn Fn(i64) -> PageFuture<T, E> + Send>,
    /// The number of the next page. `None` at the end.
    page: Option<i64>,
    full_page: usize,
    pending: Option<PageFuture<T, E>>,
    items: std::vec::IntoIter<T>,
    previous: Option<Value>,
}

/// Creates a stream from a function that requests one page. `page` and `per_page` are the
/// arguments of the call. For generated code.
#[doc(hidden)]
pub fn paginate<T, E, F>(
    pagination: Pagination,
    page: Option<i64>,
    per_page: Option<i64>,
    request: impl Fn(i64) -> F + Send + 'static,
) -> PaginationStream<T, E>
where
    F: Future<Output = Page<T, E>> + Send + 'static,
    T: Send + 'static,
    E: Send + 'static,
{
    PaginationStream {
        request: Box::new(move |page| Box::pin(request(page))),
        page: Some(page.unwrap_or(pagination.first)),
        full_page: pagination.full_page(per_page),
        pending: None,
        items: Vec::new().into_iter(),
        previous: None,
    }
}

impl<T: Serialize, E> PaginationStream<T, E> {
    /// Returns the next item. Like `StreamExt::next`, without depending on `futures`.
    pub async fn next(&mut self) -> Option<Result<T, Error<E>>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    fn add_page(&mut self, items: Vec<T>) {
        let page = serde_json::to_value(&items).ok();
        // A server that ignores the page number would never end.
        let is_repeated = page.is_some() && page == self.previous;
        self.previous = page;
        let is_last = items.is_empty() || is_repeated || items.len() < self.full_page;
        self.page = self
            .page
            .filter(|_| !is_last)
            .and_then(|page| page.checked_add(1));
        if !is_repeated {
            self.items = items.into_iter();
        }
    }
}

impl<T: Serialize, E> Stream for PaginationStream<T, E> {
    type Item = Result<T, Error<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            let pending = match (&mut this.pending, this.page) {
                (Some(pending), _) => pending,
                (None, Some(page)) => this.pending.insert((this.request)(page)),
                (None, None) => return Poll::Ready(None),
            };
            let result = ready!(pending.as_mut().poll(context));
            this.pending = None;
            match result {
                Ok(items) => this.add_page(items.into_inner()),
                Err(error) => {
                    this.page = None;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

// Only the boxed future is pinned.
impl<T, E> Unpin for PaginationStream<T, E> {}

impl<T, E> fmt::Debug for PaginationStream<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaginationStream")
            .field("page", &self.page)
            .field("items", &self.items.len())
            .finish_non_exhaustive()
    }
}
