//! The configuration of a workspace and of its clients.

use gallery_draft::Choices;
use openapi_drift::SeverityOverrides;
use url::Url;

use super::code::CodeOptions;
use crate::command;
use crate::source::Source;

/// The default of `source` in `gallery.toml`: the URL of the gallery.
pub const DEFAULT_SOURCE: &str = "https://raw.githubusercontent.com/";

/// The default of `apis-io` in `gallery.toml`: the URL of the repositories of today's gallery.
pub const DEFAULT_APIS_IO: &str = "https://raw.githubusercontent.com/api-evangelist/";

/// The contents of `gallery.toml`.
#[derive(Clone, Debug)]
pub struct Config {
    /// Base URL of the gallery or of a copy of it, ending in a slash.
    pub source: Url,
    /// Base URL of the repositories of APIs.io or of a copy of them, ending in a slash.
    pub apis_io: Url,
    /// True if `search` covers APIs.io. False if `source` is another gallery, and `apis-io` is not
    /// set.
    pub searches_apis_io: bool,
    /// Additional hosts that redirects may lead to: `NAME` or `NAME:PORT`.
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
    /// The program in the commands of generated files: `gallery` or `cargo xtask`.
    pub command: String,
    /// The directory of gallery-runtime and gallery-testkit: absolute, or relative to the workspace
    /// root. `None` means the published versions.
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
    /// The name of the client's directory in `specs/`.
    pub name: String,
    /// The package name of the generated crate.
    pub package: String,
    /// The version of the generated crate.
    pub version: String,
    /// The source of the client's document.
    pub source: Source,
    /// True if components that no operation reaches are kept. False for listings.
    pub all_components: bool,
    /// The options for its code.
    pub code: CodeOptions,
    /// The chosen copies of endpoints with conflicting duplicates.
    pub choices: Choices,
    /// Settings that all generated crates of the workspace share.
    pub crates: CrateSettings,
}

impl ClientConfig {
    /// Creates a configuration with defaults.
    pub fn of(name: &str, source: impl Into<Source>) -> ClientConfig {
        ClientConfig {
            name: name.to_owned(),
            package: format!("gallery-{name}"),
            version: "0.0.0".to_owned(),
            source: source.into(),
            all_components: false,
            code: CodeOptions::default(),
            choices: Choices::new(),
            crates: CrateSettings::default(),
        }
    }

    /// Returns the client's directory, relative to the workspace root.
    pub fn specs_dir(&self) -> String {
        format!("specs/{}", self.name)
    }

    /// Returns the snapshot's directory, relative to the workspace root.
    pub fn snapshot_dir(&self) -> String {
        format!("specs/{}/{}", self.name, self.source.directory())
    }

    /// Returns the generated crate's directory, relative to the workspace root.
    pub fn crate_dir(&self) -> String {
        format!("crates/{}", self.package)
    }
}
