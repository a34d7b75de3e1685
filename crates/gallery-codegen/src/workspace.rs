//! Reads what a run needs from the workspace: `gallery.toml`, `gallery.lock`, and per client its snapshot and names.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use gallery_spec::command::recommend;
use gallery_spec::config::{self, ClientConfig, Config};
use gallery_spec::draft::FileSet;
use gallery_spec::lock::{self, Lock, Origin};
use gallery_spec::names::Names;
use gallery_spec::overlay::{self, Overlay};
use gallery_spec::store;
use openapi_text::{Diagnostics, FileError, Location};
use thiserror::Error;

use crate::package;
use crate::sync;

/// All that a run needs.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// The clients, in the order of their names.
    pub clients: Vec<ClientInputs>,
}

/// What one client is made from.
#[derive(Clone, Debug)]
pub struct ClientInputs {
    /// What `gallery.toml` says.
    pub config: ClientConfig,
    /// How its snapshot came to be; none without a snapshot.
    pub origin: Option<Origin>,
    /// The files of the snapshot.
    pub files: Vec<FileSet>,
    /// The names that it has so far.
    pub names: Names,
    /// What people know of it, if they wrote it down.
    pub overlay: Option<Overlay>,
    /// What its tests are known to fail, if people wrote it down: the text of `expected-failures.toml`, which the judge reads.
    pub expected_failures: Option<String>,
    /// What reading brought up.
    pub diagnostics: Diagnostics,
}

/// Why the inputs could not be read.
#[derive(Debug, Error)]
pub enum LoadError {
    /// A file that people write or keep is wrong.
    #[error(transparent)]
    File(#[from] FileError),
    /// The disk.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// No client of this name.
    #[error("there is no client `{name}`; {} has: {}", config::PATH, known.join(", "))]
    NoSuchClient {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
}

/// Reads `gallery.toml`.
pub fn config(root: &Path) -> Result<Config, LoadError> {
    let text = read(root, config::PATH)?.ok_or_else(|| FileError {
        location: Location::file(config::PATH),
        message: "the file is missing; run this in the workspace, or bring it back with git"
            .to_owned(),
    })?;
    Ok(config::parse(&text)?)
}

/// Reads `gallery.lock`; a workspace without one has no snapshots.
pub fn lock(root: &Path) -> Result<Lock, LoadError> {
    match read(root, lock::PATH)? {
        Some(text) => Ok(Lock::parse(&text)?),
        None => Ok(Lock::default()),
    }
}

/// The clients of `gallery.toml`, or the one that is asked for.
pub fn clients(config: &Config, only: Option<&str>) -> Result<Vec<ClientConfig>, LoadError> {
    if config.clients.is_empty() {
        let message = format!(
            "there is no client; add one with {}, or write a table `[clients.NAME]` with `crate`, \
             `version` and `listing`",
            recommend("add PROVIDER")
        );
        return Err(FileError {
            location: Location::line(config::PATH, 1, 1),
            message,
        }
        .into());
    }
    match only {
        Some(name) => Ok(vec![client(config, name)?]),
        None => Ok(config.clients.clone()),
    }
}

/// The client of that name.
pub(crate) fn client(config: &Config, name: &str) -> Result<ClientConfig, LoadError> {
    let found = config
        .clients
        .iter()
        .find(|client| client.name == name)
        .cloned();
    found.ok_or_else(|| {
        let known = config
            .clients
            .iter()
            .map(|client| client.name.clone())
            .collect();
        LoadError::NoSuchClient {
            name: name.to_owned(),
            known,
        }
    })
}

/// What a run takes from elsewhere than the disk.
#[derive(Clone, Debug)]
pub struct Given {
    /// What `gallery.toml` says, or is about to say.
    pub config: Config,
    /// What `gallery.lock` says, or is about to say.
    pub lock: Lock,
    /// Listings that are not on disk yet, by client.
    pub listings: BTreeMap<String, Vec<FileSet>>,
}

/// Reads everything for all clients below `root`, or for the one that is asked for.
pub fn load(root: &Path, only: Option<&str>) -> Result<Inputs, LoadError> {
    let given = Given {
        config: config(root)?,
        lock: lock(root)?,
        listings: BTreeMap::new(),
    };
    load_given(root, only, given)
}

/// Reads for all clients, or for the one that is asked for, what is not given.
pub fn load_given(root: &Path, only: Option<&str>, given: Given) -> Result<Inputs, LoadError> {
    let Given {
        config,
        lock,
        mut listings,
    } = given;
    if let Some(name) = lock
        .clients
        .keys()
        .find(|name| !config.clients.iter().any(|client| client.name == **name))
    {
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
    let mut inputs = Vec::new();
    for client in clients(&config, only)? {
        refuse_hand_written_crate(root, &client)?;
        let read = listings.remove(&client.name);
        inputs.push(load_client(root, client, &lock, read)?);
    }
    Ok(Inputs { clients: inputs })
}

/// Reads what one client is made from; its snapshot only if it is not given.
pub(crate) fn load_client(
    root: &Path,
    client: ClientConfig,
    lock: &Lock,
    given: Option<Vec<FileSet>>,
) -> Result<ClientInputs, LoadError> {
    let mut diagnostics = Diagnostics::default();
    let snapshot = lock.clients.get(&client.name);
    let files = match given {
        Some(files) => files,
        None => store::load(root, &client, snapshot, &mut diagnostics)?,
    };
    let names = match read(root, &names_path(&client))? {
        Some(text) => Names::parse(&names_path(&client), &text)?,
        None => Names::empty(),
    };
    let path = overlay_path(&client);
    let overlay =
        read(root, &path)?.and_then(|text| overlay::parse(&path, &text, &mut diagnostics));
    let origin = snapshot.map(|snapshot| snapshot.origin);
    let expected_failures = read(
        root,
        &format!("{}/expected-failures.toml", client.specs_dir()),
    )?;
    Ok(ClientInputs {
        config: client,
        origin,
        files,
        names,
        overlay,
        expected_failures,
        diagnostics,
    })
}

/// Where a client's overlay is, from the workspace's root.
pub fn overlay_path(client: &ClientConfig) -> String {
    format!("{}/{}", client.specs_dir(), overlay::FILE_NAME)
}

/// Where a client's names are.
pub(crate) fn names_path(client: &ClientConfig) -> String {
    format!("{}/names.toml", client.specs_dir())
}

/// The name of a client's crate must not be that of a crate which people write: it would be overwritten.
fn refuse_hand_written_crate(root: &Path, client: &ClientConfig) -> Result<(), LoadError> {
    let path = format!("{}/Cargo.toml", client.crate_dir());
    match read(root, &path)? {
        Some(manifest) if !package::is_generated(&manifest) => {
            let message = format!(
                "the client `{}` would overwrite this crate, which is not generated: give the client another crate name in {}, \
                 or bring the generated manifest back with git",
                client.name,
                config::PATH
            );
            Err(FileError {
                location: Location::file(path),
                message,
            }
            .into())
        }
        Some(_) => Ok(()),
        None => refuse_crate_without_manifest(root, client),
    }
}

/// A folder of that name without a manifest is ours only if what is in it says so: `git checkout` may bring the manifest back.
fn refuse_crate_without_manifest(root: &Path, client: &ClientConfig) -> Result<(), LoadError> {
    let folder = format!("{}/src", client.crate_dir());
    let Ok(entries) = fs::read_dir(root.join(&folder)) else {
        return Ok(());
    };
    let files: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_file())
        .collect();
    let ours = |path: &std::path::PathBuf| {
        fs::read_to_string(path).is_ok_and(|text| package::is_generated(&text))
    };
    if files.is_empty() || files.iter().any(ours) {
        return Ok(());
    }
    let message = format!(
        "the client `{}` would take this folder over, but nothing in it is generated: give the client another crate name in {}, \
         or move the folder away",
        client.name,
        config::PATH
    );
    Err(FileError {
        location: Location::file(folder),
        message,
    }
    .into())
}

/// Generated crates that no client of `gallery.toml` has any more, as paths from the workspace's root.
pub fn orphaned_crates(root: &Path) -> Result<Vec<String>, LoadError> {
    let config = config(root)?;
    let Ok(entries) = fs::read_dir(root.join("crates")) else {
        return Ok(Vec::new());
    };
    let mut orphaned = Vec::new();
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let manifest =
            fs::read_to_string(root.join(format!("crates/{name}/Cargo.toml"))).unwrap_or_default();
        if package::is_generated(&manifest)
            && !config.clients.iter().any(|client| client.package == name)
        {
            orphaned.push(format!("crates/{name}"));
        }
    }
    orphaned.sort();
    Ok(orphaned)
}

/// The files that runs wrote for a client, from the workspace's root: its snapshot, what was made from it, and its crate.
/// `client` is what `gallery.toml` says, if it says anything still.
pub fn written_for(
    root: &Path,
    name: &str,
    client: Option<&ClientConfig>,
) -> Result<Vec<String>, LoadError> {
    let mut files = sync::files(root, &format!("specs/{name}/listing"))?;
    files.extend(
        ["names.toml", "openapi.json", "report.json"].map(|file| format!("specs/{name}/{file}")),
    );
    if let Some(client) = client {
        refuse_hand_written_crate(root, client)?;
        let folder = client.crate_dir();
        files.extend(
            ["Cargo.toml", "README.md", "openapi.json"].map(|file| format!("{folder}/{file}")),
        );
        files.extend(sync::files(root, &format!("{folder}/src"))?);
        files.extend(sync::files(root, &format!("{folder}/tests"))?);
    }
    files.retain(|file| fs::symlink_metadata(root.join(file)).is_ok());
    Ok(files)
}

/// What is left in a client's folders, from the workspace's root.
pub fn left_of(
    root: &Path,
    name: &str,
    client: Option<&ClientConfig>,
) -> Result<Vec<String>, LoadError> {
    let mut files = sync::files(root, &format!("specs/{name}"))?;
    if let Some(client) = client {
        files.extend(sync::files(root, &client.crate_dir())?);
    }
    Ok(files)
}

fn read(root: &Path, path: &str) -> io::Result<Option<String>> {
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
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => Err(io::Error::new(
            error.kind(),
            format!(
                "{path}: a folder stands where a file should be; move it away and run this again"
            ),
        )),
        Err(error) => Err(io::Error::new(error.kind(), format!("{path}: {error}"))),
    }
}
