//! The crate of a client, read from the workspace or generated from a listing.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use gallery_codegen::Outputs;
use gallery_spec::command::recommend;
use gallery_spec::config::{ClientConfig, CodeOptions};
use gallery_spec::listings::ListingRef;

use crate::compiled_clients::compiled_here;
use crate::survey::{Extent, MirrorSource, Outcome, survey};

/// The path of the generated code in a client's crate.
const GENERATED_CODE: &str = "src/generated.rs";

/// The directory of the modules of generated code in a client's crate.
const GENERATED_MODULES: &str = "src/generated/";

/// The crate of a client, in memory.
pub(super) struct ClientCrate {
    /// The name of the client or the listing, for output.
    pub(super) name: String,
    /// The folder of the crate from the root, for output.
    pub(super) path: String,
    /// The folder that relative paths in the manifest start from.
    pub(super) folder: PathBuf,
    /// The files of the crate, with their paths in it.
    pub(super) files: Vec<(String, Vec<u8>)>,
    /// The files of the generated code, with their paths in the crate.
    pub(super) code: Vec<(String, String)>,
}

impl ClientCrate {
    /// Returns the path of a file of the generated code from the root, for output.
    pub(super) fn code_path(&self, file: usize) -> String {
        let path = self.code.get(file).map_or(GENERATED_CODE, |(path, _)| path);
        format!("{}/{path}", self.path)
    }

    /// Reads the crate of a client of the workspace.
    pub(super) fn read(root: &Path, config: &ClientConfig) -> Result<ClientCrate> {
        let folder = config.crate_dir();
        let mut files = Vec::new();
        read_files(&root.join(&folder), "", &mut files)
            .with_context(|| format!("{folder}; run {}", recommend("regen")))?;
        ClientCrate::new(config.name.clone(), root, &folder, files)
    }

    /// Generates a client from a listing of a mirror.
    pub(super) fn generate(
        root: &Path,
        listing: &ListingRef,
        mirror: Option<&Path>,
    ) -> Result<ClientCrate> {
        let variable = || {
            std::env::var_os("GALLERY_MIRROR")
                .filter(|folder| !folder.is_empty())
                .map(PathBuf::from)
        };
        let Some(mirror) = mirror.map(Path::to_owned).or_else(variable) else {
            bail!("{listing} requires a mirror: set its folder with --mirror or GALLERY_MIRROR");
        };
        let config = ClientConfig {
            crates: compiled_here(),
            code: CodeOptions::of_new_client(),
            ..ClientConfig::of("mutants", listing.clone())
        };
        let folder = config.crate_dir();
        let source = MirrorSource::Listing(listing.clone());
        let (row, outputs) = survey(&mirror, &source, config, Extent::Code);
        if row.outcome != Outcome::Made {
            bail!(
                "cannot generate a client from {listing}:\n{}",
                row.messages.join("\n")
            );
        }
        let files = files_below(&outputs, &folder);
        ClientCrate::new(listing.to_string(), root, &folder, files)
    }

    fn new(
        name: String,
        root: &Path,
        folder: &str,
        files: Vec<(String, Vec<u8>)>,
    ) -> Result<ClientCrate> {
        let mut code = Vec::new();
        for (path, bytes) in &files {
            if path == GENERATED_CODE || path.starts_with(GENERATED_MODULES) {
                let text = String::from_utf8(bytes.clone());
                code.push((
                    path.clone(),
                    text.with_context(|| format!("{folder}/{path}"))?,
                ));
            }
        }
        code.sort();
        if !code.iter().any(|(path, _)| path == GENERATED_CODE) {
            bail!(
                "{folder}/{GENERATED_CODE} is missing; run {}",
                recommend("regen")
            );
        }
        Ok(ClientCrate {
            name,
            path: folder.to_owned(),
            folder: root.join(folder),
            files,
            code,
        })
    }
}

/// Returns the generated files below `folder`, with their paths in it.
fn files_below(outputs: &Outputs, folder: &str) -> Vec<(String, Vec<u8>)> {
    let prefix = format!("{folder}/");
    let mut files = Vec::new();
    for (path, bytes) in outputs.files() {
        if let Some(path) = path.strip_prefix(&prefix) {
            files.push((path.to_owned(), bytes.to_vec()));
        }
    }
    files
}

/// Reads all files below `folder`.
pub(super) fn read_files(
    folder: &Path,
    prefix: &str,
    files: &mut Vec<(String, Vec<u8>)>,
) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            read_files(&entry.path(), &format!("{prefix}{name}/"), files)?;
        } else {
            let bytes = fs::read(entry.path()).with_context(|| format!("{prefix}{name}"))?;
            files.push((format!("{prefix}{name}"), bytes));
        }
    }
    Ok(())
}
