//! The walk from one page to the next.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use reqwest::header::HeaderMap;
use serde_json::Value;
use url::Url;

use super::content::{PageFacts, PageParts, Part, PartPointer};
use super::cycle::Cycle;
use super::{
    CursorSource, MAX_EMPTY_PAGES, MAX_PAGES, PageArgument, Pagination, PaginationError, Step, link,
};
use crate::call::Call;
use crate::decode::Received;
use crate::outcome::{Failure, Outcome};
use crate::redirect::is_same_origin;

/// A request of one page.
type Pending = Pin<Box<dyn Future<Output = Result<Outcome, Failure>> + Send>>;

/// The next page.
#[derive(Debug)]
enum Next {
    /// The page that the call asks for.
    First,
    /// The number of the page, or of the items before it.
    Number(i64),
    /// A text or a number.
    Cursor(Value),
    Url(Url),
    End,
}

/// Requests pages one after the other.
pub(super) struct Walk {
    call: Call,
    step: Step,
    parts: PageParts,
    has_untyped_errors: bool,
    full_page: Option<u64>,
    next: Next,
    pending: Option<Pending>,
    /// The number of items up to the current page.
    seen: u64,
    pages: u64,
    max_pages: u64,
    error: Option<PaginationError>,
    empty_pages: u64,
    /// The body of the previous page.
    previous: Bytes,
    cycle: Cycle,
    /// The URL of the previous page, if a link led to it.
    url: Option<Url>,
}

impl Walk {
    pub(super) fn new(call: Call, has_untyped_errors: bool) -> Walk {
        let pagination = call.pagination();
        let set = |argument: PageArgument| call.page_argument(argument)?.parse().ok();
        let requested = pagination.size.and_then(|size| set(size.argument));
        let full_page = pagination.full_page(requested);
        let (next, seen) = match pagination.step {
            Step::Number { argument, first } => {
                let start = set(argument).unwrap_or(first);
                let pages = u64::try_from(start.saturating_sub(first)).unwrap_or_default();
                let seen = pages.saturating_mul(full_page.unwrap_or_default());
                (Next::Number(start), seen)
            }
            Step::Offset { argument } => {
                let start = set(argument).unwrap_or_default();
                (
                    Next::Number(start),
                    u64::try_from(start).unwrap_or_default(),
                )
            }
            Step::Cursor { .. } | Step::Link(_) | Step::Url(_) => (Next::First, 0),
        };
        let mut cycle = Cycle::default();
        if let Step::Cursor { argument, .. } = pagination.step
            && let Some(start) = call.page_argument(argument)
        {
            cycle.repeats(&start);
        }
        Walk {
            call,
            step: pagination.step,
            parts: parts(&pagination),
            has_untyped_errors,
            full_page,
            next,
            pending: None,
            seen,
            pages: 0,
            max_pages: MAX_PAGES,
            error: None,
            empty_pages: 0,
            previous: Bytes::new(),
            cycle,
            url: None,
        }
    }

    pub(super) fn set_max_pages(&mut self, max_pages: u64) {
        self.max_pages = max_pages;
    }

    pub(super) fn parts(&self) -> &PageParts {
        &self.parts
    }

    /// Ends the walk.
    pub(super) fn end(&mut self) {
        self.next = Next::End;
    }

    /// Polls the request of the next page. Returns `None` at the end.
    pub(super) fn poll(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Outcome, Failure>>> {
        if self.pending.is_none() {
            if let Some(failure) = self.failure() {
                return Poll::Ready(Some(Err(failure)));
            }
            self.pending = self.request();
        }
        let Some(pending) = &mut self.pending else {
            return Poll::Ready(None);
        };
        let result = ready!(pending.as_mut().poll(context));
        self.pending = None;
        Poll::Ready(Some(result))
    }

    /// Returns the error that ends the walk instead of another page.
    fn failure(&mut self) -> Option<Failure> {
        let is_over = self.pages >= self.max_pages && !matches!(self.next, Next::End);
        let limit = is_over.then_some(PaginationError::TooManyPages(self.max_pages));
        let error = self.error.take().or(limit)?;
        self.end();
        Some(Failure::Pagination(Box::new(self.call.failed(error))))
    }

    fn request(&mut self) -> Option<Pending> {
        let mut call = self.call.clone();
        let mut url = None;
        match (&self.next, self.step) {
            (Next::Number(number), Step::Number { argument, .. } | Step::Offset { argument }) => {
                call.set_page_argument(argument, &Value::from(*number));
            }
            (Next::Cursor(cursor), Step::Cursor { argument, .. }) => {
                call.set_page_argument(argument, cursor);
            }
            (Next::Url(next), _) => url = Some(next.clone()),
            (Next::First, _) => {}
            (_, _) => return None,
        }
        Some(call.receive_boxed(url, self.has_untyped_errors))
    }

    /// Determines the next page from this one. Returns false if this page is the previous one
    /// again, so that its items do not count.
    pub(super) fn advance(&mut self, items: usize, facts: PageFacts, received: &Received) -> bool {
        let last = std::mem::replace(&mut self.next, Next::End);
        match self.next(&last, items as u64, facts, received) {
            Ok(Some(next)) => {
                self.pages += 1;
                self.next = next;
                true
            }
            Ok(None) => false,
            Err(error) => {
                // It is returned after the items of the page.
                self.error = Some(error);
                true
            }
        }
    }

    /// Returns the next page, or `None` if the server returned the previous page again.
    fn next(
        &mut self,
        last: &Next,
        items: u64,
        facts: PageFacts,
        received: &Received,
    ) -> Result<Option<Next>, PaginationError> {
        if let Next::Number(number) = last {
            return self.next_number(*number, items, &facts, received.body());
        }
        if facts.more == Some(false) {
            return Ok(Some(Next::End));
        }
        let Some(next) = self.link(items, facts, received.headers())? else {
            return Ok(Some(Next::End));
        };
        let text = match &next {
            Next::Cursor(Value::String(cursor)) => Cow::Borrowed(cursor.as_str()),
            Next::Cursor(cursor) => Cow::Owned(cursor.to_string()),
            Next::Url(url) => Cow::Borrowed(url.as_str()),
            Next::First | Next::Number(_) | Next::End => Cow::Borrowed(""),
        };
        if self.cycle.repeats(&text) {
            return Err(PaginationError::Repeated);
        }
        Ok(Some(next))
    }

    /// Returns the number or the offset of the next page.
    fn next_number(
        &mut self,
        number: i64,
        items: u64,
        facts: &PageFacts,
        body: &Bytes,
    ) -> Result<Option<Next>, PaginationError> {
        let first = self.seen;
        self.seen = self.seen.saturating_add(items);
        let is_offset = matches!(self.step, Step::Offset { .. });
        if items == 0 && facts.more == Some(true) {
            self.count_empty_page()?;
            if is_offset {
                // The next request would be the same.
                return Err(PaginationError::TooManyEmptyPages(1));
            }
        } else {
            // A server that ignores the parameter would never end.
            if self.pages > 0 && *body == self.previous {
                return Ok(None);
            }
            self.empty_pages = 0;
        }
        self.previous = body.clone();
        let is_last = match (items, facts.more, facts.total) {
            (_, Some(more), _) => !more,
            (0, None, _) => true,
            (_, None, Some(total)) => first.saturating_add(items) >= total,
            (_, None, None) => self.full_page.is_some_and(|full| items < full),
        };
        let step = if is_offset {
            i64::try_from(items).ok()
        } else {
            Some(1)
        };
        let next = step.and_then(|step| number.checked_add(step));
        let next = next.filter(|_| !is_last);
        Ok(Some(next.map_or(Next::End, Next::Number)))
    }

    fn count_empty_page(&mut self) -> Result<(), PaginationError> {
        self.empty_pages += 1;
        if self.empty_pages > MAX_EMPTY_PAGES {
            return Err(PaginationError::TooManyEmptyPages(self.empty_pages));
        }
        Ok(())
    }

    /// Returns the next page that a page or its headers name.
    fn link(
        &mut self,
        items: u64,
        facts: PageFacts,
        headers: &HeaderMap,
    ) -> Result<Option<Next>, PaginationError> {
        match items {
            0 => self.count_empty_page()?,
            _ => self.empty_pages = 0,
        }
        let is_full = self.full_page.is_none_or(|full| items >= full);
        let text = match self.step {
            Step::Cursor { source, .. } => match source {
                CursorSource::LastItem(_) if facts.more.is_none() && !is_full => None,
                CursorSource::Body(_) | CursorSource::LastItem(_) => match facts.next {
                    Some(cursor @ Value::Number(_)) => return Ok(Some(Next::Cursor(cursor))),
                    next => text(next)?,
                },
                CursorSource::Header(name) => {
                    let value = headers.get(name).map(|value| value.to_str());
                    let value = value.transpose().map_err(|error| {
                        PaginationError::InvalidLink(format!("the header `{name}`: {error}"))
                    })?;
                    value.map(str::to_owned)
                }
                CursorSource::Unset => None,
            },
            Step::Link(relation) => link::target(headers, relation).map(str::to_owned),
            Step::Url(_) => text(facts.next)?,
            Step::Number { .. } | Step::Offset { .. } => None,
        };
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        match self.step {
            Step::Cursor { .. } => Ok(Some(Next::Cursor(text.into()))),
            _ => self.url(&text).map(Next::Url).map(Some),
        }
    }

    /// Resolves a link against the URL of the current page. Only links to the same server are
    /// followed, because credentials are sent with them.
    fn url(&mut self, text: &str) -> Result<Url, PaginationError> {
        let invalid = |reason: String| PaginationError::InvalidLink(reason);
        let current = self.url.take().or_else(|| self.call.url());
        let current = current.ok_or_else(|| invalid("the call has no URL".to_owned()))?;
        let mut url = current
            .join(text)
            .map_err(|error| invalid(error.to_string()))?;
        if !is_same_origin(&current, &url) {
            let origin = url.origin().ascii_serialization();
            return Err(PaginationError::OtherServer(origin));
        }
        // They would replace the credentials of the client.
        if url.set_username("").is_err() || url.set_password(None).is_err() {
            return Err(invalid("it has a user name".to_owned()));
        }
        url.set_fragment(None);
        self.url = Some(url.clone());
        Ok(url)
    }
}

fn parts(pagination: &Pagination) -> PageParts {
    let mut parts = vec![PartPointer::new(Part::Items, pagination.items)];
    let mut last = None;
    match pagination.step {
        Step::Cursor {
            source: CursorSource::Body(pointer),
            ..
        }
        | Step::Url(pointer) => parts.push(PartPointer::new(Part::Next, pointer)),
        Step::Cursor {
            source: CursorSource::LastItem(pointer),
            ..
        } => {
            let items = PartPointer::new(Part::LastItem, pagination.items);
            last = Some((items, PartPointer::new(Part::Next, pointer)));
        }
        _ => {}
    }
    let more = pagination.more.map(|own| PartPointer::new(Part::More, own));
    let total = pagination
        .total
        .map(|own| PartPointer::new(Part::Total, own));
    parts.extend(more.into_iter().chain(total));
    PageParts { parts, last }
}

/// Returns the text of a cursor or a link.
fn text(value: Option<Value>) -> Result<Option<String>, PaginationError> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(_) => {
            let reason = "it is neither a text nor a number".to_owned();
            Err(PaginationError::InvalidLink(reason))
        }
    }
}

/// Does not show cursors and links, which may be secret.
impl fmt::Debug for Walk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Walk")
            .field("call", &self.call)
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}
