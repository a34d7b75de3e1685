//! Shows that progenitor still has the limits that `lower` works around: where one of these tests fails, a lowering can go.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use gallery_codegen::LOWERINGS;
use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use serde_json::{Value, json};

/// What progenitor makes of a document by itself.
fn stock(document: &Value) -> String {
    let document = serde_json::from_value(document.clone()).unwrap();
    let mut settings = GenerationSettings::default();
    settings.with_interface(InterfaceStyle::Builder);
    match catch_unwind(AssertUnwindSafe(|| {
        Generator::new(&settings).generate_tokens(&document)
    })) {
        Err(_) => "panics".to_owned(),
        Ok(Err(_)) => "refuses".to_owned(),
        // Without spaces, so that code can be looked for as it is written.
        Ok(Ok(code)) => code.to_string().replace(' ', ""),
    }
}

struct Limit {
    /// The lowering that works around it.
    lowering: &'static str,
    document: Value,
    /// How it shows: `panics`, `refuses`, or code that is wrong or does not compile, and how often.
    shows: (&'static str, usize),
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

fn answers(responses: Value) -> Value {
    operation(json!({"responses": responses}))
}

fn limits() -> Vec<Limit> {
    let limit = |lowering, document, what, times| Limit {
        lowering,
        document,
        shows: (what, times),
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
        // The inline answer is typed as the component of that name.
        limit(
            "schemas",
            {
                let mut document = answers(
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
            "refuses",
            1,
        ),
        limit("schemas", schemas(json!({"A": {"allOf": []}})), "panics", 1),
        limit(
            "parameters",
            parameter(json!({"in": "cookie", "name": "c", "schema": text()})),
            "refuses",
            1,
        ),
        limit(
            "parameters",
            parameter(json!({"in": "query", "name": "q", "content": {"application/json": {}}})),
            "refuses",
            1,
        ),
        limit(
            "parameters",
            parameter(
                json!({"in": "query", "name": "q", "style": "pipeDelimited", "schema": list()}),
            ),
            "refuses",
            1,
        ),
        // Both would go out as `q=a&q=b`.
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
            "refuses",
            1,
        ),
        limit(
            "bodies",
            body(json!({"multipart/form-data": {"schema": {"type": "object"}}})),
            "refuses",
            1,
        ),
        limit(
            "bodies",
            body(json!({"application/json": {"schema": {}}, "text/plain": {"schema": text()}})),
            "panics",
            1,
        ),
        // It is not required.
        limit(
            "bodies",
            body(json!({"application/json": {"schema": {}}})),
            "body:Result<::serde_json::Value,String>",
            1,
        ),
        limit(
            "responses",
            answers(json!({"200": {"description": "", "content": {"application/json": {}}}})),
            "panics",
            1,
        ),
        limit(
            "responses",
            answers(json!({"200": typed(text()), "204": {"description": ""}})),
            "panics",
            1,
        ),
        limit(
            "responses",
            answers(json!({"204": {"description": ""}})),
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
fn progenitor_still_has_them() {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let shown: Vec<_> = limits()
        .into_iter()
        .map(|limit| (stock(&limit.document), limit))
        .collect();
    std::panic::set_hook(hook);
    for (
        code,
        Limit {
            lowering,
            document,
            shows: (what, times),
        },
    ) in shown
    {
        let found = code.matches(what).count();
        assert_eq!(
            found,
            times,
            "{lowering}: `{what}` in the code of {document}\n{}",
            code.get(..3000).unwrap_or(&code)
        );
    }
}

#[test]
fn every_lowering_has_one() {
    let shown: BTreeSet<_> = limits().iter().map(|limit| limit.lowering).collect();
    assert_eq!(
        shown,
        LOWERINGS.iter().map(|lowering| lowering.code).collect()
    );
}
