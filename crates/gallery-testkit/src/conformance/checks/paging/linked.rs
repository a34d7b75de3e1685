//! Pages with cursors or links.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::body::Bodies;
use super::expected::{fails_at_the_second_page, gives_up, returns};
use super::place::Place;
use crate::conformance::adapter::Arguments;
use crate::conformance::checks::context::{Call, CheckContext};
use crate::document::{CursorPlace, Paging, PagingStep};
use crate::request::RecordedRequest;
use crate::server::Reply;

/// The query parameter of links, with the number of the page.
const LINKED_PAGE: &str = "linked-page";

/// The largest number of requests before an endless list ends.
const ENDLESS: usize = 2000;

/// A check of pages with cursors or links.
struct Linked<'a> {
    context: &'a CheckContext<'a>,
    maker: Maker,
    /// The place of the cursor in requests.
    cursor: Option<Place>,
    /// The place of the page size in requests.
    size: Option<Place>,
}

/// Makes pages with cursors or links.
#[derive(Clone)]
struct Maker {
    paging: Paging,
    bodies: Bodies,
    /// True if the cursor is a number in requests.
    is_number: bool,
}

pub(super) fn check(context: &CheckContext<'_>, paging: &Paging) -> Result<(), String> {
    let cursor = match &paging.step {
        PagingStep::Cursor { parameter, .. } => Some(Place::new(context, parameter)),
        _ => None,
    };
    let size = paging.size.as_ref();
    let linked = Linked {
        context,
        maker: Maker {
            paging: paging.clone(),
            bodies: Bodies::new(context, paging)?,
            is_number: cursor
                .as_ref()
                .is_some_and(|cursor| cursor.has_number(context)),
        },
        cursor,
        size: size.map(|size| Place::new(context, &size.parameter)),
    };
    let items = linked.maker.bodies.items(4);
    let rest = match linked.maker.needs_empty_page() {
        true => &[],
        false => &items[3..],
    };
    for (number, last) in (1..).zip(linked.last_pages(rest)) {
        let walked = linked.walk(&items, rest.len(), last);
        walked.map_err(|failure| format!("with form {number} of the last page: {failure}"))?;
    }
    linked.ends_at_a_short_page(&items)?;
    linked.starts_at_a_cursor(rest)?;
    linked.ends_after_an_error(&items)?;
    linked.ends_without_more(&items)?;
    let failed = linked.ends_at_a_repeated_cursor(&items);
    failed.map_err(|failure| format!("with a repeated cursor or link: {failure}"))?;
    let failed = linked.ends_at_empty_pages();
    failed.map_err(|failure| format!("with empty pages that never end: {failure}"))?;
    linked.stays_on_the_server(&items)
}

impl Linked<'_> {
    /// All items are returned, also after an empty page, and each request has the cursor or the
    /// link of the page before. The last page has the `rest`.
    fn walk(&self, items: &[Value], rest: usize, last: Reply) -> Result<(), String> {
        let mut pages = vec![items[..2].to_vec(), items[2..items.len() - rest].to_vec()];
        // An empty page has no last item.
        if !self.maker.is_last_item() {
            pages.insert(1, Vec::new());
        }
        self.serve(pages.clone(), last);
        let arguments = self.arguments();
        let call = self.context.call_pages(&arguments)?;
        returns(&call, items, pages.len() + 1)?;
        let cursors = pages.iter().enumerate();
        let cursors = cursors.map(|(page, items)| self.maker.cursor(page, items));
        self.check_requests(&call, &arguments, &cursors.collect::<Vec<_>>())
    }

    fn check_requests(
        &self,
        call: &Call,
        arguments: &Arguments,
        cursors: &[Value],
    ) -> Result<(), String> {
        let Some((first, rest)) = call.requests.split_first() else {
            return Ok(());
        };
        self.context.fits(first, arguments)?;
        for (page, (request, cursor)) in rest.iter().zip(cursors).enumerate() {
            if let Some(place) = &self.cursor {
                let arguments = place.with(arguments.clone(), self.maker.argument(cursor));
                self.context.fits(request, &arguments)?;
                continue;
            }
            let query = Some(format!("{LINKED_PAGE}={page}"));
            let is_linked = request.method == first.method
                && request.path == first.path
                && request.query == query
                && request.headers == first.headers
                && request.body == first.body;
            if !is_linked {
                return Err(format!(
                    "expected the request of the link `?{LINKED_PAGE}={page}` with the method, \
                     headers and body of the first one, received {request:?}"
                ));
            }
        }
        Ok(())
    }

    /// Without a flag for more pages, a page with fewer items than requested is the last.
    fn ends_at_a_short_page(&self, items: &[Value]) -> Result<(), String> {
        let size = self.maker.paging.size.as_ref();
        let most = size.map(|size| size.max.unwrap_or(size.default));
        if !self.maker.needs_empty_page() || most.is_none_or(|most| most < 2) {
            return Ok(());
        }
        let Maker { bodies, .. } = &self.maker;
        let last = bodies.page(&items[2..3], false, 3);
        self.serve(vec![items[..2].to_vec()], Reply::json(bodies.status, last));
        let call = self.context.call_pages(&self.arguments())?;
        returns(&call, &items[..3], 2)
    }

    /// A call with a cursor starts there.
    fn starts_at_a_cursor(&self, items: &[Value]) -> Result<(), String> {
        let Some(place) = &self.cursor else {
            return Ok(());
        };
        let own = self.maker.bodies.items(9);
        let cursor = self.maker.argument(&self.maker.cursor(7, &own));
        let arguments = place.with(self.arguments(), cursor);
        let mut last = self.last_pages(items);
        self.serve(Vec::new(), last.remove(0));
        let call = self.context.call_pages(&arguments)?;
        returns(&call, items, 1).and_then(|()| self.check_requests(&call, &arguments, &[]))
    }

    /// An error on the second page ends the stream and is reported.
    fn ends_after_an_error(&self, items: &[Value]) -> Result<(), String> {
        self.serve(vec![items.to_vec()], Reply::new(503));
        let call = self.context.call_pages(&self.arguments())?;
        fails_at_the_second_page(&call)
    }

    /// The response says that there are no more pages, although it has a cursor.
    fn ends_without_more(&self, items: &[Value]) -> Result<(), String> {
        if self.maker.paging.more.is_none() {
            return Ok(());
        }
        let maker = self.maker.clone();
        let page = items.to_vec();
        self.context
            .servers
            .server
            .respond_all(move |request| maker.page(&page, false, 0, &link(request, 0)));
        let call = self.context.call_pages(&self.arguments())?;
        returns(&call, items, 1)
    }

    fn ends_at_a_repeated_cursor(&self, items: &[Value]) -> Result<(), String> {
        let (maker, page) = (self.maker.clone(), items.to_vec());
        self.context
            .servers
            .server
            .respond_all(move |request| maker.page(&page, true, 0, &link(request, 1)));
        let call = self.context.call_pages(&self.arguments())?;
        gives_up(&call, 4)
    }

    fn ends_at_empty_pages(&self) -> Result<(), String> {
        if self.maker.is_last_item() {
            return Ok(());
        }
        let (maker, asked) = (self.maker.clone(), AtomicUsize::new(0));
        self.context.servers.server.respond_all(move |request| {
            let page = asked.fetch_add(1, Ordering::Relaxed);
            maker.page(&[], true, page, &link(request, page))
        });
        let call = self.context.call_pages(&self.arguments())?;
        gives_up(&call, ENDLESS)
    }

    /// A link to another server is an error, and nothing is sent there.
    fn stays_on_the_server(&self, items: &[Value]) -> Result<(), String> {
        if self.cursor.is_some() {
            return Ok(());
        }
        let other = &self.context.servers.other_host;
        other.forget_requests();
        let link = format!("{}/other", other.base_url());
        let (maker, page) = (self.maker.clone(), items.to_vec());
        self.context
            .servers
            .server
            .respond_all(move |_| maker.page(&page, true, 0, &link));
        let call = self.context.call_pages(&self.arguments())?;
        gives_up(&call, 1)
            .map_err(|failure| format!("with a link to another server: {failure}"))?;
        match other.requests().as_slice() {
            [] => Ok(()),
            [first, ..] => Err(format!("a link to another server was followed: {first:?}")),
        }
    }

    /// Returns all arguments except the cursor and the page size, which is set only if short pages
    /// are the last ones.
    fn arguments(&self) -> Arguments {
        let places = || self.cursor.iter().chain(&self.size);
        let others = self
            .context
            .arguments(|own| !places().any(|place| place.is(own)));
        let arguments = places().fold(others, |own, place| place.without(self.context, own));
        let size = self.maker.paging.size.as_ref().zip(self.size.as_ref());
        match size.filter(|_| self.maker.needs_empty_page()) {
            Some((size, place)) => {
                let small = size.max.unwrap_or(size.default).min(2);
                place.with(arguments, json!(small))
            }
            None => arguments,
        }
    }

    /// Returns the documented forms of a last page.
    fn last_pages(&self, items: &[Value]) -> Vec<Reply> {
        let Maker { paging, bodies, .. } = &self.maker;
        let pages = match &paging.step {
            PagingStep::Cursor {
                place: CursorPlace::Body(pointer),
                ..
            }
            | PagingStep::Url(pointer) => bodies.last_pages(self.context, items, pointer),
            _ => vec![bodies.page(items, false, items.len())],
        };
        let reply = |page: Value| Reply::json(bodies.status, page);
        pages.into_iter().map(reply).collect()
    }

    /// Serves pages, and then a last one.
    fn serve(&self, pages: Vec<Vec<Value>>, last: Reply) {
        let (maker, asked) = (self.maker.clone(), AtomicUsize::new(0));
        self.context.servers.server.respond_all(move |request| {
            let page = asked.fetch_add(1, Ordering::Relaxed);
            match pages.get(page) {
                Some(items) => maker.page(items, true, page, &link(request, page)),
                None if page == pages.len() => last.clone(),
                None => Reply::new(503),
            }
        });
    }
}

impl Maker {
    fn is_last_item(&self) -> bool {
        let place = match &self.paging.step {
            PagingStep::Cursor { place, .. } => Some(place),
            _ => None,
        };
        matches!(place, Some(CursorPlace::LastItem(_)))
    }

    /// Returns true if only an empty or short page is known to be the last.
    fn needs_empty_page(&self) -> bool {
        self.is_last_item() && self.paging.more.is_none()
    }

    /// Returns the cursor of a page.
    fn cursor(&self, page: usize, items: &[Value]) -> Value {
        match &self.paging.step {
            PagingStep::Cursor { place, .. } => match place {
                CursorPlace::LastItem(_) => {
                    let last = items.last();
                    last.map(|item| self.bodies.cursor_of(item))
                        .unwrap_or_default()
                }
                CursorPlace::Body(pointer) if self.bodies.has_number(pointer) => json!(1000 + page),
                _ if self.is_number => json!((1000 + page).to_string()),
                CursorPlace::Header(_) => json!(format!("c/{page}+e=")),
                CursorPlace::Body(_) => json!(format!("c/{page}+é=")),
            },
            _ => Value::Null,
        }
    }

    /// Returns a cursor as an argument.
    fn argument(&self, cursor: &Value) -> Value {
        let text = cursor.as_str().map(str::to_owned);
        let text = text.unwrap_or_else(|| cursor.to_string());
        match text.parse::<u64>() {
            Ok(number) if self.is_number => json!(number),
            _ => json!(text),
        }
    }

    /// Returns a page with a cursor or a link.
    fn page(&self, items: &[Value], more: bool, page: usize, link: &str) -> Reply {
        let (status, cursor) = (self.bodies.status, self.cursor(page, items));
        let body = || self.bodies.page(items, more, 1000);
        let with =
            |pointer: &str, next: Value| Reply::json(status, Bodies::linked(body(), pointer, next));
        let plain = || Reply::json(status, body());
        match &self.paging.step {
            PagingStep::Cursor {
                place: CursorPlace::Body(pointer),
                ..
            } => with(pointer, cursor),
            PagingStep::Cursor {
                place: CursorPlace::Header(name),
                ..
            } => plain().with_header(name, cursor.as_str().unwrap_or_default()),
            PagingStep::Url(pointer) => with(pointer, json!(link)),
            PagingStep::Link(relation) => {
                let link = format!("</first>; rel=\"first\", <{link}>; rel=\"{relation}\"");
                plain().with_header("link", &link)
            }
            _ => plain(),
        }
    }
}

/// Returns the link to the page after one. That of every second page has a scheme and a host.
fn link(request: &RecordedRequest, page: usize) -> String {
    let target = format!("{}?{LINKED_PAGE}={page}", request.path);
    match (page % 2, request.header("host")) {
        (0, Some(host)) => format!("http://{host}{target}"),
        _ => target,
    }
}
