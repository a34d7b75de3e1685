//! Tests of APIs.json indexes and API catalogs.

#![allow(
    clippy::unwrap_used,
    reason = "clippy knows only the test functions themselves as tests, not what they share"
)]

mod catalog;
mod index;
mod living;
