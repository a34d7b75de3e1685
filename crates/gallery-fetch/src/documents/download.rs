//! Downloads the files of a source: first the documents, then what their references lead to.

use std::collections::BTreeSet;

use apis_json::{CATALOG_NAME, Kind};
use futures::{StreamExt, TryStreamExt, stream};
use gallery_spec::lock::LockedFile;
use openapi_text::references::is_relative;
use openapi_text::{Diagnostics, printable, redact};
use url::Url;

use super::error::DocumentsError;
use super::included::{self, Included};
use super::named::{self, Named};
use super::names;
use super::provider::index_urls;
use super::request::{DocumentsRequest, DocumentsSource};
use super::root::{Root, key, refuse_path, resolve};
use super::transfer::{Downloaded, Item, Outcome, Transfer};
use crate::error::FetchError;
use crate::event::Event;
use crate::fetched::{Fetched, FetchedFile, Skipped, disk, put};
use crate::fetcher::Fetcher;

/// The maximum number of notices about references that are not followed.
const MAX_NOTICES: usize = 50;

/// The number of reasons in an error.
const MAX_REASONS: usize = 10;

struct Download<'a> {
    transfer: Transfer<'a>,
    files: Vec<Downloaded>,
    /// The path of the first file, if that is an index.
    index: Option<&'static str>,
    /// The URLs that are or were files to download.
    seen: BTreeSet<String>,
    notices: Vec<String>,
    /// Number of references that are not followed.
    refused: usize,
    skipped: Vec<Skipped>,
}

/// Downloads all files of a source.
pub(super) async fn all(
    fetcher: &Fetcher,
    request: DocumentsRequest<'_>,
) -> Result<Fetched, FetchError> {
    let mut download = Download {
        transfer: Transfer::new(fetcher, request),
        files: Vec::new(),
        index: None,
        seen: BTreeSet::new(),
        notices: Vec::new(),
        refused: 0,
        skipped: Vec::new(),
    };
    match request.source {
        DocumentsSource::Index { url, apis } => {
            let (at, bytes) = download.top(url).await?;
            let kind = apis_json::kind(&at, &bytes, &mut Diagnostics::default());
            download.index = Some(match kind {
                Some(Kind::Catalog) => CATALOG_NAME,
                // The parser of the index tells what is wrong with other files.
                _ => names::of_index(url, &bytes),
            });
            download.named(url, &at, &bytes, apis).await?;
        }
        DocumentsSource::Provider { base, slug, apis } => {
            let (url, at, bytes) = download.provider(base, slug).await?;
            download.index = Some(names::of_index(&url, &bytes));
            download.named(&url, &at, &bytes, apis).await?;
        }
        DocumentsSource::Documents(urls) => download.given(urls).await?,
    }
    download.finish()
}

impl Download<'_> {
    /// Downloads an index. Returns its URL for messages, and its content.
    async fn top(&mut self, url: &Url) -> Result<(String, Vec<u8>), FetchError> {
        let root = self.transfer.open(url)?;
        let item = Item::document(url, root, redact::url(url));
        self.seen.insert(key(url));
        match self.transfer.get(item, false).await? {
            Outcome::Unusable(error) => Err(error),
            Outcome::File(file) => {
                let bytes = self.transfer.bytes(&file)?;
                self.files.push(*file);
                Ok((redact::url(url), bytes))
            }
        }
    }

    /// Downloads the index of a provider: the first one that exists.
    async fn provider(
        &mut self,
        base: &Url,
        slug: &str,
    ) -> Result<(Url, String, Vec<u8>), FetchError> {
        let urls = index_urls(base, slug)?;
        for url in &urls {
            match self.top(url).await {
                Err(FetchError::NoDocument { .. } | FetchError::NotInMirror { .. }) => {}
                Err(error) => return Err(error),
                Ok((at, bytes)) => return Ok((url.clone(), at, bytes)),
            }
        }
        let at: Vec<_> = urls.iter().map(|url| self.transfer.shown(url)).collect();
        Err(DocumentsError::NoProvider {
            slug: slug.to_owned(),
            at: at.join(", "),
        }
        .into())
    }

    /// Downloads the documents that an index and those that it includes name, and what they refer
    /// to.
    async fn named(
        &mut self,
        url: &Url,
        at: &str,
        bytes: &[u8],
        apis: &[String],
    ) -> Result<(), FetchError> {
        let Included {
            indexes,
            files,
            notices,
        } = included::read(&self.transfer, url, at, bytes).await?;
        self.seen.extend(files.iter().map(|file| key(&file.url)));
        self.files.extend(files);
        self.notices = notices;
        let documents = named::documents(&indexes, apis)?;
        let count = documents.len();
        let limit = self.transfer.fetcher.settings.max_files;
        if count > limit {
            let at = at.to_owned();
            return Err(DocumentsError::TooManyDocuments { at, count, limit }.into());
        }
        let mut items = Vec::new();
        for document in documents {
            match self.item(&indexes[document.index].url, &document) {
                Ok(Some(item)) => items.push(item),
                Ok(None) => {}
                Err(reason) => {
                    let message = format!("`{}`: {reason}", redact::text(&document.text));
                    self.skip(&document.text, document.at, reason, &message);
                }
            }
        }
        let before = self.files.len();
        self.follow(items).await?;
        if self.files.len() > before {
            return Ok(());
        }
        let reasons = self.skipped.iter().take(MAX_REASONS);
        let reason = |skipped: &Skipped| format!("{}: {}", skipped.at, skipped.reason);
        Err(DocumentsError::NoneLeft {
            at: at.to_owned(),
            count,
            reasons: reasons.map(reason).collect(),
        }
        .into())
    }

    /// Returns the file that an index names, `None` if it has the same URL as an earlier one, or
    /// the reason why it is not allowed.
    fn item(&mut self, index: &Url, named: &Named) -> Result<Option<Item>, String> {
        let url = resolve(index, &named.text).map_err(|error| format!("invalid URL: {error}"))?;
        if key(&url) == key(index) {
            return Err("the index names itself as a document".to_owned());
        }
        let root = match self.transfer.roots[0].refuse(&url) {
            None => 0,
            // A path relative to the index is below its directory. A URL can be elsewhere.
            Some(reason) if is_relative(&named.text) => return Err(reason),
            Some(_) => {
                let web = &self.transfer.webs[0];
                if let Some(reason) = web.refuse(&url).or_else(|| refuse_path(&url)) {
                    return Err(reason.to_owned());
                }
                self.transfer.roots.push(Root::of(&url, 0));
                self.transfer.roots.len() - 1
            }
        };
        let is_new = self.seen.insert(key(&url));
        Ok(is_new.then(|| Item::document(&url, root, named.at.clone())))
    }

    /// Downloads the documents at URLs that a person chose. Each must exist.
    async fn given(&mut self, urls: &[Url]) -> Result<(), FetchError> {
        let mut items = Vec::new();
        for url in urls {
            let mut url = url.clone();
            url.set_fragment(None);
            let root = self.transfer.open(&url)?;
            if self.seen.insert(key(&url)) {
                items.push(Item {
                    is_required: true,
                    ..Item::document(&url, root, redact::url(&url))
                });
            }
        }
        self.follow(items).await
    }

    /// Downloads files, those that their references lead to, and so on.
    async fn follow(&mut self, mut items: Vec<Item>) -> Result<(), FetchError> {
        let mut planned = self.files.len();
        while !items.is_empty() {
            planned += items.len();
            (self.transfer.fetcher.on)(Event::Planned(planned));
            let this = &*self;
            let outcomes: Vec<(Item, Outcome)> = stream::iter(items)
                .map(|item| async move {
                    let outcome = this.transfer.get(item.clone(), true).await?;
                    Ok::<_, FetchError>((item, outcome))
                })
                .buffered(self.transfer.fetcher.settings.concurrency.max(1))
                .try_collect()
                .await?;
            items = Vec::new();
            for (item, outcome) in outcomes {
                match outcome {
                    Outcome::Unusable(error) if item.is_required => return Err(error),
                    Outcome::Unusable(error) if item.is_document => {
                        let reason = error.to_string();
                        self.skip(&redact::url(&item.url), item.at, reason.clone(), &reason);
                    }
                    Outcome::Unusable(error) => self.leave(&item.at, &error.to_string()),
                    Outcome::File(mut file) => {
                        for reference in std::mem::take(&mut file.references) {
                            items.extend(self.referenced(&file, &reference));
                        }
                        self.files.push(*file);
                    }
                }
            }
            let limit = self.transfer.fetcher.settings.max_files;
            if let Some(last) = items.last().filter(|_| planned + items.len() > limit) {
                let at = last.at.clone();
                return Err(DocumentsError::TooManyFiles { at, limit }.into());
            }
        }
        if let Some(more @ 1..) = self.refused.checked_sub(MAX_NOTICES) {
            self.notices.push(format!(
                "warning[reference-not-followed]: {more} more references lead nowhere"
            ));
        }
        Ok(())
    }

    /// Returns the file that a reference leads to, unless it is known or not allowed.
    fn referenced(&mut self, from: &Downloaded, reference: &str) -> Option<Item> {
        let at = redact::url(&from.url);
        let (url, reason) = match resolve(&from.url, reference) {
            // A document of the source can be anywhere.
            Ok(url) if self.seen.contains(&key(&url)) => return None,
            Ok(url) => {
                let reason = self.transfer.roots[from.root].refuse(&url);
                (key(&url), reason.map_or(Ok(url), Err))
            }
            Err(error) => (reference.to_owned(), Err(format!("invalid URL: {error}"))),
        };
        // Another document may refer to a file that this one may not.
        let seen = match &reason {
            Ok(_) => url,
            Err(_) => format!("not allowed: {url}"),
        };
        if !self.seen.insert(seen) {
            return None;
        }
        match reason {
            Ok(url) => Some(Item {
                root: from.root,
                is_document: false,
                ..Item::document(&url, from.root, at)
            }),
            Err(reason) => {
                let reference = printable(&redact::text(reference));
                self.leave(&at, &format!("`{reference}`: {reason}"));
                None
            }
        }
    }

    /// Records a document that is not downloaded. The message names the document.
    fn skip(&mut self, url: &str, at: String, reason: String, message: &str) {
        self.notices.push(format!(
            "warning[document-skipped]: {}; the document is left out\n  --> {at}",
            printable(message)
        ));
        let url = printable(&redact::text(url));
        self.skipped.push(Skipped { url, at, reason });
    }

    /// Records a reference that is not followed.
    fn leave(&mut self, at: &str, reason: &str) {
        self.refused += 1;
        if self.refused <= MAX_NOTICES {
            self.notices.push(format!(
                "warning[reference-not-followed]: {}; what it refers to has no type\n  --> {at}",
                printable(reason)
            ));
        }
    }

    /// Chooses the paths of all files.
    fn finish(self) -> Result<Fetched, FetchError> {
        let urls: Vec<&Url> = self.files.iter().map(|file| &file.url).collect();
        let paths = match self.transfer.roots.first() {
            Some(root) => names::assign(root, &urls, self.index),
            None => Vec::new(),
        };
        let mut fetched = Fetched {
            files: Vec::new(),
            downloaded: self.files.iter().map(|file| file.sent).sum(),
            notices: Vec::new(),
            skipped: Vec::new(),
        };
        for (number, (file, path)) in self.files.iter().zip(paths).enumerate() {
            let has_moved = file
                .unchanged
                .as_ref()
                .is_some_and(|known| known.path != path);
            let staged = match has_moved {
                false => file.staged.clone(),
                true => {
                    let staged = self
                        .transfer
                        .request
                        .into
                        .join(format!("moved-{number:06}"));
                    put(&staged, &self.transfer.bytes(file)?)
                        .map_err(|error| disk(&staged, error))?;
                    Some(staged)
                }
            };
            fetched.files.push(FetchedFile {
                locked: LockedFile {
                    path,
                    url: redact::url(&file.url),
                    size: file.size,
                    sha256: file.sha256.clone(),
                    etag: file.etag.clone(),
                },
                staged,
            });
        }
        fetched
            .files
            .sort_by(|a, b| a.locked.path.cmp(&b.locked.path));
        fetched.notices = self.notices;
        fetched.skipped = self.skipped;
        Ok(fetched)
    }
}
