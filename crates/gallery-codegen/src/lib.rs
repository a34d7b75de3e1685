//! Generates typed client crates from OpenAPI documents.
//!
//! ```text
//! canonical ─► reduce ─► bindings ─► lower ─► progenitor ─► passes ─► package ─► outputs
//!                           │                 (client)                   ▲
//!                           └──────────────► conformance ────────────────┘
//! ```
//!
//! [`generate()`] does all of this in memory. [`build_script()`] generates a client during
//! `cargo build`.

mod bindings;
pub mod build_script;
mod client;
mod client_api;
mod conformance;
mod docs;
pub mod generate;
mod identifiers;
mod lower;
mod markdown;
mod mock;
mod outputs;
mod package;
mod pages;
mod parameters;
mod passes;
mod reduce;
mod reference;
mod responses;
mod route;
mod security;
mod strip;
mod syntax;
mod wire;
mod wire_extensions;

pub use bindings::{Bindings, OperationBinding, bindings};
pub use build_script::{BuildSettings, build_script};
pub use client::{GenerateError, client};
pub use conformance::conformance;
pub use docs::{Docs, docs};
pub use generate::generate;
pub use lower::{LOWERINGS, Lowered, Lowering, lower};
pub use mock::mock;
pub use outputs::Outputs;
pub use package::{add_tests, is_generated, package, rust};
pub use passes::edit::PassError;
pub use passes::{PASSES, Pass};
pub use reduce::{Reduced, Reduction, ReductionReason, reduce};
