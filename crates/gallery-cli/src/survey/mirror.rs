//! The listings of a mirror.

use std::fs;
use std::io;
use std::path::Path;

use gallery_spec::listings::{
    COMBINED, Documents, INDEX, ListingFiles, ListingRef, is_document, read_listing,
};
use gallery_spec::lock::sha256;
use openapi_text::front_matter::MAX_FILE_BYTES;

use crate::directory::names;

/// The content of a mirror.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mirror {
    /// The listings, in the order of their names.
    pub listings: Vec<ListingRef>,
    /// A message for each entry that is not a listing.
    pub others: Vec<String>,
}

/// A part of the listings. A listing's part depends only on its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    /// The number of the part, starting at 1.
    pub number: u64,
    /// The number of parts.
    pub of: u64,
}

impl Partition {
    /// Returns true if a listing is in this part.
    pub fn has(&self, listing: &ListingRef) -> bool {
        let hash = sha256(listing.to_string().as_bytes());
        u64::from_str_radix(&hash[..15], 16).unwrap_or_default() % self.of.max(1) + 1 == self.number
    }
}

/// Lists the listings at `OWNER__REPOSITORY/_listings/PROVIDER` below a directory.
///
/// # Errors
///
/// A directory cannot be read.
pub fn mirror(root: &Path) -> io::Result<Mirror> {
    let mut mirror = Mirror::default();
    for repository in names(root)? {
        let folder = root.join(&repository).join("_listings");
        let Some((owner, slug)) = repository.split_once("__").filter(|_| folder.is_dir()) else {
            mirror.others.push(format!(
                "{repository}: not a directory OWNER__REPOSITORY that contains `_listings`"
            ));
            continue;
        };
        for provider in names(&folder)? {
            let is_folder = fs::symlink_metadata(folder.join(&provider))
                .is_ok_and(|metadata| metadata.is_dir());
            match ListingRef::parse(&format!("{owner}/{slug}/{provider}")).filter(|_| is_folder) {
                Some(listing) => mirror.listings.push(listing),
                None => mirror.others.push(format!(
                    "{repository}/_listings/{provider}: not a directory with a plain name"
                )),
            }
        }
    }
    mirror.listings.sort();
    Ok(mirror)
}

/// Reads the files of one listing, as `fetch` selects them.
///
/// # Errors
///
/// A file cannot be read, is not a regular file, or is too large.
pub fn read(root: &Path, listing: &ListingRef, documents: Documents) -> io::Result<ListingFiles> {
    let path = listing.mirror_path();
    let folder = root.join(&path);
    let (existing, unusable): (Vec<String>, Vec<String>) = names(&folder)?
        .into_iter()
        .partition(|name| is_needed(name) || is_usable(&folder.join(name)));
    let name = listing.to_string();
    let mut files = read_listing(&name, &path, documents, &existing, &mut |file| {
        bytes(&folder, file).map(Some)
    })?;
    files.unread += unusable.iter().filter(|name| is_document(name)).count();
    Ok(files)
}

/// Returns true for the files without which a listing cannot be read.
fn is_needed(name: &str) -> bool {
    [INDEX, COMBINED].contains(&name)
}

/// Returns true for a regular file that is not too large.
fn is_usable(path: &Path) -> bool {
    fs::symlink_metadata(path)
        .is_ok_and(|metadata| metadata.is_file() && metadata.len() <= MAX_FILE_BYTES as u64)
}

fn bytes(folder: &Path, name: &str) -> io::Result<Vec<u8>> {
    let path = folder.join(name);
    let read = || {
        let metadata = fs::symlink_metadata(&path)?;
        if !metadata.is_file() {
            return Err(io::Error::other("not a regular file"));
        }
        if metadata.len() > MAX_FILE_BYTES as u64 {
            return Err(io::Error::other(format!(
                "the file has {} bytes; the limit is {MAX_FILE_BYTES}",
                metadata.len()
            )));
        }
        fs::read(&path)
    };
    read().map_err(|error| io::Error::new(error.kind(), format!("{name}: {error}")))
}
