//! Repairs what listings got wrong: an operation of Swagger 2.0 as listed → one that every OpenAPI
//! tool can use.
//!
//! There is one file per part of an operation and one row of [`REPAIRS`] per kind of defect. A
//! repair is `Repaired` if it was certain, and `Assumed` if it took the most open reading because
//! the listing is silent. Both leave a [`Change`](gallery_draft::Change) on the operation.

mod body;
mod context;
mod listed;
mod parameter;
mod parameter_type;
mod path_text;
mod path_variables;
mod placeholders;
mod query;
mod response;
mod server;
mod table;

pub(crate) use table::repair;
pub use table::{REPAIRS, Repair};

#[cfg(test)]
mod tests;
