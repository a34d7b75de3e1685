//! The overlay of a client: its [rules](apply()) beyond the Overlay specification, and a first
//! [draft](draft()).
//!
//! `openapi_overlay` parses overlays.

mod apply;
mod assumptions;
mod blame;
mod blanks;
mod draft;
mod nearest;
mod operations;
mod pages;
mod problems;
mod types_from;

pub use apply::{ActionReport, OverlayReport, SOURCES, apply};
pub use blame::locate;
pub use draft::draft;
pub use openapi_overlay::{Overlay, parse};
pub use types_from::{TypesDraft, types_from};

/// The name of the file in a client's directory.
pub const FILE_NAME: &str = "overlay.yaml";
