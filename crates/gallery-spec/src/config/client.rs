//! The configuration of a workspace and of its clients.

use gallery_draft::Choices;
use openapi_drift::SeverityOverrides;
use url::Url;

use crate::command;
use crate::source::Source;

/// The file's path from the workspace's root.
pub const PATH: &str = "specs/gallery.toml";

/// The URL of the gallery, if `gallery.toml` has no `source`.
pub const DEFAULT_SOURCE: &str = "https://raw.githubusercontent.com/";

/// The contents of `gallery.toml`.
#[derive(Clone, Debug)]
pub struct Config {
    /// Base URL of the gallery or of a copy of it, ending in a slash.
    pub source: Url,
    /// Additional hosts that a redirect may lead to, as `NAME` or `NAME:PORT`.
    pub hosts: Vec<String>,
    /// Severities that override the defaults of drift rules.
    pub severities: SeverityOverrides,
    /// Settings that all generated crates share.
    pub crates: CrateSettings,
    /// The clients, by name.
    pub clients: Vec<ClientConfig>,
}

/// Settings that all generated crates of a workspace share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrateSettings {
    /// The program that generated files name: `gallery` or `cargo xtask`.
    pub command: String,
    /// The folder of gallery-runtime and gallery-testkit: an absolute path, or a path from the
    /// workspace's root. `None` means the published versions.
    pub runtime: Option<String>,
}

impl Default for CrateSettings {
    fn default() -> CrateSettings {
        CrateSettings {
            command: command::DEFAULT_PROGRAM.to_owned(),
            runtime: None,
        }
    }
}

/// One client crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientConfig {
    /// The name of its folder under `specs/`.
    pub name: String,
    /// The package name of the generated crate.
    pub package: String,
    /// The version of the generated crate.
    pub version: String,
    /// The source of its document.
    pub source: Source,
    /// The chosen copies of endpoints with conflicting duplicates.
    pub choices: Choices,
    /// Settings that the workspace's generated crates share.
    pub crates: CrateSettings,
}

impl ClientConfig {
    /// Creates the default configuration of a client.
    pub fn of(name: &str, source: impl Into<Source>) -> ClientConfig {
        ClientConfig {
            name: name.to_owned(),
            package: format!("gallery-{name}"),
            version: "0.0.0".to_owned(),
            source: source.into(),
            choices: Choices::new(),
            crates: CrateSettings::default(),
        }
    }

    /// The client's folder, from the workspace's root.
    pub fn specs_dir(&self) -> String {
        format!("specs/{}", self.name)
    }

    /// The snapshot's folder, from the workspace's root.
    pub fn snapshot_dir(&self) -> String {
        format!("specs/{}/listing", self.name)
    }

    /// The generated crate's folder, from the workspace's root.
    pub fn crate_dir(&self) -> String {
        format!("crates/{}", self.package)
    }
}
