//! Settings of calls.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::redirect::RedirectPolicy;
use crate::retry::RetryPolicy;

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);
const DEFAULT_MAX_BODY_BYTES: usize = 64 << 20;
const DEFAULT_MAX_EVENT_BYTES: usize = 1 << 20;

/// Settings for some calls of a client, for its method `with_options`. Other settings stay
/// unchanged.
///
/// ```
/// use std::time::Duration;
/// use gallery_runtime::{CallOptions, RetryPolicy};
///
/// let options = CallOptions::new()
///     .timeout(Duration::from_secs(2))
///     .retry_policy(RetryPolicy::none());
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct CallOptions {
    timeout: Option<Option<Duration>>,
    retry_policy: Option<RetryPolicy>,
    max_redirects: Option<usize>,
    cross_origin_bodies: Option<bool>,
    max_body_bytes: Option<usize>,
    max_event_bytes: Option<usize>,
    idempotency_keys: Option<HeaderName>,
    waits_for_rate_limit: Option<bool>,
    headers: HeaderMap,
}

impl CallOptions {
    /// Creates options that change nothing.
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

    /// See [`ClientBuilder::retry_policy`](crate::ClientBuilder::retry_policy).
    pub fn retry_policy(self, policy: RetryPolicy) -> Self {
        CallOptions {
            retry_policy: Some(policy),
            ..self
        }
    }

    /// See [`ClientBuilder::max_redirects`](crate::ClientBuilder::max_redirects).
    pub fn max_redirects(self, limit: usize) -> Self {
        CallOptions {
            max_redirects: Some(limit),
            ..self
        }
    }

    /// See [`ClientBuilder::cross_origin_bodies`](crate::ClientBuilder::cross_origin_bodies).
    pub fn cross_origin_bodies(self, are_allowed: bool) -> Self {
        CallOptions {
            cross_origin_bodies: Some(are_allowed),
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

    /// See [`ClientBuilder::max_event_bytes`](crate::ClientBuilder::max_event_bytes).
    pub fn max_event_bytes(self, bytes: usize) -> Self {
        CallOptions {
            max_event_bytes: Some(bytes),
            ..self
        }
    }

    /// See [`ClientBuilder::idempotency_keys`](crate::ClientBuilder::idempotency_keys).
    pub fn idempotency_keys(self, name: HeaderName) -> Self {
        CallOptions {
            idempotency_keys: Some(name),
            ..self
        }
    }

    /// See [`ClientBuilder::wait_for_rate_limit`](crate::ClientBuilder::wait_for_rate_limit).
    pub fn wait_for_rate_limit(self, waits: bool) -> Self {
        CallOptions {
            waits_for_rate_limit: Some(waits),
            ..self
        }
    }

    /// See [`ClientBuilder::header`](crate::ClientBuilder::header).
    /// Replaces a header of the same name.
    pub fn header(mut self, name: HeaderName, mut value: HeaderValue) -> Self {
        // Custom headers often carry API keys.
        value.set_sensitive(true);
        self.headers.insert(name, value);
        self
    }
}

/// The effective settings of a call.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry_policy: RetryPolicy,
    pub(crate) redirects: RedirectPolicy,
    pub(crate) max_body_bytes: usize,
    pub(crate) max_event_bytes: usize,
    /// The header of idempotency keys.
    pub(crate) idempotency_keys: Option<HeaderName>,
    pub(crate) waits_for_rate_limit: bool,
    pub(crate) headers: Option<Arc<HeaderMap>>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            timeout: Some(DEFAULT_TIMEOUT),
            retry_policy: RetryPolicy::default(),
            redirects: RedirectPolicy::default(),
            max_body_bytes: DEFAULT_MAX_BODY_BYTES,
            max_event_bytes: DEFAULT_MAX_EVENT_BYTES,
            idempotency_keys: None,
            waits_for_rate_limit: false,
            headers: None,
        }
    }
}

impl Options {
    /// Overrides these settings with `options`.
    pub(crate) fn with(&self, options: CallOptions) -> Options {
        let headers = if options.headers.is_empty() {
            self.headers.clone()
        } else {
            let mut headers = self.headers.as_deref().cloned().unwrap_or_default();
            // `extend` would keep existing values of the same header.
            options
                .headers
                .iter()
                .for_each(|(name, value)| drop(headers.insert(name, value.clone())));
            Some(Arc::new(headers))
        };
        Options {
            timeout: options.timeout.unwrap_or(self.timeout),
            retry_policy: options.retry_policy.unwrap_or(self.retry_policy),
            redirects: RedirectPolicy {
                max: options.max_redirects.unwrap_or(self.redirects.max),
                cross_origin_bodies: options
                    .cross_origin_bodies
                    .unwrap_or(self.redirects.cross_origin_bodies),
            },
            max_body_bytes: options.max_body_bytes.unwrap_or(self.max_body_bytes),
            max_event_bytes: options.max_event_bytes.unwrap_or(self.max_event_bytes),
            idempotency_keys: options
                .idempotency_keys
                .or_else(|| self.idempotency_keys.clone()),
            waits_for_rate_limit: options
                .waits_for_rate_limit
                .unwrap_or(self.waits_for_rate_limit),
            headers,
        }
    }
}
