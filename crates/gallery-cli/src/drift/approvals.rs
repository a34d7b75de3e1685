//! Approvals come to their end: the `regen` that takes a difference over takes out what approved it.
//!
//! "Takes over" means: the document on disk and the one that is about to be written differ so, that this very difference is among theirs.
//! Then the snapshot has it from now on, and no later comparison with upstream finds it again. An approval that is left for another
//! reason stays, as only upstream can tell whether it is needed.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use anyhow::Result;
use gallery_codegen::Outputs;
use gallery_spec::approvals;
use gallery_spec::config::ClientConfig;
use openapi_drift::{Document, compare};

use super::listing;
use crate::text::counted;

/// Takes out the approvals of a client whose differences the outputs take over, by adding their file to the outputs.
pub(crate) fn prune(
    root: &Path,
    client: &ClientConfig,
    outputs: &mut Outputs,
    out: &mut dyn Write,
) -> Result<()> {
    let path = format!("{}/{}", client.specs_dir(), approvals::FILE_NAME);
    let Some(bytes) = listing::file(&root.join(&path), &path)? else {
        return Ok(());
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    // One that cannot be read is said so at once, not when upstream changes.
    approvals::parse(&path, &text)?;
    let document = format!("{}/openapi.json", client.specs_dir());
    let Some(after) = outputs.get(&document).map(String::from_utf8_lossy) else {
        return Ok(());
    };
    let Some(before) = listing::file(&root.join(&document), &document)? else {
        return Ok(());
    };
    // A document that somebody broke by hand is written anew; nothing can be said of what it had.
    let Ok(before) = Document::parse(&document, &String::from_utf8_lossy(&before)) else {
        return Ok(());
    };
    let after = Document::parse(&document, &after)?;
    let taken: Vec<String> = compare(&before, &after)
        .into_iter()
        .map(|change| change.fingerprint)
        .collect();
    let taken: BTreeSet<&str> = taken.iter().map(String::as_str).collect();
    let (left, count) = approvals::prune(&path, &text, &taken)?;
    if count > 0 {
        writeln!(
            out,
            "  approved   {} taken over and out of {path}",
            counted(count, "difference")
        )?;
        outputs.insert(path, left);
    }
    Ok(())
}
