//! Reads a workspace from disk: `gallery.toml`, `gallery.lock`, and the snapshot, names and
//! overlay of each client.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use gallery_draft::FileSet;
use openapi_text::{Diagnostics, FileError, Location, Severity};
use thiserror::Error;

use crate::changelog;
use crate::command::recommend;
use crate::config::{self, ClientConfig, Config};
use crate::lock::{self, Lock, Origin};
use crate::names::Names;
use crate::overlay::{self, Overlay};
use crate::pipeline::{self, Output};
use crate::store;

/// The names of license files.
pub const LICENSES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// A workspace: its directory, configuration and lock.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// The directory that contains `specs`.
    pub root: PathBuf,
    /// The content of `gallery.toml`.
    pub config: Config,
    /// The content of `gallery.lock`.
    pub lock: Lock,
}

/// The inputs from which one client is generated.
#[derive(Clone, Debug)]
pub struct ClientInputs {
    /// Its table in `gallery.toml`.
    pub config: ClientConfig,
    /// The origin of its snapshot, if it has one.
    pub origin: Option<Origin>,
    /// The files of the snapshot.
    pub files: Vec<FileSet>,
    /// The names assigned so far.
    pub names: Names,
    /// Its overlay, if it has one.
    pub overlay: Option<Overlay>,
    /// The text of `expected-failures.toml`, if it exists.
    pub expected_failures: Option<String>,
    /// The text of `CHANGELOG.md`, if it exists.
    pub changelog: Option<String>,
    /// The text of the changelog in the crate, if only the crate has one.
    pub crate_changelog: Option<String>,
    /// The license files of the workspace, each with its name and its text.
    pub licenses: Vec<(&'static str, String)>,
    /// Problems found while reading.
    pub diagnostics: Diagnostics,
}

/// An error from reading a workspace.
#[derive(Debug, Error)]
pub enum LoadError {
    /// A file is invalid.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// There is no client with this name.
    #[error("there is no client `{name}`; {} has: {}", config::PATH, clients.join(", "))]
    NoSuchClient {
        /// The requested name.
        name: String,
        /// The names of all clients.
        clients: Vec<String>,
    },
}

/// Reads `gallery.toml`.
///
/// # Errors
///
/// The file is missing, unreadable or invalid.
pub fn config(root: &Path) -> Result<Config, LoadError> {
    let text = read(root, config::PATH)?.ok_or_else(|| FileError {
        location: Location::file(config::PATH),
        message: "the file is missing; run this in the workspace, or bring it back with git"
            .to_owned(),
    })?;
    Ok(config::parse(&text)?)
}

/// Reads `gallery.lock`. A workspace without this file has no snapshots.
///
/// # Errors
///
/// The file is unreadable or invalid.
pub fn lock(root: &Path) -> Result<Lock, LoadError> {
    match read(root, lock::PATH)? {
        Some(text) => Ok(Lock::parse(&text)?),
        None => Ok(Lock::default()),
    }
}

/// Returns all clients of `gallery.toml`, or the one called `only`.
///
/// # Errors
///
/// There is no client, or none called `only`.
pub fn clients(config: &Config, only: Option<&str>) -> Result<Vec<ClientConfig>, LoadError> {
    if config.clients.is_empty() {
        let message = format!(
            "there is no client; add one with {}, or write a table `[clients.NAME]` with `crate`, \
             `version` and `listing`",
            recommend("add LISTING")
        );
        return Err(FileError {
            location: Location::line(config::PATH, 1, 1),
            message,
        }
        .into());
    }
    let Some(name) = only else {
        return Ok(config.clients.clone());
    };
    match config.clients.iter().find(|client| client.name == name) {
        Some(client) => Ok(vec![client.clone()]),
        None => Err(LoadError::NoSuchClient {
            name: name.to_owned(),
            clients: config
                .clients
                .iter()
                .map(|client| client.name.clone())
                .collect(),
        }),
    }
}

impl Workspace {
    /// Reads `gallery.toml` and `gallery.lock` below `root`.
    ///
    /// # Errors
    ///
    /// See [`config()`], [`lock()`] and [`Workspace::new`].
    pub fn read(root: &Path) -> Result<Workspace, LoadError> {
        Workspace::new(root, config(root)?, lock(root)?)
    }

    /// Creates a workspace from a configuration and a lock that need not be on disk.
    ///
    /// # Errors
    ///
    /// The lock has a client that the configuration lacks.
    pub fn new(root: &Path, config: Config, lock: Lock) -> Result<Workspace, LoadError> {
        let has = |name: &String| config.clients.iter().any(|client| client.name == *name);
        if let Some(name) = lock.clients.keys().find(|name| !has(name)) {
            let message = format!(
                "{} has no client for the snapshot of `{name}`; {} removes it",
                config::PATH,
                recommend(&format!("remove {name}"))
            );
            return Err(FileError {
                location: Location::file(lock::PATH),
                message,
            }
            .into());
        }
        Ok(Workspace {
            root: root.to_owned(),
            config,
            lock,
        })
    }

    /// Returns all clients, or the one called `only`.
    ///
    /// # Errors
    ///
    /// There is no client, or none called `only`.
    pub fn clients(&self, only: Option<&str>) -> Result<Vec<ClientConfig>, LoadError> {
        clients(&self.config, only)
    }

    /// Reads the inputs of a client, with the files of its snapshot.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or the names or the overlay are invalid. Defects of the snapshot are
    /// reported in the diagnostics of the inputs.
    pub fn inputs(&self, client: &ClientConfig) -> Result<ClientInputs, LoadError> {
        let mut diagnostics = Diagnostics::default();
        let snapshot = self.lock.clients.get(&client.name);
        let files = store::load(&self.root, client, snapshot, &mut diagnostics)?;
        self.inputs_with(client, files, diagnostics)
    }

    /// Reads the inputs of a client, with `files` in place of its snapshot.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or the names or the overlay are invalid.
    pub fn inputs_of(
        &self,
        client: &ClientConfig,
        files: Vec<FileSet>,
    ) -> Result<ClientInputs, LoadError> {
        self.inputs_with(client, files, Diagnostics::default())
    }

    fn inputs_with(
        &self,
        client: &ClientConfig,
        files: Vec<FileSet>,
        mut diagnostics: Diagnostics,
    ) -> Result<ClientInputs, LoadError> {
        let names = match read(&self.root, &names_path(client))? {
            Some(text) => Names::parse(&names_path(client), &text)?,
            None => Names::empty(),
        };
        let names = names.grouped(client.code.grouped_methods);
        let path = overlay_path(client);
        let overlay = read(&self.root, &path)?.and_then(|text| {
            // A shell truncates the file before `overlay draft` can write to it.
            if text.trim().is_empty() {
                let hint = recommend(&format!("overlay draft {} > {path}", client.name));
                diagnostics.push(
                    Severity::Warning,
                    "overlay-empty",
                    Location::file(&path),
                    format!("the overlay is empty and is ignored; {hint} writes a draft"),
                );
                return None;
            }
            overlay::parse(&path, &text, &mut diagnostics)
        });
        let snapshot = self.lock.clients.get(&client.name);
        let changelog = read(&self.root, &changelog::path(client))?;
        let in_crate = format!("{}/{}", client.crate_dir(), changelog::FILE_NAME);
        let crate_changelog = match &changelog {
            Some(_) => None,
            None => read(&self.root, &in_crate)?,
        };
        let expected_failures = format!("{}/expected-failures.toml", client.specs_dir());
        Ok(ClientInputs {
            config: client.clone(),
            origin: snapshot.map(|snapshot| snapshot.origin),
            files,
            names,
            overlay,
            expected_failures: read(&self.root, &expected_failures)?,
            changelog,
            crate_changelog,
            licenses: licenses(&self.root)?,
            diagnostics,
        })
    }
}

impl ClientInputs {
    /// Creates inputs for a source that is in no workspace.
    pub fn new(config: ClientConfig, files: Vec<FileSet>) -> ClientInputs {
        ClientInputs {
            origin: None,
            files,
            names: Names::empty().grouped(config.code.grouped_methods),
            config,
            overlay: None,
            expected_failures: None,
            changelog: None,
            crate_changelog: None,
            licenses: Vec::new(),
            diagnostics: Diagnostics::default(),
        }
    }

    /// Makes the canonical document. `names` gets a name for each new endpoint.
    ///
    /// Returns nothing if `diagnostics` has errors, those of earlier stages included.
    pub fn output(&self, names: &mut Names, diagnostics: &mut Diagnostics) -> Option<Output> {
        pipeline::run(
            &self.config.source,
            &self.files,
            &self.config.choices,
            self.config.all_components,
            self.overlay.as_ref(),
            names,
            diagnostics,
        )
    }
}

/// Reads the license files of the workspace. Packages of clients contain copies.
fn licenses(root: &Path) -> io::Result<Vec<(&'static str, String)>> {
    let mut licenses = Vec::new();
    for name in LICENSES {
        licenses.extend(read(root, name)?.map(|text| (name, text)));
    }
    Ok(licenses)
}

/// Returns the path of a client's overlay from the workspace root.
pub fn overlay_path(client: &ClientConfig) -> String {
    format!("{}/{}", client.specs_dir(), overlay::FILE_NAME)
}

/// Returns the path of a client's names from the workspace root.
pub fn names_path(client: &ClientConfig) -> String {
    format!("{}/names.toml", client.specs_dir())
}

/// Reads a file below `root`, if it exists.
///
/// # Errors
///
/// The file exists and cannot be read as UTF-8.
pub fn read(root: &Path, path: &str) -> io::Result<Option<String>> {
    match fs::read_to_string(root.join(path)) {
        Ok(text) => Ok(Some(text)),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(None)
        }
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => {
            let message = format!(
                "{path}: a directory is where a file should be; move it away and run this again"
            );
            Err(io::Error::new(error.kind(), message))
        }
        Err(error) => Err(io::Error::new(error.kind(), format!("{path}: {error}"))),
    }
}
