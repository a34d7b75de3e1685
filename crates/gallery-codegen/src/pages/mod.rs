//! The pagination of an operation, the extension `x-gallery-pages`.

mod extension;
mod read;

pub(crate) use read::read;

/// The name of the extension that defines the pagination of an operation.
pub(crate) const PAGES: &str = "x-gallery-pages";

/// The pagination of an operation. Parts of responses are JSON pointers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagesBinding {
    /// The way from a page to the next one.
    pub step: PageStep,
    /// The size of pages.
    pub size: Option<PageSize>,
    /// The list of items. Empty if the body is the list.
    pub items: String,
    /// A boolean: whether there are more pages.
    pub more: Option<String>,
    /// The number of items on all pages.
    pub total: Option<String>,
}

/// The way from a page to the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageStep {
    /// A parameter or a part of the body has the number of the page.
    Number {
        /// The parameter.
        parameter: PageParameter,
        /// The number of the first page.
        first: i64,
    },
    /// A parameter has the number of items before the page.
    Offset(PageParameter),
    /// A parameter has a cursor, which the previous page has.
    Cursor {
        /// The parameter.
        parameter: PageParameter,
        /// The place of the cursor in a response.
        source: CursorSource,
    },
    /// The header `Link` has the URL of the next page, with this relation.
    Link(String),
    /// This part of the body has the URL of the next page.
    Url(String),
}

/// The place of a cursor in a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CursorSource {
    /// A part of the body.
    Body(String),
    /// A header.
    Header(String),
    /// A part of the last item. Empty if the item is the cursor.
    LastItem(String),
}

/// The size of pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageSize {
    /// The parameter.
    pub parameter: PageParameter,
    /// The size if the parameter is absent.
    pub default: i64,
    /// The maximum size.
    pub max: Option<i64>,
}

/// A parameter of a paginated operation, or a part of its JSON body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageParameter {
    /// The parameter with this name in requests, at this index.
    Parameter(String, usize),
    /// The part at a JSON pointer.
    Body(String),
}

impl PageParameter {
    /// Returns the name of the parameter, or the JSON pointer.
    pub fn name(&self) -> &str {
        match self {
            PageParameter::Parameter(name, _) | PageParameter::Body(name) => name,
        }
    }
}

#[cfg(test)]
mod tests;
