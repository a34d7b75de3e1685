//! Repairs of servers: the base URLs of the index, and hosts in paths.

use super::context::RepairContext;
use crate::server::normalize;
use crate::swagger2::{Operation, ParameterLocation, Server};
use crate::text::collapse;
use openapi_text::template::variables;

/// Uses the base URL of the index, of several the one that is most like the document's. A combined
/// document has one host for all endpoints. The servers of both are kept for the merge, which sees
/// all documents.
pub(crate) fn of_index(operation: &mut Operation, context: &mut RepairContext<'_>) {
    let Some(slug) = operation.slug.as_deref() else {
        return;
    };
    let ours = normalize(&operation.server);
    let named = context.servers.of_slug(slug).iter().map(|listed| {
        let named = at_its_root(listed, &operation.path);
        let schemes = schemes(&named, &operation.server);
        Server { schemes, ..named }
    });
    operation.index_servers = named.collect();
    let likeness = |listed: &&Server| {
        let named = normalize(listed).server;
        (
            named.host.is_some(),
            named.host == ours.server.host,
            named.base_path == ours.server.base_path,
        )
    };
    // `max_by_key` returns the last of several, and the first is meant.
    let best = operation.index_servers.iter().rev().max_by_key(likeness);
    let Some(named) = best.cloned() else {
        return;
    };
    let normalized = normalize(&named);
    // If the index has other hosts or another base path, the document's server is that of another
    // endpoint.
    let is_another =
        context.servers.has_hosts() || normalized.server.base_path != ours.server.base_path;
    if normalized.server.host.is_none() && (context.is_own || !is_another) {
        if ours.server.host.is_none() && !named.schemes.is_empty() {
            operation.server.schemes = named.schemes;
        }
        return;
    }
    let same = normalized.server.host == ours.server.host
        && normalized.server.base_path == ours.server.base_path;
    if !same {
        let message = format!(
            "the index has the server `{}`, the document `{}`; that of the index is used, unless more entries and documents name the other",
            written(&normalized.server),
            written(&ours.server)
        );
        context.record(&operation.pointer, message);
        operation.document_server = Some(std::mem::replace(&mut operation.server, named));
    }
}

/// Returns the schemes of a server of the index. Those of the document count if it has only https.
fn schemes(named: &Server, document: &Server) -> Vec<String> {
    let own = &document.schemes;
    let is_only_https = !own.is_empty() && !own.iter().any(|scheme| scheme == "http");
    match named.schemes.is_empty() || is_only_https {
        true => own.clone(),
        false => named.schemes.clone(),
    }
}

/// Removes the endpoint's path from the end of a base URL, where some entries of indexes have it.
fn at_its_root(listed: &Server, path: &str) -> Server {
    let base_path = collapse(&listed.base_path);
    let root = base_path
        .strip_suffix(collapse(path).as_str())
        .filter(|_| path.len() > 1);
    match root {
        Some(root) => Server {
            base_path: root.to_owned(),
            ..listed.clone()
        },
        None => listed.clone(),
    }
}

fn written(server: &Server) -> String {
    format!(
        "{}{}",
        server.host.as_deref().unwrap_or("no host"),
        server.base_path
    )
}

pub(crate) fn untangle(operation: &mut Operation, context: &mut RepairContext<'_>) {
    let normalized = normalize(&operation.server);
    if let Some(problem) = normalized.problem {
        context.record(
            &operation.pointer,
            format!("{problem}; read as `{}`", written(&normalized.server)),
        );
    }
    if !normalized.prefix.is_empty() {
        let message = format!(
            "the base path has variables; `{}` is put before the path",
            normalized.prefix
        );
        context.record(&operation.pointer, message);
        // With another server, the path would be another one too.
        operation.document_server = None;
        operation.index_servers = Vec::new();
        operation.path = format!(
            "{}/{}",
            normalized.prefix,
            operation.path.trim_start_matches('/')
        );
    }
    operation.server = normalized.server;
}

/// Moves a host from the path to the server: `//{hostname}/a`, `https://host/a`, `host.com/a`.
pub(crate) fn in_path(operation: &mut Operation, context: &mut RepairContext<'_>) {
    let path = operation.path.trim_start_matches(' ');
    let scheme = ["http", "https"].into_iter().find(|scheme| {
        path.trim_start_matches('/')
            .starts_with(&format!("{scheme}://"))
    });
    let rest = match scheme {
        Some(scheme) => path.trim_start_matches('/')[scheme.len()..].trim_start_matches([':', '/']),
        None if path.starts_with("//") && (operation.server.host.is_none() || names_host(path)) => {
            path.trim_start_matches('/')
        }
        None if !path.starts_with('/') && is_domain(path.split('/').next().unwrap_or_default()) => {
            path
        }
        None => return,
    };
    let (host, rest) = match rest.find(['/', '?', '#']) {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let is_host = scheme.is_some() || is_variable(host) || host.contains(['.', ':']);
    if !is_host {
        return;
    }
    let (before, host, rest) = (operation.path.clone(), host.to_owned(), rest.to_owned());
    operation.path = if rest.starts_with('/') {
        rest
    } else {
        format!("/{rest}")
    };
    // Variables of the host are not parameters of the path.
    for variable in variables(&host) {
        let elsewhere = variables(&operation.path).contains(&variable);
        operation.parameters.retain(|it| {
            elsewhere || it.location != ParameterLocation::Path || it.name != variable
        });
    }
    operation.server = Server {
        host: Some(host).filter(|host| !host.is_empty()),
        base_path: String::new(),
        schemes: scheme.map_or_else(
            || operation.server.schemes.clone(),
            |scheme| vec![scheme.to_owned()],
        ),
    };
    operation.server_in_path = true;
    operation.document_server = None;
    operation.index_servers = Vec::new();
    let message = format!(
        "the path `{before}` has a host in it; `{}` becomes the operation's server",
        written(&operation.server)
    );
    context.record(&operation.pointer, message);
}

/// Returns true if the first segment is a variable with the name of a host.
fn names_host(path: &str) -> bool {
    let first = path
        .trim_start_matches('/')
        .split('/')
        .next()
        .unwrap_or_default();
    is_variable(first)
        && ["host", "domain", "server"]
            .into_iter()
            .any(|word| first.to_ascii_lowercase().contains(word))
}

fn is_variable(text: &str) -> bool {
    text.starts_with('{') && text.ends_with('}') && variables(text).len() == 1
}

/// Returns true if a first segment without a slash before it is a domain in a common top-level
/// domain.
fn is_domain(segment: &str) -> bool {
    let mut labels = segment.rsplit('.');
    let known = labels
        .next()
        .is_some_and(|top| ["com", "net", "org", "io", "gov", "edu"].contains(&top));
    known && labels.next().is_some_and(|name| !name.is_empty())
}
