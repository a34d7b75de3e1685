//! What holds for a call: of a client for all of its calls, or of a handle for some.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::redirect;
use crate::retry::RetryPolicy;

/// How long a call may take, its attempts and its answer included.
const TIMEOUT: Duration = Duration::from_secs(60);
/// How many bytes the body of a success may have.
const MAX_BODY: usize = 64 << 20;

/// Settings for some calls of a client, for its method `with`. What is not set stays as it is.
///
/// ```
/// use std::time::Duration;
/// use gallery_runtime::{CallOptions, RetryPolicy};
///
/// let options = CallOptions::new().timeout(Duration::from_secs(2)).retry_policy(RetryPolicy::none());
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct CallOptions {
    timeout: Option<Option<Duration>>,
    retry_policy: Option<RetryPolicy>,
    max_redirects: Option<usize>,
    max_body_bytes: Option<usize>,
    headers: HeaderMap,
}

impl CallOptions {
    /// Nothing set.
    pub fn new() -> CallOptions {
        CallOptions::default()
    }

    /// See [`ClientBuilder::timeout`](crate::ClientBuilder::timeout).
    pub fn timeout(self, timeout: impl Into<Option<Duration>>) -> Self {
        CallOptions {
            timeout: Some(timeout.into()),
            ..self
        }
    }

    /// See [`ClientBuilder::retry_policy`](crate::ClientBuilder::retries).
    pub fn retry_policy(self, policy: RetryPolicy) -> Self {
        CallOptions {
            retry_policy: Some(policy),
            ..self
        }
    }

    /// See [`ClientBuilder::max_redirects`](crate::ClientBuilder::redirects).
    pub fn max_redirects(self, limit: usize) -> Self {
        CallOptions {
            max_redirects: Some(limit),
            ..self
        }
    }

    /// See [`ClientBuilder::max_body_bytes`](crate::ClientBuilder::max_body_bytes).
    pub fn max_body_bytes(self, bytes: usize) -> Self {
        CallOptions {
            max_body_bytes: Some(bytes),
            ..self
        }
    }

    /// See [`ClientBuilder::header`](crate::ClientBuilder::header). A header of the same name that the client has is sent no more.
    pub fn header(mut self, name: HeaderName, mut value: HeaderValue) -> Self {
        // Many a key goes into a header of its own.
        value.set_sensitive(true);
        self.headers.insert(name, value);
        self
    }
}

/// What holds, with nothing open.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry_policy: RetryPolicy,
    pub(crate) max_redirects: usize,
    pub(crate) max_body_bytes: usize,
    pub(crate) headers: Option<Arc<HeaderMap>>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            timeout: Some(TIMEOUT),
            retry_policy: RetryPolicy::default(),
            max_redirects: redirect::MOST,
            max_body_bytes: MAX_BODY,
            headers: None,
        }
    }
}

impl Options {
    /// These with what is set in others.
    pub(crate) fn with(&self, set: CallOptions) -> Options {
        let headers = if set.headers.is_empty() {
            self.headers.clone()
        } else {
            let mut headers = self.headers.as_deref().cloned().unwrap_or_default();
            // `extend` would keep a header of the same name beside the new one.
            set.headers
                .iter()
                .for_each(|(name, value)| drop(headers.insert(name, value.clone())));
            Some(Arc::new(headers))
        };
        Options {
            timeout: set.timeout.unwrap_or(self.timeout),
            retry_policy: set.retry_policy.unwrap_or(self.retry_policy),
            max_redirects: set.max_redirects.unwrap_or(self.max_redirects),
            max_body_bytes: set.max_body_bytes.unwrap_or(self.max_body_bytes),
            headers,
        }
    }
}
