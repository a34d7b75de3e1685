//! Removal of credentials from messages of a server, which may repeat what it received.

use reqwest::header::HeaderMap;

use crate::auth::{Credential, Placed, ProvidedTokens, Source};

/// The minimum length of a custom header's value that counts as a secret. Shorter values, such as
/// `de`, occur in ordinary words.
const MIN_HEADER_LEN: usize = 8;

/// The secrets of an attempt, as the caller passed them and as they were sent. An extension of the
/// response until its body is read.
#[derive(Clone)]
pub(crate) struct SentSecrets(Vec<String>);

impl SentSecrets {
    /// Collects credentials and the sensitive values of `headers`.
    pub(crate) fn new(
        credentials: &[Credential],
        tokens: &ProvidedTokens,
        headers: Option<&HeaderMap>,
    ) -> SentSecrets {
        let passed = credentials
            .iter()
            .filter_map(|credential| credential.secret.as_ref())
            .chain(&tokens.0)
            .map(|token| token.expose().to_owned());
        let sent = credentials
            .iter()
            .filter_map(|credential| sent(&credential.source));
        let custom = headers
            .into_iter()
            .flat_map(HeaderMap::values)
            .filter(|value| value.is_sensitive() && value.len() >= MIN_HEADER_LEN)
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        SentSecrets::of(passed.chain(sent).chain(custom))
    }

    /// Collects these values.
    pub(crate) fn of(values: impl Iterator<Item = String>) -> SentSecrets {
        let mut secrets: Vec<String> = Vec::new();
        for secret in values.filter(|secret| !secret.is_empty()) {
            // Replace the longest first: a secret may contain another one. The code of a sort would
            // take long to compile.
            let index = secrets.partition_point(|other| other.len() >= secret.len());
            secrets.insert(index, secret);
        }
        SentSecrets(secrets)
    }

    /// Replaces all secrets.
    pub(crate) fn redact(&self, text: &str) -> String {
        let secrets = self.0.iter();
        secrets.fold(text.to_owned(), |text, secret| text.replace(secret, "…"))
    }
}

/// Returns the value that is sent for a fixed credential.
fn sent(source: &Source) -> Option<String> {
    match source {
        Source::Fixed(Placed::Header(_, value)) => {
            let text = String::from_utf8_lossy(value.as_bytes());
            let secret = text.split_once(' ').map_or(&*text, |(_, secret)| secret);
            Some(secret.to_owned())
        }
        Source::Fixed(Placed::Query(pair) | Placed::Cookie(pair)) => {
            pair.split_once('=').map(|(_, secret)| secret.to_owned())
        }
        Source::Provider(_) => None,
    }
}
