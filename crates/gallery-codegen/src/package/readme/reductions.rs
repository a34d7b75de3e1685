//! The section on parts of the document that the client does not express.

use gallery_spec::canonical::Canonical;

use crate::docs::reduction_line;
use crate::reduce::{self, Listed};

/// The maximum number of reductions to list, besides dropped operations.
const LISTED: usize = 20;

/// Lists the dropped operations and the first of the other reductions.
pub(super) fn reductions(canonical: &Canonical) -> String {
    let (dropped, others): (Vec<Listed<'_>>, Vec<Listed<'_>>) =
        reduce::listed(canonical).partition(Listed::is_drop);
    if dropped.is_empty() && others.is_empty() {
        return String::new();
    }
    let shown = dropped.iter().chain(others.iter().take(LISTED));
    let lines: String = shown.map(reduction_line).collect();
    let more = match others.len().saturating_sub(LISTED) {
        0 => String::new(),
        count => format!(
            "\n{count} more are in `openapi.json`, under `x-gallery-reduced`, and in the \
             documentation of the methods.\n"
        ),
    };
    format!(
        "\n## Not as documented\n\nThe client cannot express these parts of the API's document:\n\n\
         {lines}{more}"
    )
}
