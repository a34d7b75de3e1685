//! Counts the bytes of a listing as they arrive, from all files at once, and refuses those beyond the limits.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::Settings;
use crate::error::FetchError;

/// What one listing may bring in.
pub(crate) struct Budget {
    of: String,
    per_file: u64,
    in_all: u64,
    taken: AtomicU64,
}

impl Budget {
    /// `of` is what messages call it.
    pub(crate) fn new(of: impl Into<String>, settings: &Settings) -> Budget {
        Budget {
            of: of.into(),
            per_file: settings.max_file_bytes,
            in_all: settings.max_listing_bytes,
            taken: AtomicU64::new(0),
        }
    }

    /// The largest size of one file.
    pub(crate) fn per_file(&self) -> u64 {
        self.per_file
    }

    /// Refuses the size that a file is said to have, before any of it is read.
    pub(crate) fn announce(&self, at: &str, size: u64) -> Result<(), FetchError> {
        if size > self.per_file {
            return Err(FetchError::TooLarge {
                at: at.to_owned(),
                limit: self.per_file,
            });
        }
        self.check(self.taken.load(Ordering::Relaxed).saturating_add(size))
    }

    /// Takes `more` bytes of a file of which `before` are here.
    pub(crate) fn take(&self, at: &str, before: usize, more: usize) -> Result<(), FetchError> {
        if (before as u64).saturating_add(more as u64) > self.per_file {
            return Err(FetchError::TooLarge {
                at: at.to_owned(),
                limit: self.per_file,
            });
        }
        self.check(
            self.taken
                .fetch_add(more as u64, Ordering::Relaxed)
                .saturating_add(more as u64),
        )
    }

    /// Gives back what a request took that failed.
    pub(crate) fn give_back(&self, bytes: usize) {
        self.taken.fetch_sub(bytes as u64, Ordering::Relaxed);
    }

    fn check(&self, taken: u64) -> Result<(), FetchError> {
        if taken > self.in_all {
            return Err(FetchError::ListingTooLarge {
                listing: self.of.clone(),
                limit: self.in_all,
            });
        }
        Ok(())
    }
}
