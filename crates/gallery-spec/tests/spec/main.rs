//! Tests of overlays, and of differences between the documents of a mirror.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that fails should panic"
)]

mod drift_mirror;
mod overlay;
