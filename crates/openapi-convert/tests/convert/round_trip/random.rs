//! Random documents of OpenAPI 3.0.3.

use serde_json::{Map, Value, json};

/// The documents to generate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subset {
    /// Any.
    Modern,
    /// Those that version 2.0 can express.
    Swagger,
}

/// A generator of documents.
pub(crate) struct Random {
    numbers: fastrand::Rng,
    subset: Subset,
}

const SCHEMAS: &[&str] = &["A", "B", "C", "D"];

impl Random {
    pub(crate) fn new(seed: u64, subset: Subset) -> Random {
        Random {
            numbers: fastrand::Rng::with_seed(seed),
            subset,
        }
    }

    /// Returns true in one of `of` cases.
    pub(crate) fn one_in(&mut self, of: usize) -> bool {
        self.numbers.usize(..of) == 0
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.numbers.usize(..from.len())]
    }

    fn is_swagger(&self) -> bool {
        self.subset == Subset::Swagger
    }

    fn maybe(&mut self, of: usize, map: &mut Map<String, Value>, key: &str, value: Value) {
        if self.one_in(of) {
            map.insert(key.to_owned(), value);
        }
    }

    pub(crate) fn document(&mut self) -> Value {
        let mut document = json!({
            "openapi": "3.0.3",
            "info": {"title": "T", "version": "1", "license": {"name": "L"}},
            "tags": [{"name": "t", "description": "D"}],
            "security": [{"key": []}, {"oauth": ["read"]}],
        });
        if self.is_swagger() {
            document["servers"] = match self.numbers.usize(..3) {
                0 => json!([{"url": "https://a.com/v1"}]),
                1 => json!([{"url": "https://a.com:8080"}, {"url": "http://a.com:8080"}]),
                _ => json!([{"url": "/v1"}]),
            };
        } else {
            document["servers"] = json!([{"url": "https://a.com"}]);
            if self.one_in(4) {
                document["info"]["license"]["x-identifier"] = "MIT".into();
                document["info"]["x-summary"] = "S".into();
                document["x-webhooks"] = json!({"w": self.path_item(false)});
            }
        }
        let schemas = SCHEMAS
            .iter()
            .map(|name| ((*name).to_owned(), self.schema(3)));
        let schemas: Map<String, Value> = schemas.collect();
        document["components"] = json!({
            "schemas": schemas,
            "securitySchemes": self.security_schemes(),
            "parameters": {"P": self.parameter("query", "p")},
            "responses": {"R": self.response()},
            "requestBodies": {"Q": self.body()},
        });
        let mut paths = Map::new();
        for path in ["/a", "/b/{id}"] {
            paths.insert(path.to_owned(), self.path_item(path.contains('{')));
        }
        document["paths"] = paths.into();
        document
    }

    fn security_schemes(&mut self) -> Value {
        let flow = match self.numbers.usize(..4) {
            0 => json!({"implicit": {"authorizationUrl": "u", "scopes": {"read": "R"}}}),
            1 => json!({"password": {"tokenUrl": "t", "scopes": {"read": "R"}}}),
            2 => json!({"clientCredentials": {"tokenUrl": "t", "scopes": {"read": "R"}}}),
            _ => json!({"authorizationCode":
                {"authorizationUrl": "u", "tokenUrl": "t", "scopes": {"read": "R"}}}),
        };
        json!({
            "key": {"type": "apiKey", "in": "header", "name": "K", "description": "D"},
            "basic": {"type": "http", "scheme": "basic"},
            "oauth": {"type": "oauth2", "flows": flow},
        })
    }

    fn path_item(&mut self, has_variable: bool) -> Value {
        let mut item = Map::new();
        if has_variable {
            let parameter = self.parameter("path", "id");
            item.insert("parameters".to_owned(), json!([parameter]));
        }
        for method in ["get", "put", "delete"] {
            if self.one_in(2) {
                let operation = self.operation(method);
                item.insert(method.to_owned(), operation);
            }
        }
        if !self.is_swagger() && self.one_in(4) {
            item.insert("summary".to_owned(), "S".into());
        }
        item.into()
    }

    fn operation(&mut self, method: &str) -> Value {
        let mut operation = Map::new();
        let mut parameters = Vec::new();
        for (location, name) in [("query", "q"), ("header", "h"), ("query", "r")] {
            if self.one_in(2) {
                parameters.push(self.parameter(location, name));
            }
        }
        if self.one_in(3) {
            parameters.push(json!({"$ref": "#/components/parameters/P"}));
        }
        if !parameters.is_empty() {
            operation.insert("parameters".to_owned(), parameters.into());
        }
        if method == "put" {
            let body = match self.numbers.usize(..3) {
                0 => json!({"$ref": "#/components/requestBodies/Q"}),
                1 => self.form(),
                _ => self.body(),
            };
            operation.insert("requestBody".to_owned(), body);
        }
        let mut responses = Map::new();
        responses.insert("200".to_owned(), self.response());
        if self.one_in(2) {
            let reference = json!({"$ref": "#/components/responses/R"});
            responses.insert("default".to_owned(), reference);
        }
        operation.insert("responses".to_owned(), responses.into());
        self.maybe(3, &mut operation, "deprecated", json!(true));
        self.maybe(
            3,
            &mut operation,
            "operationId",
            json!(format!("{method}It")),
        );
        self.maybe(3, &mut operation, "security", json!([{"basic": []}]));
        self.maybe(
            3,
            &mut operation,
            "x-extra",
            json!({"$ref": 1, "const": [null]}),
        );
        if !self.is_swagger() && self.one_in(6) {
            let item = json!({"post": {"responses": {"default": {"description": ""}}}});
            operation.insert("callbacks".to_owned(), json!({"done": {"{$url}": item}}));
        }
        operation.into()
    }

    fn parameter(&mut self, location: &str, name: &str) -> Value {
        let mut parameter = Map::new();
        parameter.insert("name".to_owned(), name.into());
        parameter.insert("in".to_owned(), location.into());
        if location == "path" || self.one_in(3) {
            parameter.insert("required".to_owned(), true.into());
        }
        self.maybe(3, &mut parameter, "description", json!("D"));
        self.maybe(4, &mut parameter, "example", json!("e"));
        let schema = self.items(2);
        if schema["type"] == "array" && location == "query" {
            let (style, explode) = match self.numbers.usize(..4) {
                0 => ("form", false),
                1 => ("spaceDelimited", false),
                2 => ("pipeDelimited", false),
                _ => ("form", true),
            };
            parameter.insert("style".to_owned(), style.into());
            parameter.insert("explode".to_owned(), explode.into());
        }
        parameter.insert("schema".to_owned(), schema);
        parameter.into()
    }

    /// Returns a schema of simple values or arrays of them.
    fn items(&mut self, depth: usize) -> Value {
        if depth > 0 && self.one_in(3) {
            let items = self.scalar();
            let mut array = json!({"type": "array", "items": items});
            if self.one_in(3) {
                array["maxItems"] = 5.into();
            }
            return array;
        }
        self.scalar()
    }

    fn content(&mut self, examples: bool) -> Value {
        let schema = self.schema(2);
        let kinds: &[&str] = match self.numbers.usize(..3) {
            0 => &["application/json"],
            1 => &["application/xml", "text/plain"],
            _ => &["application/vnd.a+json"],
        };
        // Operations of version 2.0 have one list of media types.
        let kinds = if self.is_swagger() {
            &["application/json", "text/plain"]
        } else {
            kinds
        };
        let mut content = Map::new();
        for kind in kinds {
            let mut media = Map::new();
            media.insert("schema".to_owned(), schema.clone());
            if examples {
                self.maybe(4, &mut media, "example", json!({"a": null}));
            }
            content.insert((*kind).to_owned(), media.into());
        }
        if !self.is_swagger() && self.one_in(5) {
            let binary = json!({"schema": {"type": "string", "format": "binary"}});
            content.insert("image/png".to_owned(), binary);
        }
        content.into()
    }

    fn body(&mut self) -> Value {
        let mut body = json!({"content": self.content(true)});
        if self.one_in(2) {
            body["required"] = true.into();
            body["x-body-name"] = "pet".into();
        }
        if self.one_in(2) {
            body["description"] = "D".into();
        }
        body
    }

    fn form(&mut self) -> Value {
        let (mut properties, mut required, mut encoding) = (Map::new(), Vec::new(), Map::new());
        for name in ["f", "g"] {
            let mut schema = self.items(1);
            if schema["type"] == "array" && self.one_in(2) {
                let style = self.pick(&["form", "spaceDelimited", "pipeDelimited"]);
                let style = json!({"style": style, "explode": false});
                encoding.insert(name.to_owned(), style);
            }
            if self.one_in(3) {
                schema["description"] = "D".into();
            }
            properties.insert(name.to_owned(), schema);
            if self.one_in(2) {
                required.push(Value::from(name));
            }
        }
        let mut media = json!({"schema": {"type": "object", "properties": properties}});
        let mut body = json!({});
        if !required.is_empty() {
            media["schema"]["required"] = required.into();
            body["required"] = true.into();
        }
        if !encoding.is_empty() {
            media["encoding"] = encoding.into();
        }
        body["content"] = json!({"application/x-www-form-urlencoded": media});
        body
    }

    fn response(&mut self) -> Value {
        let mut response = json!({"description": "D"});
        if self.one_in(4) {
            return response;
        }
        response["content"] = self.content(true);
        if self.one_in(3) {
            let schema = self.items(1);
            response["headers"] = json!({"H": {"description": "D", "schema": schema}});
        }
        response
    }

    /// Returns a string, number or boolean.
    fn scalar(&mut self) -> Value {
        let mut schema = Map::new();
        let kind = self.pick(&["string", "integer", "number", "boolean"]);
        schema.insert("type".to_owned(), kind.into());
        match kind {
            "string" => {
                if self.one_in(3) {
                    let format = self.pick(&["date", "uuid", "byte"]);
                    schema.insert("format".to_owned(), format.into());
                }
                self.maybe(4, &mut schema, "maxLength", json!(9));
                self.maybe(5, &mut schema, "pattern", json!("^a"));
                self.maybe(4, &mut schema, "enum", json!(["a", "b"]));
                self.maybe(6, &mut schema, "enum", json!(["a"]));
            }
            "boolean" => {}
            _ => {
                self.maybe(3, &mut schema, "minimum", json!(-1));
                self.maybe(3, &mut schema, "maximum", json!(7));
                if schema.contains_key("minimum") {
                    self.maybe(2, &mut schema, "exclusiveMinimum", json!(true));
                }
                if schema.contains_key("maximum") {
                    self.maybe(2, &mut schema, "exclusiveMaximum", json!(true));
                }
                self.maybe(5, &mut schema, "multipleOf", json!(2));
            }
        }
        self.maybe(5, &mut schema, "default", json!("d"));
        if self.one_in(4) {
            schema.insert("nullable".to_owned(), true.into());
            if let Some(Value::Array(values)) = schema.get_mut("enum") {
                values.push(Value::Null);
            }
        }
        schema.into()
    }

    fn reference(&mut self) -> Value {
        json!({"$ref": format!("#/components/schemas/{}", self.pick(SCHEMAS))})
    }

    /// Returns any schema.
    fn schema(&mut self, depth: usize) -> Value {
        let variants = match (depth, self.subset) {
            (0, _) => 3,
            (_, Subset::Swagger) => 6,
            (_, Subset::Modern) => 9,
        };
        let mut schema = match self.numbers.usize(..variants) {
            0 => return self.reference(),
            1 => return json!({}),
            2 => self.scalar(),
            3 => json!({"type": "array", "items": self.schema(depth - 1)}),
            4 => self.object(depth),
            5 => json!({"allOf": [self.reference(), self.object(depth)]}),
            6 => return json!({"allOf": [self.reference()], "nullable": true}),
            7 => {
                let key = self.pick(&["anyOf", "oneOf"]);
                let mut schema = json!({key: [self.schema(depth - 1), self.reference()]});
                if self.one_in(2) {
                    schema["nullable"] = true.into();
                }
                schema
            }
            _ => json!({"allOf": [self.reference()], "description": "D"}),
        };
        if let Value::Object(map) = &mut schema {
            self.annotations(map);
        }
        schema
    }

    fn annotations(&mut self, map: &mut Map<String, Value>) {
        self.maybe(4, map, "title", json!("T"));
        self.maybe(4, map, "description", json!("D"));
        self.maybe(5, map, "example", json!(["e"]));
        self.maybe(5, map, "readOnly", json!(true));
        self.maybe(6, map, "x-extra", json!({"type": ["null"]}));
        if !self.is_swagger() {
            self.maybe(6, map, "deprecated", json!(true));
            if self.one_in(6) {
                let kept = json!({"if": self.scalar(), "dependentRequired": {"a": ["b"]}});
                map.insert("x-json-schema".to_owned(), kept);
            }
        }
    }

    fn object(&mut self, depth: usize) -> Value {
        let mut schema = json!({"type": "object"});
        let (mut properties, mut required) = (Map::new(), Vec::new());
        // Names of keywords are names of properties as well.
        for name in ["a", "const", "$defs", "type"] {
            if self.one_in(2) {
                properties.insert(name.to_owned(), self.schema(depth - 1));
                if self.one_in(2) {
                    required.push(Value::from(name));
                }
            }
        }
        if !properties.is_empty() {
            schema["properties"] = properties.into();
        }
        if !required.is_empty() {
            schema["required"] = required.into();
        }
        match self.numbers.usize(..4) {
            0 => schema["additionalProperties"] = false.into(),
            1 => schema["additionalProperties"] = self.schema(depth - 1),
            _ => {}
        }
        if self.one_in(5) {
            schema["nullable"] = true.into();
        }
        if self.one_in(5) {
            let discriminator = json!({"propertyName": "a"});
            schema["discriminator"] = discriminator;
        }
        schema
    }
}
