//! Fetches a small listing of our own from a loopback server and from a mirror on disk.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows only the test functions themselves as tests, not what they share"
)]

mod catalog;
mod documents;
mod http;
mod listing;
mod mirror;
#[path = "../support/server.rs"]
mod server;
mod trouble;
