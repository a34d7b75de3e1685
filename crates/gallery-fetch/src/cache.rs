//! A cache for the catalog on disk: about a thousand small files that seldom change.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use gallery_spec::lock::sha256;
use openapi_text::redact;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::budget::Budget;
use crate::error::FetchError;
use crate::fetcher::Fetcher;
use crate::http::{FileResponse, Web};

/// A cache directory. It can be removed at any time.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
    refresh: bool,
}

/// The first line of a cached file, in JSON. The body follows.
#[derive(Debug, Deserialize, PartialEq, Eq, Serialize)]
struct Head {
    url: String,
    /// False if the source has no such file.
    found: bool,
    etag: Option<String>,
}

impl Cache {
    /// Creates a cache in `folder`. With `refresh`, cached files are revalidated at the source.
    pub fn new(folder: impl Into<PathBuf>, refresh: bool) -> Cache {
        Cache {
            folder: folder.into(),
            refresh,
        }
    }

    /// Returns the cached response for a URL. Ignores a cached file that cannot be read.
    fn get(&self, url: &str) -> Option<(Head, Vec<u8>)> {
        let mut bytes = fs::read(self.path(url)).ok()?;
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let head: Head = serde_json::from_slice(&bytes[..end]).ok()?;
        let body = bytes.split_off(end + 1);
        (head.url == url).then_some((head, body))
    }

    /// Caches the response for a URL. `body` is `None` if the source has no such file.
    fn put(&self, url: &str, etag: Option<&str>, body: Option<&[u8]>) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let head = Head {
            url: url.to_owned(),
            found: body.is_some(),
            etag: etag.map(str::to_owned),
        };
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        serde_json::to_writer(&mut file, &head)?;
        file.write_all(b"\n")?;
        file.write_all(body.unwrap_or_default())?;
        file.persist(self.path(url)).map_err(|error| error.error)?;
        Ok(())
    }

    /// Returns a file, from the cache or from its source, or `None` if the source has no such file.
    pub(crate) async fn file(
        &self,
        fetcher: &Fetcher,
        web: &Web,
        url: &Url,
    ) -> Result<Option<Vec<u8>>, FetchError> {
        let key = redact::url(url);
        let cached = match self.get(&key) {
            Some((head, body)) if !self.refresh => return Ok(head.found.then_some(body)),
            cached => cached,
        };
        let etag = cached.as_ref().and_then(|(head, _)| head.etag.as_deref());
        let budget = Budget::new(key.clone(), &fetcher.settings);
        let disk = |error| FetchError::Disk {
            at: "the catalog cache".to_owned(),
            error,
        };
        match web.get(url, etag, &budget, &fetcher.on).await? {
            FileResponse::Unchanged => Ok(cached.map(|(_, body)| body)),
            FileResponse::Absent => {
                self.put(&key, None, None).map_err(disk)?;
                Ok(None)
            }
            FileResponse::File { bytes, etag } => {
                self.put(&key, etag.as_deref(), Some(&bytes))
                    .map_err(disk)?;
                Ok(Some(bytes))
            }
        }
    }

    fn path(&self, url: &str) -> PathBuf {
        self.folder.join(sha256(url.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn returns_cached_files() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("cache"), false);
        assert!(cache.get("https://host/a").is_none());
        cache
            .put("https://host/a", Some("\"x\""), Some(b"1\n2\n"))
            .unwrap();
        cache.put("https://host/b", None, None).unwrap();
        let (head, body) = cache.get("https://host/a").unwrap();
        assert_eq!(
            (head.found, head.etag.as_deref(), body.as_slice()),
            (true, Some("\"x\""), b"1\n2\n".as_slice())
        );
        assert!(!cache.get("https://host/b").unwrap().0.found);
        for broken in [
            "",
            "{}\n",
            "{\"url\": \"https://host/b\", \"found\": true, \"etag\": null}\nx",
        ] {
            fs::write(cache.path("https://host/a"), broken).unwrap();
            assert!(cache.get("https://host/a").is_none(), "{broken}");
        }
    }
}
