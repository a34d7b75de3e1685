//! The servers that the index of a listing names.
//!
//! A combined document has one host for all of its endpoints, even if they have several; the index
//! has a base URL for each endpoint.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{Server as OpenApiServer, ServerVariable};

use super::index::Index;
use super::server::{is_loopback, is_placeholder, normalize};
use super::swagger2::Server;

/// The servers that an index names, by slug.
#[derive(Clone, Debug, Default)]
pub(crate) struct ServerIndex {
    /// Slugs of entries without a host.
    hostless: BTreeSet<String>,
    /// The servers of each slug as listed, each once, in the order of the index.
    by_slug: BTreeMap<String, Vec<Server>>,
    /// Hosts that some entry has with `http`, and none with `https`.
    only_http: BTreeSet<String>,
    has_hosts: bool,
}

impl ServerIndex {
    /// Reads the base URLs of an index.
    pub(crate) fn new(index: &Index) -> ServerIndex {
        let mut servers = ServerIndex::default();
        let mut https = BTreeSet::new();
        for entry in &index.entries {
            let Some(url) = &entry.base_url else { continue };
            let listed = split_url(url);
            let host = normalize(&listed).server.host.unwrap_or_default();
            match listed.schemes.first().map(String::as_str) {
                Some("https") => _ = https.insert(host.clone()),
                Some("http") => _ = servers.only_http.insert(host.clone()),
                _ => {}
            }
            servers.has_hosts |= !host.is_empty();
            if let Some(slug) = &entry.slug {
                let named = servers.by_slug.entry(slug.clone()).or_default();
                if !named.contains(&listed) {
                    named.push(listed);
                }
            }
        }
        servers.only_http.retain(|host| !https.contains(host));
        for slug in index.entries.iter().filter_map(|entry| entry.slug.as_ref()) {
            if hosts(servers.of_slug(slug)).next().is_none() {
                servers.hostless.insert(slug.clone());
            }
        }
        servers
    }

    /// Returns the servers that the index names for a slug, as listed.
    pub(crate) fn of_slug(&self, slug: &str) -> &[Server] {
        self.by_slug.get(slug).map_or(&[], Vec::as_slice)
    }

    /// Returns true if the index contradicts that a slug has this host: it has an entry for the
    /// slug, and names no host or another one.
    pub(crate) fn contradicts(&self, slug: &str, host: &str) -> bool {
        self.hostless.contains(slug) || hosts(self.of_slug(slug)).any(|named| named != host)
    }

    /// Returns the host of every slug, without placeholders. A slug may have several.
    pub(crate) fn hosts(&self) -> impl Iterator<Item = String> {
        self.by_slug
            .values()
            .flat_map(|servers| hosts(servers).collect::<BTreeSet<String>>())
            .filter(|host| !is_placeholder(host))
    }

    /// Returns true if any entry names a host.
    pub(crate) fn has_hosts(&self) -> bool {
        self.has_hosts
    }

    /// Converts a normalized server to OpenAPI. A missing host or a placeholder becomes a variable,
    /// which the caller of the client sets.
    pub(crate) fn resolve(&self, server: &Server) -> OpenApiServer {
        let host = server.host.as_deref().unwrap_or_default();
        // Every document of the gallery has the scheme `http`, so that it means nothing unless the
        // index agrees.
        let is_http = is_loopback(host)
            || (self.only_http.contains(host)
                && server.schemes.iter().any(|scheme| scheme == "http"));
        let scheme = if is_http { "http" } else { "https" };
        let base_path = &server.base_path;
        if !is_placeholder(host) {
            // The port 80 belongs to `http`, also where the scheme is now `https`.
            let host = host.strip_suffix(":80").unwrap_or(host);
            let host = match is_http {
                true => host,
                false => host.strip_suffix(":443").unwrap_or(host),
            };
            return OpenApiServer {
                url: format!("{scheme}://{host}{base_path}"),
                ..OpenApiServer::default()
            };
        }
        let is_printable = !host.is_empty()
            && host
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || ".-_{}<>:@".contains(c));
        let variable = ServerVariable {
            default: if is_printable {
                host.to_owned()
            } else {
                "example.com".to_owned()
            },
            description: Some("The listing names no real host; set your own.".to_owned()),
            ..ServerVariable::default()
        };
        OpenApiServer {
            url: format!("{scheme}://{{host}}{base_path}"),
            variables: Some([("host".to_owned(), variable)].into_iter().collect()),
            ..OpenApiServer::default()
        }
    }
}

/// Returns the hosts of servers as listed.
fn hosts(listed: &[Server]) -> impl Iterator<Item = String> {
    listed
        .iter()
        .filter_map(|listed| normalize(listed).server.host)
}

/// Splits a base URL of an index at its first `://` and the first slash after that.
fn split_url(url: &str) -> Server {
    let (scheme, rest) = url.trim().split_once("://").unwrap_or(("", url));
    let scheme = scheme.trim_end_matches(':').to_ascii_lowercase();
    let (host, base_path) = rest.split_once('/').unwrap_or((rest, ""));
    Server {
        host: Some(host.to_owned()).filter(|host| !host.is_empty()),
        base_path: base_path.to_owned(),
        schemes: Some(scheme)
            .filter(|scheme| !scheme.is_empty())
            .into_iter()
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Entry;

    fn servers(urls: &[(&str, &str)]) -> ServerIndex {
        let entry = |&(slug, url): &(&str, &str)| Entry {
            slug: Some(slug.to_owned()),
            base_url: Some(url.to_owned()),
            ..Entry::default()
        };
        ServerIndex::new(&Index {
            entries: urls.iter().map(entry).collect(),
            ..Index::default()
        })
    }

    fn server(host: Option<&str>, base_path: &str) -> Server {
        Server {
            host: host.map(str::to_owned),
            base_path: base_path.to_owned(),
            schemes: vec!["http".to_owned()],
        }
    }

    #[test]
    fn resolves_servers_with_the_scheme_of_the_index() {
        let index = servers(&[
            ("a", "https://api.p.io//v1"),
            ("b", "https://p.io:80/"),
            ("c", "http://old.p.io/"),
            ("d", "http://both.p.io/"),
            ("e", "https://both.p.io/"),
            ("f", "://silent.p.io"),
        ]);
        let url = |host, base_path| {
            let normalized = normalize(&server(host, base_path));
            index.resolve(&normalized.server).url
        };
        assert_eq!(url(Some("api.p.io"), "/v1/"), "https://api.p.io/v1");
        assert_eq!(url(Some("api.p.io."), "//v1"), "https://api.p.io/v1");
        assert_eq!(url(Some("old.p.io"), "v1"), "http://old.p.io/v1");
        assert_eq!(url(Some("both.p.io"), "v1"), "https://both.p.io/v1");
        assert_eq!(url(Some("silent.p.io"), "v1"), "https://silent.p.io/v1");
        assert_eq!(url(Some("unknown.p.io:80"), "/"), "https://unknown.p.io");
        assert_eq!(url(Some("unknown.p.io:443"), "/"), "https://unknown.p.io");
        assert_eq!(url(Some("localhost:3000"), "/v1"), "http://{host}/v1");
        assert_eq!(url(Some("127.0.0.1"), "/v1"), "http://{host}/v1");
        assert_eq!(url(Some("p.io:80"), "/"), "https://p.io");
        for host in [
            None,
            Some("your-server.com"),
            Some("api.example.com"),
            Some("{host}"),
            Some("a@b.io"),
        ] {
            assert_eq!(url(host, "/v1"), "https://{host}/v1");
        }
        assert_eq!(
            servers(&[("a", "https:///")])
                .resolve(&server(None, ""))
                .url,
            "https://{host}"
        );
    }

    #[test]
    fn finds_servers_by_slug() {
        let index = servers(&[
            ("a", ":///"),
            ("a", "https://a.io//v1"),
            ("b", "https:///m/https://b.io"),
            ("c", "://c.io./"),
        ]);
        let of = |slug| normalize(index.of_slug(slug).last().unwrap()).server;
        assert_eq!(index.of_slug("a").len(), 2);
        assert_eq!(index.resolve(&of("a")).url, "https://a.io/v1");
        assert_eq!(index.resolve(&of("b")).url, "https://b.io");
        assert_eq!(of("c").host.as_deref(), Some("c.io"));
        assert!(index.has_hosts());
    }
}
