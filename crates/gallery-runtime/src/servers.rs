//! Base URLs that replace servers of single operations.

use std::fmt;
use std::sync::Arc;

use crate::base_url::BaseUrl;

/// The base URLs that replace servers of single operations.
///
/// A list: clients have few servers, and the code of a map takes long to compile.
#[derive(Default)]
pub(crate) struct Servers(Vec<(&'static str, Arc<BaseUrl>)>);

impl Servers {
    /// Sets the base URL that replaces `server`, a URL in the API's document.
    pub(crate) fn set(&mut self, server: &'static str, base_url: Arc<BaseUrl>) {
        match self.0.iter_mut().find(|(other, _)| *other == server) {
            Some((_, replaced)) => *replaced = base_url,
            None => self.0.push((server, base_url)),
        }
    }

    /// Returns the base URL that replaces `server`.
    pub(crate) fn get(&self, server: &str) -> Option<&Arc<BaseUrl>> {
        let found = self.0.iter().find(|(other, _)| *other == server);
        found.map(|(_, base_url)| base_url)
    }

    /// Returns all base URLs.
    pub(crate) fn base_urls(&self) -> impl Iterator<Item = &Arc<BaseUrl>> {
        self.0.iter().map(|(_, base_url)| base_url)
    }
}

impl fmt::Debug for Servers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let servers = self.0.iter();
        f.debug_map()
            .entries(servers.map(|(server, base_url)| (server, &base_url.text)))
            .finish()
    }
}
