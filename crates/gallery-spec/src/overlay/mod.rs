//! The overlay of a client: rules beyond the Overlay specification ([`settle`]) and a first draft.
//!
//! `openapi_overlay` parses and applies overlays.

mod draft;
pub mod settle;

pub use draft::draft;
pub use openapi_overlay::{Overlay, parse};

/// The name of the file in a client's folder.
pub const FILE_NAME: &str = "overlay.yaml";
