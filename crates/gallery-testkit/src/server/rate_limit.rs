//! A rate limit of the mock server.

use std::time::{Duration, Instant};

use super::reply::Reply;

/// A number of requests in a period.
#[derive(Debug)]
pub(super) struct RateLimit {
    limit: u32,
    period: Duration,
    /// The start of the current period, and the requests in it.
    current: Option<(Instant, u32)>,
}

/// The position of a request in the current period.
#[derive(Clone, Copy, Debug)]
pub(super) struct Usage {
    limit: u32,
    remaining: u32,
    /// Seconds until the next period, rounded up.
    reset: u64,
    pub(super) is_exceeded: bool,
}

impl RateLimit {
    pub(super) fn new(limit: u32, period: Duration) -> RateLimit {
        RateLimit {
            limit,
            period,
            current: None,
        }
    }

    /// Counts a request.
    pub(super) fn count(&mut self) -> Usage {
        let now = Instant::now();
        let current = self.current.filter(|(start, _)| *start + self.period > now);
        let (start, before) = current.unwrap_or((now, 0));
        let is_exceeded = before >= self.limit;
        let count = before + u32::from(!is_exceeded);
        self.current = Some((start, count));
        let left = (start + self.period).saturating_duration_since(now);
        Usage {
            limit: self.limit,
            remaining: self.limit - count,
            reset: left.as_secs() + u64::from(left.subsec_nanos() > 0),
            is_exceeded,
        }
    }
}

impl Usage {
    /// Adds the headers that report the limit.
    pub(super) fn report(self, reply: Reply) -> Reply {
        let reply = reply
            .with_header("ratelimit-limit", &self.limit.to_string())
            .with_header("ratelimit-remaining", &self.remaining.to_string())
            .with_header("ratelimit-reset", &self.reset.to_string());
        match self.is_exceeded {
            true => reply.with_header("retry-after", &self.reset.to_string()),
            false => reply,
        }
    }
}
