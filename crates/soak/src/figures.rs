//! The counts and latencies of calls.

use std::collections::BTreeMap;
use std::time::Duration;

use gallery_runtime::reqwest::StatusCode;
use gallery_runtime::{Error, ErrorKind};

/// The buckets for each doubling of a latency.
const BUCKETS_PER_DOUBLING: f64 = 8.0;

/// The most violations that are kept.
const MAX_VIOLATIONS: usize = 100;

/// An error of a call.
#[derive(Debug)]
pub(crate) struct CallError {
    pub(crate) kind: ErrorKind,
    pub(crate) status: Option<StatusCode>,
    /// False if the error says that the request was not processed.
    pub(crate) may_be_processed: bool,
    pub(crate) text: String,
}

impl CallError {
    /// Returns the parts of an error that are counted.
    pub(crate) fn of<E: std::fmt::Debug>(error: &Error<E>) -> CallError {
        CallError {
            kind: error.kind(),
            status: error.status(),
            may_be_processed: error.may_have_been_processed(),
            text: format!("{error}"),
        }
    }

    /// Returns the kind, with the status if it matters.
    pub(crate) fn name(&self) -> String {
        match (self.kind, self.status) {
            (ErrorKind::Status, Some(status)) => format!("status {}", status.as_u16()),
            (kind, _) => format!("{kind:?}"),
        }
    }

    /// Returns whether the faults of the server explain the error. `has_body` is true if the
    /// request has one.
    pub(crate) fn is_expected(&self, has_body: bool) -> bool {
        match self.kind {
            ErrorKind::Connect
            | ErrorKind::ConnectionLost
            | ErrorKind::Timeout
            | ErrorKind::Credential => true,
            ErrorKind::Status => self
                .status
                .is_some_and(|status| [401, 429, 503].contains(&status.as_u16())),
            // A body is not sent to another origin.
            ErrorKind::Redirect => has_body,
            _ => false,
        }
    }
}

/// The counts, latencies and violations of all calls.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    /// The number of calls by operation and outcome.
    pub(crate) calls: BTreeMap<(&'static str, String), u64>,
    /// The number of latencies by bucket.
    latencies: BTreeMap<u32, u64>,
    pub(crate) longest: Duration,
    pub(crate) violations: Vec<String>,
    /// The number of violations, including those that are not kept.
    pub(crate) violation_count: u64,
}

impl Figures {
    /// Counts a call.
    pub(crate) fn count(&mut self, operation: &'static str, outcome: String, elapsed: Duration) {
        *self.calls.entry((operation, outcome)).or_default() += 1;
        *self.latencies.entry(bucket(elapsed)).or_default() += 1;
        self.longest = self.longest.max(elapsed);
    }

    /// Records a rule that does not hold.
    pub(crate) fn violation(&mut self, text: String) {
        self.violation_count += 1;
        if self.violations.len() < MAX_VIOLATIONS {
            self.violations.push(text);
        }
    }

    /// Returns the number of calls.
    pub(crate) fn total(&self) -> u64 {
        self.latencies.values().sum()
    }

    /// Returns the latency that a share of the calls does not exceed, to within 9 %.
    pub(crate) fn percentile(&self, share: f64) -> Duration {
        let wanted = (self.total() as f64 * share).ceil() as u64;
        let mut sum = 0;
        let found = self.latencies.iter().find(|(_, count)| {
            sum += **count;
            sum >= wanted
        });
        let exponent = found.map_or(0.0, |(bucket, _)| f64::from(bucket + 1));
        Duration::from_micros((exponent / BUCKETS_PER_DOUBLING).exp2() as u64)
    }
}

fn bucket(latency: Duration) -> u32 {
    let microseconds = latency.as_micros().max(1) as f64;
    (microseconds.log2() * BUCKETS_PER_DOUBLING) as u32
}

#[test]
fn percentiles_are_close_to_the_latencies() {
    let mut figures = Figures::default();
    for milliseconds in 1..=1000 {
        figures.count("a", String::new(), Duration::from_millis(milliseconds));
    }
    for (share, expected) in [(0.5, 500.0), (0.99, 990.0)] {
        let percentile = figures.percentile(share).as_secs_f64() * 1000.0;
        assert!((percentile / expected - 1.0).abs() < 0.1, "{percentile}");
    }
    assert_eq!(figures.longest, Duration::from_secs(1));
}
