//! Tests of OAuth 2 on the wire: requests of flows, renewal, hostile servers and secrets.
//!
//! A program of its own, because a test sets the subscriber of all traces.

#![expect(clippy::unwrap_used, reason = "a test")]

mod authorization;
mod common;
mod device;
mod flows;
mod hostile;
mod renewal;
mod secrets;
#[path = "../support/mod.rs"]
mod support;
