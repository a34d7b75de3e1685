//! A structural validator of OpenAPI 3.0 documents, written against the specification only.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Returns the violations of a document; none if it is valid.
pub(crate) fn faults(document: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    if document["openapi"] != "3.0.3" {
        faults.push("the version is not 3.0.3".to_owned());
    }
    for field in ["title", "version"] {
        if !document["info"][field].is_string() {
            faults.push(format!("info has no {field}"));
        }
    }
    match document["servers"].as_array().map(Vec::as_slice) {
        Some([server]) => one_server(server, "document", &mut faults),
        _ => faults.push("the document has not exactly one server".to_owned()),
    }
    let mut ids = BTreeSet::new();
    let mut templates = BTreeMap::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        path_is_good(path, &mut faults);
        if let Some(other) = templates.insert(nameless(path), path) {
            faults.push(format!("the paths {other} and {path} are identical"));
        }
        for (method, operation) in item.as_object().into_iter().flatten() {
            let place = format!("{method} {path}");
            if !METHODS.contains(&method.as_str()) {
                faults.push(format!("{place}: no method"));
            }
            match operation["operationId"].as_str() {
                Some(id) if ids.insert(id.to_owned()) => {}
                id => faults.push(format!(
                    "{place}: the operationId {id:?} is missing or repeated"
                )),
            }
            one_operation(path, operation, &place, &mut faults);
        }
    }
    references(document, &mut faults);
    faults
}

fn one_operation(path: &str, operation: &Value, place: &str, faults: &mut Vec<String>) {
    for server in operation["servers"].as_array().into_iter().flatten() {
        one_server(server, place, faults);
    }
    let mut seen = BTreeSet::new();
    let mut declared = BTreeSet::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let (Some(name), Some(location)) = (parameter["name"].as_str(), parameter["in"].as_str())
        else {
            faults.push(format!("{place}: a parameter has no name or place"));
            continue;
        };
        if name.is_empty() || !["path", "query", "header", "cookie"].contains(&location) {
            faults.push(format!("{place}: the parameter {name:?} in {location:?}"));
        }
        let key = if location == "header" {
            name.to_ascii_lowercase()
        } else {
            name.to_owned()
        };
        if !seen.insert((location.to_owned(), key)) {
            faults.push(format!(
                "{place}: the parameter {name} in {location} is there twice"
            ));
        }
        if location == "path" {
            declared.insert(name.to_owned());
            if parameter["required"] != true {
                faults.push(format!(
                    "{place}: the path parameter {name} is not required"
                ));
            }
        }
        schema(
            &parameter["schema"],
            &format!("{place}: the parameter {name}"),
            faults,
        );
    }
    let used: BTreeSet<String> = variables(path).into_iter().collect();
    if used != declared {
        faults.push(format!(
            "{place}: the path has {used:?}, declared are {declared:?}"
        ));
    }
    let body = &operation["requestBody"];
    if !body.is_null()
        && body["content"]
            .as_object()
            .is_none_or(serde_json::Map::is_empty)
    {
        faults.push(format!("{place}: the body has no content"));
    }
    for (kind, media) in body["content"].as_object().into_iter().flatten() {
        if !kind.contains('/') {
            faults.push(format!("{place}: {kind:?} is no media type"));
        }
        schema(&media["schema"], &format!("{place}: the body"), faults);
    }
    let responses = operation["responses"].as_object();
    if responses.is_none_or(serde_json::Map::is_empty) {
        faults.push(format!("{place}: no responses"));
    }
    for (status, response) in responses.into_iter().flatten() {
        let bytes = status.as_bytes();
        let digits = bytes.len() == 3
            && (b'1'..=b'5').contains(&bytes[0])
            && bytes[1..].iter().all(u8::is_ascii_digit);
        let range = bytes.len() == 3 && (b'1'..=b'5').contains(&bytes[0]) && status.ends_with("XX");
        if !(digits || range || status == "default") {
            faults.push(format!("{place}: the status {status:?}"));
        }
        if !response["description"].is_string() {
            faults.push(format!("{place}: the response {status} has no description"));
        }
    }
}

fn schema(schema: &Value, place: &str, faults: &mut Vec<String>) {
    if !schema.is_object() {
        faults.push(format!("{place} has no schema"));
    }
    let kinds = ["string", "number", "integer", "boolean", "array", "object"];
    match schema["type"].as_str() {
        Some("array") => self::schema(&schema["items"], &format!("{place}: the items"), faults),
        Some(kind) if !kinds.contains(&kind) => faults.push(format!("{place}: the type {kind:?}")),
        _ => {}
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        self::schema(property, &format!("{place}: {name}"), faults);
    }
}

fn one_server(server: &Value, place: &str, faults: &mut Vec<String>) {
    let url = server["url"].as_str().unwrap_or_default();
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let host = rest.map(|rest| rest.split('/').next().unwrap_or_default());
    let good = host.is_some_and(|host| !host.is_empty())
        && !url.ends_with('/')
        && !url.contains(char::is_whitespace);
    if !good || rest.is_some_and(|rest| rest.contains("//")) {
        faults.push(format!("{place}: the server {url:?}"));
    }
    for variable in variables(url) {
        if server["variables"][&variable]["default"]
            .as_str()
            .is_none_or(str::is_empty)
        {
            faults.push(format!(
                "{place}: the server's variable {variable} has no default"
            ));
        }
    }
}

fn path_is_good(path: &str, faults: &mut Vec<String>) {
    let (wire, fragment) = path.split_once('#').unwrap_or((path, ""));
    let names = variables(path);
    let plain = nameless(path);
    let is_literal = |c: char| c.is_ascii_alphanumeric() || "/-._~!$&'()*+,;=:@%{}".contains(c);
    let good = path.starts_with('/')
        && !wire
            .split('/')
            .any(|segment| segment == "." || segment == "..")
        && plain
            .replace("{}", "")
            .chars()
            .all(|c| is_literal(c) || c == '#')
        && !plain.replace("{}", "").contains(['{', '}'])
        && !fragment.contains(['{', '}', '#'])
        && names.iter().all(|name| {
            !name.is_empty()
                && name
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
        })
        && names.iter().collect::<BTreeSet<_>>().len() == names.len();
    if !good {
        faults.push(format!("the path {path:?}"));
    }
}

fn variables(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for part in text.split('{').skip(1) {
        if let Some((name, _)) = part.split_once('}') {
            names.push(name.to_owned());
        }
    }
    names
}

fn nameless(path: &str) -> String {
    let mut inside = false;
    let mut plain = String::new();
    for c in path.chars() {
        inside &= c != '}';
        if !inside {
            plain.push(c);
        }
        inside |= c == '{';
    }
    plain
}

fn references(value: &Value, faults: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            if let Some(target) = map.get("$ref").and_then(Value::as_str) {
                faults.push(format!(
                    "a reference to {target}: the document has no components"
                ));
            }
            map.values().for_each(|value| references(value, faults));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, faults)),
        _ => {}
    }
}
