//! How long to wait before a request is made again, and when to give up.

use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// What is done about requests that failed and may not fail again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retries {
    /// How often a request is made at most; nought counts as one.
    pub attempts: u32,
    /// How long the first pause is, about; each further one is twice as long.
    pub pause: Duration,
    /// The longest pause; who asks for a longer one (`Retry-After`) is not asked again.
    pub longest_pause: Duration,
}

impl Default for Retries {
    fn default() -> Self {
        Retries {
            attempts: 4,
            pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(120),
        }
    }
}

impl Retries {
    /// How long to wait after the failure of attempt number `attempt`, counted from one; nothing when it was the last. `asked` is what
    /// the server wants. `random` is from 0 to 1: pauses vary, so that clients that failed together do not come back together.
    pub(crate) fn pause(
        &self,
        attempt: u32,
        asked: Option<Duration>,
        random: f64,
    ) -> Option<Duration> {
        if attempt >= self.attempts || asked.is_some_and(|asked| asked > self.longest_pause) {
            return None;
        }
        let doubled = self
            .pause
            .saturating_mul(1u32.checked_shl(attempt - 1).unwrap_or(u32::MAX));
        let varied = doubled
            .min(self.longest_pause)
            .mul_f64(0.5 + random.clamp(0.0, 1.0) / 2.0);
        Some(varied.max(asked.unwrap_or_default()))
    }
}

/// Whether the same request may be answered otherwise a moment later.
pub(crate) fn is_transient(status: StatusCode) -> bool {
    status.is_server_error()
        || matches!(
            status,
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS
        )
}

/// How long the server wants to be left alone: `Retry-After`, in seconds or as a date.
pub(crate) fn asked(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
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
    fn pauses_double_and_vary_and_end() {
        let retries = Retries {
            attempts: 5,
            pause: SECOND,
            longest_pause: 5 * SECOND,
        };
        let pauses = |random| {
            (1..=5)
                .map(|attempt| retries.pause(attempt, None, random))
                .collect::<Vec<_>>()
        };
        let seconds = |seconds: [f64; 4]| {
            let mut pauses = seconds
                .map(|seconds| Some(Duration::from_secs_f64(seconds)))
                .to_vec();
            pauses.push(None);
            pauses
        };
        assert_eq!(pauses(1.0), seconds([1.0, 2.0, 4.0, 5.0]));
        assert_eq!(pauses(0.0), seconds([0.5, 1.0, 2.0, 2.5]));
        assert_eq!(
            Retries {
                attempts: 0,
                ..retries.clone()
            }
            .pause(1, None, 1.0),
            None
        );
        assert_eq!(
            Retries {
                attempts: 100,
                ..retries
            }
            .pause(80, None, 1.0),
            Some(5 * SECOND)
        );
    }

    #[test]
    fn what_the_server_asks_for_is_kept_or_given_up() {
        let retries = Retries {
            attempts: 5,
            pause: SECOND,
            longest_pause: 5 * SECOND,
        };
        assert_eq!(retries.pause(1, Some(3 * SECOND), 1.0), Some(3 * SECOND));
        assert_eq!(retries.pause(1, Some(Duration::ZERO), 1.0), Some(SECOND));
        assert_eq!(retries.pause(1, Some(6 * SECOND), 1.0), None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
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
                asked(&headers, now),
                wait.map(Duration::from_secs),
                "{text}"
            );
        }
    }
}
