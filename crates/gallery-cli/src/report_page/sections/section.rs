//! A section of the page.

use maud::Markup;

/// A section of the page.
pub(crate) struct Section {
    /// The fragment that links lead to.
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    /// Explains the section.
    pub(crate) note: &'static str,
    /// Number of entries. A section without entries is not shown.
    pub(crate) count: usize,
    /// The entries. Each that can be searched has the class `item`.
    pub(crate) body: Markup,
}
