//! Fetches a small listing of this crate's own from a server on this machine and from a mirror on disk. No test leaves the
//! machine.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows only the test functions themselves as tests, not what they share"
)]

mod catalogue;
mod http;
mod listing;
mod mirror;
#[path = "../support/server.rs"]
mod server;
mod trouble;
