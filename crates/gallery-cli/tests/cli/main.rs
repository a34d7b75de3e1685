//! Shows what `gallery` does to a workspace: the program itself runs in a copy of this workspace's `specs/`, and what it prints,
//! how it ends and what is on disk afterwards is compared.
//!
//! `GALLERY_MIRROR=<folder>` also runs the tests that want the gallery's own files. What cannot be shown on a machine is skipped
//! with its reason on the error output. A test that is ignored shows how something should be that is not so yet.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy knows only the test functions themselves as tests, not what they share"
)]

mod adding;
mod bad_input;
mod catalogue;
mod counts;
mod diff;
#[cfg(unix)]
mod disk;
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
mod mutants;
mod names;
mod network;
mod overlay;
mod pending;
mod regen;
#[cfg(unix)]
mod serve;
#[path = "../../../gallery-fetch/tests/support/server.rs"]
mod server;
mod several;
mod stale;
mod survey;
mod workspace;
