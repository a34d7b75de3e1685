//! Rewrites a document of version 3.0.3 with the keywords of 3.1 and 3.2.

use serde_json::{Map, Value, json};

use super::random::Random;

/// Rewrites a document. Where there are several ways, one is chosen at random.
pub(crate) fn rewrite(mut document: Value, version: &str, random: &mut Random) -> Value {
    document["openapi"] = version.into();
    if let Some(webhooks) = remove(&mut document, "x-webhooks") {
        document["webhooks"] = webhooks;
        let info = &mut document["info"];
        if let Some(summary) = remove(info, "x-summary") {
            info["summary"] = summary;
        }
        if let Some(identifier) = remove(&mut info["license"], "x-identifier") {
            info["license"]["identifier"] = identifier;
        }
    }
    objects(&mut document, random);
    if random.one_in(2) {
        let item = document["paths"]["/a"].take();
        document["paths"]["/a"] = json!({"$ref": "#/components/pathItems/I"});
        document["components"]["pathItems"] = json!({"I": item});
    }
    if random.one_in(2) {
        nest_definition(&mut document);
    }
    document
}

fn remove(value: &mut Value, key: &str) -> Option<Value> {
    value.as_object_mut()?.remove(key)
}

/// Moves the component `B` into the definitions of `A`.
fn nest_definition(document: &mut Value) {
    let schemas = &mut document["components"]["schemas"];
    if !schemas["A"].is_object() {
        return;
    }
    let nested = remove(schemas, "B").unwrap();
    schemas["A"]["$defs"] = json!({"B": nested});
    references(document);
}

fn references(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get_mut("$ref")
                && reference == "#/components/schemas/B"
            {
                *reference = "#/components/schemas/A/$defs/B".to_owned();
            }
            map.values_mut().for_each(references);
        }
        Value::Array(items) => items.iter_mut().for_each(references),
        _ => {}
    }
}

/// Finds the schemas outside of schemas, and rewrites other objects.
fn objects(value: &mut Value, random: &mut Random) {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                match (key.as_str(), value) {
                    ("schema", schema) => rewrite_schema(schema, random),
                    ("schemas", Value::Object(schemas)) => {
                        schemas
                            .values_mut()
                            .for_each(|schema| rewrite_schema(schema, random));
                    }
                    ("content", Value::Object(content)) => {
                        for (kind, media) in content {
                            let binary = json!({"schema": {"type": "string", "format": "binary"}});
                            if kind == "image/png" && *media == binary && random.one_in(2) {
                                *media = json!({});
                            }
                            objects(media, random);
                        }
                    }
                    (key, _) if key.starts_with("x-") => {}
                    ("post", operation) => {
                        // The only response of a callback says nothing.
                        remove(operation, "responses");
                    }
                    (_, value) => objects(value, random),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| objects(item, random)),
        _ => {}
    }
}

fn rewrite_schema(value: &mut Value, random: &mut Random) {
    if *value == json!({}) && random.one_in(2) {
        *value = true.into();
    }
    let Value::Object(map) = value else {
        return;
    };
    if let Some(Value::Object(kept)) = map.remove("x-json-schema") {
        map.extend(kept);
    }
    for (key, value) in map.iter_mut() {
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                properties
                    .values_mut()
                    .for_each(|value| rewrite_schema(value, random));
            }
            ("allOf" | "anyOf" | "oneOf", Value::Array(parts)) => {
                parts
                    .iter_mut()
                    .for_each(|part| rewrite_schema(part, random));
            }
            ("items" | "if", schema) => rewrite_schema(schema, random),
            ("additionalProperties", schema) if schema.is_object() => {
                rewrite_schema(schema, random);
                if schema.is_boolean() {
                    // `true` is the default, but it is written in another way.
                    *schema = json!({});
                }
            }
            _ => {}
        }
    }
    if map
        .get("items")
        .is_some_and(|items| *items == json!({}) || *items == true)
        && random.one_in(2)
    {
        map.remove("items");
    }
    rewrite_keywords(map, random);
    rewrite_nullable(map, random);
    let is_alone = |map: &Map<String, Value>| {
        let parts = map.get("allOf").and_then(Value::as_array);
        parts.is_some_and(|parts| parts.len() == 1 && parts[0].get("$ref").is_some())
    };
    if is_alone(map) && map.len() > 1 && random.one_in(2) {
        let part = map.remove("allOf").unwrap()[0].take();
        map.insert("$ref".to_owned(), part["$ref"].clone());
    }
}

fn rewrite_keywords(map: &mut Map<String, Value>, random: &mut Random) {
    for (inclusive, exclusive) in [
        ("minimum", "exclusiveMinimum"),
        ("maximum", "exclusiveMaximum"),
    ] {
        if map.get(exclusive).is_some_and(|value| *value == true) {
            let bound = map.remove(inclusive).unwrap();
            map.insert(exclusive.to_owned(), bound);
        }
    }
    if let Some(example) = map.remove("example") {
        if random.one_in(2) {
            map.insert("examples".to_owned(), json!([example]));
        } else {
            map.insert("example".to_owned(), example);
        }
    }
    if map.get("format").is_some_and(|format| format == "byte") && random.one_in(2) {
        map.remove("format");
        map.insert("contentEncoding".to_owned(), "base64".into());
    }
    let single = match map.get("enum") {
        Some(Value::Array(values)) if values.len() == 1 => Some(values[0].clone()),
        _ => None,
    };
    if let Some(value) = single.filter(|_| random.one_in(2)) {
        map.remove("enum");
        map.insert("const".to_owned(), value);
    }
}

/// Replaces `nullable` by a type or by an alternative.
fn rewrite_nullable(map: &mut Map<String, Value>, random: &mut Random) {
    if map.remove("nullable").is_none() {
        return;
    }
    let no_value = json!({"type": "null"});
    if let Some(kind) = map.get("type") {
        if random.one_in(2) {
            let types = json!([kind, "null"]);
            map.insert("type".to_owned(), types);
        } else {
            // The values of the alternative do not include null.
            let mut other = std::mem::take(map);
            if let Some(Value::Array(values)) = other.get_mut("enum") {
                values.retain(|value| !value.is_null());
            }
            for key in ["title", "description"] {
                if let Some(value) = other.remove(key) {
                    map.insert(key.to_owned(), value);
                }
            }
            map.insert("anyOf".to_owned(), json!([other, no_value]));
        }
        return;
    }
    for key in ["anyOf", "oneOf"] {
        if let Some(Value::Array(alternatives)) = map.get_mut(key) {
            let at = if random.one_in(2) {
                0
            } else {
                alternatives.len()
            };
            alternatives.insert(at, no_value);
            return;
        }
    }
    let Some(Value::Array(mut parts)) = map.remove("allOf") else {
        panic!("{map:?} is nullable without a type");
    };
    map.insert("oneOf".to_owned(), json!([parts.remove(0), no_value]));
}
