//! Tests of whole documents: rejected documents, equivalent documents, and the details of changes.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use openapi_drift::advice;
use openapi_drift::{Change, Document, compare};
use serde_json::{Map, Value, json};

use crate::support::{changes, document, with_fields, with_paths, yaml};

fn assert_error(name: &str, text: &str, message: Expect) {
    message.assert_eq(
        &Document::parse(name, text)
            .expect_err("the document is valid")
            .to_string(),
    );
}

#[test]
fn rejects_documents_that_are_not_openapi_3_0() {
    assert_error(
        "a.yaml",
        "- 1\n",
        expect![[r#"
            an OpenAPI document must be a map
              --> a.yaml:1:1"#]],
    );
    assert_error(
        "a.yaml",
        "info: {}\n",
        expect![[r#"
            not an OpenAPI document: `openapi` is missing
              --> a.yaml:1:1"#]],
    );
    assert_error(
        "a.yaml",
        "info: {}\nopenapi: 3.1.0\npaths: {}\n",
        expect![[r#"
            unsupported version OpenAPI 3.1.0: only OpenAPI 3.0 documents can be compared
              --> a.yaml:2:1#/openapi"#]],
    );
    assert_error(
        "a.yaml",
        "swagger: '2.0'\npaths: {}\n",
        expect![[r#"
            unsupported version Swagger 2.0: convert the document to OpenAPI 3.0 first
              --> a.yaml:1:1#/swagger"#]],
    );
    assert_error(
        "a.yaml",
        "openapi: 3.0.0\npaths:\n  /a: 1\n  /b:\n    get: []\n",
        expect![[r#"
            a path must be a map of operations
              --> a.yaml:3:3#/paths/~1a
            an operation must be a map
              --> a.yaml:5:5#/paths/~1b/get"#]],
    );
    assert_error(
        "a.yaml",
        "openapi: 3.0.0\n",
        expect![[r#"
            `paths` is missing or not a map
              --> a.yaml:1:1#/paths"#]],
    );
    assert_error(
        "a.yaml",
        "a: [\n",
        expect![[r#"
            invalid YAML: did not find expected node content
              --> a.yaml:2:1"#]],
    );
    assert_error(
        "a.json",
        "{\"a\": ",
        expect![[r#"
            invalid JSON: EOF while parsing a value
              --> a.json:1:5"#]],
    );
}

#[test]
fn rejects_duplicate_keys() {
    assert_error(
        "a.yaml",
        "openapi: 3.0.0\npaths: {}\npaths: {}\n",
        expect![[r#"
            invalid YAML: duplicate entry with key "paths"
              --> a.yaml:1:1"#]],
    );
    assert_error(
        "a.json",
        "{\n  \"openapi\": \"3.0.0\",\n  \"paths\": {\n    \"/a\": {},\n    \"/a\": {}\n  }\n}\n",
        expect![[r#"
            duplicate key `/a`: keep one of them
              --> a.json:6:3"#]],
    );
}

#[test]
fn rejects_unresolved_references_with_lines() {
    assert_error(
        "a.yaml",
        "openapi: 3.0.0
paths:
  /a:
    get:
      parameters:
        - $ref: '#/components/parameters/Gone'
      responses:
        200:
          $ref: 'other.yaml#/a'
        404:
          $ref: '#/components/responses/Loop'
components:
  responses:
    Loop:
      $ref: '#/components/responses/Pool'
    Pool:
      $ref: '#/components/responses/Loop'
    Next:
      $ref: '#/components/responses/Gone'
",
        expect![[r#"
            `#/components/responses/Pool` is a chain of references that never reaches a value
              --> a.yaml:15:7#/components/responses/Loop/$ref
            `#/components/responses/Gone` does not exist in this document
              --> a.yaml:19:7#/components/responses/Next/$ref
            `#/components/responses/Loop` is a chain of references that never reaches a value
              --> a.yaml:17:7#/components/responses/Pool/$ref
            `#/components/parameters/Gone` does not exist in this document
              --> a.yaml:6:11#/paths/~1a/get/parameters/0/$ref
            `other.yaml#/a` refers to another document: move its target into this document
              --> a.yaml:9:11#/paths/~1a/get/responses/200/$ref
            `#/components/responses/Loop` is a chain of references that never reaches a value
              --> a.yaml:11:11#/paths/~1a/get/responses/404/$ref"#]],
    );
}

#[test]
fn ignores_references_in_data() {
    let data = json!({"$ref": "nowhere"});
    let text = |value: &str| json!({"type": "string", "default": value});
    let schema = json!({
        "type": "object", "example": data, "default": data, "enum": [data], "x-a": data,
        "properties": {"$ref": text("a"), "default": {"type": "object", "properties": {"example": text("b")}}},
    });
    let fields =
        json!({"components": {"schemas": {"A": schema}, "examples": {"E": {"value": data}}}});
    assert!(Document::from_value("a", with_fields(&fields)).is_ok());
    // A property may have the name of a keyword for data. References in it are still resolved.
    let schema = json!({"properties": {"default": {"$ref": "#/nowhere"}}});
    assert!(
        Document::from_value(
            "a",
            with_fields(&json!({"components": {"schemas": {"A": schema}}}))
        )
        .is_err()
    );
}

#[test]
fn parses_json_escapes_that_yaml_lacks() {
    let text = r#"{"openapi": "3.0.0", "info": {"title": "\ud83d\ude00 \/", "version": "1"}, "paths": {}}"#;
    assert_eq!(
        Document::parse("a.json", text).unwrap().value()["info"]["title"],
        "😀 /"
    );
}

#[test]
fn limits_depth_and_handles_cycles() {
    let mut deep = json!({"type": "string"});
    for _ in 0..400 {
        deep = json!({"type": "array", "items": deep});
    }
    let result = Document::from_value(
        "a",
        with_fields(&json!({"components": {"schemas": {"A": deep}}})),
    );
    assert!(
        result
            .unwrap_err()
            .to_string()
            .contains("more than 256 levels deep")
    );
    let text = format!("openapi: 3.0.0\npaths: {{}}\nx: {}", "[".repeat(50_000));
    assert!(Document::parse("a", &text).is_err());

    // A cycle of 4,000 schemas. The last schema differs.
    let chain = |last: &str, is_inline: bool| {
        let mut schemas = Map::new();
        for number in 0..4_000 {
            let next = json!({"$ref": format!("#/components/schemas/S{}", (number + 1) % 4_000)});
            let kind = if number == 3_999 { last } else { "string" };
            // Alternate schemas have an inline level, so that the two documents never align.
            let next = if is_inline == (number % 2 == 0) {
                json!({"type": "object", "properties": {"next": next}})
            } else {
                next
            };
            schemas.insert(
                format!("S{number}"),
                json!({"type": "object", "properties": {"value": {"type": kind}, "next": next}}),
            );
        }
        let first = json!({"$ref": "#/components/schemas/S0"});
        let paths = json!({"/a": {"get": {"responses": {"200": {"description": "d", "content": {"application/json": {"schema": first}}}}}}});
        with_fields(&json!({"paths": paths, "components": {"schemas": schemas}}))
    };
    let found = changes(&chain("string", true), &chain("integer", true));
    assert_eq!(
        lines(&found),
        "type-changed breaking breaking #components/schemas/S3999/properties/value/type\n"
    );
    assert!(!changes(&chain("string", true), &chain("string", false)).is_empty());
}

/// Formats one change per line.
fn lines(changes: &[Change]) -> String {
    changes.iter().fold(String::new(), |mut text, change| {
        _ = writeln!(
            text,
            "{} {} {} {}",
            change.rule.id, change.wire, change.source, change.location
        );
        text
    })
}

/// Returns a document with every feature.
fn rich() -> Value {
    yaml("rich.yaml", include_str!("rich.yaml"))
}

#[test]
fn ignores_the_order_of_keys() {
    fn reversed(value: &Value) -> Value {
        match value {
            Value::Object(map) => Value::Object(
                map.iter()
                    .rev()
                    .map(|(key, value)| (key.clone(), reversed(value)))
                    .collect(),
            ),
            Value::Array(items) => Value::Array(items.iter().map(reversed).collect()),
            Value::Number(number) if number.is_i64() => json!(number.as_f64()),
            Value::String(text) => Value::String(text.clone()),
            other => other.clone(),
        }
    }
    assert_eq!(lines(&changes(&rich(), &reversed(&rich()))), "");
}

#[test]
fn ignores_inlined_references() {
    fn inlined(root: &Value, value: &Value, depth: usize) -> Value {
        match value {
            Value::Object(map) => match map.get("$ref").and_then(Value::as_str) {
                Some(reference) if depth > 0 => {
                    let target = root.pointer(reference.strip_prefix('#').unwrap()).unwrap();
                    inlined(root, target, depth - 1)
                }
                Some(_) => value.clone(),
                None => map
                    .iter()
                    .map(|(key, value)| (key.clone(), inlined(root, value, depth)))
                    .collect(),
            },
            Value::Array(items) => items
                .iter()
                .map(|item| inlined(root, item, depth))
                .collect(),
            other => other.clone(),
        }
    }
    let rich = rich();
    for depth in 1..4 {
        let mut other = rich.clone();
        other["paths"] = inlined(&rich, &rich["paths"], depth);
        assert_ne!(other, rich);
        assert_eq!(
            lines(&changes(&rich, &other)),
            "",
            "inlined to depth {depth}"
        );
        assert_eq!(lines(&changes(&other, &rich)), "");
    }
}

/// Collects the pointers of all parts of a document.
fn parts(value: &Value, pointer: &str, found: &mut Vec<String>) {
    found.push(pointer.to_owned());
    let below = |key: &str| format!("{pointer}/{}", openapi_text::pointer::escape(key));
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(key, value)| parts(value, &below(key), found)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, value)| parts(value, &below(&at.to_string()), found)),
        _ => {}
    }
}

#[test]
fn reports_every_replaced_part() {
    let rich = rich();
    let mut pointers = Vec::new();
    parts(&rich, "", &mut pointers);
    assert!(pointers.len() > 300, "{}", pointers.len());
    let base = document("base", &rich);
    let mut unreported = Vec::new();
    for pointer in &pointers {
        for junk in [
            json!("junk"),
            json!(777),
            json!({"junk": 1}),
            json!(["junk"]),
            Value::Null,
        ] {
            let mut other = rich.clone();
            *other.pointer_mut(pointer).unwrap() = junk.clone();
            // Some replacements make the document invalid.
            let Ok(revision) = Document::from_value("revision", other) else {
                continue;
            };
            if compare(&base, &revision).is_empty() {
                unreported.push(format!("{pointer} = {junk}"));
            }
        }
    }
    assert!(
        unreported.is_empty(),
        "{} are not reported:\n{}",
        unreported.len(),
        unreported.join("\n")
    );
}

/// Adds a keyword to an object of a document, and checks that the comparison reports it. Tests
/// every `step`th combination of an object and a keyword.
fn check_added_keywords(step: usize) {
    const KEYWORDS: &str = "type format nullable readOnly writeOnly deprecated required uniqueItems enum items not minimum \
        exclusiveMaximum maxLength minItems pattern multipleOf properties additionalProperties allOf oneOf discriminator xml default \
        example examples title summary description externalDocs in name style explode allowReserved allowEmptyValue schema content \
        encoding headers links callbacks parameters requestBody responses operationId tags security servers variables url flows \
        scopes components x-a foo";
    let rich = rich();
    let mut pointers = Vec::new();
    parts(&rich, "", &mut pointers);
    let base = document("base", &rich);
    let mut unreported = Vec::new();
    pointers.retain(|pointer| rich.pointer(pointer).unwrap().is_object());
    for (object, pointer) in pointers.iter().enumerate() {
        for (number, keyword) in KEYWORDS.split_whitespace().enumerate() {
            if (object + number) % step != 0 {
                continue;
            }
            let mut other = rich.clone();
            let Some(Value::Object(map)) = other.pointer_mut(pointer) else {
                continue;
            };
            if map.contains_key("$ref") || map.contains_key(keyword) {
                continue;
            }
            map.insert(keyword.to_owned(), json!(["junk"]));
            let Ok(revision) = Document::from_value("revision", other) else {
                continue;
            };
            if compare(&base, &revision).is_empty() {
                unreported.push(format!("{pointer}/{keyword}"));
            }
        }
    }
    assert!(
        unreported.is_empty(),
        "{} are not reported:\n{}",
        unreported.len(),
        unreported.join("\n")
    );
}

#[test]
fn reports_added_keywords() {
    check_added_keywords(5);
}

#[test]
#[ignore = "10,000 documents; long.yml runs it"]
fn reports_every_added_keyword() {
    check_added_keywords(1);
}

#[test]
fn reports_a_schema_of_both_directions_once_with_the_worse_level() {
    let both = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Kind"}}});
    let operation = json!({"requestBody": {"content": both}, "responses": {"200": {"description": "d", "content": both}}});
    let base = with_paths(json!({"/a": {"put": operation}}));
    let mut revision = base.clone();
    revision["components"]["schemas"]["Kind"]["enum"] = json!(["a", "b"]);
    assert_eq!(
        lines(&changes(&base, &revision)),
        "enum-value-added breaking safe #components/schemas/Kind/enum\n"
    );
    assert_eq!(
        lines(&changes(&revision, &base)),
        "enum-value-removed breaking breaking #components/schemas/Kind/enum\n"
    );
}

#[test]
fn reports_a_schema_of_a_parameter_and_a_response_once() {
    let paths = json!({
        "/a": {"get": {
            "parameters": [{"in": "query", "name": "kind", "schema": {"$ref": "#/components/schemas/Kind"}}],
            "responses": {"200": {"description": "d", "headers": {"X-Kind": {"schema": {"$ref": "#/components/schemas/Kind"}}}}},
        }},
    });
    let base = with_paths(paths);
    let mut revision = base.clone();
    revision["components"]["schemas"]["Kind"]["enum"] = json!([]);
    assert_eq!(
        lines(&changes(&base, &revision)),
        "enum-value-removed breaking breaking #components/schemas/Kind/enum\n"
    );
}

#[test]
fn formats_locations_and_consequences_of_changes() {
    let base = "openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /teams/{team_id}/members:
    get:
      parameters:
        - {in: path, name: team_id, required: true, schema: {type: string}}
        - in: query
          name: page
          schema: {type: integer}
      responses: {200: {description: d}}
";
    let revision = base
        .replace("name: page\n", "name: page\n          required: true\n")
        .replace("team_id", "team");
    let parse = |name: &str, text: &str| Document::parse(name, text).unwrap();
    let found = compare(
        &parse("base.yaml", base),
        &parse("revision.yaml", &revision),
    );
    let text: Vec<String> = found
        .iter()
        .map(|change| {
            let location = |location: &Option<openapi_drift::SourceLocation>| {
                location.as_ref().unwrap().to_string()
            };
            format!(
                "{change}\n  {} → {} ({})",
                location(&change.base),
                location(&change.revision),
                change.fingerprint
            )
        })
        .collect();
    expect![[r#"
        none wire, none source [path-variable-renamed] /teams/{team_id}/members: renamed the path variable `team_id` to `team`: the URL is the same
          base.yaml:4:3 → revision.yaml:4:3 (3b4fb66f5c026ed1)
        breaking wire, breaking source [parameter-became-required] GET /teams/{team_id}/members#parameters/query:page: made the query parameter `page` required: the server rejects calls without it; its setter becomes an argument of the method
          base.yaml:8:11 → revision.yaml:8:11 (48782ad5ec00f31f)"#]].assert_eq(&text.join("\n"));
}

#[test]
fn identifies_inline_parts_by_index() {
    let part = |name: &str, min_length: u32| json!({"type": "object", "properties": {name: {"type": "string", "minLength": min_length}}});
    let schema = |parts: Value| {
        with_fields(
            &json!({"paths": {}, "components": {"schemas": {"N": {"allOf": parts}, "M": {}}}}),
        )
    };
    let reference = json!({"$ref": "#/components/schemas/M"});
    let found = |base: Value, revision: Value| -> Vec<(String, String)> {
        let changes = changes(&schema(base), &schema(revision));
        changes
            .into_iter()
            .map(|change| (change.location, change.fingerprint))
            .collect()
    };
    let single = found(
        json!([reference, part("a", 1)]),
        json!([reference, part("a", 2)]),
    );
    assert_eq!(
        single[0].0,
        "#components/schemas/N/allOf/inline/properties/a/minLength"
    );
    // Other properties and the order of the parts have no effect.
    let with_more = |min_length: u32| {
        let mut part = part("a", min_length);
        part["properties"]["b"] = json!({"type": "string"});
        part
    };
    assert_eq!(
        found(
            json!([with_more(1), reference]),
            json!([with_more(2), reference])
        ),
        single
    );
    let second = found(
        json!([part("a", 1), part("b", 1)]),
        json!([part("a", 1), part("b", 2)]),
    );
    assert_eq!(
        second[0].0,
        "#components/schemas/N/allOf/inline-2/properties/b/minLength"
    );
}

#[test]
fn lists_the_operations_that_use_a_component() {
    let response = |name: &str| json!({"200": {"$ref": format!("#/components/responses/{name}")}});
    let json_of = |name: &str| json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
    let base = json!({
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1"},
        "security": [{"Token": []}],
        "paths": {
            "/a/{id}": {
                "parameters": [{"$ref": "#/components/parameters/Id"}],
                "get": {"responses": response("Tree")},
                "put": {"responses": {}, "requestBody": {"content": json_of("Leaf")}, "security": []},
            },
            "/b": {"get": {"responses": {"200": {"description": "d", "content": json_of("Tree"), "x-a": {"$ref": "#/components/schemas/Free"}}}}},
        },
        "components": {
            "parameters": {"Id": {"in": "path", "name": "id", "required": true, "schema": {"$ref": "#/components/schemas/Id"}}},
            "responses": {"Tree": {"description": "d", "content": json_of("Tree")}},
            "schemas": {
                "Id": {"type": "string"},
                "Tree": {"type": "object", "properties": {"leaf": {"$ref": "#/components/schemas/Leaf"}, "trees": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}}},
                "Leaf": {"type": "string"},
                "Free": {"type": "string"},
            },
            "securitySchemes": {"Token": {"type": "http", "scheme": "bearer"}},
        },
    });
    let used_by = |base: &Value, pointer: &str, keyword: &str, value: &str| {
        let mut revision = base.clone();
        revision.pointer_mut(pointer).unwrap()[keyword] = value.into();
        let found = changes(base, &revision);
        assert_eq!(found.len(), 1, "{}", lines(&found));
        found[0].used_by.join(", ")
    };
    // By way of responses, schemas and cycles; in bodies; in the parameters of a path; in the
    // security of the document.
    assert_eq!(
        used_by(&base, "/components/schemas/Tree", "description", "t"),
        "GET /a/{id}, GET /b"
    );
    assert_eq!(
        used_by(&base, "/components/schemas/Leaf", "maxLength", "1"),
        "GET /a/{id}, PUT /a/{id}, GET /b"
    );
    assert_eq!(
        used_by(&base, "/components/schemas/Id", "description", "t"),
        "GET /a/{id}, PUT /a/{id}"
    );
    assert_eq!(
        used_by(&base, "/components/responses/Tree", "description", "t"),
        "GET /a/{id}"
    );
    assert_eq!(
        used_by(
            &base,
            "/components/securitySchemes/Token",
            "description",
            "t"
        ),
        "GET /a/{id}, GET /b"
    );
    // Data does not use components. A part of an operation has no list of users.
    assert_eq!(
        used_by(&base, "/components/schemas/Free", "description", "t"),
        ""
    );
    assert_eq!(used_by(&base, "/paths/~1b/get", "summary", "t"), "");
    // The list has the operations of the revision, or of the base if the component was removed.
    let mut revision = base.clone();
    revision["components"]["schemas"]["Tree"]["properties"]["trees"] =
        json!({"type": "array", "items": {"type": "string"}});
    revision["paths"]["/b"]["get"]["responses"] = json!({});
    revision["paths"]["/c"] = json!({"get": {"responses": response("Tree")}});
    let found = changes(&base, &revision);
    let both = found
        .iter()
        .find(|change| change.location.starts_with("#components/schemas/Tree"))
        .unwrap();
    assert_eq!(both.used_by.join(", "), "GET /a/{id}, GET /c");
    let mut without = base.clone();
    without["security"] = json!([]);
    without["components"]["securitySchemes"] = json!({});
    let found = changes(&base, &without);
    let gone = found
        .iter()
        .find(|change| change.location == "#components/securitySchemes/Token");
    assert_eq!(
        gone.map(|change| change.used_by.join(", ")).as_deref(),
        Some("GET /a/{id}, GET /b"),
        "{}",
        lines(&found)
    );
}

#[test]
fn fingerprints_do_not_depend_on_order_and_variable_names() {
    let base = |variable: &str, parameters: Value| {
        let mut list = vec![
            json!({"in": "path", "name": variable, "required": true, "schema": {"type": "string"}}),
        ];
        list.extend(parameters.as_array().unwrap().clone());
        let mut paths = Map::new();
        paths.insert(
            format!("/a/{{{variable}}}"),
            json!({"get": {"parameters": list, "responses": {}}}),
        );
        with_fields(&json!({"paths": paths}))
    };
    let query =
        |name: &str, kind: &str| json!({"in": "query", "name": name, "schema": {"type": kind}});
    let of = |changes: Vec<Change>| -> Vec<String> {
        let typed = changes
            .into_iter()
            .filter(|change| change.rule.id == "type-changed");
        typed.map(|change| change.fingerprint).collect()
    };
    let one = of(changes(
        &base("id", json!([query("p", "string"), query("q", "string")])),
        &base("id", json!([query("p", "string"), query("q", "integer")])),
    ));
    let other = of(changes(
        &base("key", json!([query("q", "string"), query("p", "string")])),
        &base("key", json!([query("q", "integer"), query("p", "string")])),
    ));
    assert_eq!(one.len(), 1);
    assert_eq!(one, other);
    let third = of(changes(
        &base("id", json!([query("p", "string"), query("q", "string")])),
        &base("id", json!([query("p", "string"), query("q", "boolean")])),
    ));
    assert_ne!(one, third);
}

#[test]
fn converted_documents_have_pointers_without_lines() {
    let mut revision = rich();
    revision["info"]["version"] = "2".into();
    let found = compare(&document("base", &rich()), &document("revision", &revision));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].base.as_ref().unwrap().position, None);
    assert_eq!(
        found[0].base.as_ref().unwrap().to_string(),
        "base#/info/version"
    );
}

#[test]
fn recommends_a_version_by_the_effect_on_callers() {
    let base = with_paths(json!({"/a": {"get": {"responses": {}}}}));
    let more =
        with_paths(json!({"/a": {"get": {"responses": {}}}, "/b": {"get": {"responses": {}}}}));
    let stricter = with_paths(json!({"/a": {"get": {"security": [{"key": []}], "responses": {}}}}));
    let other = with_paths(json!({"/a": {"get": {"x-a": 1, "responses": {}}}}));
    let next = |base: &Value, revision: &Value, current: &str| {
        advice(&changes(base, revision), &current.parse().unwrap())
            .version
            .to_string()
    };
    for (revision, current, expected) in [
        (&more, "0.1.3", "0.1.4"),
        (&more, "1.1.3", "1.2.0"),
        (&more, "1.2.0-rc.1", "1.2.0"),
        (&stricter, "0.1.3", "0.1.4"),
        (&stricter, "1.1.3", "1.1.4"),
        (&other, "1.1.3", "1.1.3"),
        (&base, "1.1.3", "1.1.3"),
    ] {
        assert_eq!(next(&base, revision, current), expected, "{current}");
    }
    for (current, expected) in [
        ("0.0.3", "0.0.4"),
        ("0.1.3", "0.2.0"),
        ("1.1.3", "2.0.0"),
        ("2.0.0-rc.1", "2.0.0"),
    ] {
        assert_eq!(next(&more, &base, current), expected, "{current}");
    }
}

#[test]
fn writes_a_changelog() {
    let base = with_paths(json!({
        "/a": {"get": {"operationId": "a", "description": "Old.", "responses": {"200": {"description": "d"}}}},
        "/b": {"get": {"responses": {}}},
    }));
    let revision = with_paths(json!({
        "/a": {"get": {"operationId": "a2", "description": "New.", "deprecated": true, "security": [{"key": []}],
            "responses": {"200": {"description": "d"}}}},
        "/c": {"get": {"responses": {}}},
    }));
    expect![[r###"
        ## 0.4.0

        ### Added

        - `GET /c`: added the endpoint `GET /c`: calls to other endpoints are not affected; the client gets a new method.

        ### Changed

        - **Breaking in source:** `GET /a#operationId`: changed the id of the operation `GET /a` (`a` → `a2`): requests and responses are the same; the client's method and builder are named after it.

        ### Deprecated

        - `GET /a#deprecated`: deprecated the operation `GET /a`: it still works, but may be removed later; plan to stop using it.

        ### Removed

        - **Breaking, over the wire and in source:** `GET /b`: removed the endpoint `GET /b`: the server rejects calls to it; stop calling it; the client loses the method.

        ### Security

        - **Breaking over the wire:** `GET /a#security`: the operation `GET /a` now requires credentials (nothing → `[{"key":[]}]`): the server rejects calls without them; configure credentials.
    "###]].assert_eq(&advice(&changes(&base, &revision), &"0.3.1".parse().unwrap()).changelog);
}

/// Returns a parent with a discriminator and many children, which all have an operation.
fn family(children: usize, kind: &str) -> Value {
    let mut schemas = Map::new();
    let mut paths = Map::new();
    let parent = json!({
        "type": "object",
        "properties": {"kind": {"type": "string"}},
        "discriminator": {"propertyName": "kind"},
    });
    schemas.insert("Parent".to_owned(), parent);
    for at in 0..children {
        let own = json!({"type": "object", "properties": {"a": {"type": kind}}});
        let parts = json!([{"$ref": "#/components/schemas/Parent"}, own]);
        schemas.insert(format!("C{at}"), json!({"allOf": parts}));
        let schema = json!({"$ref": format!("#/components/schemas/C{at}")});
        let response =
            json!({"description": "d", "content": {"application/json": {"schema": schema}}});
        paths.insert(
            format!("/c{at}"),
            json!({"get": {"responses": {"200": response}}}),
        );
    }
    with_fields(&json!({"paths": paths, "components": {"schemas": schemas}}))
}

#[test]
fn children_of_a_discriminated_parent_share_their_users() {
    let children = 300;
    let found = changes(&family(children, "string"), &family(children, "integer"));
    assert_eq!(found.len(), children);
    // One list for all of them, because a list for each would take quadratic time and memory.
    for change in &found {
        assert_eq!(change.used_by.len(), children);
        assert!(std::ptr::eq(&*change.used_by, &*found[0].used_by));
    }
}
