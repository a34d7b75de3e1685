//! The configuration of clients that are only compiled, in a temporary workspace.

use gallery_spec::config::CrateSettings;

/// Returns settings of generated crates that are compiled in a workspace with the runtime crates.
pub(crate) fn compiled_here() -> CrateSettings {
    CrateSettings {
        runtime: Some("crates".to_owned()),
        ..CrateSettings::default()
    }
}
