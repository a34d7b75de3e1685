//! Tests of generated code.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failing test panics"
)]

mod drift;
mod generate;
#[path = "../../../openapi-drift/tests/drift/pairs.rs"]
#[allow(dead_code, reason = "the tests of openapi-drift use the rest")]
mod pairs;
mod probes;
#[path = "../../../openapi-drift/tests/drift/support.rs"]
#[allow(dead_code, reason = "the tests of openapi-drift use the rest")]
mod support;
