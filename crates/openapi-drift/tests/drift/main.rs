//! Tests of the comparison of two documents.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails should panic"
)]

mod cases;
mod documents;
mod events;
mod messages;
mod pairs;
mod random;
mod sunset;
mod support;
mod table;
