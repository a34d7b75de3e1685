//! Brings the listings of clients, to be written together with the lock, or together with all that is made from them.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use gallery_codegen::outputs::{Content, Outputs};
use gallery_codegen::sync::{self, Staging};
use gallery_codegen::workspace::{self, LoadError};
use gallery_fetch::{FetchError, Fetched, FetchedFile, LocalFiles, Request};
use gallery_spec::config::ClientConfig;
use gallery_spec::draft::FileSet;
use gallery_spec::listings::ListingRef;
use gallery_spec::lock::{self, Lock, LockedFile, Origin, Snapshot};
use gallery_spec::source::Source;

use crate::exit::Exit;
use crate::text::counted;
use crate::upstream::{Upstream, exit_of};

/// What is to be on disk of the listings.
pub(crate) struct Brought {
    pub(crate) outputs: Outputs,
    pub(crate) lock: Lock,
    /// The files of each listing, by client.
    fetched: BTreeMap<String, Vec<Fetched>>,
}

/// Takes the lock for this run, and finishes what a run before had begun.
pub(crate) fn begin(root: &Path, out: &mut dyn Write) -> Result<sync::Exclusive> {
    // A workspace without its settings is told so before anything else is tried.
    workspace::config(root)?;
    let exclusive = sync::exclusive(root, || eprintln!("waiting for another run to end"))?;
    if let Some(done) = sync::recover(root)? {
        writeln!(
            out,
            "a run before this one died while it was writing; {done}"
        )?;
    }
    Ok(exclusive)
}

/// The lock; when all of it is about to be written, one that cannot be read is as good as none.
pub(crate) fn lock_or_none(root: &Path, all: bool, out: &mut dyn Write) -> Result<Lock> {
    match workspace::lock(root) {
        Err(LoadError::File(error)) if all => {
            writeln!(out, "the lock cannot be read and is written anew: {error}")?;
            Ok(Lock::default())
        }
        lock => Ok(lock?),
    }
}

/// Brings the listings of all these clients. When one does not come, it is said why, and nothing of any is kept.
pub(crate) fn bring(
    root: &Path,
    clients: &[ClientConfig],
    mut lock: Lock,
    upstream: &Upstream,
    staging: &Staging,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<std::result::Result<Brought, Exit>> {
    let mut outputs = Outputs::default();
    let mut all = BTreeMap::new();
    let mut failed = None;
    for client in clients {
        let before = lock.clients.get(&client.name).cloned();
        let came = fetch_client(
            root,
            client,
            before.as_ref(),
            upstream,
            &staging.folder(&client.name),
        );
        let mut fetched = Vec::new();
        for (listing, came) in came {
            match came {
                Ok(files) => {
                    say(client, listing, &files, upstream, out)?;
                    fetched.push(files);
                }
                Err(error) => {
                    writeln!(err, "error: {}: {error}", client.name)?;
                    // What can be mended here weighs more than an outage.
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
                "  the snapshot was transcribed: the gallery's own prose replaces this project's"
            )?;
        }
        let snapshot = snapshot(client, &fetched);
        // What another listing had says nothing of this one.
        let same = before.filter(|before| before.is_of(&client.source));
        lock.clients.insert(
            client.name.clone(),
            same.map_or(snapshot.clone(), |before| snapshot.after(&before)),
        );
        take(client, &fetched, &mut outputs);
        all.insert(client.name.clone(), fetched);
    }
    if let Some(exit) = failed {
        writeln!(err, "nothing was written")?;
        return Ok(Err(exit));
    }
    outputs.insert(
        lock::PATH,
        lock.render().context("the lock cannot be written")?,
    );
    Ok(Ok(Brought {
        outputs,
        lock,
        fetched: all,
    }))
}

/// Brings the listings of one client, each with what it came to; new files are put into the folder `into`. Paths of files are those in the
/// snapshot's folder.
pub(crate) fn fetch_client<'a>(
    root: &Path,
    client: &'a ClientConfig,
    before: Option<&Snapshot>,
    upstream: &Upstream,
    into: &Path,
) -> Vec<(&'a ListingRef, std::result::Result<Fetched, FetchError>)> {
    let folder = root.join(client.snapshot_dir());
    let Source::Listings(source) = &client.source;
    let one = |listing: &ListingRef| {
        let prefix = client.source.prefix_of(&listing.to_string());
        let local = before
            .map(|before| LocalFiles::read(&folder.join(&prefix), &before.part(&prefix)))
            .unwrap_or_default();
        let request = Request {
            listing,
            documents: source.documents,
            local: &local,
            into: &into.join(&prefix),
        };
        let mut fetched = upstream.wait(upstream.fetcher.listing(request))?;
        fetched
            .files
            .iter_mut()
            .for_each(|file| file.locked.path.insert_str(0, &prefix));
        Ok(fetched)
    };
    source
        .all()
        .map(|listing| (listing, one(listing)))
        .collect()
}

/// What the lock is to say of a client.
pub(crate) fn snapshot(client: &ClientConfig, fetched: &[Fetched]) -> Snapshot {
    let Source::Listings(source) = &client.source;
    let mut files: Vec<_> = fetched
        .iter()
        .flat_map(|fetched| fetched.snapshot().files)
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Snapshot {
        origin: Origin::Fetched,
        listings: source.all().cloned().collect(),
        files,
    }
}

fn say(
    client: &ClientConfig,
    listing: &ListingRef,
    fetched: &Fetched,
    upstream: &Upstream,
    out: &mut dyn Write,
) -> Result<()> {
    let bytes: u64 = fetched.files.iter().map(|file| file.locked.size).sum();
    let moved = match &upstream.source {
        gallery_fetch::Source::Http { .. } => {
            format!(", {} of them downloaded", fetched.downloaded)
        }
        gallery_fetch::Source::Mirror(_) => String::new(),
    };
    let files = counted(fetched.files.len(), "file");
    writeln!(
        out,
        "{}: {files} of {listing} from {}, {bytes} bytes{moved}",
        client.name, upstream.source
    )?;
    for notice in &fetched.notices {
        writeln!(out, "{notice}")?;
    }
    Ok(())
}

fn take(client: &ClientConfig, fetched: &[Fetched], outputs: &mut Outputs) {
    let folder = client.snapshot_dir();
    outputs.own(&folder);
    for FetchedFile { locked, staged } in fetched.iter().flat_map(|fetched| &fetched.files) {
        let content = staged.clone().map_or(Content::Kept, Content::Staged);
        outputs.put(format!("{folder}/{}", locked.path), content);
    }
}

impl Brought {
    /// The listings as `regen` reads them.
    pub(crate) fn listings(
        &self,
        root: &Path,
        clients: &[ClientConfig],
    ) -> Result<BTreeMap<String, Vec<FileSet>>> {
        let mut listings = BTreeMap::new();
        for client in clients {
            let fetched = self.fetched.get(&client.name).into_iter().flatten();
            let folder = client.snapshot_dir();
            let mut sets = Vec::new();
            for (name, fetched) in client.source.names().iter().zip(fetched) {
                let path = |file: &LockedFile| format!("{folder}/{}", file.path);
                sets.push(fetched.read(name, &root.join(&folder), path)?);
            }
            listings.insert(client.name.clone(), sets);
        }
        Ok(listings)
    }
}
