//! Tests of the runtime in WebAssembly, in addition to the conformance tests of clients. They call
//! servers that the program `wasm-test-servers` starts; `.ci/wasm` runs both.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod bodies;
mod calls;
mod credentials;
mod extensions;
mod rate_limits;
mod redirects;
mod support;
mod timeouts;
