//! Retry decisions and delays. This module does not sleep.

use std::time::Duration;

use reqwest::{Method, StatusCode};

use crate::error::is_transient;
use crate::header_time::retry_after;
use crate::operation::OperationInfo;
use crate::platform::{Instant, Response, random_bits, system_time};
use crate::transport_error::TransportError;

/// Retries for transient failures.
///
/// Defaults:
///
/// - A call has at most 3 attempts.
/// - Idempotent requests (`GET`, `HEAD`, `PUT`, `DELETE`, `OPTIONS`, `TRACE`) are retried after the
///   statuses 408, 429 and 5xx except 501, and after connection failures. A `GET` of an operation
///   with side effects is not idempotent.
/// - Any request is retried if the client could not connect, because nothing was sent.
/// - The first retry is delayed by 0.1 to 0.2 s. The delay doubles with each retry, up to 5 s. A
///   `Retry-After` header, in seconds or as a date, takes precedence.
/// - A retry must start within 30 s of the start of the call and before the call's timeout.
///   Otherwise the call ends at once with the last result.
///
/// With [`ClientBuilder::idempotency_keys`](crate::ClientBuilder::idempotency_keys), all requests
/// are retried like idempotent ones.
///
/// A successful response whose body is incomplete is an error and is not retried.
///
/// ```
/// use std::time::Duration;
/// use gallery_runtime::RetryPolicy;
///
/// let patient = RetryPolicy::default().max_attempts(5).max_elapsed(Duration::from_secs(120));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    max_attempts: u32,
    base: Duration,
    cap: Duration,
    max_elapsed: Duration,
    any_method: bool,
    always: &'static [&'static str],
    never: &'static [&'static str],
    statuses: &'static [u16],
}

impl Default for RetryPolicy {
    fn default() -> Self {
        RetryPolicy {
            max_attempts: 3,
            base: Duration::from_millis(200),
            cap: Duration::from_secs(5),
            max_elapsed: Duration::from_secs(30),
            any_method: false,
            always: &[],
            never: &[],
            statuses: &[],
        }
    }
}

impl RetryPolicy {
    /// Creates a policy without retries.
    pub fn none() -> RetryPolicy {
        RetryPolicy::default().max_attempts(1)
    }

    /// Sets the maximum number of attempts, including the first. 0 means 1. Default: 3.
    #[must_use]
    pub fn max_attempts(self, max_attempts: u32) -> RetryPolicy {
        RetryPolicy {
            max_attempts,
            ..self
        }
    }

    /// Sets the delays: `initial` before the first retry, doubled with each retry up to `max`. Each
    /// delay is shortened at random by up to half, to spread the load. Default: 0.2 s and 5 s.
    #[must_use]
    pub fn backoff(self, initial: Duration, max: Duration) -> RetryPolicy {
        RetryPolicy {
            base: initial,
            cap: max,
            ..self
        }
    }

    /// Sets the time after the start of a call in which retries may start. Default: 30 s.
    #[must_use]
    pub fn max_elapsed(self, max_elapsed: Duration) -> RetryPolicy {
        RetryPolicy {
            max_elapsed,
            ..self
        }
    }

    /// Retries requests of any method. For operations that are safe to repeat, such as a search by
    /// `POST`.
    #[must_use]
    pub fn any_method(self) -> RetryPolicy {
        RetryPolicy {
            any_method: true,
            ..self
        }
    }

    /// Retries requests of these operations, by operation ID, whatever their methods are.
    #[must_use]
    pub fn operations(self, ids: &'static [&'static str]) -> RetryPolicy {
        RetryPolicy {
            always: ids,
            ..self
        }
    }

    /// Never retries requests of these operations, by operation ID, after they were sent.
    #[must_use]
    pub fn except(self, ids: &'static [&'static str]) -> RetryPolicy {
        RetryPolicy { never: ids, ..self }
    }

    /// Retries after these statuses too, such as 409.
    #[must_use]
    pub fn statuses(self, statuses: &'static [u16]) -> RetryPolicy {
        RetryPolicy { statuses, ..self }
    }

    /// Returns whether a request may be sent again after it was sent. `has_key` is true if the
    /// server performs it only once.
    pub(crate) fn is_safe(
        &self,
        method: &Method,
        operation: &OperationInfo,
        has_key: bool,
    ) -> bool {
        let is_in = |ids: &[&str]| ids.contains(&operation.operation_id);
        let is_safe = self.any_method
            || has_key
            || is_in(self.always)
            || is_idempotent(method) && !operation.has_side_effects;
        is_safe && !is_in(self.never)
    }

    /// Returns whether another attempt is allowed. The first attempt is number 1.
    pub(crate) fn allows(&self, attempt: u32) -> bool {
        attempt < self.max_attempts
    }

    /// Returns the delay before the next attempt, or `None` for no retry. `is_safe` is true if the
    /// request may be sent again, and `start` is the start of the call.
    pub(crate) fn delay(
        &self,
        attempt: u32,
        is_safe: bool,
        result: &Result<Box<Response>, TransportError>,
        start: Instant,
    ) -> Option<Duration> {
        let is_transient =
            |status: StatusCode| is_transient(status) || self.statuses.contains(&status.as_u16());
        let retry_after = match result {
            Ok(response) if is_safe && is_transient(response.status()) => {
                retry_after(response.headers(), system_time())
            }
            Err(TransportError::Http(error))
                if error.is_connect() || is_safe && !error.is_builder() =>
            {
                None
            }
            Ok(_) | Err(_) => return None,
        };
        let delay = retry_after.unwrap_or_else(|| self.backoff_delay(attempt, random()));
        let total = start.elapsed().checked_add(delay)?;
        (self.allows(attempt) && total <= self.max_elapsed).then_some(delay)
    }

    /// Returns the delay after an attempt. `random` is from 0 to 1.
    fn backoff_delay(&self, attempt: u32, random: f64) -> Duration {
        let doubled = self
            .base
            .saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1)));
        doubled.min(self.cap).mul_f64(0.5 + random / 2.0)
    }
}

pub(crate) fn is_idempotent(method: &Method) -> bool {
    [
        Method::GET,
        Method::HEAD,
        Method::PUT,
        Method::DELETE,
        Method::OPTIONS,
        Method::TRACE,
    ]
    .contains(method)
}

/// Returns a random number from 0 to 1.
fn random() -> f64 {
    (random_bits() >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_the_maximum_and_are_randomized() {
        let policy = RetryPolicy::default().backoff(Duration::from_secs(1), Duration::from_secs(5));
        let range = |attempt| {
            (
                policy.backoff_delay(attempt, 0.0).as_millis(),
                policy.backoff_delay(attempt, 1.0).as_millis(),
            )
        };
        assert_eq!(
            [1, 2, 3, 4, 99].map(range),
            [
                (500, 1000),
                (1000, 2000),
                (2000, 4000),
                (2500, 5000),
                (2500, 5000)
            ]
        );
        let numbers: Vec<f64> = (0..100).map(|_| random()).collect();
        assert!(numbers.iter().all(|number| (0.0..1.0).contains(number)));
        assert!(
            numbers.iter().any(|number| *number < 0.5)
                && numbers.iter().any(|number| *number > 0.5),
            "{numbers:?}"
        );
    }
}
