//! Reads a snapshot from disk and verifies it against the lock. Only this module reads files.

use std::fs;
use std::io;
use std::path::Path;

use crate::command::recommend;
use crate::config::{self, ClientConfig};
use crate::local;
use crate::lock::{self, LockedFile, Snapshot};
use crate::source::Source;
use gallery_draft::{FileSet, RawFile};
use openapi_text::front_matter::MAX_FILE_BYTES;
use openapi_text::{Diagnostics, Location, Severity};

/// Reads the snapshot of `client` in the workspace `root`, or its documents if they are in the
/// workspace. Returns one file set for each listing.
///
/// Reports files that are missing, modified, too large or not in the lock to `diagnostics`.
///
/// # Errors
///
/// The disk could not be read.
pub fn load(
    root: &Path,
    client: &ClientConfig,
    snapshot: Option<&Snapshot>,
    diagnostics: &mut Diagnostics,
) -> io::Result<Vec<FileSet>> {
    if let (Source::Documents(source), true) = (&client.source, client.source.is_local()) {
        return Ok(vec![local::read(root, source, diagnostics)?]);
    }
    let directory = client.snapshot_dir();
    let fetch = recommend(&format!("fetch {}", client.name));
    let mut refuse = |code, message: String| {
        diagnostics.push(Severity::Error, code, Location::file(lock::PATH), message);
    };
    let names = client.source.names();
    let mut sets: Vec<FileSet> = names
        .into_iter()
        .map(|name| FileSet {
            name,
            files: Vec::new(),
        })
        .collect();
    let Some(snapshot) = snapshot else {
        refuse(
            "no-snapshot",
            format!(
                "the client `{}` has no snapshot; download one with {fetch}",
                client.name
            ),
        );
        return Ok(sets);
    };
    if !snapshot.is_of(&client.source) {
        let of = snapshot.source_name();
        let message = format!(
            "the snapshot of the client `{}` is of {of}, but {} has {}; update it with {fetch}",
            client.name,
            config::PATH,
            client.source
        );
        refuse("other-snapshot", message);
        return Ok(sets);
    }
    for set in &mut sets {
        let prefix = client.source.prefix_of(&set.name);
        let directory = format!("{directory}/{prefix}");
        for locked in snapshot.part(&prefix).files {
            set.files.extend(read_file(
                root,
                format!("{directory}{}", locked.path),
                &locked,
                &fetch,
                diagnostics,
            )?);
        }
        set.files.sort_by(|a, b| a.path.cmp(&b.path));
    }
    report_unknown(root, &directory, snapshot, &fetch, diagnostics)?;
    Ok(sets)
}

/// Reads one file of a snapshot. Reports a file that does not match the lock.
fn read_file(
    root: &Path,
    path: String,
    locked: &LockedFile,
    fetch: &str,
    diagnostics: &mut Diagnostics,
) -> io::Result<Option<RawFile>> {
    let file = root.join(&path);
    let mut refuse = |code, message: String| {
        diagnostics.push(Severity::Error, code, Location::file(&path), message);
        Ok(None)
    };
    let size = match fs::symlink_metadata(&file) {
        Ok(metadata) if metadata.is_file() => metadata.len(),
        Ok(_) => {
            let message = format!(
                "the snapshot file is a symlink or a directory; restore it with git or {fetch}"
            );
            return refuse("snapshot-not-a-file", message);
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return refuse(
                "snapshot-missing",
                format!("the snapshot file is missing; restore it with git or {fetch}"),
            );
        }
        Err(error) => return Err(with_path(error, &path)),
    };
    if size > MAX_FILE_BYTES as u64 {
        return refuse(
            "unreadable-file",
            format!("the file has {size} bytes; at most {MAX_FILE_BYTES} are read"),
        );
    }
    let bytes = fs::read(&file).map_err(|error| with_path(error, &path))?;
    let checksum = lock::sha256(&bytes);
    if checksum != locked.sha256 || size != locked.size {
        let message = format!(
            "the snapshot file was modified: sha256 {checksum}, {size} bytes; {} has {}, {} bytes; restore it with git or {fetch}",
            lock::PATH,
            locked.sha256,
            locked.size
        );
        return refuse("snapshot-altered", message);
    }
    Ok(Some(RawFile::new(path, bytes).with_url(&locked.url)))
}

/// Reports files that are not in the lock.
fn report_unknown(
    root: &Path,
    directory: &str,
    snapshot: &Snapshot,
    fetch: &str,
    diagnostics: &mut Diagnostics,
) -> io::Result<()> {
    let mut unknown = Vec::new();
    find_unknown(&root.join(directory), "", snapshot, &mut unknown)
        .map_err(|error| with_path(error, directory))?;
    unknown.sort();
    for path in unknown {
        let message = format!(
            "the file in the snapshot's directory is not in {}; remove it, or run {fetch}",
            lock::PATH
        );
        diagnostics.push(
            Severity::Error,
            "snapshot-unknown",
            Location::file(format!("{directory}/{path}")),
            message,
        );
    }
    Ok(())
}

/// Collects the files in `directory` that are not in the lock. `prefix` is the path of `directory`
/// relative to the snapshot.
fn find_unknown(
    directory: &Path,
    prefix: &str,
    snapshot: &Snapshot,
    unknown: &mut Vec<String>,
) -> io::Result<()> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let below = format!("{path}/");
        if snapshot
            .files
            .iter()
            .any(|file| file.path.starts_with(&below))
            && entry.file_type()?.is_dir()
        {
            find_unknown(&entry.path(), &below, snapshot, unknown)?;
        } else if !snapshot.files.iter().any(|file| file.path == path) {
            unknown.push(path);
        }
    }
    Ok(())
}

fn with_path(error: io::Error, path: &str) -> io::Error {
    io::Error::new(error.kind(), format!("{path}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lock::{Origin, sha256};
    use crate::source::ListingsSource;
    use expect_test::{Expect, expect};
    use gallery_listings::{Documents, ListingRef};
    use std::collections::BTreeSet;

    fn source(further: &[&str]) -> Source {
        let listing = |text: &str| ListingRef::parse(text).unwrap();
        Source::Listings(ListingsSource {
            first: listing("o/r/p"),
            further: further.iter().map(|text| listing(text)).collect(),
            documents: Documents::All,
        })
    }

    fn client() -> ClientConfig {
        ClientConfig::of("a", source(&[]))
    }

    fn locked(path: &str, bytes: &[u8]) -> LockedFile {
        LockedFile {
            path: path.into(),
            url: String::new(),
            size: bytes.len() as u64,
            sha256: sha256(bytes),
            etag: None,
        }
    }

    fn check(change: impl Fn(&Path), expected: Expect) {
        let root = tempfile::tempdir().unwrap();
        let directory = root.path().join("specs/a/listing");
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join("apis.md"), "name: P").unwrap();
        fs::write(directory.join("openapi.md"), "swagger").unwrap();
        change(&directory);
        let files = vec![
            locked("apis.md", b"name: P"),
            locked("openapi.md", b"swagger"),
        ];
        let mut diagnostics = Diagnostics::default();
        let snapshot = Snapshot {
            origin: Origin::Fetched,
            listings: BTreeSet::new(),
            source: None,
            files,
        };
        let listings = load(root.path(), &client(), Some(&snapshot), &mut diagnostics).unwrap();
        let mut seen: Vec<_> = listings[0]
            .files
            .iter()
            .map(|file| file.path.clone())
            .collect();
        seen.extend(diagnostics.iter().map(ToString::to_string));
        expected.assert_eq(&seen.join("\n"));
    }

    #[test]
    fn verifies_files_against_the_lock() {
        check(
            |_| (),
            expect![[r#"
            specs/a/listing/apis.md
            specs/a/listing/openapi.md"#]],
        );
        check(
            |directory| fs::remove_file(directory.join("apis.md")).unwrap(),
            expect![[r#"
            specs/a/listing/openapi.md
            error[snapshot-missing]: the snapshot file is missing; restore it with git or `gallery fetch a`
              --> specs/a/listing/apis.md"#]],
        );
        check(
            |directory| fs::write(directory.join("apis.md"), "name: Q").unwrap(),
            expect![[r#"
            specs/a/listing/openapi.md
            error[snapshot-altered]: the snapshot file was modified: sha256 ee091d11c7ae706228d15e7dc9639e4e675d234fafa8e92c0c6c91ee70be58cd, 7 bytes; specs/gallery.lock has 2ec1fd1406a999100718bd527ce0322216937f037ff43ea64f692608c0549130, 7 bytes; restore it with git or `gallery fetch a`
              --> specs/a/listing/apis.md"#]],
        );
        check(
            |directory| fs::write(directory.join("b-openapi.md"), "x").unwrap(),
            expect![[r#"
            specs/a/listing/apis.md
            specs/a/listing/openapi.md
            error[snapshot-unknown]: the file in the snapshot's directory is not in specs/gallery.lock; remove it, or run `gallery fetch a`
              --> specs/a/listing/b-openapi.md"#]],
        );
    }

    #[test]
    fn reads_each_of_several_listings_from_its_directory() {
        let listing = |text: &str| ListingRef::parse(text).unwrap();
        let client = ClientConfig {
            source: source(&["o2/r/p"]),
            ..client()
        };
        let root = tempfile::tempdir().unwrap();
        for path in [
            "o/r/p/apis.md",
            "o2/r/p/apis.md",
            "o/r/p/notes.md",
            "o2/other/apis.md",
            "apis.md",
        ] {
            let path = root.path().join("specs/a/listing").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "name: P").unwrap();
        }
        let load = |snapshot: &Snapshot| {
            let mut diagnostics = Diagnostics::default();
            let listings =
                super::load(root.path(), &client, Some(snapshot), &mut diagnostics).unwrap();
            let mut output: Vec<String> = listings
                .iter()
                .map(|it| it.files.iter().map(|file| file.path.clone()).collect())
                .collect();
            output.extend(diagnostics.iter().map(ToString::to_string));
            output.join("\n")
        };
        let files = ["o/r/p/apis.md", "o2/r/p/apis.md"]
            .map(|path| locked(path, b"name: P"))
            .to_vec();
        let listings = BTreeSet::from([listing("o/r/p"), listing("o2/r/p")]);
        let snapshot = Snapshot {
            origin: Origin::Fetched,
            listings,
            source: None,
            files,
        };
        expect![[r#"
            specs/a/listing/o/r/p/apis.md
            specs/a/listing/o2/r/p/apis.md
            error[snapshot-unknown]: the file in the snapshot's directory is not in specs/gallery.lock; remove it, or run `gallery fetch a`
              --> specs/a/listing/apis.md
            error[snapshot-unknown]: the file in the snapshot's directory is not in specs/gallery.lock; remove it, or run `gallery fetch a`
              --> specs/a/listing/o/r/p/notes.md
            error[snapshot-unknown]: the file in the snapshot's directory is not in specs/gallery.lock; remove it, or run `gallery fetch a`
              --> specs/a/listing/o2/other"#]].assert_eq(&load(&snapshot));
        let one = Snapshot {
            listings: BTreeSet::from([listing("o/r/p")]),
            ..snapshot
        };
        expect![[r#"


            error[other-snapshot]: the snapshot of the client `a` is of o/r/p, but specs/gallery.toml has o/r/p, o2/r/p; update it with `gallery fetch a`
              --> specs/gallery.lock"#]].assert_eq(&load(&one));
    }

    #[cfg(unix)]
    #[test]
    fn rejects_symlinks() {
        let link = |directory: &Path| {
            fs::rename(directory.join("apis.md"), directory.join("../elsewhere")).unwrap();
            std::os::unix::fs::symlink("../elsewhere", directory.join("apis.md")).unwrap();
        };
        check(
            link,
            expect![[r#"
            specs/a/listing/openapi.md
            error[snapshot-not-a-file]: the snapshot file is a symlink or a directory; restore it with git or `gallery fetch a`
              --> specs/a/listing/apis.md"#]],
        );
    }
}
