//! Times in headers.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// Parses `Retry-After`: seconds or a date. A date is relative to the server's clock, if the
/// response has a `Date`.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let now = date(headers).unwrap_or(now);
    let at = httpdate::parse_http_date(text).ok()?;
    // A date in the past means no delay.
    Some(at.duration_since(now).unwrap_or_default())
}

/// Returns the server's clock, if a response has a `Date`.
pub(crate) fn date(headers: &HeaderMap) -> Option<SystemTime> {
    let text = headers.get(DATE)?.to_str().ok()?;
    httpdate::parse_http_date(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_retry_after() {
        let parsed = |text: &str, date: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().unwrap());
            if let Some(date) = date {
                headers.insert(DATE, date.parse().unwrap());
            }
            retry_after(&headers, SystemTime::UNIX_EPOCH).map(|delay| delay.as_secs())
        };
        assert_eq!(parsed("7", None), Some(7));
        assert_eq!(parsed(" 0 ", None), Some(0));
        assert_eq!(parsed("Thu, 01 Jan 1970 00:02:00 GMT", None), Some(120));
        assert_eq!(
            parsed(
                "Sun, 06 Nov 1994 08:49:37 GMT",
                Some("Sun, 06 Nov 1994 08:49:07 GMT")
            ),
            Some(30)
        );
        assert_eq!(
            parsed(
                "Sun, 06 Nov 1994 08:49:37 GMT",
                Some("Sun, 06 Nov 1994 09:00:00 GMT")
            ),
            Some(0)
        );
        for invalid in [
            "soon",
            "",
            "-1",
            "1.5",
            "99999999999999999999999",
            "Sun, 06 Nov",
        ] {
            assert_eq!(parsed(invalid, None), None, "{invalid}");
        }
    }
}
