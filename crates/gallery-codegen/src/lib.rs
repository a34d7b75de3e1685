//! From one canonical OpenAPI document to a typed client crate and its conformance tests.
//!
//! ```text
//! canonical ─► bindings ─► lower ─► progenitor ─► passes ─► package ─► outputs ─► sync
//!                 │                 (client)                   ▲
//!                 └──────────────► conformance ────────────────┘
//! ```
//!
//! [`generate()`] does all of it in memory; [`sync`] compares the outcome with the disk and writes the difference. [`build_script()`]
//! does the same inside of `cargo build`.

pub mod answers;
pub mod bindings;
pub mod build_script;
pub mod client;
pub mod conformance;
mod cut;
pub mod docs;
pub mod generate;
pub mod lower;
pub mod mock;
pub mod outputs;
pub mod package;
pub mod pages;
pub mod passes;
mod prose;
pub mod route;
pub mod security;
mod surface;
pub mod survey;
pub mod sync;
mod tree;
pub mod wire;
pub mod workspace;

pub use build_script::{BuildSettings, build_script};
pub use generate::generate;
