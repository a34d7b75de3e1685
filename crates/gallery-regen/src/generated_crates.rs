//! Finds the files of generated crates on disk, and protects crates that people wrote.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use gallery_codegen::is_generated;
use gallery_spec::changelog;
use gallery_spec::config::{self, ClientConfig, Config};
use gallery_spec::workspace::{LICENSES, LoadError, read};
use openapi_text::{FileError, Location};

use crate::sync;

/// Returns an error if the crate of a client is a crate that people wrote.
pub fn refuse_hand_written(root: &Path, client: &ClientConfig) -> Result<(), LoadError> {
    let path = format!("{}/Cargo.toml", client.crate_dir());
    match read(root, &path)? {
        Some(manifest) if !is_generated(&manifest) => {
            let message = format!(
                "the client `{}` would overwrite this crate, which is not generated; give the \
                 client another crate name in {}, or bring the generated manifest back with git",
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
        None => refuse_without_manifest(root, client),
    }
}

/// Accepts a directory without a manifest only if one of its files is generated. The manifest may
/// come back with `git checkout`.
fn refuse_without_manifest(root: &Path, client: &ClientConfig) -> Result<(), LoadError> {
    let folder = format!("{}/src", client.crate_dir());
    let Ok(entries) = fs::read_dir(root.join(&folder)) else {
        return Ok(());
    };
    let files: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_file())
        .collect();
    let is_ours = |path: &PathBuf| fs::read_to_string(path).is_ok_and(|text| is_generated(&text));
    if files.is_empty() || files.iter().any(is_ours) {
        return Ok(());
    }
    let message = format!(
        "the client `{}` would overwrite this directory, which has no generated file; give the \
         client another crate name in {}, or move the directory away",
        client.name,
        config::PATH
    );
    Err(FileError {
        location: Location::file(folder),
        message,
    }
    .into())
}

/// Returns the generated crates that belong to no client, as sorted paths from the workspace root.
pub fn orphaned(root: &Path, config: &Config) -> Result<Vec<String>> {
    let Ok(entries) = fs::read_dir(root.join("crates")) else {
        return Ok(Vec::new());
    };
    let mut orphaned = Vec::new();
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let manifest = root.join(format!("crates/{name}/Cargo.toml"));
        let manifest = fs::read_to_string(manifest).unwrap_or_default();
        let has_client = config.clients.iter().any(|client| client.package == name);
        if is_generated(&manifest) && !has_client {
            orphaned.push(format!("crates/{name}"));
        }
    }
    orphaned.sort();
    Ok(orphaned)
}

/// Returns the existing files that `fetch` and `regen` wrote for a client, from the workspace root:
/// its snapshot, its documents and its crate. `client` is its table in `gallery.toml`, if it still
/// has one.
pub fn written_for(root: &Path, name: &str, client: Option<&ClientConfig>) -> Result<Vec<String>> {
    let mut files = sync::files(root, &format!("specs/{name}/listing"))?;
    let documents = ["names.toml", "openapi.json", "report.json"];
    files.extend(documents.map(|file| format!("specs/{name}/{file}")));
    if let Some(client) = client {
        refuse_hand_written(root, client)?;
        let folder = client.crate_dir();
        let top = ["Cargo.toml", "README.md", "openapi.json"];
        files.extend(top.map(|file| format!("{folder}/{file}")));
        // People may have written other files with these names.
        let copy = format!("{folder}/{}", changelog::FILE_NAME);
        if read(root, &copy)?.is_some_and(|text| is_generated(&text)) {
            files.push(copy);
        }
        for name in LICENSES {
            let copy = format!("{folder}/{name}");
            if read(root, &copy)? == read(root, name)? {
                files.push(copy);
            }
        }
        let path = changelog::path(client);
        if read(root, &path)? == Some(changelog::first(client)) {
            files.push(path);
        }
        files.extend(sync::files(root, &format!("{folder}/src"))?);
        files.extend(sync::files(root, &format!("{folder}/tests"))?);
    }
    files.retain(|file| fs::symlink_metadata(root.join(file)).is_ok());
    Ok(files)
}

/// Returns all files in the directories of a client, from the workspace root.
pub fn remaining(root: &Path, name: &str, client: Option<&ClientConfig>) -> Result<Vec<String>> {
    let mut files = sync::files(root, &format!("specs/{name}"))?;
    if let Some(client) = client {
        files.extend(sync::files(root, &client.crate_dir())?);
    }
    Ok(files)
}
