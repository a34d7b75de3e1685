//! Where an API answers: takes host and base path as a listing bends them, with what its index knows, gives an OpenAPI server.
//!
//! A combined document has one host for all of its endpoints, also where they have several; the index has a base URL for each.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{Server as Server3, ServerVariable};

use crate::entities;
use crate::index::Index;
use crate::repair::path_text::{collapse, decode_braces};
use crate::swagger2::Server;
use openapi_text::template::{encode_literal, is_dots};

/// What the index knows of servers.
#[derive(Clone, Debug, Default)]
pub struct Known {
    hostless: BTreeSet<String>,
    by_slug: BTreeMap<String, Server>,
    https: BTreeSet<String>,
    has_hosts: bool,
}

/// A server after mending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    /// With a host that is one, or none, and a base path that is empty or starts with a slash.
    pub server: Server,
    /// What of the base path has variables: it comes before every path.
    pub prefix: String,
    /// What was wrong, if anything.
    pub amiss: Option<String>,
}

impl Known {
    /// Reads the base URLs of an index.
    pub fn of(index: &Index) -> Known {
        let mut known = Known::default();
        for entry in &index.entries {
            let Some(url) = &entry.base_url else { continue };
            let listed = listed(url);
            let host = mend(&listed).server.host.unwrap_or_default();
            if listed.schemes == ["https"] {
                known.https.insert(host.clone());
            }
            known.has_hosts |= !host.is_empty();
            if let Some(slug) = &entry.slug {
                let earlier = known
                    .by_slug
                    .entry(slug.clone())
                    .or_insert_with(|| listed.clone());
                if earlier.host.is_none() {
                    *earlier = listed;
                }
            }
        }
        for slug in index.entries.iter().filter_map(|entry| entry.slug.as_ref()) {
            if known
                .by_slug
                .get(slug)
                .is_none_or(|listed| mend(listed).server.host.is_none())
            {
                known.hostless.insert(slug.clone());
            }
        }
        known
    }

    /// The server that the index names for an endpoint, as listed.
    pub fn of_slug(&self, slug: &str) -> Option<&Server> {
        self.by_slug.get(slug)
    }

    /// Whether the index has an endpoint, and no host for it.
    pub fn lacks_host(&self, slug: &str) -> bool {
        self.hostless.contains(slug)
    }

    /// Whether any entry names a host.
    pub fn has_hosts(&self) -> bool {
        self.has_hosts
    }

    /// The server in OpenAPI. A host that is none (a placeholder, or missing) becomes a variable: the caller gives it.
    pub fn resolve(&self, server: &Server) -> Server3 {
        let host = server.host.as_deref().unwrap_or_default();
        // The documents of the gallery always say `http`; the index often knows better.
        let is_https =
            self.https.contains(host) || !server.schemes.iter().any(|scheme| scheme == "http");
        let scheme = if is_https { "https" } else { "http" };
        let base_path = &server.base_path;
        if !is_placeholder(host) {
            let host = if is_https {
                host.strip_suffix(":80").unwrap_or(host)
            } else {
                host
            };
            return Server3 {
                url: format!("{scheme}://{host}{base_path}"),
                ..Server3::default()
            };
        }
        let printable = !host.is_empty()
            && host
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || ".-_{}<>:@".contains(c));
        let variable = ServerVariable {
            default: if printable {
                host.to_owned()
            } else {
                "example.com".to_owned()
            },
            description: Some("The listing names no real host: give your own.".to_owned()),
            ..ServerVariable::default()
        };
        Server3 {
            url: format!("{scheme}://{{host}}{base_path}"),
            variables: Some([("host".to_owned(), variable)].into_iter().collect()),
            ..Server3::default()
        }
    }
}

/// A base URL of an index: scheme, host and base path with `://` and `/` between them, whatever they are.
fn listed(url: &str) -> Server {
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

/// Takes host and base path apart again where a listing mixes them up.
pub fn mend(listed: &Server) -> Mended {
    let clean = |text: &str| {
        decode_braces(&entities::decode(text))
            .split_whitespace()
            .collect::<String>()
    };
    let (host, base_path) = (
        clean(listed.host.as_deref().unwrap_or_default()),
        clean(&listed.base_path),
    );
    let mut schemes = listed.schemes.clone();
    let (mut host, mut base_path, amiss) = untangle(host, base_path, &mut schemes);

    let mut prefix = String::new();
    base_path = collapse(base_path.split(['?', '#']).next().unwrap_or_default())
        .trim_matches('/')
        .to_owned();
    if let Some(variable) = base_path.find('{') {
        let start = base_path[..variable].rfind('/').unwrap_or(0);
        prefix = format!("/{}", base_path[start..].trim_matches('/'));
        base_path.truncate(start);
    }
    base_path = base_path
        .split('/')
        .filter(|part| !part.is_empty() && !is_dots(part))
        .map(|part| format!("/{}", encode_literal(part)))
        .collect();
    let dot = host.ends_with('.');
    host.truncate(host.trim_end_matches('.').len());
    let amiss = amiss.or_else(|| dot.then(|| "the host has a dot at its end".to_owned()));
    Mended {
        server: Server {
            host: Some(host).filter(|host| !host.is_empty()),
            base_path,
            schemes,
        },
        prefix,
        amiss,
    }
}

fn untangle(
    host: String,
    base_path: String,
    schemes: &mut Vec<String>,
) -> (String, String, Option<String>) {
    let split = |url: &str| {
        let url = url.trim_start_matches(['/', ':']);
        let (host, path) = url.split_once('/').unwrap_or((url, ""));
        (host.to_owned(), path.to_owned())
    };
    // The base path is a URL, and the host, if anything, a part of the paths.
    if let Some((before, url)) = base_path.split_once("://") {
        let scheme = before.rsplit('/').next().unwrap_or_default();
        if schemes.is_empty() || scheme == "https" {
            *schemes = vec![scheme.to_owned()];
        }
        let (host, path) = split(url);
        return (
            host,
            path,
            Some(format!("the base path `{base_path}` is a URL")),
        );
    }
    let after_scheme = host
        .split_once("://")
        .map(|(_, rest)| rest)
        .or_else(|| host.strip_prefix("http:"));
    let after_scheme = after_scheme.or_else(|| host.strip_prefix("https:"));
    if let Some(rest) = after_scheme {
        let amiss = Some(format!("the host `{host}` is no host"));
        if host.starts_with("https") {
            *schemes = vec!["https".to_owned()];
        }
        if rest.is_empty() && base_path.starts_with("//") {
            let (host, path) = split(&base_path);
            return (host, path, amiss);
        }
        let (rest, path) = split(rest);
        return (rest, joined(&path, &base_path), amiss);
    }
    match host.split_once('/') {
        Some(("", _)) => (
            String::new(),
            base_path,
            Some(format!("the host `{host}` is a path")),
        ),
        Some((name, path)) => {
            let amiss = Some(format!("the host `{host}` has a path at its end"));
            (name.to_owned(), joined(path, &base_path), amiss)
        }
        None => (host, base_path, None),
    }
}

/// What stands after the host, and the base path, which may say it again.
fn joined(path: &str, base_path: &str) -> String {
    let (path, base_path) = (path.trim_matches('/'), base_path.trim_matches('/'));
    let again = base_path == path
        || base_path
            .strip_prefix(path)
            .is_some_and(|rest| rest.starts_with('/'));
    if path.is_empty() || again {
        base_path.to_owned()
    } else {
        format!("{path}/{base_path}")
    }
}

/// Whether a text can be no host that answers.
pub fn is_placeholder(host: &str) -> bool {
    let (name, port) = host.split_once(':').unwrap_or((host, ""));
    let name = name.to_ascii_lowercase();
    let is_port = port.bytes().all(|byte| byte.is_ascii_digit()) && port.len() <= 5;
    let is_name = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let labels: Vec<&str> = name.split('.').collect();
    let ours = ["example.com", "example.org", "example.net"]
        .into_iter()
        .any(|end| name == end || name.ends_with(&format!(".{end}")));
    let local = ["127.", "10.", "192.168.", "0."]
        .into_iter()
        .any(|start| name.starts_with(start))
        && name
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    !is_port
        || labels.len() < 2
        || !labels.iter().all(|label| is_name(label))
        || name.starts_with("your")
        || labels
            .iter()
            .any(|label| label.starts_with("your-") || label.starts_with("your_"))
        || ours
        || local
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Entry;

    fn index(urls: &[(&str, &str)]) -> Known {
        let entry = |&(slug, url): &(&str, &str)| Entry {
            name: String::new(),
            slug: Some(slug.to_owned()),
            base_url: Some(url.to_owned()),
            human_url: None,
            documents: Vec::new(),
        };
        Known::of(&Index {
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
    fn servers() {
        let known = index(&[("a", "https://api.p.io//v1"), ("b", "https://p.io:80/")]);
        let url = |host, base_path| known.resolve(&mend(&server(host, base_path)).server).url;
        assert_eq!(url(Some("api.p.io"), "/v1/"), "https://api.p.io/v1");
        assert_eq!(url(Some("api.p.io."), "//v1"), "https://api.p.io/v1");
        assert_eq!(url(Some("old.p.io"), "v1"), "http://old.p.io/v1");
        assert_eq!(url(Some("old.p.io:80"), "/"), "http://old.p.io:80");
        assert_eq!(url(Some("p.io:80"), "/"), "https://p.io");
        for host in [
            None,
            Some("your-server.com"),
            Some("localhost:3000"),
            Some("api.example.com"),
            Some("{host}"),
            Some("a@b.io"),
        ] {
            assert_eq!(url(host, "/v1"), "http://{host}/v1");
        }
        assert_eq!(
            index(&[("a", "https:///")]).resolve(&server(None, "")).url,
            "https://{host}"
        );
    }

    #[test]
    fn hosts_and_base_paths_that_are_mixed_up() {
        for (host, base_path, mended, path, prefix) in [
            ("p.io/v2/", "/v2", "p.io", "/v2", ""),
            ("p.io/x.json", "/X", "p.io", "/x.json/X", ""),
            ("/account", "https://p.io/api", "p.io", "/api", ""),
            ("http:", "//p.io/a", "p.io", "/a", ""),
            ("https://p.io/a", "b", "p.io", "/a/b", ""),
            ("http:", "/", "", "", ""),
            ("p.io", "/%7Bkind%7D/", "p.io", "", "/{kind}"),
            ("p.io", "/api/{format}/x", "p.io", "/api", "/{format}/x"),
            (" {sub}.p.io", "//a//b", "{sub}.p.io", "/a/b", ""),
        ] {
            let seen = mend(&server(Some(host), base_path));
            assert_eq!(
                seen.server.host.as_deref().unwrap_or_default(),
                mended,
                "{host} {base_path}"
            );
            assert_eq!(
                (seen.server.base_path.as_str(), seen.prefix.as_str()),
                (path, prefix),
                "{host} {base_path}"
            );
        }
    }

    #[test]
    fn an_index_knows_servers_by_slug() {
        let known = index(&[
            ("a", ":///"),
            ("a", "https://a.io//v1"),
            ("b", "https:///m/https://b.io"),
            ("c", "://c.io./"),
        ]);
        let of = |slug| mend(known.of_slug(slug).unwrap()).server;
        assert_eq!(known.resolve(&of("a")).url, "https://a.io/v1");
        assert_eq!(known.resolve(&of("b")).url, "https://b.io");
        assert_eq!(of("c").host.as_deref(), Some("c.io"));
        assert!(known.has_hosts());
    }
}
