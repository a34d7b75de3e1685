//! End-to-end tests of `gallery`.
//!
//! Each test runs the program in a copy of this workspace's `specs/`. It checks the output, the
//! exit status and the files on disk.
//!
//! Set `GALLERY_MIRROR=<folder>` to run the tests that need the files of the gallery. Tests that
//! cannot run on a machine are skipped, with the reason on standard error.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy allows these in test functions, but not in the helpers that tests share"
)]

mod adding;
mod apis_io;
mod bad_input;
mod bad_sources;
mod call;
mod catalogue;
mod changelog;
mod code_options;
mod counts;
mod diff;
mod diff_approvals;
mod diff_filters;
mod diff_sources;
#[cfg(unix)]
mod disk;
mod documents;
mod drift;
#[cfg(unix)]
mod drift_job;
mod drift_upstream;
mod fetching;
mod help;
mod hostile;
mod init;
mod killed;
mod mirror;
mod multiple_listings;
mod mutants;
mod names;
mod network;
mod overlay;
mod pending;
mod regen;
mod report;
#[cfg(unix)]
mod serve;
#[path = "../../../gallery-fetch/tests/support/server.rs"]
mod server;
mod stale;
mod survey;
mod workspace;
