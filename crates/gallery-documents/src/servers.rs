//! The servers of operations.

use openapiv3::{Server, ServerVariable};
use serde_json::Value;

use openapi_text::template::{map_literals, variables};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use url::Url;

/// The ASCII characters that a URL cannot contain.
const NOT_IN_URLS: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>');

/// Returns the first of a list of servers. Relative URLs are resolved against `base`.
pub(crate) fn first(servers: Option<&Value>, base: Option<&str>) -> Option<Server> {
    let servers = servers?.as_array()?;
    servers.iter().find_map(|server| read(server, base))
}

fn read(server: &Value, base: Option<&str>) -> Option<Server> {
    let url = server.get("url")?.as_str()?.trim();
    let mut server = server.clone();
    let variables = server.get_mut("variables").and_then(Value::as_object_mut);
    for (_, variable) in variables.into_iter().flatten() {
        write_texts(variable);
    }
    let mut read: Server = serde_json::from_value(server).unwrap_or_default();
    read.url = resolve(url, base)?;
    declare_variables(&mut read);
    Some(read)
}

/// Writes the values of a variable as texts. YAML reads a port without quotes as a number. Without
/// a default, the first allowed value is used.
fn write_texts(variable: &mut Value) {
    let Some(variable) = variable.as_object_mut() else {
        return;
    };
    let write = |value: &mut Value| {
        if matches!(value, Value::Bool(_) | Value::Number(_)) {
            *value = value.to_string().into();
        }
    };
    let values = variable.get_mut("enum").and_then(Value::as_array_mut);
    values.into_iter().flatten().for_each(write);
    let first = variable
        .get("enum")
        .and_then(|values| values.get(0))
        .cloned();
    let default = variable.entry("default").or_insert(Value::Null);
    write(default);
    if !default.is_string() {
        *default = first.unwrap_or_else(|| "".into());
    }
}

/// Returns the server at a base URL of an index, unless it is not for HTTP.
pub(crate) fn of_base(url: &str) -> Option<Server> {
    let is_http = url.starts_with("http://") || url.starts_with("https://");
    let mut server = Server {
        url: url.trim().trim_end_matches('/').to_owned(),
        ..Server::default()
    };
    declare_variables(&mut server);
    is_http.then_some(server)
}

/// Resolves the URL of a server. A trailing slash does not count.
fn resolve(url: &str, base: Option<&str>) -> Option<String> {
    let base = base.filter(|base| base.contains("://"));
    let url = match (url.contains("://") || url.starts_with('{'), base) {
        (true, _) => url.to_owned(),
        (false, Some(base)) => {
            let start = base.find("://").map_or(0, |at| at + 3);
            let host = base[start..].find('/').map_or(base.len(), |at| start + at);
            match (url.strip_prefix("//"), url.strip_prefix('/')) {
                (Some(host), _) => format!("{}{host}", &base[..start]),
                (_, Some(path)) => format!("{}/{path}", &base[..host]),
                _ if url.is_empty() || url == "." => base.to_owned(),
                _ => format!(
                    "{}/{}",
                    base.trim_end_matches('/'),
                    url.trim_start_matches("./")
                ),
            }
        }
        (false, None) if url.starts_with("//") => format!("https:{url}"),
        // It says nothing.
        (false, None) if matches!(url, "" | "/" | "." | "./") => return None,
        (false, None) => format!("/{}", url.trim_start_matches("./").trim_start_matches('/')),
    };
    Some(normalized(url.trim_end_matches('/')))
}

/// Writes a URL as it is sent: the scheme and the host in lower case, the host in ASCII, no default
/// port, and other characters than those of a URL encoded. Variables are not changed.
fn normalized(url: &str) -> String {
    if !url.contains('{')
        && let Ok(parsed) = Url::parse(url)
    {
        return parsed.as_str().trim_end_matches('/').to_owned();
    }
    let host = url.find("://").map_or(0, |at| at + 3);
    let path = url[host..].find('/').map_or(url.len(), |at| host + at);
    let (origin, path) = url.split_at(path);
    let (scheme, host) = origin.split_at(host);
    let encoded = |literal: &str| utf8_percent_encode(literal, NOT_IN_URLS).to_string();
    // Names of variables in the host are case-sensitive.
    let path = map_literals(path, encoded);
    format!("{}{host}{path}", scheme.to_ascii_lowercase())
}

/// Declares variables of the URL that are not declared. Gives each a description, because the model
/// writes a missing one as null.
fn declare_variables(server: &mut Server) {
    for (_, variable) in server.variables.iter_mut().flatten() {
        variable.description.get_or_insert_default();
    }
    let names: Vec<String> = variables(&server.url)
        .into_iter()
        .map(str::to_owned)
        .collect();
    if names.is_empty() {
        return;
    }
    let declared = server.variables.get_or_insert_default();
    for name in names {
        declared
            .entry(name.clone())
            .or_insert_with(|| ServerVariable {
                default: name,
                description: Some(String::new()),
                ..ServerVariable::default()
            });
    }
}

/// The server of operations for which nothing names one.
pub(crate) fn unknown() -> Server {
    Server {
        url: "/".to_owned(),
        ..Server::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_relative_urls() {
        let base = Some("https://a.io/base/");
        for (url, base, expected) in [
            ("https://b.io/v1/", None, Some("https://b.io/v1")),
            ("/v1", base, Some("https://a.io/v1")),
            ("v1/", base, Some("https://a.io/base/v1")),
            ("//b.io/v1", base, Some("https://b.io/v1")),
            ("/", base, Some("https://a.io")),
            ("", base, Some("https://a.io/base")),
            ("/v1/", None, Some("/v1")),
            ("//b.io", None, Some("https://b.io")),
            ("/", None, None),
            ("{scheme}://b.io/", base, Some("{scheme}://b.io")),
            (
                "HTTPS://Bücher.io:443/ä pi/",
                None,
                Some("https://xn--bcher-kva.io/%C3%A4%20pi"),
            ),
            ("/ä pi", None, Some("/%C3%A4%20pi")),
            (
                "HTTPS://{Region}.b.io/a b/{Id}",
                None,
                Some("https://{Region}.b.io/a%20b/{Id}"),
            ),
        ] {
            assert_eq!(resolve(url, base).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn values_of_variables_are_texts() {
        let servers = serde_json::json!([{"url": "https://{a}.io:{b}/{c}", "variables": {
            "a": {"enum": ["eu", 1]}, "b": {"default": 8443}, "c": {"default": "v1"}}}]);
        let server = first(Some(&servers), None).unwrap();
        let variables = server.variables.unwrap();
        assert_eq!(variables["a"].enumeration, ["eu", "1"]);
        let defaults: Vec<&str> = variables.values().map(|it| it.default.as_str()).collect();
        assert_eq!(defaults, ["eu", "8443", "v1"]);
    }

    #[test]
    fn declares_variables_of_the_url() {
        let servers = serde_json::json!([{"url": "https://{a}.io/{b}", "variables": {"a": {"default": "x"}}}]);
        let server = first(Some(&servers), None).unwrap();
        let defaults: Vec<&str> = server
            .variables
            .iter()
            .flatten()
            .map(|(_, variable)| variable.default.as_str())
            .collect();
        assert_eq!(defaults, ["x", "b"]);
        let written = serde_json::to_value(&server).unwrap();
        assert_eq!(written["variables"]["a"]["description"], "");
    }
}
