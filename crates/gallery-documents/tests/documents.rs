//! Drafts of small sources.

#[path = "documents/bad_input.rs"]
mod bad_input;
#[path = "documents/common.rs"]
mod common;
#[path = "documents/merging.rs"]
mod merging;
#[path = "documents/naming.rs"]
mod naming;
#[path = "documents/referring.rs"]
mod referring;
#[path = "documents/repairing.rs"]
mod repairing;
#[path = "documents/securing.rs"]
mod securing;
#[path = "documents/tagging.rs"]
mod tagging;
#[path = "documents/urls.rs"]
mod urls;
