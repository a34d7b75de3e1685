//! Tests of the mock server, of expected calls and of recordings.

#![expect(clippy::unwrap_used, reason = "a test")]

mod misconduct;
mod mock;
mod recording;
mod refusals;
mod responses;
mod strict;
