//! The servers of a client.

use std::sync::Arc;

use super::error::BuildError;
use crate::base_url::BaseUrl;
use crate::servers::Servers;

/// Parses a base URL.
pub(super) fn parse_base_url(base_url: &str) -> Result<Arc<BaseUrl>, BuildError> {
    let base_url = BaseUrl::parse(base_url).map_err(|error| BuildError::InvalidBaseUrl {
        url: error.url,
        reason: error.reason,
    })?;
    Ok(Arc::new(base_url))
}

/// Rejects the URLs that need TLS.
pub(super) fn reject_https<'a>(
    urls: impl IntoIterator<Item = &'a Arc<BaseUrl>>,
) -> Result<(), BuildError> {
    match urls.into_iter().find(|url| url.url.scheme() == "https") {
        Some(url) => Err(BuildError::TlsDisabled {
            url: url.text.clone(),
        }),
        None => Ok(()),
    }
}

/// Checks the replacements of servers, pairs of a known server and its base URL.
pub(super) fn servers(
    replacements: Vec<(String, String)>,
    known: &'static [&'static str],
) -> Result<Servers, BuildError> {
    let mut servers = Servers::default();
    for (url, base_url) in replacements {
        let Some(server) = known.iter().find(|server| **server == url) else {
            let servers = known;
            return Err(BuildError::UnknownServer { url, servers });
        };
        servers.set(server, parse_base_url(&base_url)?);
    }
    Ok(servers)
}
