//! The check of pagination.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::conformance::adapter::Arguments;
use crate::conformance::context::CheckContext;
use crate::conformance::outcome::{Content, Outcome};
use crate::document::{Endpoint, Location, Paging};
use crate::pointer::escape;
use crate::request::RecordedRequest;
use crate::sample;
use crate::server::Reply;

pub(super) fn has_pages(endpoint: &Endpoint) -> bool {
    endpoint.pages.is_some()
}

/// A walk through pages: page size, first page and number of items.
struct Walk {
    per_page: Option<i64>,
    begin: Option<i64>,
    items: i64,
}

pub(super) fn pages(context: &CheckContext<'_>) -> Result<(), String> {
    let Some(paging) = &context.endpoint.pages else {
        return Ok(());
    };
    let most = paging.max.unwrap_or(paging.default);
    let small = most.min(2);
    let mut walks = vec![
        Walk {
            per_page: Some(small),
            begin: None,
            items: 0,
        },
        Walk {
            per_page: Some(small),
            begin: None,
            items: small - 1,
        },
        Walk {
            per_page: Some(small),
            begin: None,
            items: small,
        },
        Walk {
            per_page: Some(small),
            begin: None,
            items: 3 * small - 1,
        },
        Walk {
            per_page: Some(small),
            begin: Some(paging.first + 1),
            items: 3 * small - 1,
        },
        Walk {
            per_page: None,
            begin: None,
            items: paging.default + 1,
        },
    ];
    if let Some(max) = paging.max {
        walks.push(Walk {
            per_page: Some(max + 1),
            begin: None,
            items: max + 1,
        });
        // A client that knows the maximum page size stops after a shorter page.
        walks.push(Walk {
            per_page: Some(max),
            begin: None,
            items: max - 1,
        });
    }
    for walk in walks {
        let what = format!(
            "{} items, page {:?}, size {:?}",
            walk.items, walk.begin, walk.per_page
        );
        check_walk(context, paging, &walk).map_err(|failure| format!("with {what}: {failure}"))?;
    }
    if small > 1 {
        pages_that_overlap(context, paging, small)?;
    }
    ends_after_an_error(context, paging, small)?;
    ends_after_a_repeated_page(context, paging, small)
}

fn check_walk(context: &CheckContext<'_>, paging: &Paging, walk: &Walk) -> Result<(), String> {
    let items = items(context, walk.items)?;
    serve(context, paging, items.clone(), None);
    let arguments = arguments(context, paging, walk);
    let call = context.call_pages(&arguments)?;
    let begin = walk.begin.unwrap_or(paging.first);
    let size = size(paging, walk.per_page);
    let skipped = usize::try_from((begin - paging.first) * size).unwrap_or_default();
    let wanted = json!(items[skipped.min(items.len())..]);
    match &call.outcome {
        Outcome::Success {
            content: Content::Json(found),
            ..
        } if *found == wanted => {}
        other => {
            return Err(format!(
                "expected the items of all pages, received {other:?}"
            ));
        }
    }
    // A full page may be the last one; an empty page follows it.
    let left = walk.items - (begin - paging.first) * size;
    let expected = left.max(0) / size + 1;
    for (page, request) in (begin..).zip(&call.requests) {
        // Servers return the first page if the request has no number.
        let numbered = arguments
            .clone()
            .with(Location::Query, &paging.page, json!(page));
        if !(page == paging.first && context.fits(request, &arguments).is_ok()) {
            context.fits(request, &numbered)?;
        }
    }
    if i64::try_from(call.requests.len()) != Ok(expected) {
        return Err(format!(
            "there were {} requests, not {expected}",
            call.requests.len()
        ));
    }
    Ok(())
}

/// Pages that share single items, as happens if the list changes meanwhile, are all returned.
fn pages_that_overlap(
    context: &CheckContext<'_>,
    paging: &Paging,
    small: i64,
) -> Result<(), String> {
    let items = items(context, 5)?;
    let pages: Vec<Vec<Value>> = [[0, 1], [0, 2], [3, 2], [2, 4], [4, 0]]
        .into_iter()
        .map(|[first, last]| vec![items[first].clone(), items[last].clone()])
        .collect();
    let (wanted, expected) = (json!(pages.concat()), pages.len() + 1);
    let (first, status) = (paging.first, context.success_status());
    let page_name = paging.page.clone();
    context.servers.server.respond_all(move |request| {
        let number = number(request, &page_name).unwrap_or(first);
        let page = usize::try_from(number - first)
            .ok()
            .and_then(|at| pages.get(at).cloned());
        Reply::json(status, json!(page.unwrap_or_default()))
    });
    let call = context.call_pages(&small_pages(context, paging, small))?;
    match call.outcome {
        Outcome::Success {
            content: Content::Json(found),
            ..
        } if found == wanted && call.requests.len() == expected => Ok(()),
        other => Err(format!(
            "with pages that share an item, expected all items after {expected} requests, received {other:?} after {}",
            call.requests.len()
        )),
    }
}

/// An error on the second page ends the stream and is reported.
fn ends_after_an_error(
    context: &CheckContext<'_>,
    paging: &Paging,
    small: i64,
) -> Result<(), String> {
    serve(
        context,
        paging,
        items(context, 3 * small)?,
        Some(paging.first + 1),
    );
    let call = context.call_pages(&small_pages(context, paging, small))?;
    match call.outcome {
        Outcome::Failure {
            status: Some(503), ..
        } if call.requests.len() == 2 => Ok(()),
        other => Err(format!(
            "expected the error 503 of the second page after 2 requests, received {other:?} after {} requests",
            call.requests.len()
        )),
    }
}

/// A server that always returns the same page ends the stream; its items are returned once.
fn ends_after_a_repeated_page(
    context: &CheckContext<'_>,
    paging: &Paging,
    small: i64,
) -> Result<(), String> {
    let (items, status, asked) = (
        json!(items(context, small)?),
        context.success_status(),
        AtomicUsize::new(0),
    );
    let page = items.clone();
    context
        .servers
        .server
        .respond_all(move |_| match asked.fetch_add(1, Ordering::Relaxed) {
            0..10 => Reply::json(status, &page),
            _ => Reply::new(503),
        });
    let call = context.call_pages(&small_pages(context, paging, small))?;
    match call.outcome {
        Outcome::Success {
            content: Content::Json(found),
            ..
        } if found == items && call.requests.len() == 2 => Ok(()),
        other => Err(format!(
            "expected the end at a repeated page after 2 requests, received {other:?} after {} requests",
            call.requests.len()
        )),
    }
}

fn arguments(context: &CheckContext<'_>, paging: &Paging, walk: &Walk) -> Arguments {
    // All other arguments are sent with each page.
    let is_other = |name: &str| name != paging.page && name != paging.per_page;
    let mut arguments = context.arguments(|parameter| is_other(&parameter.name));
    for (name, value) in [
        (&paging.per_page, walk.per_page),
        (&paging.page, walk.begin),
    ] {
        if let Some(value) = value {
            arguments = arguments.with(Location::Query, name, json!(value));
        }
    }
    arguments
}

/// Returns the arguments of a call for all pages of this size.
fn small_pages(context: &CheckContext<'_>, paging: &Paging, size: i64) -> Arguments {
    let walk = Walk {
        per_page: Some(size),
        begin: None,
        items: 0,
    };
    arguments(context, paging, &walk)
}

fn size(paging: &Paging, asked: Option<i64>) -> i64 {
    let asked = asked.unwrap_or(paging.default);
    paging.max.map_or(asked, |max| asked.min(max))
}

fn serve(context: &CheckContext<'_>, paging: &Paging, items: Vec<Value>, broken: Option<i64>) {
    let (paging, status) = (paging.clone(), context.success_status());
    context.servers.server.respond_all(move |request| {
        let page = number(request, &paging.page).unwrap_or(paging.first);
        if broken == Some(page) {
            return Reply::new(503);
        }
        let size =
            usize::try_from(size(&paging, number(request, &paging.per_page))).unwrap_or_default();
        let skipped = usize::try_from(page - paging.first)
            .unwrap_or_default()
            .saturating_mul(size);
        let page: Vec<Value> = items.iter().skip(skipped).take(size).cloned().collect();
        Reply::json(status, json!(page))
    });
}

/// Returns the number in a query parameter.
fn number(request: &RecordedRequest, name: &str) -> Option<i64> {
    request.query_value(name)?.parse().ok()
}

/// Returns items that all differ.
fn items(context: &CheckContext<'_>, count: i64) -> Result<Vec<Value>, String> {
    let schema = context
        .endpoint
        .success_schema()
        .map(|schema| sample::flat(context.document, schema));
    let item = schema
        .as_ref()
        .and_then(|schema| schema.get("items"))
        .ok_or("the pages have no items with a schema")?;
    let whole = sample::value(context.document, item, 1);
    let flat = sample::flat(context.document, item);
    let is_text = |name: &&String| {
        let own = flat.pointer(&format!("/properties/{}", escape(name)));
        let own = own
            .map(|own| sample::flat(context.document, own))
            .unwrap_or_default();
        own.get("type").is_some_and(|kind| kind == "string")
            && own.get("enum").is_none()
            && own.get("format").is_none()
    };
    let mark = whole
        .as_object()
        .and_then(|map| map.keys().find(is_text))
        .cloned();
    let marked = |number: i64| match &mark {
        Some(name) => {
            let mut item = whole.clone();
            item[name.as_str()] = json!(format!("item {number}"));
            item
        }
        None if whole.is_string() => json!(format!("item {number}")),
        None => json!(number),
    };
    Ok((0..count).map(marked).collect())
}
