//! Tests of conversions to OpenAPI 3.0.3.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails should panic"
)]

mod keywords;
mod limits;
mod real_documents;
mod round_trip;
