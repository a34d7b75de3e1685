//! From a listing of api.gallery to one valid OpenAPI 3.0 document.
//!
//! ```text
//! snapshot ─► parse ─► repair ─► lift ─► merge ─► names ─► canonical
//! (store)     YAML     Swagger   3.0     dedupe            report
//! ```
//!
//! Every stage is a function from values to values; [`store`] alone reads files. There is no network here and no generator.
//! Trouble in the content goes to [`openapi_text::Diagnostics`]; an `Err` is for the environment and for files that people write.

pub mod approvals;
pub mod canonical;
pub mod command;
pub mod config;
pub mod date;
pub mod lock;
pub mod names;
pub mod overlay;
pub mod pipeline;
pub mod report;
pub mod source;
pub mod store;

pub use config::edit;
pub use gallery_draft as draft;
pub use gallery_listings as listings;

/// What generated code and other crates need of the OpenAPI model.
pub use openapiv3;
