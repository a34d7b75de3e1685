//! Tests of the runtime and of a client in WebAssembly. They call servers that the program
//! `wasm-test-servers` starts; `.ci/wasm` runs both.

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
mod errors;
mod extensions;
mod redirects;
mod retries;
mod support;
mod timeouts;
