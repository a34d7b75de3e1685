//! Servers as listings write them: hosts and base paths that are mixed up, and placeholders.

use super::entities;
use super::swagger2::Server;
use super::text::{collapse, decode_braces};
use openapi_text::template::encode_literal;
use openapi_text::template::is_dots;

/// A server whose host and base path are separated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NormalizedServer {
    /// The server. Its host is not empty, and its base path is empty or starts with a slash.
    pub(crate) server: Server,
    /// The part of the base path that has variables; it precedes every path.
    pub(crate) prefix: String,
    /// The defect, if there was one.
    pub(crate) problem: Option<String>,
}

/// Separates host and base path where a listing mixes them up.
pub(crate) fn normalize(listed: &Server) -> NormalizedServer {
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
    let (mut host, mut base_path, problem) = untangle(host, base_path, &mut schemes);

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
    let has_dot = host.ends_with('.');
    host.truncate(host.trim_end_matches('.').len());
    let problem = problem.or_else(|| has_dot.then(|| "the host has a dot at its end".to_owned()));
    // Host names are case-insensitive; those of variables are not.
    if !host.contains('{') {
        host.make_ascii_lowercase();
    }
    NormalizedServer {
        server: Server {
            host: Some(host).filter(|host| !host.is_empty()),
            base_path,
            schemes,
        },
        prefix,
        problem,
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
    // The base path is a URL; the host, if there is one, is part of the paths.
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
        let problem = Some(format!("the host `{host}` is not a host"));
        if host.starts_with("https") {
            *schemes = vec!["https".to_owned()];
        }
        if rest.is_empty() && base_path.starts_with("//") {
            let (host, path) = split(&base_path);
            return (host, path, problem);
        }
        let (rest, path) = split(rest);
        return (rest, joined(&path, &base_path), problem);
    }
    match host.split_once('/') {
        Some(("", _)) => (
            String::new(),
            base_path,
            Some(format!("the host `{host}` is a path")),
        ),
        Some((name, path)) => {
            let problem = Some(format!("the host `{host}` has a path at its end"));
            (name.to_owned(), joined(path, &base_path), problem)
        }
        None => (host, base_path, None),
    }
}

/// Joins the path after a host with the base path, which may repeat it.
fn joined(path: &str, base_path: &str) -> String {
    let (path, base_path) = (path.trim_matches('/'), base_path.trim_matches('/'));
    let is_repeated = base_path == path
        || base_path
            .strip_prefix(path)
            .is_some_and(|rest| rest.starts_with('/'));
    if path.is_empty() || is_repeated {
        base_path.to_owned()
    } else {
        format!("{path}/{base_path}")
    }
}

/// Returns true if a host is a loopback host.
pub(crate) fn is_loopback(host: &str) -> bool {
    let name = host.split(':').next().unwrap_or(host);
    name == "localhost" || name.starts_with("127.") || host.starts_with("[::1]")
}

/// Returns true if a text cannot be the host of a real server.
pub(crate) fn is_placeholder(host: &str) -> bool {
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
    let is_example = ["example.com", "example.org", "example.net"]
        .into_iter()
        .any(|end| name == end || name.ends_with(&format!(".{end}")));
    let is_local = ["127.", "10.", "192.168.", "0."]
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
        || is_example
        || is_local
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separates_hosts_and_base_paths() {
        for (host, base_path, expected_host, path, prefix) in [
            ("p.io/v2/", "/v2", "p.io", "/v2", ""),
            ("p.io/x.json", "/X", "p.io", "/x.json/X", ""),
            ("/account", "https://p.io/api", "p.io", "/api", ""),
            ("http:", "//p.io/a", "p.io", "/a", ""),
            ("https://p.io/a", "b", "p.io", "/a/b", ""),
            ("http:", "/", "", "", ""),
            ("API.P.io", "/V1", "api.p.io", "/V1", ""),
            ("p.io", "/%7Bkind%7D/", "p.io", "", "/{kind}"),
            ("p.io", "/api/{format}/x", "p.io", "/api", "/{format}/x"),
            (" {sub}.p.io", "//a//b", "{sub}.p.io", "/a/b", ""),
        ] {
            let normalized = normalize(&Server {
                host: Some(host.to_owned()),
                base_path: base_path.to_owned(),
                schemes: vec!["http".to_owned()],
            });
            let Server {
                host: actual_host,
                base_path: actual_path,
                ..
            } = normalized.server;
            assert_eq!(
                (
                    actual_host.as_deref().unwrap_or_default(),
                    actual_path.as_str(),
                    normalized.prefix.as_str()
                ),
                (expected_host, path, prefix),
                "{host} {base_path}"
            );
        }
    }
}
