//! Counts the bytes of a listing as they arrive, over all files, and rejects those beyond the
//! limits.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::FetchError;
use crate::settings::Settings;

/// The limits of a listing and the bytes used so far.
pub(crate) struct Budget {
    name: String,
    per_file: u64,
    total: u64,
    used: AtomicU64,
}

impl Budget {
    /// `name` is the name of the listing in messages.
    pub(crate) fn new(name: impl Into<String>, settings: &Settings) -> Budget {
        Budget {
            name: name.into(),
            per_file: settings.max_file_bytes,
            total: settings.max_listing_bytes,
            used: AtomicU64::new(0),
        }
    }

    /// Maximum size of one file, in bytes.
    pub(crate) fn per_file(&self) -> u64 {
        self.per_file
    }

    /// Checks the announced size of a file, before it is read.
    pub(crate) fn announce(&self, at: &str, size: u64) -> Result<(), FetchError> {
        if size > self.per_file {
            return Err(FetchError::TooLarge {
                at: at.to_owned(),
                limit: self.per_file,
            });
        }
        self.check(self.used.load(Ordering::Relaxed).saturating_add(size))
    }

    /// Counts `more` bytes of a file, of which `before` bytes were counted already.
    pub(crate) fn take(&self, at: &str, before: usize, more: usize) -> Result<(), FetchError> {
        if (before as u64).saturating_add(more as u64) > self.per_file {
            return Err(FetchError::TooLarge {
                at: at.to_owned(),
                limit: self.per_file,
            });
        }
        self.check(
            self.used
                .fetch_add(more as u64, Ordering::Relaxed)
                .saturating_add(more as u64),
        )
    }

    /// Returns the bytes of a failed request to the budget.
    pub(crate) fn give_back(&self, bytes: usize) {
        self.used.fetch_sub(bytes as u64, Ordering::Relaxed);
    }

    fn check(&self, used: u64) -> Result<(), FetchError> {
        if used > self.total {
            return Err(FetchError::ListingTooLarge {
                listing: self.name.clone(),
                limit: self.total,
            });
        }
        Ok(())
    }
}
