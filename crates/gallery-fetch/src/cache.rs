//! What was fetched of the catalogue, kept on disk: some thousand small files that seldom change.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use gallery_spec::lock::sha256;
use serde::{Deserialize, Serialize};

/// A folder with what was fetched before. It can be removed at any time.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
    refresh: bool,
}

/// What is kept of one URL: a line of JSON, then the bytes.
#[derive(Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(crate) struct Head {
    url: String,
    /// Nothing when there is no such file.
    pub(crate) found: bool,
    pub(crate) etag: Option<String>,
}

impl Cache {
    /// What is in `folder` is used; with `refresh`, it is used only if the source says that it is still right.
    pub fn new(folder: impl Into<PathBuf>, refresh: bool) -> Cache {
        Cache {
            folder: folder.into(),
            refresh,
        }
    }

    /// Whether the source is to be asked about what is kept.
    pub(crate) fn asks_again(&self) -> bool {
        self.refresh
    }

    /// What is kept of a URL. What cannot be read is as if it were not there.
    pub(crate) fn get(&self, url: &str) -> Option<(Head, Vec<u8>)> {
        let mut bytes = fs::read(self.path(url)).ok()?;
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let head: Head = serde_json::from_slice(&bytes[..end]).ok()?;
        let body = bytes.split_off(end + 1);
        (head.url == url).then_some((head, body))
    }

    /// Keeps what a URL gave; nothing when there is no such file.
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
    fn what_is_put_can_be_got() {
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
