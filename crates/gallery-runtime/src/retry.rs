//! When an attempt is made again, and after how long. Takes what came of an attempt, gives a wait or none; sleeps nowhere.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Method, Response, StatusCode};

use crate::transport::TransportError;

/// When a call is made again.
///
/// By default there are at most three attempts of what is idempotent (`GET`, `HEAD`, `PUT`, `DELETE`, `OPTIONS`, `TRACE`), after
/// the answers 408, 429 and 5xx and after broken connections. A connection that did not come about is tried again whatever the
/// method is, since nothing was sent. Before the second attempt there are 0.1 to 0.2 s, twice as much before each that follows, at
/// most 5 s; a `Retry-After` of the server, in seconds or as a date, counts instead. What cannot be sent again within 30 s of the
/// call's beginning, or before its timeout, is not: the call ends at once with the answer that there is.
///
/// A body that breaks off behind a success is an error and is not asked for again.
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
}

impl Default for RetryPolicy {
    fn default() -> Self {
        RetryPolicy {
            max_attempts: 3,
            base: Duration::from_millis(200),
            cap: Duration::from_secs(5),
            max_elapsed: Duration::from_secs(30),
            any_method: false,
        }
    }
}

impl RetryPolicy {
    /// One attempt and no more.
    pub fn none() -> RetryPolicy {
        RetryPolicy::default().max_attempts(1)
    }

    /// How many attempts there are at most, the first one included. 0 is 1.
    #[must_use]
    pub fn max_attempts(self, max_attempts: u32) -> RetryPolicy {
        RetryPolicy {
            max_attempts,
            ..self
        }
    }

    /// The wait before the second attempt, which doubles before each that follows up to `max`. Of each a random half is left out, so
    /// that clients that failed together do not come back together.
    #[must_use]
    pub fn backoff(self, initial: Duration, max: Duration) -> RetryPolicy {
        RetryPolicy {
            base: initial,
            cap: max,
            ..self
        }
    }

    /// How long after the call's beginning an attempt may still begin.
    #[must_use]
    pub fn max_elapsed(self, max_elapsed: Duration) -> RetryPolicy {
        RetryPolicy {
            max_elapsed,
            ..self
        }
    }

    /// Makes attempts again whatever the method is: for operations that the API does not do twice, such as a search by `POST`.
    #[must_use]
    pub fn any_method(self) -> RetryPolicy {
        RetryPolicy {
            any_method: true,
            ..self
        }
    }

    /// Whether there can be another attempt after this one, the first being 1.
    pub(crate) fn allows(&self, attempt: u32) -> bool {
        attempt < self.max_attempts
    }

    /// How long to wait before the next attempt, `spent` after the call's beginning; `None` if there is to be none.
    pub(crate) fn wait(
        &self,
        attempt: u32,
        method: &Method,
        outcome: &Result<Response, TransportError>,
        spent: Duration,
    ) -> Option<Duration> {
        let harmless = self.any_method || is_idempotent(method);
        let asked = match outcome {
            Ok(answer) if harmless && is_transient(answer.status()) => {
                retry_after(answer.headers(), SystemTime::now())
            }
            Err(TransportError::Http(error))
                if error.is_connect() || harmless && !error.is_builder() =>
            {
                None
            }
            Ok(_) | Err(_) => return None,
        };
        let wait = asked.unwrap_or_else(|| self.backed_off(attempt, random()));
        (self.allows(attempt) && spent.checked_add(wait)? <= self.max_elapsed).then_some(wait)
    }

    /// `chance` is from 0 to 1.
    fn backed_off(&self, attempt: u32, chance: f64) -> Duration {
        let doubled = self
            .base
            .saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1)));
        doubled.min(self.cap).mul_f64(0.5 + chance / 2.0)
    }
}

/// Whether an answer with this status may be another one a moment later.
pub(crate) fn is_transient(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 500..=599)
}

fn is_idempotent(method: &Method) -> bool {
    // `CONNECT` has no place in a client.
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

/// What the server asks for: seconds, or a date, which is read against the server's own clock where it tells it.
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = |text: &str| httpdate::parse_http_date(text).ok();
    let now = headers
        .get(DATE)
        .and_then(|value: &HeaderValue| date(value.to_str().ok()?))
        .unwrap_or(now);
    // A date that is past asks for no wait.
    Some(date(text)?.duration_since(now).unwrap_or_default())
}

/// From 0 to 1. The standard library seeds its hash maps well enough to spread clients.
fn random() -> f64 {
    (RandomState::new().hash_one(()) >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_cap_and_spread() {
        let retries =
            RetryPolicy::default().backoff(Duration::from_secs(1), Duration::from_secs(5));
        let range = |attempt| {
            (
                retries.backed_off(attempt, 0.0).as_millis(),
                retries.backed_off(attempt, 1.0).as_millis(),
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
        let some: Vec<f64> = (0..100).map(|_| random()).collect();
        assert!(some.iter().all(|chance| (0.0..1.0).contains(chance)));
        assert!(
            some.iter().any(|chance| *chance < 0.5) && some.iter().any(|chance| *chance > 0.5),
            "{some:?}"
        );
    }

    #[test]
    fn what_servers_ask_for() {
        let asked = |text: &str, date: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().unwrap());
            if let Some(date) = date {
                headers.insert(DATE, date.parse().unwrap());
            }
            retry_after(&headers, SystemTime::UNIX_EPOCH).map(|wait| wait.as_secs())
        };
        assert_eq!(asked("7", None), Some(7));
        assert_eq!(asked(" 0 ", None), Some(0));
        assert_eq!(asked("Thu, 01 Jan 1970 00:02:00 GMT", None), Some(120));
        assert_eq!(
            asked(
                "Sun, 06 Nov 1994 08:49:37 GMT",
                Some("Sun, 06 Nov 1994 08:49:07 GMT")
            ),
            Some(30)
        );
        assert_eq!(
            asked(
                "Sun, 06 Nov 1994 08:49:37 GMT",
                Some("Sun, 06 Nov 1994 09:00:00 GMT")
            ),
            Some(0)
        );
        for garbage in [
            "soon",
            "",
            "-1",
            "1.5",
            "99999999999999999999999",
            "Sun, 06 Nov",
        ] {
            assert_eq!(asked(garbage, None), None, "{garbage}");
        }
    }
}
