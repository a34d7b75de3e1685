//! The tokens of the server, and the reasons for which clients request new ones.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::recent::Recent;

/// The time before the announced expiry at which clients renew a token.
pub(crate) const RENEWED_BEFORE_EXPIRY: Duration = Duration::from_secs(1);

/// The difference between the clocks of both processes, and the time that a request may need.
const TOLERANCE: Duration = Duration::from_millis(300);

/// The tokens of all OAuth 2 clients.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    issued: Recent<String, Issued>,
    last: BTreeMap<String, Last>,
    reasons: BTreeMap<Reason, u64>,
}

/// A token.
#[derive(Clone, Debug)]
struct Issued {
    expires_at: Instant,
    is_revoked: bool,
}

/// The last response to a token request of an OAuth 2 client.
#[derive(Clone, Debug)]
enum Last {
    Failed,
    Issued {
        token: String,
        /// The time of renewal. `None` if the response has no lifetime.
        renew_at: Option<Instant>,
    },
}

/// The reason for a token request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reason {
    /// The client has no token yet.
    First,
    /// The last token request failed.
    Failed,
    /// The token is revoked.
    Revoked,
    /// The token has expired, or is about to.
    Expired,
    /// The token is valid: the request is one too many.
    Unneeded,
}

impl Tokens {
    /// Records a token request, and returns its reason.
    pub(crate) fn request(&mut self, client: &str, now: Instant) -> Reason {
        let reason = match self.last.get(client).cloned() {
            None => Reason::First,
            Some(Last::Failed) => Reason::Failed,
            Some(Last::Issued { token, renew_at }) => {
                let issued = self.issued(token, now);
                let is_due = renew_at.is_some_and(|renew_at| renew_at <= now + TOLERANCE);
                match () {
                    () if issued.is_revoked => Reason::Revoked,
                    () if is_due || issued.expires_at <= now => Reason::Expired,
                    () => Reason::Unneeded,
                }
            }
        };
        *self.reasons.entry(reason).or_default() += 1;
        reason
    }

    /// Records a token request that gets no token.
    pub(crate) fn fail(&mut self, client: &str) {
        self.last.insert(client.to_owned(), Last::Failed);
    }

    /// Issues a token. `is_announced` is true if the response has its lifetime.
    pub(crate) fn issue(
        &mut self,
        client: &str,
        token: &str,
        lifetime: Duration,
        is_announced: bool,
        now: Instant,
    ) {
        let issued = Issued {
            expires_at: now + lifetime,
            is_revoked: false,
        };
        self.issued.entry(token.to_owned(), || issued);
        let renew_at = now + lifetime.saturating_sub(RENEWED_BEFORE_EXPIRY);
        let last = Last::Issued {
            token: token.to_owned(),
            renew_at: is_announced.then_some(renew_at),
        };
        self.last.insert(client.to_owned(), last);
    }

    /// Revokes a token.
    pub(crate) fn revoke(&mut self, token: &str, now: Instant) {
        self.issued(token.to_owned(), now).is_revoked = true;
    }

    /// Returns whether a token is valid.
    pub(crate) fn is_valid(&mut self, token: &str, now: Instant) -> bool {
        let issued = self.issued(token.to_owned(), now);
        !issued.is_revoked && issued.expires_at > now
    }

    /// Forgets old tokens.
    pub(crate) fn rotate(&mut self) {
        self.issued.rotate();
    }

    /// Returns the number of token requests by reason.
    pub(crate) fn reasons(&self) -> BTreeMap<String, u64> {
        let reasons = self.reasons.iter();
        reasons
            .map(|(reason, count)| (format!("{reason:?}"), *count))
            .collect()
    }

    /// Returns a token. An unknown one has expired.
    fn issued(&mut self, token: String, now: Instant) -> &mut Issued {
        self.issued.entry(token, || Issued {
            expires_at: now,
            is_revoked: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFETIME: Duration = Duration::from_secs(10);

    #[test]
    fn reasons_are_those_of_the_last_response() {
        let (mut tokens, now) = (Tokens::default(), Instant::now());
        let after = |seconds| now + Duration::from_secs(seconds);
        assert_eq!(tokens.request("c", now), Reason::First);
        tokens.fail("c");
        assert_eq!(tokens.request("c", now), Reason::Failed);
        tokens.issue("c", "t", LIFETIME, true, now);
        assert_eq!(tokens.request("c", after(8)), Reason::Unneeded);
        assert_eq!(tokens.request("c", after(9)), Reason::Expired);
        tokens.issue("c", "u", LIFETIME, false, now);
        assert_eq!(tokens.request("c", after(9)), Reason::Unneeded);
        assert_eq!(tokens.request("c", after(10)), Reason::Expired);
        tokens.issue("c", "v", LIFETIME, true, now);
        tokens.revoke("v", now);
        assert_eq!(tokens.request("c", now), Reason::Revoked);
        assert_eq!(tokens.reasons()["Unneeded"], 2);
    }

    #[test]
    fn tokens_expire_and_are_revoked() {
        let (mut tokens, now) = (Tokens::default(), Instant::now());
        tokens.issue("c", "t", LIFETIME, true, now);
        assert!(tokens.is_valid("t", now));
        assert!(!tokens.is_valid("t", now + LIFETIME));
        assert!(!tokens.is_valid("unknown", now));
        tokens.revoke("t", now);
        assert!(!tokens.is_valid("t", now));
    }
}
