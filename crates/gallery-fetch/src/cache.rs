//! A cache for the catalog on disk: about a thousand small files that seldom change.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use gallery_spec::lock::sha256;
use serde::{Deserialize, Serialize};

/// A cache directory. It can be removed at any time.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
    refresh: bool,
}

/// The first line of a cached file, in JSON. The body follows.
#[derive(Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(crate) struct Head {
    url: String,
    /// False if the source has no such file.
    pub(crate) found: bool,
    pub(crate) etag: Option<String>,
}

impl Cache {
    /// Creates a cache in `folder`. With `refresh`, cached files are revalidated at the source.
    pub fn new(folder: impl Into<PathBuf>, refresh: bool) -> Cache {
        Cache {
            folder: folder.into(),
            refresh,
        }
    }

    /// Returns true if cached files are revalidated.
    pub(crate) fn revalidates(&self) -> bool {
        self.refresh
    }

    /// Returns the cached response for a URL. Ignores a cached file that cannot be read.
    pub(crate) fn get(&self, url: &str) -> Option<(Head, Vec<u8>)> {
        let mut bytes = fs::read(self.path(url)).ok()?;
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let head: Head = serde_json::from_slice(&bytes[..end]).ok()?;
        let body = bytes.split_off(end + 1);
        (head.url == url).then_some((head, body))
    }

    /// Caches the response for a URL. `body` is `None` if the source has no such file.
    pub(crate) fn put(&self, url: &str, etag: Option<&str>, body: Option<&[u8]>) -> io::Result<()> {
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
