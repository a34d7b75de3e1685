//! Drafts of small sources, and of the repositories of the gallery.

#![allow(clippy::expect_used, reason = "helpers of tests")]

mod bad_input;
mod common;
mod living;
mod merging;
mod naming;
mod referring;
mod repairing;
mod securing;
mod tagging;
mod urls;
