//! The servers of a client.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::error::BuildError;
use crate::base_url::BaseUrl;

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
) -> Result<BTreeMap<String, Arc<BaseUrl>>, BuildError> {
    let checked = replacements.into_iter().map(|(url, base_url)| {
        if known.contains(&url.as_str()) {
            Ok((url, parse_base_url(&base_url)?))
        } else {
            let servers = known;
            Err(BuildError::UnknownServer { url, servers })
        }
    });
    checked.collect()
}
