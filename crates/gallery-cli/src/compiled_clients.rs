//! The configuration of clients that are only compiled, in a temporary workspace.

use gallery_spec::config::{CodeOptions, CrateSettings, TagFeatures};

/// Returns settings of generated crates that are compiled in a workspace with the runtime crates.
pub(crate) fn compiled_here() -> CrateSettings {
    CrateSettings {
        runtime: Some("crates".to_owned()),
        ..CrateSettings::default()
    }
}

/// Returns the options of clients that have features for tags if they are large.
pub(crate) fn large_in_modules() -> CodeOptions {
    CodeOptions {
        tag_features: TagFeatures::IfLarge,
        ..CodeOptions::default()
    }
}
