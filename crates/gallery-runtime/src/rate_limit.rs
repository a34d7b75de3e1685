//! Rate limits that servers report in headers.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::header_time::{date, retry_after};
use crate::platform::{Instant, system_time};

/// The maximum time that calls wait for a rate limit.
const MAX_WAIT: Duration = Duration::from_secs(3600);

/// A number of seconds from which on a reset is a Unix time.
const UNIX_TIME: f64 = 1e9;

/// A number from which on a Unix time is in milliseconds.
const MILLISECONDS: f64 = 1e12;

/// The rate limit of a client, as a response reports it.
///
/// It is read from these headers, of which the first present one counts:
///
/// - `RateLimit`, as in the drafts of the IETF: `"default";r=50;t=30` or
///   `limit=100, remaining=50, reset=30`
/// - `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`
/// - the same with `X-RateLimit-` or `X-Rate-Limit-`
///
/// The time of a reset is in seconds, or a Unix time in seconds or milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The number of requests in a period.
    pub limit: Option<u64>,
    /// The number of requests that are left in this period.
    pub remaining: u64,
    /// The time until the next period.
    pub reset: Option<Duration>,
}

impl RateLimit {
    /// Reads the headers of a response. Returns `None` if they do not report what is left.
    pub fn of(headers: &HeaderMap) -> Option<RateLimit> {
        let text = |name: &str| headers.get(name)?.to_str().ok();
        if let Some(text) = text("ratelimit") {
            return of_parameters(text, headers);
        }
        ["ratelimit-", "x-ratelimit-", "x-rate-limit-"]
            .iter()
            .find_map(|prefix| {
                let text = |name: &str| text(&format!("{prefix}{name}"));
                Some(RateLimit {
                    limit: text("limit").and_then(count),
                    remaining: count(text("remaining")?)?,
                    reset: text("reset").and_then(|text| until(text, headers)),
                })
            })
    }
}

/// Reads the header `RateLimit`. Of several limits, that with the fewest requests left counts.
fn of_parameters(text: &str, headers: &HeaderMap) -> Option<RateLimit> {
    let is_list = text.contains(';');
    let limits = text.split(if is_list { ',' } else { '\n' });
    let limits = limits.filter_map(|text| {
        let parameters = text.split([';', ',']);
        let find = |names: [&str; 2]| {
            let mut pairs = parameters.clone().filter_map(|pair| pair.split_once('='));
            let (_, value) = pairs.find(|(name, _)| names.contains(&name.trim()))?;
            Some(value)
        };
        Some(RateLimit {
            limit: find(["limit", "q"]).and_then(count),
            remaining: count(find(["remaining", "r"])?)?,
            reset: find(["reset", "t"]).and_then(|text| until(text, headers)),
        })
    });
    limits.min_by_key(|limit| limit.remaining)
}

/// Parses a number of requests. Some servers append their policies, as in `10, 10;w=1`.
fn count(text: &str) -> Option<u64> {
    let text = text.split([',', ';']).next().unwrap_or_default();
    text.trim().parse().ok()
}

/// Returns the time until a reset. A Unix time is relative to the server's clock, if the response
/// has a `Date`.
fn until(text: &str, headers: &HeaderMap) -> Option<Duration> {
    let number: f64 = text.trim().parse().ok()?;
    if number < UNIX_TIME {
        return Duration::try_from_secs_f64(number).ok();
    }
    let seconds = if number < MILLISECONDS {
        number
    } else {
        number / 1000.0
    };
    let now = date(headers).unwrap_or_else(system_time);
    let now = now.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    let at = Duration::try_from_secs_f64(seconds).ok()?;
    Some(at.saturating_sub(now))
}

/// The time until which the server refuses requests, for all clones of a client.
#[derive(Debug, Default)]
pub(crate) struct Reset(Mutex<Option<Instant>>);

impl Reset {
    /// Records the rate limit of a response.
    pub(crate) fn record(&self, status: StatusCode, headers: &HeaderMap) {
        let limit = RateLimit::of(headers);
        let reset = match limit {
            Some(RateLimit {
                remaining: 0,
                reset,
                ..
            }) => reset,
            _ => None,
        };
        let refused = match status {
            StatusCode::TOO_MANY_REQUESTS => retry_after(headers, system_time()),
            _ => None,
        };
        let Some(wait) = refused.or(reset) else {
            return;
        };
        let until = Instant::now().checked_add(wait.min(MAX_WAIT));
        let mut own = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *own = (*own).max(until);
    }

    /// Returns the end of the wait, if it is in the future.
    pub(crate) fn pending(&self) -> Option<Instant> {
        let until = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        until.filter(|until| *until > Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Option<(Option<u64>, u64, Option<u128>)> {
        let pairs = pairs.iter().map(|(name, value)| {
            let name = reqwest::header::HeaderName::from_bytes(name.as_bytes()).unwrap();
            (name, value.parse().unwrap())
        });
        let limit = RateLimit::of(&HeaderMap::from_iter(pairs))?;
        Some((
            limit.limit,
            limit.remaining,
            limit.reset.map(|reset| reset.as_millis()),
        ))
    }

    #[test]
    fn reads_the_headers_of_drafts_and_of_practice() {
        let date = ("date", "Thu, 01 Jan 2026 00:00:00 GMT");
        assert_eq!(
            read(&[(
                "ratelimit",
                "\"burst\";q=10;r=3;t=1, \"day\";q=1000;r=2;t=3600"
            )]),
            Some((Some(1000), 2, Some(3_600_000)))
        );
        assert_eq!(
            read(&[("ratelimit", "limit=100, remaining=50, reset=30")]),
            Some((Some(100), 50, Some(30_000)))
        );
        assert_eq!(
            read(&[
                ("ratelimit-limit", "10, 10;w=1"),
                ("ratelimit-remaining", "0"),
                ("ratelimit-reset", "1.5")
            ]),
            Some((Some(10), 0, Some(1500)))
        );
        // GitHub, Mattermost and Discord.
        for reset in ["1767225660", "1767225660000", "1767225660.000"] {
            assert_eq!(
                read(&[
                    date,
                    ("x-ratelimit-remaining", "4"),
                    ("x-ratelimit-reset", reset)
                ]),
                Some((None, 4, Some(60_000)))
            );
        }
        assert_eq!(
            read(&[
                date,
                ("x-rate-limit-remaining", "4"),
                ("x-rate-limit-reset", "1767225000")
            ]),
            Some((None, 4, Some(0))),
            "a time in the past"
        );
    }

    #[test]
    fn ignores_other_values() {
        for headers in [
            &[("x-ratelimit-limit", "10")][..],
            &[("x-ratelimit-remaining", "-1")],
            &[("x-ratelimit-remaining", "many")],
            &[("x-ratelimit-remaining", "NaN")],
            &[("ratelimit", "")],
            &[("ratelimit", "\"default\";t=30")],
        ] {
            assert_eq!(read(headers), None, "{headers:?}");
        }
        for reset in ["soon", "-1", "1e300", "inf"] {
            let (_, remaining, reset) =
                read(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", reset)]).unwrap();
            assert_eq!((remaining, reset), (0, None));
        }
    }
}
