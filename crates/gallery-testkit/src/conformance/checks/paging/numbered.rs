//! Pages by number or by offset.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::body::Bodies;
use super::expected::{fails_at_the_second_page, returns};
use super::place::Place;
use crate::conformance::adapter::Arguments;
use crate::conformance::checks::context::CheckContext;
use crate::document::{Paging, PagingStep};
use crate::server::Reply;

/// The size of pages whose size no parameter sets.
const FIXED_SIZE: i64 = 2;

/// The place for the position of a page.
#[derive(Clone)]
pub(super) struct Position {
    pub(super) place: Place,
    /// The position of the first page.
    pub(super) first: i64,
}

/// A walk through pages: the page size, the number of pages before the first one, and the number of
/// items.
#[derive(Clone, Copy)]
struct Walk {
    size: Option<i64>,
    skipped: Option<i64>,
    items: i64,
}

/// A check of numbered pages.
struct Numbered<'a> {
    context: &'a CheckContext<'a>,
    paging: &'a Paging,
    position: Position,
    size: Option<Place>,
    bodies: Bodies,
}

pub(super) fn check(
    context: &CheckContext<'_>,
    paging: &Paging,
    position: &Position,
) -> Result<(), String> {
    let numbered = Numbered {
        context,
        paging,
        position: position.clone(),
        size: paging
            .size
            .as_ref()
            .map(|size| Place::new(context, &size.parameter)),
        bodies: Bodies::new(context, paging)?,
    };
    // A client cannot tell the pages apart.
    if !numbered.bodies.can_differ() {
        return Ok(());
    }
    let small = numbered.small();
    for walk in numbered.walks() {
        let Walk {
            size,
            skipped,
            items,
        } = walk;
        numbered.check_walk(walk).map_err(|failure| {
            format!("with {items} items, {skipped:?} skipped pages, size {size:?}: {failure}")
        })?;
    }
    if small > 1 {
        numbered.pages_that_overlap(small)?;
    }
    numbered.ends_after_an_error(small)?;
    numbered.ends_after_a_repeated_page(small)
}

impl Numbered<'_> {
    /// Returns the size of small pages.
    fn small(&self) -> i64 {
        let size = self.paging.size.as_ref();
        size.map_or(FIXED_SIZE, |size| {
            size.max.unwrap_or(size.default).min(FIXED_SIZE)
        })
    }

    fn walks(&self) -> Vec<Walk> {
        let small = self.small();
        let size = self.paging.size.as_ref();
        let of_small = |items: i64, skipped: Option<i64>| Walk {
            size: size.map(|_| small),
            skipped,
            items,
        };
        let mut walks = vec![
            of_small(0, None),
            of_small(small - 1, None),
            of_small(small, None),
            of_small(3 * small - 1, None),
            of_small(3 * small - 1, Some(1)),
        ];
        let Some(size) = size else {
            return walks;
        };
        walks.push(Walk {
            size: None,
            skipped: None,
            items: size.default + 1,
        });
        if let Some(max) = size.max {
            // A client that knows the maximum page size stops after a shorter page.
            for (size, items) in [(max + 1, max + 1), (max, max - 1)] {
                walks.push(Walk {
                    size: Some(size),
                    skipped: None,
                    items,
                });
            }
        }
        walks
    }

    fn check_walk(&self, walk: Walk) -> Result<(), String> {
        let items = self.bodies.items(count(walk.items));
        self.serve(items.clone(), None);
        let arguments = self.arguments(walk);
        let call = self.context.call_pages(&arguments)?;
        let size = self.size(walk.size);
        let skipped = walk.skipped.unwrap_or(0) * size;
        let left = &items[count(skipped).min(items.len())..];
        let (items, size_count) = (count(walk.items - skipped), count(size));
        let tells_the_end = self.paging.more.is_some() || self.paging.total.is_some();
        let expected = match (tells_the_end, self.paging.size.is_some()) {
            (true, _) => items.div_ceil(size_count).max(1),
            // A full page may be the last one; an empty page follows it.
            (false, true) => items / size_count + 1,
            (false, false) => items.div_ceil(size_count) + 1,
        };
        returns(&call, left, expected)?;
        let (begin, returned) = (self.start(walk), left.len() as i64);
        for (page, request) in (0..).zip(&call.requests) {
            let position = match self.paging.step {
                // The last page can be short.
                PagingStep::Offset(_) => (page * size).min(returned),
                _ => page,
            };
            let at = json!(begin + position);
            let numbered = self.position.place.with(arguments.clone(), at.clone());
            // Servers return the first page if the request has no number.
            let is_first = at == json!(self.position.first);
            if !(is_first && self.context.fits(request, &arguments).is_ok()) {
                self.context.fits(request, &numbered)?;
            }
        }
        Ok(())
    }

    /// Pages that share single items, as happens if the list changes meanwhile, are all returned.
    fn pages_that_overlap(&self, small: i64) -> Result<(), String> {
        let items = self.bodies.items(5);
        let pages: Vec<Vec<Value>> = [[0, 1], [0, 2], [3, 2], [2, 4], [4, 0]]
            .into_iter()
            .map(|[first, last]| vec![items[first].clone(), items[last].clone()])
            .collect();
        let (all, total) = (pages.concat(), 2 * pages.len());
        let (bodies, asked) = (self.bodies.clone(), AtomicUsize::new(0));
        let tells_the_end = self.paging.more.is_some() || self.paging.total.is_some();
        let requests = pages.len() + usize::from(!tells_the_end);
        self.context.servers.server.respond_all(move |_| {
            let at = asked.fetch_add(1, Ordering::Relaxed);
            let page = pages.get(at).cloned().unwrap_or_default();
            let more = at + 1 < pages.len();
            Reply::json(bodies.status, bodies.page(&page, more, total))
        });
        let call = self.context.call_pages(&self.small_pages(small))?;
        returns(&call, &all, requests)
            .map_err(|failure| format!("with pages that share an item: {failure}"))
    }

    /// An error on the second page ends the stream and is reported.
    fn ends_after_an_error(&self, small: i64) -> Result<(), String> {
        let second = self.position.first + self.step(small);
        self.serve(self.bodies.items(count(3 * small)), Some(second));
        let call = self.context.call_pages(&self.small_pages(small))?;
        fails_at_the_second_page(&call)
    }

    /// A server that always returns the same page ends the stream; its items are returned once.
    fn ends_after_a_repeated_page(&self, small: i64) -> Result<(), String> {
        let items = self.bodies.items(count(small));
        let page = self.bodies.page(&items, true, 1000);
        let (status, asked) = (self.bodies.status, AtomicUsize::new(0));
        self.context.servers.server.respond_all(move |_| {
            match asked.fetch_add(1, Ordering::Relaxed) {
                0..10 => Reply::json(status, &page),
                _ => Reply::new(503),
            }
        });
        let call = self.context.call_pages(&self.small_pages(small))?;
        returns(&call, &items, 2).map_err(|failure| format!("with a repeated page: {failure}"))
    }

    /// Returns the difference between the positions of two pages.
    fn step(&self, size: i64) -> i64 {
        match self.paging.step {
            PagingStep::Offset(_) => size,
            _ => 1,
        }
    }

    /// Returns the position at which a walk begins.
    fn start(&self, walk: Walk) -> i64 {
        let skipped = walk.skipped.unwrap_or(0);
        self.position.first + skipped * self.step(self.size(walk.size))
    }

    fn arguments(&self, walk: Walk) -> Arguments {
        let position = &self.position.place;
        let places = || std::iter::once(position).chain(&self.size);
        // All other arguments are sent with each page.
        let others = self
            .context
            .arguments(|own| !places().any(|place| place.is(own)));
        let mut arguments = places().fold(others, |own, place| place.without(self.context, own));
        if let (Some(place), Some(value)) = (&self.size, walk.size) {
            arguments = place.with(arguments, json!(value));
        }
        if walk.skipped.is_some() {
            arguments = position.with(arguments, json!(self.start(walk)));
        }
        arguments
    }

    /// Returns the arguments of a call for all pages of this size.
    fn small_pages(&self, size: i64) -> Arguments {
        self.arguments(Walk {
            size: Some(size),
            skipped: None,
            items: 0,
        })
    }

    /// Returns the size of a full page.
    fn size(&self, asked: Option<i64>) -> i64 {
        size_of(self.paging, asked)
    }

    fn serve(&self, items: Vec<Value>, broken: Option<i64>) {
        let (paging, bodies) = (self.paging.clone(), self.bodies.clone());
        let endpoint = self.context.endpoint.clone();
        let (Position { place, first }, size) = (self.position.clone(), self.size.clone());
        self.context.servers.server.respond_all(move |request| {
            let at = place.number(&endpoint, request).unwrap_or(first);
            if broken == Some(at) {
                return Reply::new(503);
            }
            let asked = size
                .as_ref()
                .and_then(|size| size.number(&endpoint, request));
            let size = count(size_of(&paging, asked));
            let skipped = match paging.step {
                PagingStep::Offset(_) => count(at),
                _ => count(at - first).saturating_mul(size),
            };
            let page: Vec<Value> = items.iter().skip(skipped).take(size).cloned().collect();
            let more = skipped.saturating_add(size) < items.len();
            Reply::json(bodies.status, bodies.page(&page, more, items.len()))
        });
    }
}

fn size_of(paging: &Paging, asked: Option<i64>) -> i64 {
    let size = paging.size.as_ref();
    size.map_or(FIXED_SIZE, |size| size.of(asked))
}

fn count(number: i64) -> usize {
    usize::try_from(number).unwrap_or_default()
}
