//! Fetches the snapshots of clients. They are written together with the lock, and with all files
//! that are generated from them.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use gallery_fetch::{DocumentsRequest, FetchError, Fetched, FetchedFile, LocalFiles, Request};
use gallery_regen::exit::Exit;
use gallery_regen::sync::{Content, DesiredFiles, Staging};
use gallery_regen::text::counted;
use gallery_spec::config::ClientConfig;
use gallery_spec::draft::FileSet;
use gallery_spec::listings::ListingRef;
use gallery_spec::lock::{self, Lock, LockedFile, Origin, Snapshot};
use gallery_spec::source::Source;
use gallery_spec::workspace::{self, LoadError};

use crate::upstream::{Upstream, exit_of};

/// Fetched snapshots that are not written yet.
pub(crate) struct Snapshots {
    /// The files of the snapshots, and the lock.
    pub(crate) desired: DesiredFiles,
    /// The lock with these snapshots.
    pub(crate) lock: Lock,
    /// The files of each listing, by client.
    fetched: BTreeMap<String, Vec<Fetched>>,
}

/// Reads the lock. If `replaces_all`, every snapshot is about to be replaced, and a lock that is
/// invalid counts as empty.
pub(crate) fn read_lock(root: &Path, replaces_all: bool, out: &mut dyn Write) -> Result<Lock> {
    match workspace::lock(root) {
        Err(LoadError::File(error)) if replaces_all => {
            writeln!(out, "the lock is invalid and will be replaced: {error}")?;
            Ok(Lock::default())
        }
        lock => Ok(lock?),
    }
}

/// Fetches the snapshots of these clients. If a listing cannot be fetched, prints the reason and
/// returns the exit status.
pub(crate) fn fetch_snapshots(
    root: &Path,
    clients: &[ClientConfig],
    mut lock: Lock,
    upstream: &Upstream,
    staging: &Staging,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<std::result::Result<Snapshots, Exit>> {
    let mut desired = DesiredFiles::default();
    let mut all = BTreeMap::new();
    let mut failed = None;
    for client in clients {
        if client.source.is_local() {
            writeln!(out, "{}: {} is read in place", client.name, client.source)?;
            continue;
        }
        let before = lock.clients.get(&client.name).cloned();
        let staged = staging.folder(&client.name);
        let results = fetch_client(root, client, before.as_ref(), upstream, &staged);
        let mut fetched = Vec::new();
        for (name, result) in results {
            match result {
                Ok(files) => {
                    print_fetched(client, &name, &files, upstream, out)?;
                    fetched.push(files);
                }
                Err(error) => {
                    writeln!(err, "error: {}: {error}", client.name)?;
                    // An error that the user can fix has precedence over an outage.
                    failed = Some(failed.unwrap_or(Exit::Unreachable).worse(exit_of(&error)));
                }
            }
        }
        if failed.is_some() {
            continue;
        }
        if before
            .as_ref()
            .is_some_and(|before| before.origin == Origin::Transcribed)
        {
            writeln!(
                out,
                "  the snapshot was transcribed: the gallery's prose replaces this project's"
            )?;
        }
        let snapshot = snapshot(client, &fetched);
        // A snapshot of another listing has nothing to keep.
        let before = before.filter(|before| before.is_of(&client.source));
        let snapshot = match before {
            Some(before) => snapshot.after(&before),
            None => snapshot,
        };
        lock.clients.insert(client.name.clone(), snapshot);
        add_files(client, &fetched, &mut desired);
        all.insert(client.name.clone(), fetched);
    }
    if let Some(exit) = failed {
        writeln!(err, "nothing was written")?;
        return Ok(Err(exit));
    }
    let text = lock.render().context("cannot write the lock")?;
    desired.insert(lock::PATH, text);
    Ok(Ok(Snapshots {
        desired,
        lock,
        fetched: all,
    }))
}

/// The result of fetching one file set of a client.
pub(crate) type FetchResult = std::result::Result<Fetched, FetchError>;

/// Fetches each file set of a client. Returns their names and files. New files go into the
/// directory `into`. Paths of files are relative to the snapshot's directory.
pub(crate) fn fetch_client(
    root: &Path,
    client: &ClientConfig,
    before: Option<&Snapshot>,
    upstream: &Upstream,
    into: &Path,
) -> Vec<(String, FetchResult)> {
    let folder = root.join(client.snapshot_dir());
    let local = |prefix: &str| {
        before
            .map(|before| LocalFiles::read(&folder.join(prefix), &before.part(prefix)))
            .unwrap_or_default()
    };
    match &client.source {
        Source::Listings(source) => {
            let fetch = |listing: &ListingRef| {
                let prefix = client.source.prefix_of(&listing.to_string());
                let request = Request {
                    listing,
                    documents: source.documents,
                    local: &local(&prefix),
                    into: &into.join(&prefix),
                };
                let mut fetched = upstream.wait(upstream.fetcher.listing(request))?;
                for file in &mut fetched.files {
                    file.locked.path.insert_str(0, &prefix);
                }
                Ok(fetched)
            };
            source
                .all()
                .map(|listing| (listing.to_string(), fetch(listing)))
                .collect()
        }
        Source::Documents(source) => {
            let request = DocumentsRequest {
                source: &upstream.documents(source),
                hosts: &upstream.hosts,
                local: &local(""),
                into,
            };
            let fetched = upstream.wait(upstream.fetcher.documents(request));
            vec![(source.to_string(), fetched)]
        }
    }
}

/// Returns the lock's entry for a client.
pub(crate) fn snapshot(client: &ClientConfig, fetched: &[Fetched]) -> Snapshot {
    let files = fetched.iter().flat_map(|fetched| &fetched.files);
    let files = files.map(|file| file.locked.clone()).collect();
    Snapshot::fetched(&client.source, files)
}

fn print_fetched(
    client: &ClientConfig,
    name: &str,
    fetched: &Fetched,
    upstream: &Upstream,
    out: &mut dyn Write,
) -> Result<()> {
    let bytes: u64 = fetched.files.iter().map(|file| file.locked.size).sum();
    let files = counted(fetched.files.len(), "file");
    let is_from_mirror = upstream.reads_mirror(&client.source);
    let from = match (&client.source, is_from_mirror) {
        (Source::Documents(_), false) => String::new(),
        _ => format!(" from {}", upstream.source),
    };
    let downloaded = match is_from_mirror {
        false => format!(", {} of them downloaded", fetched.downloaded),
        true => String::new(),
    };
    writeln!(
        out,
        "{}: {files} of {name}{from}, {bytes} bytes{downloaded}",
        client.name
    )?;
    for notice in &fetched.notices {
        writeln!(out, "{notice}")?;
    }
    Ok(())
}

fn add_files(client: &ClientConfig, fetched: &[Fetched], desired: &mut DesiredFiles) {
    let folder = client.snapshot_dir();
    desired.own(&folder);
    for FetchedFile { locked, staged } in fetched.iter().flat_map(|fetched| &fetched.files) {
        let content = staged.clone().map_or(Content::Kept, Content::Staged);
        desired.put(format!("{folder}/{}", locked.path), content);
    }
}

impl Snapshots {
    /// Returns the files of a client's snapshot.
    pub(crate) fn files(&self, root: &Path, client: &ClientConfig) -> Result<Vec<FileSet>> {
        let fetched = self.fetched.get(&client.name).into_iter().flatten();
        let folder = client.snapshot_dir();
        let path = |file: &LockedFile| format!("{folder}/{}", file.path);
        let names = client.source.names();
        let sets = names
            .iter()
            .zip(fetched)
            .map(|(name, fetched)| fetched.read(name, &root.join(&folder), path))
            .collect::<std::result::Result<_, _>>()?;
        Ok(sets)
    }
}
