//! The choice of faults.

use fastrand::Rng;

use crate::content::random;

/// A deviation of the server from a plain response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FaultKind {
    /// A plain response.
    None,
    /// The connection closes before the request is processed.
    ClosedBefore,
    /// The connection closes after the request is processed, without a response.
    ClosedAfter,
    /// The connection is reset within the body.
    Reset,
    /// The connection closes within the body.
    Truncated,
    /// The body pauses, for a short time or for longer than a client waits.
    Stalled,
    /// There is no response.
    Held,
    /// The status 503, before or after the request is processed.
    Busy,
    /// The status 429 with `Retry-After`.
    RateLimited,
    /// The token is revoked, which leads to a 401.
    TokenRevoked,
    /// A redirect to the same server.
    RedirectedToSameHost,
    /// A redirect to another port.
    RedirectedToOtherHost,
    /// A complete response, after which the connection closes without notice.
    ClosedWhenIdle,
    /// A slow body.
    Dripping,
    /// A late response.
    Delayed,
}

/// The faults, and how often they occur in a thousand requests. The rest has none.
const FREQUENCIES: &[(FaultKind, u32)] = &[
    (FaultKind::ClosedBefore, 20),
    (FaultKind::ClosedAfter, 20),
    (FaultKind::Reset, 25),
    (FaultKind::Truncated, 25),
    (FaultKind::Stalled, 20),
    (FaultKind::Held, 15),
    (FaultKind::Busy, 40),
    (FaultKind::RateLimited, 20),
    (FaultKind::TokenRevoked, 4),
    (FaultKind::RedirectedToSameHost, 25),
    (FaultKind::RedirectedToOtherHost, 25),
    (FaultKind::ClosedWhenIdle, 30),
    (FaultKind::Dripping, 15),
    (FaultKind::Delayed, 30),
];

/// The fault of one request.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) kind: FaultKind,
    /// True if a request that gets no proper response is processed nevertheless.
    pub(crate) is_processed: bool,
    /// The source of the details, such as the number of bytes before a reset.
    pub(crate) random: Rng,
}

/// Returns the fault of a request. It depends on nothing but the seed, the call with its target,
/// and the number of requests of this call so far.
pub(crate) fn choose(seed: u64, call: &str, request: u32) -> Choice {
    let mut random = random(seed, &format!("fault {call} {request}"));
    let mut number = random.u32(..1000);
    let chosen = FREQUENCIES.iter().find(|(_, frequency)| {
        let is_chosen = number < *frequency;
        number = number.saturating_sub(*frequency);
        is_chosen
    });
    Choice {
        kind: chosen.map_or(FaultKind::None, |(kind, _)| *kind),
        is_processed: random.bool(),
        random,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn faults_depend_on_the_seed_only() {
        let kinds = |seed| -> Vec<FaultKind> {
            (0..500)
                .map(|number| choose(seed, "a", number).kind)
                .collect()
        };
        assert_eq!(kinds(1), kinds(1));
        assert_ne!(kinds(1), kinds(2));
    }

    #[test]
    fn every_fault_occurs_as_often_as_listed() {
        let mut counts: BTreeMap<FaultKind, u32> = BTreeMap::new();
        for number in 0..100_000 {
            *counts.entry(choose(7, "a", number).kind).or_default() += 1;
        }
        for (kind, frequency) in FREQUENCIES {
            let (count, expected) = (counts[kind], frequency * 100);
            assert!(count.abs_diff(expected) < expected / 4, "{kind:?}: {count}");
        }
    }
}
