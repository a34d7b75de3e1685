//! Generates typed client crates from OpenAPI documents.
//!
//! ```text
//! canonical ─► reduce ─► bindings ─► lower ─► progenitor ─► code ─► package ─► outputs
//!                           │                (declarations)   ▲         ▲
//!                           └─────────────────────────────────┴─ conformance
//! ```
//!
//! [`generate::client_files`] does all of this in memory. [`build_script()`] generates a client
//! during `cargo build`.

mod bindings;
pub mod build_script;
mod code;
mod conformance;
mod constants;
mod docs;
mod downloads;
mod events;
pub mod generate;
mod identifiers;
mod lower;
mod markdown;
mod method_groups;
mod mock;
mod outputs;
mod package;
mod pages;
mod parameters;
mod progenitor;
mod reduce;
mod reference;
mod responses;
mod route;
mod security;
mod settings;
mod statuses;
mod wire;
mod wire_extensions;

pub use bindings::{Bindings, OperationBinding, bindings};
pub use build_script::{BuildSettings, build_script};
pub use code::{ClientCode, CodeFile, client};
pub use conformance::conformance;
pub use lower::{LOWERINGS, Lowered, Lowering, lower};
pub use mock::mock;
pub use outputs::Outputs;
pub use package::{add_tests, is_generated, package};
pub use progenitor::GenerateError;
pub use reduce::{Reduced, Reduction, ReductionReason, reduce};
pub use settings::CodeSettings;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
