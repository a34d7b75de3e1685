//! Server URLs.

use serde_json::Value;

use super::model::OwnServer;

pub(super) fn own_server(server: &Value) -> Option<OwnServer> {
    let url = server.get("url")?.as_str()?.to_owned();
    let after_scheme = url.split_once("://").map(|(_, rest)| rest);
    let has_host = after_scheme.is_some_and(|rest| {
        !rest.starts_with('/') && !rest.split('/').next().unwrap_or(rest).contains('{')
    });
    let default = has_host.then(|| filled(server).trim_end_matches('/').to_owned());
    Some(OwnServer { url, default })
}

/// Returns the URL of a server with the defaults of its variables.
fn filled(server: &Value) -> String {
    let mut url = server
        .get("url")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    for (name, variable) in server
        .get("variables")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        url = url.replace(
            &format!("{{{name}}}"),
            variable
                .get("default")
                .and_then(Value::as_str)
                .unwrap_or_default(),
        );
    }
    url
}

pub(super) fn base_path(root: &Value) -> String {
    path_of(&root.pointer("/servers/0").map(filled).unwrap_or_default())
}

/// Returns the path of a URL, without a trailing slash.
pub(crate) fn path_of(url: &str) -> String {
    let after_host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = after_host.find('/').map_or("", |at| &after_host[at..]);
    path.trim_end_matches('/').to_owned()
}
