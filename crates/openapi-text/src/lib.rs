//! Reads YAML and JSON with positions, and reports diagnostics about them.
//!
//! - [`yaml`] and [`json`] parse text into [`serde_json::Value`]; [`Positions`] maps JSON pointers
//!   to lines and columns.
//! - [`Node`] is a lenient reader over a value that keeps its JSON pointer.
//! - [`Diagnostics`] collects findings, each with a [`Severity`] and a [`Location`]; [`FileError`]
//!   is an error in one file.
//! - [`normal_form`] rewrites equivalent schemas of an OpenAPI document in one way.
//! - [`formats`] and [`media_type`] name the formats and media types that clients distinguish.
//! - [`METHODS`] are the HTTP methods of OpenAPI.
//! - [`references`] finds the references of a document that lead to other files.
//! - [`mod@pointer`], [`template`], [`suggest`], [`redact`] and [`ascii`] are small text helpers.
//!
//! Nothing here does I/O.

pub mod ascii;
pub mod date;
mod diagnostic;
pub mod formats;
pub mod front_matter;
mod html;
pub mod json;
pub mod media_type;
mod merge_keys;
mod methods;
mod node;
pub mod normal_form;
pub mod pointer;
mod positions;
pub mod redact;
pub mod references;
pub mod suggest;
pub mod template;
pub mod yaml;

pub use diagnostic::{
    Diagnostic, Diagnostics, FileError, Location, Severity, is_unprintable, printable,
};
pub use front_matter::MAX_FILE_BYTES;
pub use html::is_html;
pub use methods::METHODS;
pub use node::Node;
pub use positions::{Positions, line_column};
