//! Paginated lists as streams of items or pages.
//!
//! [`walk`] requests one page after the other, [`content`] reads what a page says about the list,
//! and [`stream`] has the public streams. Everything that does not depend on the type of the items
//! is compiled once, in this crate.

use std::fmt;

mod content;
mod cycle;
mod link;
mod stream;
mod walk;

pub use stream::{PageStream, PaginationStream};

/// The number of pages after which a stream ends with an error.
const MAX_PAGES: u64 = 100_000;

/// The number of empty pages in a row after which a stream ends with an error.
const MAX_EMPTY_PAGES: u64 = 100;

/// The pagination of a list, from the API's document. For generated code.
///
/// Parameters are indices. Parts of a request body or a response are JSON pointers; an empty one is
/// the whole body.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Pagination {
    step: Step,
    size: Option<PageSize>,
    items: &'static str,
    more: Option<&'static str>,
    total: Option<&'static str>,
}

/// The way from a page to the next one.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    /// An argument has the number of the page.
    Number { argument: PageArgument, first: i64 },
    /// An argument has the number of items before the page.
    Offset { argument: PageArgument },
    /// An argument has a text or a number from the previous page.
    Cursor {
        argument: PageArgument,
        source: CursorSource,
    },
    /// The header `Link` has the URL, with this relation.
    Link(&'static str),
    /// The body has the URL.
    Url(&'static str),
}

/// The place of an argument in a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum PageArgument {
    /// The parameter at an index.
    Parameter(usize),
    /// The part of the JSON body at a JSON pointer.
    Body(&'static str),
}

/// The place of a cursor in a response.
#[derive(Clone, Copy, Debug, PartialEq)]
enum CursorSource {
    Unset,
    Body(&'static str),
    Header(&'static str),
    /// A part of the last item.
    LastItem(&'static str),
}

#[derive(Clone, Copy, Debug)]
struct PageSize {
    argument: PageArgument,
    default: i64,
    max: Option<i64>,
}

impl Pagination {
    const fn new(step: Step) -> Pagination {
        Pagination {
            step,
            size: None,
            items: "",
            more: None,
            total: None,
        }
    }

    /// Pages with numbers: the parameter, and the number of the first page.
    pub const fn number(parameter: usize, first: i64) -> Pagination {
        let argument = PageArgument::Parameter(parameter);
        Pagination::new(Step::Number { argument, first })
    }

    /// Like [`Pagination::number`], with a part of the body.
    pub const fn number_in_body(pointer: &'static str, first: i64) -> Pagination {
        let argument = PageArgument::Body(pointer);
        Pagination::new(Step::Number { argument, first })
    }

    /// Pages after a number of items, which is the parameter.
    pub const fn offset(parameter: usize) -> Pagination {
        let argument = PageArgument::Parameter(parameter);
        Pagination::new(Step::Offset { argument })
    }

    /// Like [`Pagination::offset`], with a part of the body.
    pub const fn offset_in_body(pointer: &'static str) -> Pagination {
        let argument = PageArgument::Body(pointer);
        Pagination::new(Step::Offset { argument })
    }

    /// Pages with cursors, which the parameter sends.
    pub const fn cursor(parameter: usize) -> Pagination {
        let (argument, source) = (PageArgument::Parameter(parameter), CursorSource::Unset);
        Pagination::new(Step::Cursor { argument, source })
    }

    /// Like [`Pagination::cursor`], with a part of the body.
    pub const fn cursor_in_body(pointer: &'static str) -> Pagination {
        let (argument, source) = (PageArgument::Body(pointer), CursorSource::Unset);
        Pagination::new(Step::Cursor { argument, source })
    }

    /// Pages whose header `Link` has the URL of the next one.
    pub const fn link(relation: &'static str) -> Pagination {
        Pagination::new(Step::Link(relation))
    }

    /// Pages whose body has the URL of the next one.
    pub const fn url(pointer: &'static str) -> Pagination {
        Pagination::new(Step::Url(pointer))
    }

    const fn source(mut self, source: CursorSource) -> Pagination {
        if let Step::Cursor { argument, .. } = self.step {
            self.step = Step::Cursor { argument, source };
        }
        self
    }

    /// Sets the part of the body that is the next cursor.
    #[must_use]
    pub const fn next(self, pointer: &'static str) -> Pagination {
        self.source(CursorSource::Body(pointer))
    }

    /// Sets the header of the response that is the next cursor.
    #[must_use]
    pub const fn next_header(self, name: &'static str) -> Pagination {
        self.source(CursorSource::Header(name))
    }

    /// Sets the part of the last item that is the next cursor.
    #[must_use]
    pub const fn last(self, pointer: &'static str) -> Pagination {
        self.source(CursorSource::LastItem(pointer))
    }

    /// Sets the parameter for the page size, and the size without it.
    #[must_use]
    pub const fn size(self, parameter: usize, default: i64) -> Pagination {
        self.with_size(PageArgument::Parameter(parameter), default)
    }

    /// Like [`Pagination::size`], with a part of the body.
    #[must_use]
    pub const fn size_in_body(self, pointer: &'static str, default: i64) -> Pagination {
        self.with_size(PageArgument::Body(pointer), default)
    }

    const fn with_size(mut self, argument: PageArgument, default: i64) -> Pagination {
        self.size = Some(PageSize {
            argument,
            default,
            max: None,
        });
        self
    }

    /// Sets the maximum page size.
    #[must_use]
    pub const fn max(mut self, max: i64) -> Pagination {
        if let Some(size) = self.size {
            self.size = Some(PageSize {
                max: Some(max),
                ..size
            });
        }
        self
    }

    /// Sets the part of the body that is the list of items.
    #[must_use]
    pub const fn items(mut self, pointer: &'static str) -> Pagination {
        self.items = pointer;
        self
    }

    /// Sets the part of the body that is true if there are more pages.
    #[must_use]
    pub const fn more(mut self, pointer: &'static str) -> Pagination {
        self.more = Some(pointer);
        self
    }

    /// Sets the part of the body that is the number of items on all pages.
    #[must_use]
    pub const fn total(mut self, pointer: &'static str) -> Pagination {
        self.total = Some(pointer);
        self
    }

    /// Returns the size of a full page if the call asks for `requested` items.
    fn full_page(&self, requested: Option<i64>) -> Option<u64> {
        let PageSize { default, max, .. } = self.size?;
        // Servers may silently limit the page size. If the limit is unknown, assume the default.
        let size = requested.unwrap_or(default).min(max.unwrap_or(default));
        u64::try_from(size).ok()
    }
}

/// The reason why a stream of pages ended before its last page.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PaginationError {
    /// The server returned a cursor or a link that it had returned before.
    Repeated,
    /// The server returned more pages than the stream's limit.
    TooManyPages(u64),
    /// The server returned this many empty pages in a row, each with a next page.
    TooManyEmptyPages(u64),
    /// The next page is on another server. Contains its scheme, host and port.
    OtherServer(String),
    /// The cursor or link of the next page cannot be used. Contains the reason.
    InvalidLink(String),
}

impl fmt::Display for PaginationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PaginationError::Repeated => {
                f.write_str("the server repeated the cursor or link of an earlier page")
            }
            PaginationError::TooManyPages(max) => {
                write!(
                    f,
                    "there are more than {max} pages; `max_pages` sets the limit"
                )
            }
            PaginationError::TooManyEmptyPages(count) => write!(
                f,
                "the server returned empty pages, {count} in a row, each with a next page"
            ),
            PaginationError::OtherServer(server) => {
                write!(f, "the next page is on another server, {server}")
            }
            PaginationError::InvalidLink(reason) => {
                write!(f, "the link to the next page is invalid: {reason}")
            }
        }
    }
}

impl std::error::Error for PaginationError {}
