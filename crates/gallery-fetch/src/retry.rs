//! Delays between the attempts of a request.

use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// Retries of transient failures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Maximum number of attempts, at least 1.
    pub attempts: u32,
    /// Approximate delay before the first retry. Each further delay is twice as long.
    pub delay: Duration,
    /// Maximum delay. If the server's `Retry-After` is longer, the request is not retried.
    pub max_delay: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        RetryPolicy {
            attempts: 4,
            delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(120),
        }
    }
}

impl RetryPolicy {
    /// Returns the delay after attempt number `attempt`, from 1, or `None` if it was the last one.
    /// `random` is from 0 to 1: delays vary, so that clients that failed together do not retry
    /// together.
    pub(crate) fn delay(
        &self,
        attempt: u32,
        retry_after: Option<Duration>,
        random: f64,
    ) -> Option<Duration> {
        if attempt >= self.attempts || retry_after.is_some_and(|delay| delay > self.max_delay) {
            return None;
        }
        let doubled = self
            .delay
            .saturating_mul(1u32.checked_shl(attempt - 1).unwrap_or(u32::MAX));
        let varied = doubled
            .min(self.max_delay)
            .mul_f64(0.5 + random.clamp(0.0, 1.0) / 2.0);
        Some(varied.max(retry_after.unwrap_or_default()))
    }
}

/// Returns true if a retry may succeed.
pub(crate) fn is_transient(status: StatusCode) -> bool {
    status.is_server_error()
        || matches!(
            status,
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS
        )
}

/// Returns the `Retry-After` of a response, in seconds or as a date.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match text.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => Some(
            httpdate::parse_http_date(text)
                .ok()?
                .duration_since(now)
                .unwrap_or_default(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn doubles_and_varies_delays() {
        let retries = RetryPolicy {
            attempts: 5,
            delay: SECOND,
            max_delay: 5 * SECOND,
        };
        let delays = |random| {
            (1..=5)
                .map(|attempt| retries.delay(attempt, None, random))
                .collect::<Vec<_>>()
        };
        let seconds = |seconds: [f64; 4]| {
            let mut delays = seconds
                .map(|seconds| Some(Duration::from_secs_f64(seconds)))
                .to_vec();
            delays.push(None);
            delays
        };
        assert_eq!(delays(1.0), seconds([1.0, 2.0, 4.0, 5.0]));
        assert_eq!(delays(0.0), seconds([0.5, 1.0, 2.0, 2.5]));
        assert_eq!(
            RetryPolicy {
                attempts: 0,
                ..retries.clone()
            }
            .delay(1, None, 1.0),
            None
        );
        assert_eq!(
            RetryPolicy {
                attempts: 100,
                ..retries
            }
            .delay(80, None, 1.0),
            Some(5 * SECOND)
        );
    }

    #[test]
    fn respects_retry_after() {
        let retries = RetryPolicy {
            attempts: 5,
            delay: SECOND,
            max_delay: 5 * SECOND,
        };
        assert_eq!(retries.delay(1, Some(3 * SECOND), 1.0), Some(3 * SECOND));
        assert_eq!(retries.delay(1, Some(Duration::ZERO), 1.0), Some(SECOND));
        assert_eq!(retries.delay(1, Some(6 * SECOND), 1.0), None);
    }

    #[test]
    fn parses_retry_after() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        for (text, wait) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:49:47 GMT", Some(10)),
            ("Sun, 06 Nov 1994 08:49:27 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]);
            assert_eq!(
                retry_after(&headers, now),
                wait.map(Duration::from_secs),
                "{text}"
            );
        }
    }
}
