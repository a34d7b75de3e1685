//! Documents as a whole: which are refused, what is no difference however much is written otherwise, and what a change tells.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use openapi_drift::advice;
use openapi_drift::{Change, Document, compare};
use serde_json::{Map, Value, json};

use crate::support::{changes, document, with_fields, with_paths, yaml};

fn refused(name: &str, text: &str, message: Expect) {
    message.assert_eq(
        &Document::parse(name, text)
            .expect_err("it is read")
            .to_string(),
    );
}

#[test]
fn what_is_no_openapi_3_0_is_refused() {
    refused(
        "a.yaml",
        "- 1\n",
        expect![[r#"
            an OpenAPI document is a map, and this is none
              --> a.yaml:1:1"#]],
    );
    refused(
        "a.yaml",
        "info: {}\n",
        expect![[r#"
            it is no OpenAPI document: `openapi`, which says the version, is missing
              --> a.yaml:1:1"#]],
    );
    refused(
        "a.yaml",
        "info: {}\nopenapi: 3.1.0\npaths: {}\n",
        expect![[r#"
            it is OpenAPI 3.1.0: only documents of OpenAPI 3.0 are compared
              --> a.yaml:2:1#/openapi"#]],
    );
    refused(
        "a.yaml",
        "swagger: '2.0'\npaths: {}\n",
        expect![[r#"
            it is Swagger 2.0: lift it to OpenAPI 3.0 first, only such documents are compared
              --> a.yaml:1:1#/swagger"#]],
    );
    refused(
        "a.yaml",
        "openapi: 3.0.0\npaths:\n  /a: 1\n  /b:\n    get: []\n",
        expect![[r#"
            a path must be a map of its methods
              --> a.yaml:3:3#/paths/~1a
            an operation must be a map
              --> a.yaml:5:5#/paths/~1b/get"#]],
    );
    refused(
        "a.yaml",
        "openapi: 3.0.0\n",
        expect![[r#"
            `paths` is missing or no map: a document of OpenAPI 3.0 has one
              --> a.yaml:1:1#/paths"#]],
    );
    refused(
        "a.yaml",
        "a: [\n",
        expect![[r#"
            invalid YAML: did not find expected node content
              --> a.yaml:2:1"#]],
    );
    refused(
        "a.json",
        "{\"a\": ",
        expect![[r#"
            invalid YAML: did not find expected node content
              --> a.json:2:1"#]],
    );
}

#[test]
fn a_key_that_is_there_twice_is_refused() {
    refused(
        "a.yaml",
        "openapi: 3.0.0\npaths: {}\npaths: {}\n",
        expect![[r#"
            invalid YAML: duplicate entry with key "paths"
              --> a.yaml:1:1"#]],
    );
    refused(
        "a.json",
        "{\n  \"openapi\": \"3.0.0\",\n  \"paths\": {\n    \"/a\": {},\n    \"/a\": {}\n  }\n}\n",
        expect![[r#"
            duplicate key `/a`: keep one of them
              --> a.json:6:3"#]],
    );
}

#[test]
fn references_that_lead_nowhere_are_refused_with_their_places() {
    refused(
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
            `#/components/responses/Pool` refers to itself through other references: say what it is
              --> a.yaml:15:7#/components/responses/Loop/$ref
            `#/components/responses/Gone` refers to nothing in this document: add what it names, or refer to what is there
              --> a.yaml:19:7#/components/responses/Next/$ref
            `#/components/responses/Loop` refers to itself through other references: say what it is
              --> a.yaml:17:7#/components/responses/Pool/$ref
            `#/components/parameters/Gone` refers to nothing in this document: add what it names, or refer to what is there
              --> a.yaml:6:11#/paths/~1a/get/parameters/0/$ref
            `other.yaml#/a` refers to another document: put what it names into this one, since one document is compared at a time
              --> a.yaml:9:11#/paths/~1a/get/responses/200/$ref
            `#/components/responses/Loop` refers to itself through other references: say what it is
              --> a.yaml:11:11#/paths/~1a/get/responses/404/$ref"#]],
    );
}

#[test]
fn what_looks_like_a_reference_in_data_is_none() {
    let data = json!({"$ref": "nowhere"});
    let text = |value: &str| json!({"type": "string", "default": value});
    let schema = json!({
        "type": "object", "example": data, "default": data, "enum": [data], "x-a": data,
        "properties": {"$ref": text("a"), "default": {"type": "object", "properties": {"example": text("b")}}},
    });
    let fields =
        json!({"components": {"schemas": {"A": schema}, "examples": {"E": {"value": data}}}});
    assert!(Document::from_value("a", with_fields(&fields)).is_ok());
    // A property that is called like data holds references like any other.
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
fn json_with_escapes_that_yaml_has_not_is_read() {
    let text = r#"{"openapi": "3.0.0", "info": {"title": "\ud83d\ude00 \/", "version": "1"}, "paths": {}}"#;
    assert_eq!(
        Document::parse("a.json", text).unwrap().value()["info"]["title"],
        "😀 /"
    );
}

#[test]
fn depth_and_cycles_end() {
    let mut deep = json!({"type": "string"});
    for _ in 0..400 {
        deep = json!({"type": "array", "items": deep});
    }
    let made = Document::from_value(
        "a",
        with_fields(&json!({"components": {"schemas": {"A": deep}}})),
    );
    assert!(
        made.unwrap_err()
            .to_string()
            .contains("more than 256 levels deep")
    );
    let text = format!("openapi: 3.0.0\npaths: {{}}\nx: {}", "[".repeat(50_000));
    assert!(Document::parse("a", &text).is_err());

    // A chain of 4,000 schemas, of which the last leads back to the first and differs.
    let chain = |last: &str, is_inline: bool| {
        let mut schemas = Map::new();
        for number in 0..4_000 {
            let next = json!({"$ref": format!("#/components/schemas/S{}", (number + 1) % 4_000)});
            let kind = if number == 3_999 { last } else { "string" };
            // Where one document writes a step out, the other has a name for it, by turns.
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

/// A document with something of everything.
fn rich() -> Value {
    yaml("rich.yaml", include_str!("rich.yaml"))
}

#[test]
fn keys_in_another_order_are_no_difference() {
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
fn references_written_out_are_no_difference() {
    fn written_out(root: &Value, value: &Value, depth: usize) -> Value {
        match value {
            Value::Object(map) => match map.get("$ref").and_then(Value::as_str) {
                Some(reference) if depth > 0 => {
                    let target = root.pointer(reference.strip_prefix('#').unwrap()).unwrap();
                    written_out(root, target, depth - 1)
                }
                Some(_) => value.clone(),
                None => map
                    .iter()
                    .map(|(key, value)| (key.clone(), written_out(root, value, depth)))
                    .collect(),
            },
            Value::Array(items) => items
                .iter()
                .map(|item| written_out(root, item, depth))
                .collect(),
            other => other.clone(),
        }
    }
    let rich = rich();
    for depth in 1..4 {
        let mut other = rich.clone();
        other["paths"] = written_out(&rich, &rich["paths"], depth);
        assert_ne!(other, rich);
        assert_eq!(
            lines(&changes(&rich, &other)),
            "",
            "written out, as base or revision"
        );
        assert_eq!(lines(&changes(&other, &rich)), "");
    }
}

/// Every part of a document, as pointers.
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
fn no_part_is_passed_over_whatever_becomes_of_it() {
    let rich = rich();
    let mut pointers = Vec::new();
    parts(&rich, "", &mut pointers);
    assert!(pointers.len() > 300, "{}", pointers.len());
    let base = document("base", &rich);
    let mut silent = Vec::new();
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
            // Some of it makes no document any more.
            let Ok(revision) = Document::from_value("revision", other) else {
                continue;
            };
            if compare(&base, &revision).is_empty() {
                silent.push(format!("{pointer} = {junk}"));
            }
        }
    }
    assert!(
        silent.is_empty(),
        "{} are silent:\n{}",
        silent.len(),
        silent.join("\n")
    );
}

#[test]
fn no_keyword_is_passed_over_wherever_it_comes_up() {
    const KEYWORDS: &str = "type format nullable readOnly writeOnly deprecated required uniqueItems enum items not minimum \
        exclusiveMaximum maxLength minItems pattern multipleOf properties additionalProperties allOf oneOf discriminator xml default \
        example examples title summary description externalDocs in name style explode allowReserved allowEmptyValue schema content \
        encoding headers links callbacks parameters requestBody responses operationId tags security servers variables url flows \
        scopes components x-a foo";
    let rich = rich();
    let mut pointers = Vec::new();
    parts(&rich, "", &mut pointers);
    let base = document("base", &rich);
    let mut silent = Vec::new();
    for pointer in pointers
        .iter()
        .filter(|pointer| rich.pointer(pointer).unwrap().is_object())
    {
        for keyword in KEYWORDS.split_whitespace() {
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
                silent.push(format!("{pointer}/{keyword}"));
            }
        }
    }
    assert!(
        silent.is_empty(),
        "{} are silent:\n{}",
        silent.len(),
        silent.join("\n")
    );
}

#[test]
fn a_schema_that_goes_both_ways_has_the_worse_level_once() {
    let both = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Kind"}}});
    let operation = json!({"requestBody": {"content": both}, "responses": {"200": {"description": "d", "content": both}}});
    let base = with_paths(json!({"/a": {"put": operation}}));
    let mut revision = base.clone();
    revision["components"]["schemas"]["Kind"]["enum"] = json!(["a", "b"]);
    assert_eq!(
        lines(&changes(&base, &revision)),
        "enum-value-added breaking breaking #components/schemas/Kind/enum\n"
    );
    assert_eq!(
        lines(&changes(&revision, &base)),
        "enum-value-removed breaking breaking #components/schemas/Kind/enum\n"
    );
}

#[test]
fn a_schema_behind_a_parameter_and_an_answer_is_said_once() {
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
fn a_change_tells_its_place_on_both_sides_and_why_it_matters() {
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
    let read = |name: &str, text: &str| Document::parse(name, text).unwrap();
    let told = compare(&read("base.yaml", base), &read("revision.yaml", &revision));
    let text: Vec<String> = told
        .iter()
        .map(|change| {
            let spot =
                |spot: &Option<openapi_drift::SourceLocation>| spot.as_ref().unwrap().to_string();
            format!(
                "{change}\n  {} → {} ({})",
                spot(&change.base),
                spot(&change.revision),
                change.fingerprint
            )
        })
        .collect();
    expect![[r#"
        none wire, breaking source [path-variable-renamed] /teams/{}/members: a variable of the path has another name (`team_id` → `team`): the URL is the same, but the client's setter is called by it
          base.yaml:4:3 → revision.yaml:4:3 (3b4fb66f5c026ed1)
        breaking wire, none source [parameter-became-required] GET /teams/{}/members#parameters/query:page: a parameter is required now (`false` → `true`): calls without it are refused; they still compile, and fail before anything is sent
          base.yaml:8:11 → revision.yaml:8:11 (48782ad5ec00f31f)"#]].assert_eq(&text.join("\n"));
}

#[test]
fn a_part_that_is_written_out_is_known_by_its_place_among_its_like() {
    let part = |name: &str, least: u32| json!({"type": "object", "properties": {name: {"type": "string", "minLength": least}}});
    let schema = |parts: Value| {
        with_fields(
            &json!({"paths": {}, "components": {"schemas": {"N": {"allOf": parts}, "M": {}}}}),
        )
    };
    let reference = json!({"$ref": "#/components/schemas/M"});
    let told = |base: Value, revision: Value| -> Vec<(String, String)> {
        let changes = changes(&schema(base), &schema(revision));
        changes
            .into_iter()
            .map(|change| (change.location, change.fingerprint))
            .collect()
    };
    let alone = told(
        json!([reference, part("a", 1)]),
        json!([reference, part("a", 2)]),
    );
    assert_eq!(
        alone[0].0,
        "#components/schemas/N/allOf/inline/properties/a/minLength"
    );
    // Whatever else there is in it, and wherever it stands.
    let with_more = |least: u32| {
        let mut part = part("a", least);
        part["properties"]["b"] = json!({"type": "string"});
        part
    };
    assert_eq!(
        told(
            json!([with_more(1), reference]),
            json!([with_more(2), reference])
        ),
        alone
    );
    let second = told(
        json!([part("a", 1), part("b", 1)]),
        json!([part("a", 1), part("b", 2)]),
    );
    assert_eq!(
        second[0].0,
        "#components/schemas/N/allOf/inline-2/properties/b/minLength"
    );
}

#[test]
fn a_change_of_a_component_tells_which_operations_use_it() {
    let answer = |name: &str| json!({"200": {"$ref": format!("#/components/responses/{name}")}});
    let json_of = |name: &str| json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
    let base = json!({
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1"},
        "security": [{"Token": []}],
        "paths": {
            "/a/{id}": {
                "parameters": [{"$ref": "#/components/parameters/Id"}],
                "get": {"responses": answer("Tree")},
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
    let told = |base: &Value, pointer: &str, keyword: &str, value: &str| {
        let mut revision = base.clone();
        revision.pointer_mut(pointer).unwrap()[keyword] = value.into();
        let found = changes(base, &revision);
        assert_eq!(found.len(), 1, "{}", lines(&found));
        found[0].used_by.join(", ")
    };
    // Through answers, schemas and cycles; as bodies; by what a path says for all its operations; by what is said for all paths.
    assert_eq!(
        told(&base, "/components/schemas/Tree", "description", "t"),
        "GET /a/{}, GET /b"
    );
    assert_eq!(
        told(&base, "/components/schemas/Leaf", "maxLength", "1"),
        "GET /a/{}, PUT /a/{}, GET /b"
    );
    assert_eq!(
        told(&base, "/components/schemas/Id", "description", "t"),
        "GET /a/{}, PUT /a/{}"
    );
    assert_eq!(
        told(&base, "/components/responses/Tree", "description", "t"),
        "GET /a/{}"
    );
    assert_eq!(
        told(
            &base,
            "/components/securitySchemes/Token",
            "description",
            "t"
        ),
        "GET /a/{}, GET /b"
    );
    // What only data refers to is not used, and what stands in an operation is the operation's own.
    assert_eq!(
        told(&base, "/components/schemas/Free", "description", "t"),
        ""
    );
    assert_eq!(told(&base, "/paths/~1b/get", "summary", "t"), "");
    // Those of the revision; of what is gone, those that used it.
    let mut revision = base.clone();
    revision["components"]["schemas"]["Tree"]["properties"]["trees"] =
        json!({"type": "array", "items": {"type": "string"}});
    revision["paths"]["/b"]["get"]["responses"] = json!({});
    revision["paths"]["/c"] = json!({"get": {"responses": answer("Tree")}});
    let found = changes(&base, &revision);
    let both = found
        .iter()
        .find(|change| change.location.starts_with("#components/schemas/Tree"))
        .unwrap();
    assert_eq!(both.used_by.join(", "), "GET /a/{}, GET /c");
    let mut without = base.clone();
    without["security"] = json!([]);
    without["components"]["securitySchemes"] = json!({});
    let found = changes(&base, &without);
    let gone = found
        .iter()
        .find(|change| change.location == "#components/securitySchemes/Token");
    assert_eq!(
        gone.map(|change| change.used_by.join(", ")).as_deref(),
        Some("GET /a/{}, GET /b"),
        "{}",
        lines(&found)
    );
}

#[test]
fn a_fingerprint_stays_where_lists_are_reordered_and_variables_renamed() {
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
fn a_lifted_document_has_pointers_and_no_lines() {
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
fn the_version_follows_what_breaks_callers() {
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
fn a_changelog_says_what_counts() {
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
        ## [0.4.0]

        ### Added

        - `GET /c`: an endpoint was added (nothing → `GET /c`): the client gets a method for it.

        ### Changed

        - **Breaking in source:** `GET /a#operationId`: an operation has another id (`a` → `a2`): the client's method and builder are called by it.

        ### Deprecated

        - `GET /a#deprecated`: a part is deprecated (nothing → `true`): it still works, and may be removed later.

        ### Removed

        - **Breaking, over the wire and in source:** `GET /b`: an endpoint was removed (`GET /b` → nothing): calls of it are refused, and the client's method is gone.

        ### Security

        - **Breaking over the wire:** `GET /a#security`: a call needs credentials now (nothing → `[{"key":[]}]`): calls without them are refused.
    "###]].assert_eq(&advice(&changes(&base, &revision), &"0.3.1".parse().unwrap()).changelog);
}
