//! What holds for a call: of a client for all of its calls, or of a handle for some.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::redirect;
use crate::retry::Retries;

/// How long a call may take, its attempts and its answer included.
const TIMEOUT: Duration = Duration::from_secs(60);
/// How many bytes the body of a success may have.
const MAX_BODY: usize = 64 << 20;

/// Settings for some calls of a client, for its method `with`. What is not set stays as it is.
///
/// ```
/// use std::time::Duration;
/// use gallery_runtime::{CallOptions, Retries};
///
/// let options = CallOptions::new().timeout(Duration::from_secs(2)).retries(Retries::none());
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct CallOptions {
    timeout: Option<Option<Duration>>,
    retries: Option<Retries>,
    redirects: Option<usize>,
    max_body: Option<usize>,
    headers: HeaderMap,
}

impl CallOptions {
    /// Nothing set.
    pub fn new() -> CallOptions {
        CallOptions::default()
    }

    /// See [`Builder::timeout`](crate::Builder::timeout).
    pub fn timeout(self, timeout: impl Into<Option<Duration>>) -> Self {
        CallOptions {
            timeout: Some(timeout.into()),
            ..self
        }
    }

    /// See [`Builder::retries`](crate::Builder::retries).
    pub fn retries(self, retries: Retries) -> Self {
        CallOptions {
            retries: Some(retries),
            ..self
        }
    }

    /// See [`Builder::redirects`](crate::Builder::redirects).
    pub fn redirects(self, most: usize) -> Self {
        CallOptions {
            redirects: Some(most),
            ..self
        }
    }

    /// See [`Builder::max_body`](crate::Builder::max_body).
    pub fn max_body(self, bytes: usize) -> Self {
        CallOptions {
            max_body: Some(bytes),
            ..self
        }
    }

    /// See [`Builder::header`](crate::Builder::header). A header of the same name that the client has is sent no more.
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
    pub(crate) retries: Retries,
    pub(crate) redirects: usize,
    pub(crate) max_body: usize,
    pub(crate) headers: Option<Arc<HeaderMap>>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            timeout: Some(TIMEOUT),
            retries: Retries::default(),
            redirects: redirect::MOST,
            max_body: MAX_BODY,
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
            retries: set.retries.unwrap_or(self.retries),
            redirects: set.redirects.unwrap_or(self.redirects),
            max_body: set.max_body.unwrap_or(self.max_body),
            headers,
        }
    }
}
