//! The pagination of an operation, the extension `x-gallery-pages`.

use serde_json::Value;

/// The query parameter of links to other pages. The mock server allows it although no document
/// declares it.
pub(crate) const LINKED_ITEM: &str = "mock-item";

/// The pagination of an operation. Parts of responses are JSON pointers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging {
    /// The way from a page to the next one.
    pub step: PagingStep,
    /// The size of pages.
    pub size: Option<PagingSize>,
    /// The list of items. Empty if the body is the list.
    pub items: String,
    /// A boolean: whether there are more pages.
    pub more: Option<String>,
    /// The number of items on all pages.
    pub total: Option<String>,
}

/// The way from a page to the next one. A name that starts with `/` is not a parameter but the JSON
/// pointer of a part of the request body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PagingStep {
    /// A query parameter has the number of the page.
    Number {
        /// The query parameter or the JSON pointer.
        parameter: String,
        /// The number of the first page.
        first: i64,
    },
    /// A query parameter has the number of items before the page.
    Offset(String),
    /// A parameter has a cursor.
    Cursor {
        /// The query or header parameter, or the JSON pointer.
        parameter: String,
        /// The place of the cursor in a response.
        place: CursorPlace,
    },
    /// The header `Link` has the URL of the next page, with this relation.
    Link(String),
    /// A part of the body is the URL of the next page.
    Url(String),
}

/// The place of a cursor in a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CursorPlace {
    /// A part of the body.
    Body(String),
    /// A header.
    Header(String),
    /// A part of the last item.
    LastItem(String),
}

/// The size of pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagingSize {
    /// The query parameter.
    pub parameter: String,
    /// The size if the request has none.
    pub default: i64,
    /// The maximum size.
    pub max: Option<i64>,
}

impl PagingSize {
    /// Returns the number of items on a full page, if the request asks for a number.
    pub(crate) fn of(&self, asked: Option<i64>) -> i64 {
        let asked = asked.unwrap_or(self.default);
        self.max.map_or(asked, |max| asked.min(max))
    }
}

impl Paging {
    /// Reads the extension. Returns `None` if it is invalid.
    pub(super) fn read(pages: &Value) -> Option<Paging> {
        let text = |key: &str| pages.get(key).and_then(Value::as_str).map(str::to_owned);
        let number = |key: &str| pages.get(key).and_then(Value::as_i64);
        let step = if let Some(parameter) = text("page") {
            let first = number("first")?;
            PagingStep::Number { parameter, first }
        } else if let Some(parameter) = text("offset") {
            PagingStep::Offset(parameter)
        } else if let Some(parameter) = text("cursor") {
            let body = || text("next").map(CursorPlace::Body);
            let header = || text("next_header").map(CursorPlace::Header);
            let last = || text("last").map(CursorPlace::LastItem);
            let place = body().or_else(header).or_else(last)?;
            PagingStep::Cursor { parameter, place }
        } else if let Some(relation) = text("link") {
            PagingStep::Link(relation)
        } else {
            PagingStep::Url(text("next_url")?)
        };
        let size = match text("per_page").or_else(|| text("limit")) {
            Some(parameter) => Some(PagingSize {
                parameter,
                default: number("default")?,
                max: number("max"),
            }),
            None => None,
        };
        Some(Paging {
            step,
            size,
            items: text("items").unwrap_or_default(),
            more: text("more"),
            total: text("total"),
        })
    }
}
