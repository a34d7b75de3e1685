//! The check of pagination.

use crate::conformance::checks::context::CheckContext;
use crate::document::{Endpoint, PagingStep};

mod body;
mod expected;
mod linked;
mod numbered;
mod place;

use place::Place;

pub(super) fn has_pages(endpoint: &Endpoint) -> bool {
    endpoint.pages.is_some()
}

pub(super) fn pages(context: &CheckContext<'_>) -> Result<(), String> {
    let Some(paging) = &context.endpoint.pages else {
        return Ok(());
    };
    match &paging.step {
        PagingStep::Number { parameter, first } => {
            let (place, first) = (Place::new(context, parameter), *first);
            numbered::check(context, paging, &numbered::Position { place, first })
        }
        PagingStep::Offset(parameter) => {
            let (place, first) = (Place::new(context, parameter), 0);
            numbered::check(context, paging, &numbered::Position { place, first })
        }
        PagingStep::Cursor { .. } | PagingStep::Link(_) | PagingStep::Url(_) => {
            linked::check(context, paging)
        }
    }
}
