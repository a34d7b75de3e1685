//! Tests of listings: repairs, merging, and the requests that the documents describe.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails should panic"
)]

mod kept_text;
mod merging;
mod mirror;
mod random_defects;
mod repairs;
mod structure;
mod support;
mod wire;
