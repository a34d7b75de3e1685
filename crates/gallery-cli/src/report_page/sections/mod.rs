//! The sections of the page, each with a function that returns it.

pub(super) mod conflicts;
pub(super) mod endpoints;
pub(super) mod files;
pub(super) mod overlay;
mod parts;
pub(super) mod remarks;
pub(super) mod section;
pub(super) mod untyped;
