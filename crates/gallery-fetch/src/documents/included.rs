//! The indexes that an index includes.

use std::collections::BTreeMap;

use apis_json::IndexQueue;
use openapi_text::{Diagnostics, printable, redact};
use url::Url;

use super::named::{self, ReadIndex};
use super::root::{key, resolve};
use super::transfer::{Downloaded, Item, Outcome, Transfer};
use crate::error::FetchError;

/// An index with those that it includes.
pub(super) struct Included {
    /// The indexes, in the order of their inclusion.
    pub(super) indexes: Vec<ReadIndex>,
    /// The files of the included indexes.
    pub(super) files: Vec<Downloaded>,
    pub(super) notices: Vec<String>,
}

/// Reads an index, and downloads those that it includes. They are below the root of the source.
pub(super) async fn read(
    transfer: &Transfer<'_>,
    url: &Url,
    at: &str,
    bytes: &[u8],
) -> Result<Included, FetchError> {
    let mut notices = Vec::new();
    let first = ReadIndex {
        url: url.clone(),
        at: at.to_owned(),
        index: named::read(at, bytes, &mut notices)?,
    };
    let mut included = Included {
        indexes: Vec::new(),
        files: Vec::new(),
        notices,
    };
    let mut queue = IndexQueue::new(key(url));
    let mut first = Some(first);
    // The URLs of the indexes in the queue, and the locations that include them.
    let mut urls: BTreeMap<String, (Url, String)> = BTreeMap::new();
    while let Some(next) = queue.pop() {
        let index = match (first.take(), urls.remove(&next)) {
            (Some(first), _) => first,
            (None, Some((url, from))) => match included.download(transfer, &url, &from).await? {
                Some(index) => index,
                None => continue,
            },
            (None, None) => continue,
        };
        for text in &index.index.includes {
            match allowed(transfer, &index.url, text) {
                Ok(url) => match queue.push(key(&url)) {
                    Ok(()) => _ = urls.insert(key(&url), (url, index.at.clone())),
                    Err(reason) => included.leave(text, &reason.to_string(), &index.at),
                },
                Err(reason) => included.leave(text, &reason, &index.at),
            }
        }
        included.indexes.push(index);
    }
    Ok(included)
}

/// Returns the URL of an included index, or the reason why it is not allowed.
fn allowed(transfer: &Transfer<'_>, from: &Url, text: &str) -> Result<Url, String> {
    let url = resolve(from, text).map_err(|error| format!("invalid URL: {error}"))?;
    match transfer.roots[0].refuse(&url) {
        Some(reason) => Err(reason),
        None => Ok(url),
    }
}

impl Included {
    async fn download(
        &mut self,
        transfer: &Transfer<'_>,
        url: &Url,
        from: &str,
    ) -> Result<Option<ReadIndex>, FetchError> {
        let at = redact::url(url);
        let item = Item::document(url, 0, from.to_owned());
        let file = match transfer.get(item, false).await? {
            Outcome::File(file) => file,
            Outcome::Unusable(error) => {
                self.leave(&at, &error.to_string(), from);
                return Ok(None);
            }
        };
        let bytes = transfer.bytes(&file)?;
        let mut diagnostics = Diagnostics::default();
        let Some(index) = apis_json::read(&at, &bytes, &mut diagnostics) else {
            let error = diagnostics.iter().next();
            self.leave(&at, error.map_or("", |error| &error.message), from);
            return Ok(None);
        };
        let warnings = diagnostics.iter().map(ToString::to_string);
        self.notices.extend(warnings);
        self.files.push(*file);
        let url = url.clone();
        Ok(Some(ReadIndex { url, at, index }))
    }

    /// Records an included index that is not read.
    fn leave(&mut self, text: &str, reason: &str, from: &str) {
        self.notices.push(format!(
            "warning[included-index]: the included index `{}` is not read: {}\n  --> {from}",
            printable(&redact::text(text)),
            printable(reason)
        ));
    }
}
