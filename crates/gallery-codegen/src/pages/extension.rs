//! The keys of the extension `x-gallery-pages`.

use serde::Deserialize;

/// The value of the extension in a document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Extension {
    pub(super) page: Option<String>,
    pub(super) first: Option<i64>,
    pub(super) offset: Option<String>,
    pub(super) cursor: Option<String>,
    pub(super) next: Option<String>,
    pub(super) next_header: Option<String>,
    pub(super) last: Option<String>,
    pub(super) link: Option<String>,
    pub(super) next_url: Option<String>,
    #[serde(alias = "limit")]
    pub(super) per_page: Option<String>,
    pub(super) default: Option<i64>,
    pub(super) max: Option<i64>,
    pub(super) items: Option<String>,
    pub(super) more: Option<String>,
    pub(super) total: Option<String>,
}

/// An error in the extension: a JSON pointer relative to the extension, and a message.
pub(crate) type PagesError = (&'static str, String);

impl Extension {
    /// Returns an error unless the keys belong to exactly one style of pages.
    pub(super) fn check_keys(&self) -> Result<(), PagesError> {
        let Extension {
            page,
            offset,
            cursor,
            link,
            next_url,
            ..
        } = self;
        let styles = [page, offset, cursor, link, next_url].map(Option::is_some);
        if styles.iter().filter(|is_set| **is_set).count() != 1 {
            let message =
                "exactly one of `page`, `offset`, `cursor`, `link` and `next_url` is required";
            return Err(("", message.to_owned()));
        }
        let [is_page, is_offset, is_cursor, ..] = styles;
        let is_numbered = is_page || is_offset;
        for (pointer, is_set, is_allowed, with) in [
            ("/first", self.first.is_some(), is_page, "`page`"),
            ("/next", self.next.is_some(), is_cursor, "`cursor`"),
            (
                "/next_header",
                self.next_header.is_some(),
                is_cursor,
                "`cursor`",
            ),
            ("/last", self.last.is_some(), is_cursor, "`cursor`"),
            (
                "/total",
                self.total.is_some(),
                is_numbered,
                "`page` and `offset`",
            ),
            (
                "/default",
                self.default.is_some(),
                self.per_page.is_some(),
                "`per_page`",
            ),
            (
                "/max",
                self.max.is_some(),
                self.per_page.is_some(),
                "`per_page`",
            ),
        ] {
            if is_set && !is_allowed {
                return Err((pointer, format!("only pages with {with} can have this key")));
            }
        }
        if page.is_some() && self.per_page.is_none() && self.more.is_none() && self.total.is_none()
        {
            let message = "`per_page` is missing: the parameter for the number of items on a page";
            return Err(("", message.to_owned()));
        }
        Ok(())
    }
}
