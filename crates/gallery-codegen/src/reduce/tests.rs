//! Tests of reductions.

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::*;
use crate::generate::{Code, code};
use crate::settings::CodeSettings;

/// Returns a document with one operation at `/a/{id}`, without `responses` if it has none.
fn document(operation: Value, components: Value) -> Value {
    at("/a/{id}", operation, components)
}

fn at(path: &str, mut operation: Value, components: Value) -> Value {
    operation["operationId"] = json!("op");
    if operation.get("responses").is_none() {
        operation["responses"] = json!({"200": {"description": ""}});
    }
    json!({
        "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
        "paths": {path: {"post": operation, "parameters": [
            {"in": "path", "name": "id", "required": true, "schema": {"type": "string"}},
        ]}},
        "components": components,
    })
}

fn generated(document: &Value) -> (Code, Diagnostics) {
    let canonical = Canonical::parse(&document.to_string()).unwrap();
    let mut diagnostics = Diagnostics::default();
    let code = code(
        "openapi.json",
        &canonical,
        &CodeSettings::default(),
        &mut diagnostics,
    );
    (code.unwrap(), diagnostics)
}

/// Checks the diagnostics of a document, and that the reduced document has no defects left.
fn check(document: &Value, expected: &Expect) -> Code {
    let (code, diagnostics) = generated(document);
    let messages: String = diagnostics
        .iter()
        .map(|diagnostic| format!("{diagnostic}\n"))
        .collect();
    expected.assert_eq(&messages);
    let again = reduce(&code.reduced.canonical);
    assert_eq!(again.reductions, []);
    code
}

fn parameters(parameters: Value) -> Value {
    document(json!({"parameters": parameters}), json!({}))
}

fn reduced_parameters(code: &Code) -> Value {
    let document = serde_json::to_value(code.reduced.canonical.document()).unwrap();
    let operation = document.pointer("/paths/~1a~1{id}/post").unwrap();
    operation["parameters"].clone()
}

#[test]
fn sends_lists_of_objects_as_texts() {
    let filter = json!({"type": "object", "properties": {"field": {"type": "string"}}});
    let mut document = parameters(json!([
        {"in": "query", "name": "where", "schema": {"$ref": "#/components/schemas/Filters"}},
        {"in": "query", "name": "pairs", "schema": {"type": "object", "properties": {"a": filter}}},
        {"in": "query", "name": "nested", "style": "deepObject", "explode": true,
         "schema": {"type": "object", "properties": {"a": filter}}},
        {"in": "query", "name": "typed", "content": {"application/json": {"schema": {"type": "array", "items": filter}}}},
    ]));
    document["components"] = json!({"schemas": {
        "Filters": {"type": "array", "items": {"allOf": [{"$ref": "#/components/schemas/Filter"}]}},
        "Filter": filter,
    }});
    let code = check(
        &document,
        &expect![[r#"
            warning[parameter-style]: the query parameter `where` has lists or objects in a list, which no style can send: each item is sent as text
              --> openapi.json#/paths/~1a~1{id}/post/parameters/0
            warning[parameter-style]: the query parameter `pairs` has lists or objects in an object, which only `deepObject` can send: each property is sent as text
              --> openapi.json#/paths/~1a~1{id}/post/parameters/1
        "#]],
    );
    assert_eq!(
        reduced_parameters(&code)[0]["schema"],
        json!({"type": "array", "items": {"type": "string"}})
    );
}

#[test]
fn sends_lists_and_scalars_that_deep_object_does_not_define() {
    let text = json!({"type": "string"});
    let deep = |name: &str, schema: Value| json!({"in": "query", "name": name, "style": "deepObject", "explode": true, "schema": schema});
    let code = check(
        &parameters(json!([
            deep("expand", json!({"type": "array", "items": text})),
            deep("limit", json!({"type": "integer"})),
            deep("created", json!({"anyOf": [{"type": "object", "properties": {"gte": {"type": "integer"}}}, {"type": "integer"}]})),
            {"in": "cookie", "name": "tags", "schema": {"type": "array", "items": text}},
            {"in": "query", "name": "xml", "content": {"application/xml": {"schema": {"type": "object"}}}},
        ])),
        &expect![[r#"
            warning[parameter-style]: the query parameter `expand` is a list, for which `deepObject` is not defined: `[]` is appended to its name
              --> openapi.json#/paths/~1a~1{id}/post/parameters/0
            warning[parameter-style]: the query parameter `limit` is not an object, which `deepObject` requires: sent in the style `form`
              --> openapi.json#/paths/~1a~1{id}/post/parameters/1
            warning[parameter-style]: the cookie parameter `tags` is a list in a cookie, which requires `explode: false`: sent as text
              --> openapi.json#/paths/~1a~1{id}/post/parameters/3
            warning[parameter-content]: the query parameter `xml` has `content` of an unknown media type: sent as text
              --> openapi.json#/paths/~1a~1{id}/post/parameters/4
        "#]],
    );
    let binding = &code.lowered.bindings().operations[0];
    let sent = |setter: &str| {
        let parameter = binding.by_setter(setter).unwrap();
        format!("{} {:?}", parameter.key, parameter.style)
    };
    assert_eq!(sent("expand"), "expand[] Some((Form, true))");
    assert_eq!(sent("limit"), "limit Some((Form, true))");
    assert_eq!(sent("created"), "created Some((DeepObject, true))");
}

#[test]
fn removes_parameters_that_cannot_be_sent() {
    let text = json!({"type": "string"});
    let header = |name: &str| json!({"in": "header", "name": name, "schema": text});
    let mut document = parameters(json!([
        header("X Bad"),
        header("X-Trace"),
        header("x-trace"),
        {"in": "path", "name": "gone", "required": true, "schema": text},
        {"$ref": "#/components/parameters/Missing"},
        {"in": "query", "name": "far", "schema": {"type": "object", "oneOf": [{"type": "string"}, {"type": "array"}], "properties": {"a": {}}}},
    ]));
    document["paths"]["/a/{id}"]["parameters"]
        .as_array_mut()
        .unwrap()
        .push(header("X-TRACE"));
    let code = check(
        &document,
        &expect![[r#"
            warning[parameter-name]: `X Bad` is not a valid header name: it is removed
              --> openapi.json#/paths/~1a~1{id}/post/parameters/0
            warning[superfluous-path-parameter]: the path has no variable `{gone}`: it is removed
              --> openapi.json#/paths/~1a~1{id}/post/parameters/3
            warning[dangling-parameter]: the parameter refers to a missing component: it is removed
              --> openapi.json#/paths/~1a~1{id}/post/parameters/4
            warning[schema-untyped]: the schema has properties beside alternatives that are not objects: using untyped JSON
              --> openapi.json#/paths/~1a~1{id}/post/parameters/5/schema
        "#]],
    );
    let setters: Vec<&str> = code.lowered.bindings().operations[0]
        .parameters
        .iter()
        .map(|parameter| parameter.setter.as_str())
        .collect();
    assert_eq!(setters, ["x_trace", "far", "id"]);
}

#[test]
fn drops_operations_that_cannot_be_called() {
    let query = json!({"in": "query", "name": "x", "schema": {"type": "string"}});
    for (path, parameter, expected) in [
        (
            "/a/{id}?x=1",
            query.clone(),
            expect![[r#"
                dropped[unusable-path]: the path contains a query; move it to the fragment and declare its parameters: the operation is dropped
                  --> openapi.json#/paths/~1a~1{id}?x=1/post
            "#]],
        ),
        (
            "/a/{id}#Action=Run",
            query,
            expect![[r#"
                dropped[undeclared-constant]: the fragment of the path has `Action=Run`, but no required parameter `Action` allows exactly this value: the operation is dropped
                  --> openapi.json#/paths/~1a~1{id}#Action=Run/post
            "#]],
        ),
        (
            "/a/{id}",
            json!({"in": "header", "name": "a b", "required": true, "schema": {"type": "string"}}),
            expect![[r#"
                warning[parameter-name]: `a b` is not a valid header name: it is removed
                  --> openapi.json#/paths/~1a~1{id}/post/parameters/0
                dropped[required-parameter]: `a b` is not a valid header name: the operation is dropped
                  --> openapi.json#/paths/~1a~1{id}/post
            "#]],
        ),
    ] {
        let mut document = at(path, json!({"parameters": [parameter]}), json!({}));
        document["paths"]["/b"] = json!({"get": {"operationId": "other", "responses": {}}});
        let code = check(&document, &expected);
        let operations = &code.lowered.bindings().operations;
        assert_eq!(operations.len(), 1, "{path}");
        assert_eq!(operations[0].method, "other");
    }
}

#[test]
fn declares_path_variables_as_text() {
    let document = at("/a/{id}/{b}/{c}", json!({}), json!({}));
    let code = check(
        &document,
        &expect![[r#"
            warning[undeclared-path-variable]: the path variable `{b}` has no parameter: text
              --> openapi.json#/paths/~1a~1{id}~1{b}~1{c}/post
            warning[undeclared-path-variable]: the path variable `{c}` has no parameter: text
              --> openapi.json#/paths/~1a~1{id}~1{b}~1{c}/post
        "#]],
    );
    assert_eq!(code.lowered.bindings().operations[0].parameters.len(), 3);
}

#[test]
fn reduces_bodies_and_responses() {
    let body = |content: Value| json!({"requestBody": {"required": true, "content": content}});
    let bytes = "*/*";
    for (operation, media_type, expected) in [
        (
            body(json!({})),
            bytes,
            expect![[r#"
                warning[body-media-type]: the body has no media type: bytes of any media type
                  --> openapi.json#/paths/~1a~1{id}/post/requestBody
            "#]],
        ),
        (
            body(json!({"a\nb": {}})),
            bytes,
            expect![[r#"
                warning[body-media-type]: the media type is not a valid header value: it is removed
                  --> openapi.json#/paths/~1a~1{id}/post/requestBody/content/a\nb
                warning[body-media-type]: the body has no media type: bytes of any media type
                  --> openapi.json#/paths/~1a~1{id}/post/requestBody
            "#]],
        ),
        (
            json!({"requestBody": {"$ref": "#/components/requestBodies/Missing"}}),
            bytes,
            expect![[r#"
                warning[body-media-type]: the body refers to a missing component: bytes of any media type
                  --> openapi.json#/paths/~1a~1{id}/post/requestBody
            "#]],
        ),
        (
            body(
                json!({"application/x-www-form-urlencoded": {"schema": {"type": "array", "items": {}}}}),
            ),
            "application/x-www-form-urlencoded",
            expect![[r#"
                warning[form-schema]: the schema of a form must be an object: any fields
                  --> openapi.json#/paths/~1a~1{id}/post/requestBody/content/application~1x-www-form-urlencoded/schema
            "#]],
        ),
    ] {
        let code = check(&document(operation, json!({})), &expected);
        let body = code.lowered.bindings().operations[0].body.clone().unwrap();
        assert_eq!(body.media_type, media_type);
    }
    let responses = json!({"responses": {
        "200": {"$ref": "#/components/responses/Missing"},
        "400": {"description": "", "content": {"tëxt": {"schema": {"type": "string"}}}},
    }});
    let code = check(
        &document(responses, json!({})),
        &expect![[r#"
            warning[dangling-response]: the response refers to a missing component: untyped
              --> openapi.json#/paths/~1a~1{id}/post/responses/200
            warning[response-media-type]: the media type is not a valid header value: it is removed
              --> openapi.json#/paths/~1a~1{id}/post/responses/400/content/tëxt
        "#]],
    );
    let responses = &code.lowered.bindings().operations[0].responses;
    assert_eq!(responses.accept, Vec::<String>::new());
}

#[test]
fn makes_missing_schemas_untyped_wherever_they_are_used() {
    let missing = json!({"$ref": "#/components/schemas/Missing"});
    let elsewhere = json!({"$ref": "other.yaml#/Pet"});
    let operation = json!({
        "requestBody": {"content": {"application/json": {"schema": missing}}},
        "parameters": [{"in": "query", "name": "q", "schema": {"type": "array", "items": missing}}],
        "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Whole"}}}}},
    });
    let components = json!({"schemas": {
        "Whole": {"type": "object", "properties": {"a/b": elsewhere, "list": {"type": "array", "items": missing}},
            "additionalProperties": missing},
        "Part": {"anyOf": [missing, {"type": "string"}], "not": missing},
    }});
    let code = check(
        &document(operation, components),
        &expect![[r#"
            warning[dangling-schema]: `#/components/schemas/Missing` is not a schema of this document: any JSON
              --> openapi.json#/paths/~1a~1{id}/post/parameters/0/schema/items
            warning[dangling-schema]: `#/components/schemas/Missing` is not a schema of this document: any JSON
              --> openapi.json#/paths/~1a~1{id}/post/requestBody/content/application~1json/schema
            warning[dangling-schema]: `#/components/schemas/Missing` is not a schema of this document: any JSON
              --> openapi.json#/components/schemas/Part/anyOf/0
            warning[dangling-schema]: `#/components/schemas/Missing` is not a schema of this document: any JSON
              --> openapi.json#/components/schemas/Part/not
            warning[dangling-schema]: `other.yaml#/Pet` is not a schema of this document: any JSON
              --> openapi.json#/components/schemas/Whole/properties/a~1b
            warning[dangling-schema]: `#/components/schemas/Missing` is not a schema of this document: any JSON
              --> openapi.json#/components/schemas/Whole/properties/list/items
            warning[dangling-schema]: `#/components/schemas/Missing` is not a schema of this document: any JSON
              --> openapi.json#/components/schemas/Whole/additionalProperties
            warning[constraints]: 1 schema has constraints on values; clients do not check them
              --> openapi.json
        "#]],
    );
    assert!(
        !code.lowered.bindings().operations[0]
            .responses
            .success
            .is_untyped()
    );
}

#[test]
fn documentation_names_the_reductions() {
    let mut document = parameters(json!([
        {"in": "query", "name": "where", "schema": {"type": "array", "items": {"type": "object"}}},
    ]));
    document["paths"]["/b/.."] = json!({"get": {"operationId": "other", "responses": {}}});
    document["components"]["schemas"]["A"] = json!({"$ref": "#/components/schemas/Missing"});
    let (code, _) = generated(&document);
    let text = code.client.text();
    let documented = |line: &str| text.lines().any(|own| own.trim_start().starts_with(line));
    for line in [
        "/// - `GET /b/..`: the path has the segment",
        "/// - `#/components/schemas/A`: ",
        "/// - `#/paths/~1a~1{id}/post/parameters/0`: the query parameter",
    ] {
        assert!(documented(line), "{line}\n{text}");
    }
}

#[test]
fn a_document_without_defects_stays_equal() {
    let text = json!({"type": "string"});
    let document = parameters(json!([
        {"in": "query", "name": "q", "schema": {"type": "array", "items": text}},
        {"in": "header", "name": "X-A", "schema": {"type": "object", "properties": {"a": text}}},
    ]));
    let canonical = Canonical::parse(&document.to_string()).unwrap();
    let reduced = reduce(&canonical);
    assert_eq!(reduced.reductions, []);
    assert_eq!(reduced.canonical, canonical);
}

#[test]
fn recursive_schemas_end() {
    let schemas = json!({
        "Loop": {"type": "array", "items": {"$ref": "#/components/schemas/Loop"}},
        "Alias": {"$ref": "#/components/schemas/Alias"},
        "All": {"allOf": [{"$ref": "#/components/schemas/All"}]},
    });
    let query = |name: &str| json!({"in": "query", "name": name, "schema": {"$ref": format!("#/components/schemas/{name}")}});
    let mut document = parameters(json!([query("Loop"), query("Alias"), query("All")]));
    document["components"] = json!({"schemas": schemas});
    let canonical = Canonical::parse(&document.to_string()).unwrap();
    let reasons: Vec<_> = reduce(&canonical)
        .reductions
        .iter()
        .map(|reduction| reduction.reason)
        .collect();
    assert_eq!(reasons, [ReductionReason::ParameterStyle]);
}

#[test]
fn components_can_have_any_name() {
    let long = "very_long_name_".repeat(20);
    let names = [
        "Self",
        "",
        long.as_str(),
        "pet",
        "Pet",
        "PET",
        "String",
        "1st",
        "a/b~c",
    ];
    let schemas: serde_json::Map<String, Value> = names
        .iter()
        .map(|name| {
            let schema = json!({"type": "object", "properties": {"id": {"type": "string"}}});
            ((*name).to_owned(), schema)
        })
        .collect();
    let properties: serde_json::Map<String, Value> = names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let reference = format!("#/components/schemas/{}", escape(name));
            (format!("p{index}"), json!({"$ref": reference}))
        })
        .collect();
    let operation = json!({"responses": {"200": {"description": "", "content": {"application/json": {"schema":
        {"type": "object", "properties": properties}}}}}});
    let code = check(
        &document(operation, json!({"schemas": schemas})),
        &expect![""],
    );
    let mut types: Vec<&String> = code
        .lowered
        .types()
        .iter()
        .filter_map(|it| it.name.as_ref())
        .collect();
    types.dedup();
    assert_eq!(types.len(), names.len() + 1, "{types:?}");
}
