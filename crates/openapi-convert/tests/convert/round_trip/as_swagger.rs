//! Rewrites a document of version 3.0.3 as 2.0.

use serde_json::{Map, Value, json};

/// Rewrites a document that version 2.0 can express.
pub(crate) fn rewrite(mut document: Value) -> Value {
    document["swagger"] = "2.0".into();
    remove(&mut document, "openapi");
    servers(&mut document);
    let mut components = remove(&mut document, "components").unwrap();
    for (from, to) in [
        ("schemas", "definitions"),
        ("securitySchemes", "securityDefinitions"),
        ("parameters", "parameters"),
        ("responses", "responses"),
    ] {
        document[to] = components[from].take();
    }
    let mut consumes = json!([]);
    for (name, body) in components["requestBodies"].as_object_mut().unwrap() {
        consumes = media_types(body);
        document["parameters"][name] = body_parameter(body.take());
    }
    document["consumes"] = consumes;
    document["produces"] = json!(["application/json", "text/plain"]);
    for scheme in document["securityDefinitions"]
        .as_object_mut()
        .unwrap()
        .values_mut()
    {
        security_scheme(scheme);
    }
    for parameter in document["parameters"].as_object_mut().unwrap().values_mut() {
        if parameter["in"] != "body" {
            flatten(parameter);
        }
    }
    for response in document["responses"].as_object_mut().unwrap().values_mut() {
        rewrite_response(response);
    }
    for item in document["paths"].as_object_mut().unwrap().values_mut() {
        path_item(item);
    }
    schemas(&mut document);
    document
}

fn remove(value: &mut Value, key: &str) -> Option<Value> {
    value.as_object_mut()?.remove(key)
}

fn servers(document: &mut Value) {
    let servers = remove(document, "servers").unwrap();
    let mut schemes = Vec::new();
    for server in servers.as_array().unwrap() {
        let url = server["url"].as_str().unwrap();
        let Some((scheme, rest)) = url.split_once("://") else {
            document["basePath"] = url.into();
            continue;
        };
        schemes.push(scheme);
        let (host, path) = match rest.split_once('/') {
            Some((host, path)) => (host, format!("/{path}")),
            None => (rest, "/".to_owned()),
        };
        document["host"] = host.into();
        document["basePath"] = path.into();
    }
    if !schemes.is_empty() {
        document["schemes"] = schemes.into();
    }
}

fn security_scheme(scheme: &mut Value) {
    if scheme["type"] == "http" {
        *scheme = json!({"type": "basic"});
    }
    let Some(Value::Object(flows)) = remove(scheme, "flows") else {
        return;
    };
    for (name, flow) in flows {
        scheme["flow"] = match name.as_str() {
            "clientCredentials" => "application".into(),
            "authorizationCode" => "accessCode".into(),
            other => other.into(),
        };
        for (key, value) in flow.as_object().unwrap() {
            scheme[key] = value.clone();
        }
    }
}

fn path_item(item: &mut Value) {
    for (key, value) in item.as_object_mut().unwrap() {
        if key == "parameters" {
            value.as_array_mut().unwrap().iter_mut().for_each(flatten);
            continue;
        }
        operation(value);
    }
}

fn operation(operation: &mut Value) {
    let mut parameters: Vec<Value> = match remove(operation, "parameters") {
        Some(Value::Array(parameters)) => parameters,
        _ => Vec::new(),
    };
    parameters.iter_mut().for_each(flatten);
    if let Some(body) = remove(operation, "requestBody") {
        if let Some(reference) = body.get("$ref") {
            let reference = reference.as_str().unwrap();
            let name = reference.rsplit('/').next().unwrap();
            parameters.push(json!({"$ref": format!("#/parameters/{name}")}));
        } else if body["content"]
            .get("application/x-www-form-urlencoded")
            .is_some()
        {
            operation["consumes"] = media_types(&body);
            parameters.extend(fields(body));
        } else {
            operation["consumes"] = media_types(&body);
            parameters.push(body_parameter(body));
        }
    }
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    for response in operation["responses"].as_object_mut().unwrap().values_mut() {
        if let Some(Value::String(reference)) = response.get_mut("$ref") {
            *reference = reference.replace("#/components/", "#/");
        } else {
            rewrite_response(response);
        }
    }
}

fn media_types(owner: &Value) -> Value {
    let content = owner["content"].as_object().unwrap();
    content
        .keys()
        .map(|key| Value::from(key.as_str()))
        .collect()
}

fn body_parameter(mut body: Value) -> Value {
    let mut parameter = json!({"in": "body", "name": "body"});
    if let Some(name) = remove(&mut body, "x-body-name") {
        parameter["name"] = name;
    }
    let content = remove(&mut body, "content").unwrap();
    let mut examples = Map::new();
    for (kind, media) in content.as_object().unwrap() {
        parameter["schema"] = media["schema"].clone();
        if let Some(example) = media.get("example") {
            examples.insert(kind.clone(), example.clone());
        }
    }
    if !examples.is_empty() {
        parameter["x-examples"] = examples.into();
    }
    for (key, value) in body.as_object().unwrap() {
        parameter[key] = value.clone();
    }
    parameter
}

fn fields(mut body: Value) -> Vec<Value> {
    let media = body["content"]["application/x-www-form-urlencoded"].take();
    let schema = &media["schema"];
    let required: Vec<&Value> = match schema.get("required") {
        Some(required) => required.as_array().unwrap().iter().collect(),
        None => Vec::new(),
    };
    let mut fields = Vec::new();
    for (name, property) in schema["properties"].as_object().unwrap() {
        let mut field = json!({"in": "formData", "name": name, "schema": property});
        if required.contains(&&Value::from(name.as_str())) {
            field["required"] = true.into();
        }
        let encoding = &media["encoding"][name];
        if property["type"] == "array" {
            field["style"] = match encoding.get("style") {
                Some(style) => style.clone(),
                None => "form".into(),
            };
            field["explode"] = encoding.is_null().into();
        }
        flatten(&mut field);
        fields.push(field);
    }
    fields
}

/// Moves the keywords of the schema into a parameter.
fn flatten(parameter: &mut Value) {
    if let Some(Value::String(reference)) = parameter.get_mut("$ref") {
        *reference = reference.replace("#/components/", "#/");
        return;
    }
    if let Some(example) = remove(parameter, "example") {
        parameter["x-example"] = example;
    }
    let style = remove(parameter, "style");
    let explode = remove(parameter, "explode");
    let mut schema = remove(parameter, "schema").unwrap();
    rewrite_schema(&mut schema);
    if let Some(style) = style {
        parameter["collectionFormat"] = match (style.as_str().unwrap(), explode) {
            ("form", Some(Value::Bool(true))) => "multi".into(),
            ("form", _) => "csv".into(),
            ("spaceDelimited", _) => "ssv".into(),
            _ => "pipes".into(),
        };
    }
    for (key, value) in schema.as_object().unwrap() {
        parameter[key] = value.clone();
    }
}

fn rewrite_response(response: &mut Value) {
    if let Some(Value::Object(headers)) = response.get_mut("headers") {
        headers.values_mut().for_each(flatten);
    }
    let Some(Value::Object(content)) = remove(response, "content") else {
        return;
    };
    let mut examples = Map::new();
    for (kind, media) in content {
        response["schema"] = media["schema"].clone();
        if let Some(example) = media.get("example") {
            examples.insert(kind, example.clone());
        }
    }
    if !examples.is_empty() {
        response["examples"] = examples.into();
    }
}

/// Rewrites the schemas of definitions, bodies and responses.
fn schemas(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                match (key.as_str(), value) {
                    ("schema", schema) => rewrite_schema(schema),
                    ("definitions", Value::Object(definitions)) => {
                        definitions.values_mut().for_each(rewrite_schema);
                    }
                    ("x-extra" | "examples" | "x-examples" | "items", _) => {}
                    (_, value) => schemas(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(schemas),
        _ => {}
    }
}

fn rewrite_schema(schema: &mut Value) {
    let Value::Object(map) = schema else {
        return;
    };
    if let Some(Value::String(reference)) = map.get_mut("$ref") {
        *reference = reference.replace("#/components/schemas/", "#/definitions/");
    }
    if map.remove("nullable").is_some() {
        map.insert("x-nullable".to_owned(), true.into());
    }
    if let Some(discriminator) = map.get_mut("discriminator") {
        *discriminator = discriminator["propertyName"].take();
    }
    for (key, value) in map.iter_mut() {
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                properties.values_mut().for_each(rewrite_schema);
            }
            ("allOf", Value::Array(parts)) => parts.iter_mut().for_each(rewrite_schema),
            ("items" | "additionalProperties", schema) => rewrite_schema(schema),
            _ => {}
        }
    }
}
