//! The command `regen`, and the parts that it shares with the other commands of `gallery`.
//!
//! It is a crate of its own because the first build of a workspace needs only this command: it
//! depends on no HTTP client, server or asynchronous runtime. `gallery-cli` has all commands.
//!
//! [`regen`] reads the inputs, generates in memory, and compares the result with the disk. [`sync`]
//! writes the difference as one transaction. [`command_line`] is the program with only this
//! command, which `cargo xtask` starts first.

pub mod approvals;
pub mod client_args;
pub mod command_line;
pub mod exit;
pub mod generated_crates;
pub mod limited;
pub mod parallel;
pub mod regen;
pub mod start;
mod summary;
pub mod sync;
pub mod terminal;
pub mod text;
pub mod workspace_root;
