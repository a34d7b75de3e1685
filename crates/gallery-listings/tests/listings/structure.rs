//! A structural validator of OpenAPI 3.0 documents, written against the specification only.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Returns the violations of the specification in a document.
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
        Some([server]) => check_server(server, "document", &mut faults),
        _ => faults.push("the document must have exactly one server".to_owned()),
    }
    let mut ids = BTreeSet::new();
    let mut templates = BTreeMap::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        check_path(path, &mut faults);
        if let Some(other) = templates.insert(without_names(path), path) {
            faults.push(format!("the paths {other} and {path} are identical"));
        }
        for (method, operation) in item.as_object().into_iter().flatten() {
            let context = format!("{method} {path}");
            if !METHODS.contains(&method.as_str()) {
                faults.push(format!("{context}: invalid method"));
            }
            match operation["operationId"].as_str() {
                Some(id) if ids.insert(id.to_owned()) => {}
                id => faults.push(format!(
                    "{context}: missing or duplicate operationId {id:?}"
                )),
            }
            check_operation(path, operation, &context, &mut faults);
        }
    }
    check_references(document, &mut faults);
    faults
}

fn check_operation(path: &str, operation: &Value, context: &str, faults: &mut Vec<String>) {
    for server in operation["servers"].as_array().into_iter().flatten() {
        check_server(server, context, faults);
    }
    let mut seen = BTreeSet::new();
    let mut declared = BTreeSet::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let (Some(name), Some(location)) = (parameter["name"].as_str(), parameter["in"].as_str())
        else {
            faults.push(format!("{context}: a parameter lacks `name` or `in`"));
            continue;
        };
        if name.is_empty() || !["path", "query", "header", "cookie"].contains(&location) {
            faults.push(format!(
                "{context}: invalid parameter {name:?} in {location:?}"
            ));
        }
        let key = if location == "header" {
            name.to_ascii_lowercase()
        } else {
            name.to_owned()
        };
        if !seen.insert((location.to_owned(), key)) {
            faults.push(format!(
                "{context}: duplicate parameter {name} in {location}"
            ));
        }
        if location == "path" {
            declared.insert(name.to_owned());
            if parameter["required"] != true {
                faults.push(format!(
                    "{context}: the path parameter {name} is not required"
                ));
            }
        }
        check_schema(
            &parameter["schema"],
            &format!("{context}: the parameter {name}"),
            faults,
        );
    }
    let used: BTreeSet<String> = variables(path).into_iter().collect();
    if used != declared {
        faults.push(format!(
            "{context}: the path has the variables {used:?}, but {declared:?} are declared"
        ));
    }
    let body = &operation["requestBody"];
    if !body.is_null()
        && body["content"]
            .as_object()
            .is_none_or(serde_json::Map::is_empty)
    {
        faults.push(format!("{context}: the body has no content"));
    }
    for (kind, media) in body["content"].as_object().into_iter().flatten() {
        if !kind.contains('/') {
            faults.push(format!("{context}: invalid media type {kind:?}"));
        }
        check_schema(&media["schema"], &format!("{context}: the body"), faults);
    }
    let responses = operation["responses"].as_object();
    if responses.is_none_or(serde_json::Map::is_empty) {
        faults.push(format!("{context}: no responses"));
    }
    for (status, response) in responses.into_iter().flatten() {
        let bytes = status.as_bytes();
        let digits = bytes.len() == 3
            && (b'1'..=b'5').contains(&bytes[0])
            && bytes[1..].iter().all(u8::is_ascii_digit);
        let range = bytes.len() == 3 && (b'1'..=b'5').contains(&bytes[0]) && status.ends_with("XX");
        if !(digits || range || status == "default") {
            faults.push(format!("{context}: invalid status {status:?}"));
        }
        if !response["description"].is_string() {
            faults.push(format!(
                "{context}: the response {status} has no description"
            ));
        }
    }
}

fn check_schema(schema: &Value, context: &str, faults: &mut Vec<String>) {
    if !schema.is_object() {
        faults.push(format!("{context} has no schema"));
    }
    let kinds = ["string", "number", "integer", "boolean", "array", "object"];
    match schema["type"].as_str() {
        Some("array") => {
            self::check_schema(&schema["items"], &format!("{context}: the items"), faults);
        }
        Some(kind) if !kinds.contains(&kind) => {
            faults.push(format!("{context}: invalid type {kind:?}"));
        }
        _ => {}
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        self::check_schema(property, &format!("{context}: {name}"), faults);
    }
}

fn check_server(server: &Value, context: &str, faults: &mut Vec<String>) {
    let url = server["url"].as_str().unwrap_or_default();
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let host = rest.map(|rest| rest.split('/').next().unwrap_or_default());
    let valid = host.is_some_and(|host| !host.is_empty())
        && !url.ends_with('/')
        && !url.contains(char::is_whitespace);
    if !valid || rest.is_some_and(|rest| rest.contains("//")) {
        faults.push(format!("{context}: invalid server {url:?}"));
    }
    for variable in variables(url) {
        if server["variables"][&variable]["default"]
            .as_str()
            .is_none_or(str::is_empty)
        {
            faults.push(format!(
                "{context}: the server variable {variable} has no default"
            ));
        }
    }
}

fn check_path(path: &str, faults: &mut Vec<String>) {
    let (wire, fragment) = path.split_once('#').unwrap_or((path, ""));
    let names = variables(path);
    let plain = without_names(path);
    let is_literal = |c: char| c.is_ascii_alphanumeric() || "/-._~!$&'()*+,;=:@%{}".contains(c);
    let valid = path.starts_with('/')
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
    if !valid {
        faults.push(format!("invalid path {path:?}"));
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

fn without_names(path: &str) -> String {
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

fn check_references(value: &Value, faults: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            if let Some(target) = map.get("$ref").and_then(Value::as_str) {
                faults.push(format!("unexpected reference to {target}"));
            }
            map.values()
                .for_each(|value| check_references(value, faults));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|value| check_references(value, faults)),
        _ => {}
    }
}
