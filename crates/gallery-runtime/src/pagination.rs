//! A list that comes in pages, as a stream of its items. Takes what asks for one page; asks for the next when the items of the last are
//! used up, and ends where there can be no more.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde::Serialize;
use serde_json::Value;

use crate::error::Error;
use crate::response::{ResponseValue, Untyped};

/// How a list comes in pages: what the document says of it. For generated code.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Pagination {
    /// The number of the first page.
    pub first: i64,
    /// How many items a page has when the call does not say it.
    pub default: i64,
    /// How many it has at most, whatever the call says.
    pub max: Option<i64>,
}

impl Pagination {
    /// A page with fewer items than this is the last.
    fn full(self, asked: Option<i64>) -> usize {
        let asked = asked.unwrap_or(self.default);
        // A server may cut pages in silence. Where nobody knows to how many items, only its own default is sure to come.
        let size = asked.min(self.max.unwrap_or(self.default));
        usize::try_from(size).unwrap_or(0)
    }
}

type Page<T, E> = Result<ResponseValue<Vec<T>>, Error<E>>;
type Asked<'a, T, E> = Pin<Box<dyn Future<Output = Page<T, E>> + Send + 'a>>;

/// The items of a list that comes in pages: a [`Stream`], from a call's `stream`.
///
/// A page is asked for when the items of the one before are used up. The stream ends after a page that is shorter than asked for, at one
/// that is empty or the same as the one before, and after an error, which it gives once. Dropping it drops the request that is under
/// way.
#[must_use = "a stream asks for nothing until it is polled"]
pub struct PaginationStream<'a, T, E = Untyped> {
    ask: Box<dyn Fn(i64) -> Asked<'a, T, E> + Send + 'a>,
    /// The page to ask for next; none when there is no more.
    page: Option<i64>,
    full: usize,
    under_way: Option<Asked<'a, T, E>>,
    items: std::vec::IntoIter<T>,
    before: Option<Value>,
}

/// A stream over pages. `page` and `per_page` are what the caller set. For generated code.
#[doc(hidden)]
pub fn paginate<'a, T, E, F, N: TryInto<i64>, M: TryInto<i64>>(
    paging: Pagination,
    page: Result<Option<N>, String>,
    per_page: Result<Option<M>, String>,
    ask: impl Fn(i64) -> F + Send + 'a,
) -> PaginationStream<'a, T, E>
where
    F: Future<Output = Page<T, E>> + Send + 'a,
    T: Send + 'a,
    E: Send + 'a,
{
    // What is wrong with `per_page` the first call says itself, but `page` is set anew for each.
    let (page, refused) = match page {
        Ok(page) => (Some(number(page).unwrap_or(paging.first)), None),
        Err(reason) => (None, Some(Err(Error::InvalidRequest(reason)))),
    };
    PaginationStream {
        ask: Box::new(move |page| Box::pin(ask(page))),
        page,
        full: paging.full(per_page.ok().and_then(number)),
        under_way: refused.map(|refused| Box::pin(std::future::ready(refused)) as Asked<'a, T, E>),
        items: Vec::new().into_iter(),
        before: None,
    }
}

fn number<N: TryInto<i64>>(set: Option<N>) -> Option<i64> {
    set.and_then(|number| number.try_into().ok())
}

impl<T: Serialize, E> PaginationStream<'_, T, E> {
    /// The next item; none when there are no more. What `StreamExt` has under this name, for who has no such crate.
    pub async fn next(&mut self) -> Option<Result<T, Error<E>>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    fn take(&mut self, items: Vec<T>) {
        let same = serde_json::to_value(&items).ok();
        // A server that ignores the page's number would go on forever.
        let is_repeated = same.is_some() && same == self.before;
        self.before = same;
        let is_last = items.is_empty() || is_repeated || items.len() < self.full;
        self.page = self
            .page
            .filter(|_| !is_last)
            .and_then(|page| page.checked_add(1));
        if !is_repeated {
            self.items = items.into_iter();
        }
    }
}

impl<T: Serialize, E> Stream for PaginationStream<'_, T, E> {
    type Item = Result<T, Error<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            let under_way = match (&mut this.under_way, this.page) {
                (Some(under_way), _) => under_way,
                (None, Some(page)) => this.under_way.insert((this.ask)(page)),
                (None, None) => return Poll::Ready(None),
            };
            let answer = ready!(under_way.as_mut().poll(context));
            this.under_way = None;
            match answer {
                Ok(items) => this.take(items.into_inner()),
                Err(error) => {
                    this.page = None;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

// Nothing in it is pinned but what is on the heap.
impl<T, E> Unpin for PaginationStream<'_, T, E> {}

impl<T, E> fmt::Debug for PaginationStream<'_, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaginationStream")
            .field("page", &self.page)
            .field("items", &self.items.len())
            .finish_non_exhaustive()
    }
}
