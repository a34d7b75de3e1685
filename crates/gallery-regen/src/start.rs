//! Starts a run that reads or writes generated files.

use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::Result;
use gallery_spec::config::Config;
use gallery_spec::workspace::{self, LoadError};

use crate::sync::{self, Exclusive};

/// A run that holds the lock of the workspace.
pub struct Run {
    /// The content of `gallery.toml`.
    pub config: Config,
    _exclusive: Exclusive,
}

/// Locks the workspace, completes the writes of an earlier run that died, and reads `gallery.toml`.
pub fn start(root: &Path, out: &mut dyn Write) -> Result<Run> {
    let exclusive = lock(root)?;
    if let Some(done) = sync::recover(root)? {
        writeln!(out, "an earlier run died while it was writing; {done}")?;
    }
    Ok(Run {
        config: workspace::config(root)?,
        _exclusive: exclusive,
    })
}

/// Locks the workspace and reads `gallery.toml`. Returns nothing if an earlier run died while it
/// was writing.
pub fn start_reading(root: &Path) -> Result<Option<Run>> {
    let exclusive = lock(root)?;
    if sync::is_interrupted(root) {
        return Ok(None);
    }
    Ok(Some(Run {
        config: workspace::config(root)?,
        _exclusive: exclusive,
    }))
}

fn lock(root: &Path) -> Result<Exclusive> {
    let waiting = || eprintln!("waiting for another run to end");
    match sync::exclusive(root, waiting) {
        // The error of the missing configuration tells what to do.
        Err(error) if error.kind() == ErrorKind::NotFound => {
            workspace::config(root)?;
            Err(LoadError::Io(error).into())
        }
        exclusive => Ok(exclusive?),
    }
}
