//! Removes approvals of differences that `regen` applies.
//!
//! A difference is applied if it occurs between the document on disk and the document that `regen`
//! is about to write. Later comparisons with upstream cannot find it again. All other approvals are
//! kept, because only a comparison with upstream can tell whether they are needed.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use anyhow::Result;
use gallery_codegen::Outputs;
use gallery_spec::approvals;
use gallery_spec::config::ClientConfig;
use openapi_drift::{Document, compare};

use crate::limited::read_file;
use crate::text::counted;

/// Removes a client's approvals of differences that the outputs apply.
///
/// The updated file is added to the outputs.
pub fn prune(
    root: &Path,
    client: &ClientConfig,
    outputs: &mut Outputs,
    out: &mut dyn Write,
) -> Result<()> {
    let path = format!("{}/{}", client.specs_dir(), approvals::FILE_NAME);
    let Some(bytes) = read_file(&root.join(&path), &path)? else {
        return Ok(());
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    // Report an invalid file now rather than when the document changes.
    approvals::parse(&path, &text)?;
    let document = format!("{}/openapi.json", client.specs_dir());
    let Some(after) = outputs.get(&document).map(String::from_utf8_lossy) else {
        return Ok(());
    };
    let Some(before) = read_file(&root.join(&document), &document)? else {
        return Ok(());
    };
    // An invalid document is overwritten. Its differences are unknown.
    let Ok(before) = Document::parse(&document, &String::from_utf8_lossy(&before)) else {
        return Ok(());
    };
    let after = Document::parse(&document, &after)?;
    let applied: Vec<String> = compare(&before, &after)
        .into_iter()
        .map(|change| change.fingerprint)
        .collect();
    let applied: BTreeSet<&str> = applied.iter().map(String::as_str).collect();
    let (remaining, count) = approvals::prune(&path, &text, &applied)?;
    if count > 0 {
        writeln!(
            out,
            "  approved   {} applied, and removed from {path}",
            counted(count, "difference")
        )?;
        outputs.insert(path, remaining);
    }
    Ok(())
}
