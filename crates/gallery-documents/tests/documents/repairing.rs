//! One test for each row of the table of repairs.

use super::common::{codes, document, read, value};
use gallery_documents::REPAIRS;
use serde_json::{Value, json};

/// Documents with one defect each: the code of the repair, the document, a pointer, and the part
/// there after the repair.
fn cases() -> Vec<(&'static str, String, &'static str, Value)> {
    let schema = |schema: &str| {
        document(
            "{/a: {get: {responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}}}}}",
            &format!("{{S: {schema}}}"),
        )
    };
    let operation = |path: &str, operation: &str| {
        document(&format!("{{'{path}': {{get: {operation}}}}}"), "{}")
    };
    let responses = "responses: {default: {description: ''}}";
    let response = |response: &str| operation("/a", &format!("{{responses: {response}}}"));
    let parameters =
        |path: &str, list: &str| operation(path, &format!("{{parameters: [{list}], {responses}}}"));
    const S: &str = "/components/schemas/S";
    const GET: &str = "/paths/~1a/get";
    const FIRST: &str = "/paths/~1a/get/parameters";
    let id = json!([{"in": "path", "name": "id", "required": true, "schema": {"type": "string"}, "style": "simple"}]);
    vec![
        (
            "boolean-required",
            schema(
                "{type: object, properties: {a: {type: string, required: true}, b: {type: string, required: false}}}",
            ),
            S,
            json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}),
        ),
        (
            "repeated-required",
            schema("{type: object, required: [a, a], properties: {a: {type: string}}}"),
            S,
            json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}),
        ),
        (
            "unknown-type",
            schema("{type: datetime}"),
            S,
            json!({"type": "string", "format": "date-time"}),
        ),
        (
            "keyword-of-another-type",
            schema("{type: object, items: {type: string}}"),
            S,
            json!({"type": "object"}),
        ),
        (
            "keyword-of-another-type",
            schema("{type: array, properties: {items: {type: string}}}"),
            S,
            json!({"type": "array", "items": {"type": "string"}}),
        ),
        (
            "keyword-of-another-type",
            schema("{type: array, items: {type: string}, properties: {a: {type: string}}}"),
            S,
            json!({"type": "array", "items": {"type": "string"}}),
        ),
        (
            "enum-values",
            schema("{type: string, enum: [1, true]}"),
            S,
            json!({"type": "string", "enum": ["1", "true"]}),
        ),
        (
            "enum-values",
            schema("{type: object, nullable: true, enum: [a, null]}"),
            S,
            json!({"type": "string", "nullable": true, "enum": ["a", null]}),
        ),
        (
            "enum-values",
            schema("{type: array, items: {type: string}, enum: [a, b]}"),
            S,
            json!({"type": "array", "items": {"type": "string", "enum": ["a", "b"]}}),
        ),
        (
            "unknown-mapping",
            document(
                "{/a: {get: {responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}}}}}",
                "{S: {oneOf: [{$ref: '#/components/schemas/S_Cat'}, {$ref: '#/components/schemas/S_Dog'}], discriminator: {propertyName: t, mapping: {Cat: com.example.Cat, dog: S_Dog, Cow: '#/components/schemas/Cow'}}}, S_Cat: {type: object}, S_Dog: {type: object}}",
            ),
            "/components/schemas/S/discriminator/mapping",
            json!({"Cat": "#/components/schemas/S_Cat", "dog": "#/components/schemas/S_Dog"}),
        ),
        (
            "credential-parameter",
            "{openapi: 3.0.0, info: {title: Garden, version: '1'}, security: [{k: []}], paths: {/a: {get: {parameters: [{in: query, name: key, required: true, schema: {type: string}}, {in: header, name: key, schema: {type: string}}], responses: {default: {description: ''}}}}}, components: {securitySchemes: {k: {type: apiKey, in: query, name: key}}}}".to_owned(),
            FIRST,
            json!([{"in": "header", "name": "key", "schema": {"type": "string"}, "style": "simple"}]),
        ),
        (
            "text-limit",
            schema("{type: integer, maximum: '5', nullable: 'true'}"),
            S,
            json!({"type": "integer", "maximum": 5, "nullable": true}),
        ),
        (
            "empty-alternatives",
            schema("{type: string, oneOf: []}"),
            S,
            json!({"type": "string"}),
        ),
        (
            "media-type",
            response("{'200': {description: OK, content: {undefined: {schema: {type: string}}}}}"),
            "/paths/~1a/get/responses/200/content",
            json!({"application/json": {"schema": {"type": "string"}}}),
        ),
        (
            "status-key",
            response("{'200 OK': {description: OK}, success: {description: OK}}"),
            "/paths/~1a/get/responses",
            json!({"200": {"description": "OK"}}),
        ),
        (
            "untyped-parameter",
            parameters("/a", "{in: query, name: q}"),
            FIRST,
            json!([{"in": "query", "name": "q", "schema": {"type": "string"}, "style": "form"}]),
        ),
        (
            "space-in-path",
            operation(" /a", &format!("{{{responses}}}")),
            "/paths/~1a/get/responses",
            json!({"default": {"description": ""}}),
        ),
        (
            "query-in-path",
            operation("/a?b=c&d={d}", &format!("{{{responses}}}")),
            "/paths/~1a#b=c/get/parameters",
            json!([{"in": "query", "name": "b", "required": true, "schema": {"type": "string", "enum": ["c"]}, "style": "form"}, {"in": "query", "name": "d", "schema": {"type": "string"}, "style": "form"}]),
        ),
        (
            "slashes",
            operation("a", &format!("{{{responses}}}")),
            "/paths/~1a/get/responses",
            json!({"default": {"description": ""}}),
        ),
        (
            "variable-name",
            parameters(
                "/a/{i d}",
                "{in: path, name: i d, required: true, schema: {type: string}}",
            ),
            "/paths/~1a~1{i_d}/get/parameters/0/name",
            json!("i_d"),
        ),
        (
            "repeated-variable",
            parameters(
                "/a/{id}/{id}",
                "{in: path, name: id, required: true, schema: {type: integer}}",
            ),
            "/paths/~1a~1{id}~1{id_2}/get/parameters/1",
            json!({"in": "path", "name": "id_2", "required": true, "schema": {"type": "integer"}, "style": "simple"}),
        ),
        (
            "unencoded-path",
            operation("/a b", &format!("{{{responses}}}")),
            "/paths/~1a%20b/get/responses",
            json!({"default": {"description": ""}}),
        ),
        (
            "unusable-parameter",
            parameters(
                "/a",
                "{in: nowhere, name: q, schema: {}}, {in: query, schema: {}}, {$ref: '#/components/parameters/None'}",
            ),
            FIRST,
            Value::Null,
        ),
        (
            "repeated-parameter",
            parameters(
                "/a",
                "{in: query, name: q, schema: {type: string}}, {in: query, name: q, schema: {type: integer}}",
            ),
            FIRST,
            json!([{"in": "query", "name": "q", "schema": {"type": "string"}, "style": "form"}]),
        ),
        (
            "undeclared-path-variable",
            operation("/a/{id}", &format!("{{{responses}}}")),
            "/paths/~1a~1{id}/get/parameters",
            id.clone(),
        ),
        (
            "superfluous-path-parameter",
            parameters(
                "/a",
                "{in: path, name: id, required: true, schema: {type: string}}",
            ),
            FIRST,
            Value::Null,
        ),
        (
            "optional-path-parameter",
            parameters("/a/{id}", "{in: path, name: id, schema: {type: string}}"),
            "/paths/~1a~1{id}/get/parameters",
            id,
        ),
        (
            "undefined-scheme",
            operation("/a", &format!("{{security: [{{none: []}}], {responses}}}")),
            "/paths/~1a/get/security",
            Value::Null,
        ),
        (
            "no-response",
            operation(
                "/a",
                "{summary: A, responses: {success: {description: OK}}}",
            ),
            GET,
            json!({"summary": "A", "operationId": "id", "responses": {"default": {"description": ""}}}),
        ),
        // In extensions, keywords are written as in any version.
        (
            "several-types",
            schema("{type: array, items: {}, x-json-schema: {contains: {type: [string, array]}}}"),
            "/components/schemas/S/x-json-schema",
            json!({"contains": {"anyOf": [{"type": "string"}, {"type": "array", "items": {}}]}}),
        ),
        (
            "text-discriminator",
            schema("{type: object, x-json-schema: {if: {discriminator: kind}}}"),
            "/components/schemas/S/x-json-schema",
            json!({"if": {"discriminator": {"propertyName": "kind"}}}),
        ),
        (
            "text-discriminator",
            schema("{type: object, discriminator: {mapping: {}}}"),
            S,
            json!({"type": "object"}),
        ),
        (
            "security-scheme",
            "{openapi: 3.0.0, info: {title: Garden, version: '1'}, security: [{k: []}], paths: {/a: {get: {responses: {default: {description: ''}}}}}, components: {securitySchemes: {k: {type: basic}}}}".to_owned(),
            "/components/securitySchemes/k",
            json!({"type": "http", "scheme": "basic"}),
        ),
    ]
}

#[test]
fn every_kind_of_defect_is_repaired() {
    let mut failures = Vec::new();
    for (code, text, pointer, expected) in cases() {
        let (draft, diagnostics) = read(&[("openapi.yml", &text)]);
        let found = codes(&diagnostics);
        let document = value(&draft);
        let part = document.pointer(pointer).cloned().unwrap_or_default();
        let changes = &draft.endpoints[0].changes;
        let is_change = changes.iter().any(|change| change.code == code);
        let is_reported = found.iter().any(|it| it.contains(&format!(" {code} ")));
        if part != expected || !is_reported || is_change == pointer.starts_with("/components") {
            failures.push(format!("{code}: {part} {found:?} {is_change}"));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn each_row_of_the_table_has_a_case() {
    let tested: Vec<&str> = cases().iter().map(|case| case.0).collect();
    for repair in REPAIRS {
        assert!(tested.contains(&repair.code), "{}", repair.code);
    }
}

#[test]
fn a_part_that_stays_invalid_costs_only_itself() {
    let text = document(
        "{/a: {get: {summary: [1], parameters: [{in: query, name: q, schema: {type: string, pattern: 5}}], responses: {'200': {description: OK, content: {application/json: {schema: {type: object, properties: {a: {type: string, maxLength: -1}, b: {type: integer}}}}}}}}}}",
        "{}",
    );
    let (draft, diagnostics) = read(&[("openapi.yml", &text)]);
    let document = value(&draft);
    let schema = "/paths/~1a/get/responses/200/content/application~1json/schema/properties";
    assert_eq!(
        document.pointer(schema),
        Some(&json!({"a": {"type": "string"}, "b": {"type": "integer"}}))
    );
    assert_eq!(
        codes(&diagnostics),
        [
            "repaired invalid-part s/openapi.yml#/paths/~1a/get",
            "repaired invalid-part s/openapi.yml#/paths/~1a/get/parameters/0/schema",
            "repaired invalid-part s/openapi.yml#/paths/~1a/get/responses/200/content/application~1json/schema/properties/a",
        ]
    );
}

#[test]
fn examples_that_do_not_match_are_renamed() {
    let text = document(
        "{/a: {get: {parameters: [{in: query, name: q, schema: {type: integer, example: x}}], responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}}}}}",
        "{S: {type: object, properties: {right: {type: string, example: a}, wrong: {type: string, example: 1}, odd: {$ref: '#/components/schemas/Odd'}}, example: {right: b}}, Odd: {type: object, properties: {a: {type: string, pattern: '\\:'}}, example: {a: ':'}}, T: {type: string}}",
    );
    let (draft, diagnostics) = read(&[("openapi.yml", &text)]);
    let document = value(&draft);
    for (pointer, key, example) in [
        (
            "/paths/~1a/get/parameters/0/schema",
            "x-example",
            json!("x"),
        ),
        (
            "/components/schemas/S/properties/right",
            "example",
            json!("a"),
        ),
        (
            "/components/schemas/S/properties/wrong",
            "x-example",
            json!(1),
        ),
        // Its properties lead to a pattern that tools reject.
        ("/components/schemas/S", "x-example", json!({"right": "b"})),
        ("/components/schemas/Odd", "x-example", json!({"a": ":"})),
    ] {
        assert_eq!(
            document.pointer(pointer).unwrap()[key],
            example,
            "{pointer}"
        );
    }
    let codes = codes(&diagnostics);
    assert_eq!(codes.len(), 4);
    assert!(
        codes
            .iter()
            .all(|it| it.starts_with("repaired unmatched-example s/openapi.yml#/"))
    );
}
