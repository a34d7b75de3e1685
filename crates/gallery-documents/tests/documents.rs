//! Drafts of small sources.

#[path = "documents/common.rs"]
mod common;
#[path = "documents/merging.rs"]
mod merging;
