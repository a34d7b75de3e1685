//! Checks that progenitor still has the limits that `lower` works around.
//!
//! If one of these tests fails, the lowering may no longer be needed.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use gallery_codegen::LOWERINGS;
use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use serde_json::{Value, json};

/// Returns the code that progenitor generates without lowerings and passes, or its failure.
fn unmodified_output(document: &Value) -> String {
    let document = serde_json::from_value(document.clone()).unwrap();
    let mut settings = GenerationSettings::default();
    settings.with_interface(InterfaceStyle::Builder);
    match catch_unwind(AssertUnwindSafe(|| {
        Generator::new(&settings).generate_tokens(&document)
    })) {
        Err(_) => "panics".to_owned(),
        Ok(Err(_)) => "rejects".to_owned(),
        // Without spaces, which `to_string` adds between tokens.
        Ok(Ok(code)) => code.to_string().replace(' ', ""),
    }
}

struct Limit {
    /// The lowering that works around the limit.
    lowering: &'static str,
    document: Value,
    /// `panics`, `rejects` or a piece of incorrect code, and how often the output contains it.
    symptom: (&'static str, usize),
}

fn operation(operation: Value) -> Value {
    at("/x", "post", operation)
}

fn at(path: &str, method: &str, mut operation: Value) -> Value {
    operation["operationId"] = json!("op");
    if operation.get("responses").is_none() {
        operation["responses"] = json!({"200": {"description": ""}});
    }
    json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {path: {method: operation}}})
}

fn parameter(parameter: Value) -> Value {
    operation(json!({"parameters": [parameter]}))
}

fn body(content: Value) -> Value {
    operation(json!({"requestBody": {"content": content}}))
}

fn schemas(schemas: Value) -> Value {
    let mut document = operation(json!({}));
    document["components"] = json!({"schemas": schemas});
    document
}

fn responses(responses: Value) -> Value {
    operation(json!({"responses": responses}))
}

fn limits() -> Vec<Limit> {
    let limit = |lowering, document, text, count| Limit {
        lowering,
        document,
        symptom: (text, count),
    };
    let text = || json!({"type": "string"});
    let list = || json!({"type": "array", "items": {"type": "string"}});
    let query = |name: &str| json!({"in": "query", "name": name, "schema": text()});
    let typed = |schema: Value| json!({"description": "", "content": {"application/json": {"schema": schema}}});
    vec![
        limit(
            "descriptions",
            operation(json!({"summary": "    let x = 1;"})),
            "letx=1;",
            1,
        ),
        // The inline response gets the type of the component with the same name.
        limit(
            "schemas",
            {
                let mut document = responses(
                    json!({"200": typed(json!({"type": "object", "properties": {"mine": text()}}))}),
                );
                document["components"] = json!({"schemas": {"OpResponse": {"type": "object", "properties": {"other": text()}}}});
                document
            },
            "pubmine:",
            0,
        ),
        limit(
            "schemas",
            schemas(json!({"A": {"type": "string", "enum": ["a", "A"]}})),
            "panics",
            1,
        ),
        limit(
            "schemas",
            schemas(json!({"A": {"type": "object", "properties": {"a-b": text(), "a_b": text()}}})),
            "puba_b:",
            2,
        ),
        limit(
            "schemas",
            schemas(json!({"A": {"type": "string", "pattern": "["}})),
            "rejects",
            1,
        ),
        limit("schemas", schemas(json!({"A": {"allOf": []}})), "panics", 1),
        limit(
            "parameters",
            parameter(json!({"in": "cookie", "name": "c", "schema": text()})),
            "rejects",
            1,
        ),
        limit(
            "parameters",
            parameter(json!({"in": "query", "name": "q", "content": {"application/json": {}}})),
            "rejects",
            1,
        ),
        limit(
            "parameters",
            parameter(
                json!({"in": "query", "name": "q", "style": "pipeDelimited", "schema": list()}),
            ),
            "rejects",
            1,
        ),
        // The array is sent as `q=a&q=b`, although `explode` is false.
        limit(
            "parameters",
            parameter(json!({"in": "query", "name": "q", "explode": false, "schema": list()})),
            "QueryParam::new(\"q\",&q)",
            1,
        ),
        limit(
            "parameters",
            parameter(json!({"in": "header", "name": "h", "required": true, "schema": list()})),
            "h.to_string().try_into()",
            1,
        ),
        limit(
            "parameters",
            parameter(
                json!({"in": "query", "name": "q", "required": true, "schema": {"type": "object", "properties": {"a": text()}}}),
            ),
            "panics",
            1,
        ),
        limit(
            "parameters",
            operation(json!({"parameters": [query("a-b"), query("a_b")]})),
            "pubfna_b<",
            2,
        ),
        limit(
            "bodies",
            body(json!({"application/xml": {"schema": text()}})),
            "rejects",
            1,
        ),
        limit(
            "bodies",
            body(json!({"multipart/form-data": {"schema": {"type": "object"}}})),
            "rejects",
            1,
        ),
        limit(
            "bodies",
            body(json!({"application/json": {"schema": {}}, "text/plain": {"schema": text()}})),
            "panics",
            1,
        ),
        // The body is optional in the document.
        limit(
            "bodies",
            body(json!({"application/json": {"schema": {}}})),
            "body:Result<::serde_json::Value,String>",
            1,
        ),
        limit(
            "responses",
            responses(json!({"200": {"description": "", "content": {"application/json": {}}}})),
            "panics",
            1,
        ),
        limit(
            "responses",
            responses(json!({"200": typed(text()), "204": {"description": ""}})),
            "panics",
            1,
        ),
        limit(
            "responses",
            responses(json!({"204": {"description": ""}})),
            "ResponseValue::empty",
            1,
        ),
        limit("routes", at("/x", "options", json!({})), ".options(url)", 1),
        limit(
            "routes",
            at("/#Action=X", "get", json!({})),
            "\"{}/#Action=X\"",
            1,
        ),
        limit("routes", at("/a//b", "get", json!({})), "\"{}/a/b\"", 1),
        limit(
            "routes",
            at(
                "/{a}/x",
                "get",
                json!({"parameters": [
                    {"in": "path", "name": "a", "required": true, "schema": text()}, query("a"),
                ]}),
            ),
            "panics",
            1,
        ),
        limit(
            "types",
            schemas(json!({
                "foo-bar": {"type": "object", "properties": {"x": text()}}, "FooBar": {"type": "object", "properties": {"y": text()}},
            })),
            "pubstructFooBar{",
            4,
        ),
    ]
}

#[test]
fn progenitor_still_has_each_limit() {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let outputs: Vec<_> = limits()
        .into_iter()
        .map(|limit| (unmodified_output(&limit.document), limit))
        .collect();
    std::panic::set_hook(hook);
    for (
        code,
        Limit {
            lowering,
            document,
            symptom: (text, count),
        },
    ) in outputs
    {
        let found = code.matches(text).count();
        assert_eq!(
            found,
            count,
            "{lowering}: `{text}` in the code of {document}\n{}",
            code.get(..3000).unwrap_or(&code)
        );
    }
}

#[test]
fn every_lowering_has_a_limit() {
    let lowerings: BTreeSet<_> = limits().iter().map(|limit| limit.lowering).collect();
    assert_eq!(
        lowerings,
        LOWERINGS.iter().map(|lowering| lowering.code).collect()
    );
}
