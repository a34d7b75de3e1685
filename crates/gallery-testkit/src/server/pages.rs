//! Pages of a list, in the documented style.

use serde::Serialize;
use serde_json::{Value, json};
use thiserror::Error;

use super::documented::{DocumentedReplyError, operation};
use super::reply::Reply;
use crate::document::{CursorPlace, Document, Endpoint, LINKED_ITEM, Location, Paging, PagingStep};
use crate::pointer::{remove, set};
use crate::request::RecordedRequest;
use crate::sample::{self, Samples};
use crate::schema::{Direction, Validator};
use crate::style::plain;

/// An error from a list for a paginated operation.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PagesError {
    /// The document has no such operation.
    #[error(transparent)]
    Operation(#[from] DocumentedReplyError),
    /// The operation does not return pages with a schema.
    #[error("`{0}` is not paginated; `x-gallery-pages` describes pages")]
    NotPaginated(String),
    /// An item cannot be serialized.
    #[error("an item cannot be serialized: {0}")]
    Item(#[from] serde_json::Error),
    /// A page with the items is not valid.
    #[error("`{operation}`: a page with these items is not valid: `{pointer}` {reason}")]
    Invalid {
        /// The operation.
        operation: String,
        /// The JSON pointer in a page with all items.
        pointer: String,
        /// The reason.
        reason: String,
    },
}

/// A list that is returned page by page.
#[derive(Clone, Debug)]
pub(crate) struct PagedList {
    endpoint: Endpoint,
    paging: Paging,
    items: Vec<Value>,
    /// The number of items on a page, if neither the request nor the document has one.
    size: usize,
    status: u16,
    /// A page with everything that is documented.
    page: Value,
    /// The value of the next cursor or link on the last page. `None` if it is absent.
    last: Option<Value>,
}

impl PagedList {
    pub(crate) fn new<T: Serialize>(
        document: &Document,
        operation_id: &str,
        size: usize,
        items: impl IntoIterator<Item = T>,
    ) -> Result<PagedList, PagesError> {
        let endpoint = operation(document, operation_id)?;
        let paging = endpoint.pages.clone().zip(endpoint.success_schema());
        let Some((paging, schema)) = paging else {
            return Err(PagesError::NotPaginated(operation_id.to_owned()));
        };
        let items: Result<Vec<Value>, _> = items.into_iter().map(serde_json::to_value).collect();
        let items = items?;
        let validator = Validator::new(document, Direction::Response);
        let mut page = sample::sent(validator, schema, Samples::Plausible);
        set(&mut page, &paging.items, json!(items));
        if let Some(violation) = validator.violations(schema, &page).into_iter().next() {
            return Err(PagesError::Invalid {
                operation: operation_id.to_owned(),
                pointer: violation.pointer,
                reason: violation.reason,
            });
        }
        let last = next_pointer(&paging).and_then(|pointer| {
            let valid = |own: &Value| validator.is_valid(schema, own);
            let mut forms = last_page_forms(&page, pointer, valid);
            forms.next().flatten()
        });
        Ok(PagedList {
            paging,
            items,
            size: size.max(1),
            status: endpoint.success_status(),
            page,
            last,
            endpoint: endpoint.clone(),
        })
    }

    /// Returns the page that a request asks for.
    pub(crate) fn reply(&self, request: &RecordedRequest) -> Reply {
        let size = self.page_size(request);
        let start = self.start(request, size).min(self.items.len());
        let end = start.saturating_add(size).min(self.items.len());
        let next = (end < self.items.len()).then_some(end);
        let items = &self.items[start..end];
        let mut page = self.page.clone();
        set(&mut page, &self.paging.items, json!(items));
        if let Some(pointer) = &self.paging.more {
            set(&mut page, pointer, json!(next.is_some()));
        }
        if let Some(pointer) = &self.paging.total {
            set(&mut page, pointer, json!(self.items.len()));
        }
        let mut header = None;
        match (&self.paging.step, next) {
            (PagingStep::Link(relation), Some(next)) => {
                let link = link(request, next);
                header = Some(("link", format!("<{link}>; rel=\"{relation}\"")));
            }
            (PagingStep::Url(pointer), Some(next)) => {
                set(&mut page, pointer, json!(link(request, next)));
            }
            (PagingStep::Cursor { place, .. }, Some(next)) => match place {
                CursorPlace::Header(name) => header = Some((name.as_str(), next.to_string())),
                CursorPlace::Body(pointer) => {
                    let is_number = page.pointer(pointer).is_some_and(Value::is_number);
                    let cursor = match is_number {
                        true => json!(next),
                        false => json!(next.to_string()),
                    };
                    set(&mut page, pointer, cursor);
                }
                // The client reads the item itself.
                CursorPlace::LastItem(_) => {}
            },
            // The client counts.
            (PagingStep::Number { .. } | PagingStep::Offset(_), Some(_)) => {}
            (_, None) => {
                if let Some(pointer) = next_pointer(&self.paging) {
                    change(&mut page, pointer, self.last.clone());
                }
            }
        }
        let reply = Reply::json(self.status, page);
        match header {
            Some((name, value)) => reply.with_header(name, &value),
            None => reply,
        }
    }

    fn page_size(&self, request: &RecordedRequest) -> usize {
        let Some(size) = &self.paging.size else {
            return self.size;
        };
        let asked = argument(&self.endpoint, request, &size.parameter);
        let number = size.of(asked.and_then(|text| text.parse().ok()));
        usize::try_from(number).unwrap_or(1).max(1)
    }

    /// Returns the index of the first item of a page.
    fn start(&self, request: &RecordedRequest, size: usize) -> usize {
        let sent = |name: &str| argument(&self.endpoint, request, name);
        let number = |name: &str| sent(name)?.parse::<i64>().ok();
        match &self.paging.step {
            PagingStep::Number { parameter, first } => {
                let page = number(parameter).unwrap_or(*first).saturating_sub(*first);
                usize::try_from(page).unwrap_or(0).saturating_mul(size)
            }
            PagingStep::Offset(parameter) => {
                usize::try_from(number(parameter).unwrap_or(0)).unwrap_or(0)
            }
            PagingStep::Cursor {
                parameter,
                place: CursorPlace::LastItem(pointer),
            } => {
                let Some(cursor) = sent(parameter) else {
                    return 0;
                };
                let is_last =
                    |item: &Value| item.pointer(pointer).and_then(text).as_ref() == Some(&cursor);
                let last = self.items.iter().position(is_last);
                last.map_or(self.items.len(), |last| last + 1)
            }
            PagingStep::Cursor { parameter, .. } => sent(parameter)
                .filter(|cursor| !cursor.is_empty())
                // An unknown cursor is after the end.
                .map_or(0, |cursor| cursor.parse().unwrap_or(usize::MAX)),
            PagingStep::Link(_) | PagingStep::Url(_) => {
                let item = request.query_value(LINKED_ITEM);
                item.and_then(|item| item.parse().ok()).unwrap_or(0)
            }
        }
    }
}

/// Returns the value of a parameter, or of a part of the JSON body if `name` is a JSON pointer.
pub(crate) fn argument(
    endpoint: &Endpoint,
    request: &RecordedRequest,
    name: &str,
) -> Option<String> {
    if name.starts_with('/') {
        return text(request.json().ok()?.pointer(name)?);
    }
    let mut headers = endpoint.of(Location::Header);
    let mut queries = endpoint.of(Location::Query);
    if queries.any(|own| own.name == name) || !headers.any(|own| own.name == name) {
        return request.query_value(name);
    }
    request
        .header(&name.to_ascii_lowercase())
        .map(str::to_owned)
}

/// Returns the text of a value, as a parameter has it. Null has none.
fn text(value: &Value) -> Option<String> {
    (!value.is_null()).then(|| plain(value))
}

/// Returns the part of a page that has the next cursor or link.
fn next_pointer(paging: &Paging) -> Option<&str> {
    match &paging.step {
        PagingStep::Cursor {
            place: CursorPlace::Body(pointer),
            ..
        }
        | PagingStep::Url(pointer) => Some(pointer),
        _ => None,
    }
}

/// Returns the link to the page that starts with an item. It keeps all other parameters.
fn link(request: &RecordedRequest, item: usize) -> String {
    let pairs = request.query.as_deref().unwrap_or_default().split('&');
    let is_other = |pair: &&str| {
        let name = pair.split('=').next();
        !pair.is_empty() && name != Some(LINKED_ITEM)
    };
    let others: String = pairs
        .filter(is_other)
        .map(|pair| format!("{pair}&"))
        .collect();
    format!("{}?{others}{LINKED_ITEM}={item}", request.path)
}

/// Returns the valid forms of the next cursor or link on the last page: null, absent and empty.
pub(crate) fn last_page_forms<'a>(
    page: &'a Value,
    pointer: &'a str,
    is_valid: impl Fn(&Value) -> bool + 'a,
) -> impl Iterator<Item = Option<Value>> + 'a {
    let forms = [Some(Value::Null), None, Some(json!(""))];
    forms.into_iter().filter(move |form| {
        let mut page = page.clone();
        change(&mut page, pointer, form.clone());
        is_valid(&page)
    })
}

/// Sets or removes a part of a page.
pub(crate) fn change(page: &mut Value, pointer: &str, part: Option<Value>) {
    match part {
        Some(part) => set(page, pointer, part),
        None => remove(page, pointer),
    }
}
