//! Finds the workspace of a command.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use gallery_spec::command;

/// Returns the nearest directory, from the current one upwards, that contains `specs/gallery.toml`.
pub fn workspace_root() -> Result<PathBuf> {
    let here = std::env::current_dir().context("cannot read the current directory")?;
    for folder in here.ancestors() {
        if folder.join(gallery_spec::config::PATH).is_file() {
            return Ok(folder.to_owned());
        }
    }
    // `cargo xtask` finds a workspace that has lost the file by its own manifest.
    let own = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    if let Some(root) = own
        .filter(|own| own.ends_with("xtask"))
        .and_then(|own| Some(own.parent()?.to_owned()))
    {
        return Ok(root);
    }
    bail!(
        "no {} here or in a parent directory; {} makes a workspace",
        gallery_spec::config::PATH,
        command::recommend("init")
    )
}
