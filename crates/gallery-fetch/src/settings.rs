//! The settings of a fetch.

use std::time::Duration;

use openapi_text::front_matter::MAX_FILE_BYTES;

use crate::retry::RetryPolicy;

/// Timeouts, limits and retries of a fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Number of files that are downloaded at the same time, at least 1.
    pub concurrency: usize,
    /// Timeout for connecting.
    pub connect_timeout: Duration,
    /// Timeout between two reads of a response.
    pub idle_timeout: Duration,
    /// Timeout for one file, from connecting to the last byte.
    pub request_timeout: Duration,
    /// Timeout for a whole listing or another source, including retries.
    pub overall_timeout: Duration,
    /// Retries of transient failures.
    pub retries: RetryPolicy,
    /// Maximum size of a file, in bytes, after decompression.
    pub max_file_bytes: u64,
    /// Maximum number of files of a source of documents.
    pub max_files: usize,
    /// Maximum size of all files of a listing or another source, in bytes. The largest listing of
    /// api.gallery has 315 MB.
    pub max_listing_bytes: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            concurrency: 8,
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(20),
            request_timeout: Duration::from_secs(120),
            overall_timeout: Duration::from_secs(1800),
            retries: RetryPolicy::default(),
            max_file_bytes: MAX_FILE_BYTES as u64,
            max_files: 5_000,
            max_listing_bytes: 512 << 20,
        }
    }
}
