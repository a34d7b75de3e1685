//! Builds one valid OpenAPI 3.0 document from the source of a client.
//!
//! ```text
//! snapshot ─► draft (gallery-listings or gallery-documents) ─► names ─► overlay ─► canonical
//! (store)                                                                          report
//! ```
//!
//! Every stage is a pure function; only [`store`] reads files. This crate does not use the network
//! and does not generate code. Problems in the source are reported to
//! [`openapi_text::Diagnostics`]. An `Err` means an I/O error or an error in a hand-written file.

pub mod approvals;
pub mod canonical;
pub mod changelog;
pub mod command;
pub mod config;
pub mod local;
pub mod lock;
pub mod names;
pub mod overlay;
pub mod pipeline;
pub mod report;
pub mod source;
pub mod store;
pub mod workspace;

pub use openapi_text::date;

pub use config::edit;
pub use gallery_documents as documents;
pub use gallery_draft as draft;
pub use gallery_listings as listings;

/// The OpenAPI model that [`canonical::Canonical`] uses.
pub use openapiv3;
