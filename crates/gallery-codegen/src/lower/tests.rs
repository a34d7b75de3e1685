//! Tests of lowering.

use super::*;
use crate::bindings::bindings;
use crate::settings::CodeSettings;
use expect_test::expect;
use serde_json::{Value, json};

fn canonical(operation: Value, components: Value) -> Canonical {
    let document = json!({
        "openapi": "3.0.3", "info": {"title": "T", "version": "ü"},
        "paths": {"/a/{teamId}": {
            "parameters": [{"in": "path", "name": "teamId", "required": true, "schema": {"type": "string"}}],
            "post": operation,
        }},
        "components": components,
    });
    Canonical::parse(&document.to_string()).unwrap()
}

fn lowered(operation: Value, components: Value) -> (Option<Lowered>, String) {
    let canonical = canonical(operation, components);
    let mut diagnostics = Diagnostics::default();
    let lowered = lower(
        "openapi.json",
        &canonical,
        &bindings(&canonical),
        &CodeSettings::default(),
        &mut diagnostics,
    );
    (
        lowered,
        diagnostics
            .iter()
            .map(|messages| format!("{messages}\n"))
            .collect(),
    )
}

/// Returns the document with all operations and types.
fn whole(lowered: &Lowered) -> OpenAPI {
    document(&lowered.operations, lowered.schemas.clone())
}

#[test]
fn rejects_extensions_that_do_not_fit() {
    let array = json!({"type": "array", "items": {"type": "string"}});
    let numbered = |location: &str, style: &str, keys: Value, schema: &Value| json!({"in": location, "name": "n", "style": style, "schema": schema, "x-gallery-numbered-keys": keys});
    let slashes = |location: &str, value: Value, schema: Value| json!({"in": location, "name": "teamId", "required": true, "schema": schema, "x-gallery-allow-slashes": value});
    let rejected = |parameter: Value| {
        let operation = json!({"operationId": "a", "parameters": [parameter], "responses": {}});
        let (lowered, messages) = lowered(operation, json!({}));
        assert_eq!(lowered.is_none(), messages.contains("error["), "{messages}");
        messages
            .lines()
            .filter(|line| !line.contains("-->"))
            .map(str::to_owned)
            .collect::<String>()
    };
    let text = json!({"type": "string"});
    for parameter in [
        numbered("query", "form", json!("F.{n}"), &array),
        slashes("path", json!(true), text.clone()),
        slashes("path", json!(false), array.clone()),
    ] {
        assert_eq!(rejected(parameter), "");
    }
    let messages = [
        numbered("query", "form", json!("F.{n}"), &text),
        numbered("query", "form", json!("F.N"), &array),
        numbered("query", "form", json!(true), &array),
        numbered("query", "form", json!("{n}.{n}"), &array),
        numbered("query", "pipeDelimited", json!("F.{n}"), &array),
        numbered("header", "simple", json!("F.{n}"), &array),
        slashes("path", json!("yes"), text.clone()),
        slashes("path", json!(true), array.clone()),
        slashes("query", json!(true), text),
    ]
    .map(rejected);
    expect![[r#"
        error[parameter-style]: `x-gallery-numbered-keys` requires an array
        error[extension]: must be the pattern of the keys, with `{n}` once: `Filter.{n}`
        error[extension]: must be the pattern of the keys, with `{n}` once: `Filter.{n}`
        error[extension]: must be the pattern of the keys, with `{n}` once: `Filter.{n}`
        error[extension]: numbered keys require a query parameter with the style `form`
        error[extension]: numbered keys require a query parameter with the style `form`
        error[extension]: must be true or false
        error[parameter-style]: `x-gallery-allow-slashes` requires a string
        error[extension]: slashes can be allowed in a path parameter with the style `simple`"#]]
    .assert_eq(&messages.join("\n"));
}

#[test]
fn reshapes_an_operation() {
    let operation = json!({
        "operationId": "doIt", "summary": "`x`", "tags": ["t"],
        "parameters": [
            {"in": "query", "name": "teamId", "description": "d", "schema": {"type": "integer", "minimum": 1}},
            {"in": "header", "name": "X-Trace", "schema": {"type": "string", "enum": ["a", "b"]}},
        ],
        "requestBody": {"content": {"application/json": {"schema": {}}}},
        "responses": {
            "200": {"description": "OK", "content": {"application/json": {}}},
            "400": {"description": "no", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/E"}}}},
            "403": {"description": "no", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/E"}}}},
        },
    });
    let components = json!({"schemas": {"E": {"type": "object", "title": "Other", "properties": {"id": {"type": "string", "description": "d"}}}}});
    let (lowered, messages) = lowered(operation, components);
    expect![[r#"
        warning[constraints]: 1 schema has constraints on values; clients do not check them
          --> openapi.json
    "#]]
    .assert_eq(&messages);
    let document = serde_json::to_value(whole(&lowered.unwrap())).unwrap();
    expect![[r##"
        {
          "components": {
            "schemas": {
              "DoItXTrace": {
                "enum": [
                  "a",
                  "b"
                ],
                "type": "string"
              },
              "E": {
                "properties": {
                  "id": {
                    "type": "string"
                  }
                },
                "type": "object"
              },
              "ResponseObject": {
                "properties": {
                  "r0": {
                    "$ref": "#/components/schemas/E"
                  }
                },
                "required": [
                  "r0"
                ],
                "type": "object"
              }
            }
          },
          "info": {
            "title": "API",
            "version": "0"
          },
          "openapi": "3.0.3",
          "paths": {
            "/do_it": {
              "post": {
                "operationId": "do_it",
                "parameters": [
                  {
                    "in": "query",
                    "name": "team_id",
                    "schema": {
                      "type": "integer"
                    },
                    "style": "form"
                  },
                  {
                    "in": "query",
                    "name": "x_trace",
                    "schema": {
                      "$ref": "#/components/schemas/DoItXTrace"
                    },
                    "style": "form"
                  },
                  {
                    "in": "query",
                    "name": "team_id_path",
                    "required": true,
                    "schema": {
                      "type": "string"
                    },
                    "style": "form"
                  }
                ],
                "requestBody": {
                  "content": {
                    "application/json": {
                      "schema": {}
                    }
                  },
                  "required": true
                },
                "responses": {}
              }
            }
          }
        }"##]]
    .assert_eq(&serde_json::to_string_pretty(&document).unwrap());
}

#[test]
fn a_type_may_be_an_alternative_of_its_own_property() {
    let schemas = json!({
        "A": {"type": "object", "properties": {"value": {"oneOf": [{"type": "string"}, {"$ref": "#/components/schemas/A"}]}}},
    });
    let (lowered, messages) = lowered(
        json!({"operationId": "a", "responses": {}}),
        json!({"schemas": schemas}),
    );
    assert!(lowered.is_some());
    assert_eq!(messages, "");
}

#[test]
fn chains_of_references_need_no_stack() {
    let lists = |at: usize| {
        let mut schema = json!({"$ref": format!("#/components/schemas/L{}", at + 1)});
        for _ in 0..20 {
            schema = json!({"type": "array", "items": schema});
        }
        schema
    };
    let mut schemas = serde_json::Map::new();
    for at in 0..1_000 {
        let next = json!({"$ref": format!("#/components/schemas/S{}", at + 1)});
        schemas.insert(
            format!("S{at}"),
            json!({"type": "object", "properties": {"next": next}}),
        );
        schemas.insert(format!("L{at}"), lists(at));
    }
    let (lowered, messages) = lowered(
        json!({"operationId": "a", "responses": {}}),
        json!({"schemas": schemas}),
    );
    assert!(lowered.is_some());
    assert!(messages.contains("the schema is nested too deeply"));
}

#[test]
fn warns_about_untyped_schemas_with_their_location() {
    let schemas = json!({
        "A": {"allOf": [{"$ref": "#/components/schemas/A"}, {"properties": {"x": {}}}]},
        "B": {"type": "array", "items": {"$ref": "#/components/schemas/B"}},
        "C": {"oneOf": [{"$ref": "#/components/schemas/D"}, {"type": "object"}]},
        "D": {"type": "object", "properties": {"a-b": {}, "a_b": {}}},
        "E": {"type": "string", "enum": ["a", "A"]},
        "F": {"type": "file"},
        "G": {"allOf": [{"properties": {"x": {"type": "string"}}}, {"properties": {"x": {"type": "integer"}}}]},
        "H": {"enum": [1, "x", true]},
    });
    let (lowered, messages) = lowered(
        json!({"operationId": "a", "responses": {}}),
        json!({"schemas": schemas}),
    );
    assert!(lowered.is_some());
    expect![[r#"
        warning[schema-untyped]: the parts of the `allOf` cannot be merged into one type: using untyped JSON
          --> openapi.json#/components/schemas/A
        warning[schema-untyped]: the schema contains itself: using untyped JSON
          --> openapi.json#/components/schemas/B/items
        warning[schema-untyped]: no JSON type, required property or tag tells the alternatives apart: using untyped JSON
          --> openapi.json#/components/schemas/C
        warning[schema-untyped]: OpenAPI 3.0 does not define the type: using untyped JSON
          --> openapi.json#/components/schemas/F
        warning[schema-untyped]: the parts of the `allOf` cannot be merged into one type: using untyped JSON
          --> openapi.json#/components/schemas/G/allOf/1/properties/x
        warning[schema-untyped]: the values have several types: using untyped JSON
          --> openapi.json#/components/schemas/H
        warning[constraints]: 1 schema has constraints on values; clients do not check them
          --> openapi.json
    "#]]
    .assert_eq(&messages);
}

#[test]
fn equivalent_schemas_have_the_same_type() {
    let base =
        json!({"type": "object", "properties": {"a": {"type": "string"}, "n": {"type": "number"}}});
    let reference = json!({"$ref": "#/components/schemas/Base"});
    for (schema, expected) in [
        (
            json!({"allOf": [reference, {"properties": {"a": {"type": "string", "description": "d"}}}]}),
            json!({"type": "object", "properties": {"a": {"type": "string"}, "n": {"type": "number"}}}),
        ),
        (
            json!({"allOf": [reference, {"properties": {"n": {"type": "integer"}}, "required": ["n"]}]}),
            json!({"type": "object", "properties": {"a": {"type": "string"}, "n": {"type": "integer"}}, "required": ["n"]}),
        ),
        (
            json!({"oneOf": [{"type": "string", "enum": ["x"]}, {"type": "string", "enum": ["y"]}]}),
            json!({"type": "string", "enum": ["x", "y"]}),
        ),
        (
            json!({"anyOf": [{"type": "object", "properties": {"b": {"type": "boolean"}}}]}),
            json!({"type": "object", "properties": {"b": {"type": "boolean"}}}),
        ),
        (
            json!({"allOf": [{"type": "string", "pattern": "a"}, {"pattern": "b", "enum": ["ab", "cab"]}]}),
            json!({"type": "string", "enum": ["ab", "cab"]}),
        ),
    ] {
        let operation = json!({"operationId": "a", "responses": {}});
        let components = json!({"schemas": {"Base": base, "S": schema}});
        let (lowered, messages) = lowered(operation, components);
        let document = serde_json::to_value(whole(&lowered.unwrap())).unwrap();
        assert_eq!(document["components"]["schemas"]["S"], expected);
        assert!(!messages.contains("untyped"), "{messages}");
    }
}

#[test]
fn unions_that_contain_each_other_end() {
    let names: Vec<String> = (0..40).map(|number| format!("U{number}")).collect();
    let references: Vec<Value> = names
        .iter()
        .map(|name| json!({"$ref": format!("#/components/schemas/{name}")}))
        .collect();
    let schemas = names.iter().enumerate().map(|(number, name)| {
        let own = json!({"type": "object", "required": [name], "properties": {name: {"type": "integer"}}});
        let alternatives: Vec<Value> = references.iter().cloned().chain([own]).collect();
        let keyword = if number % 2 == 0 { "oneOf" } else { "anyOf" };
        (name.clone(), json!({keyword: alternatives}))
    });
    let schemas: serde_json::Map<String, Value> = schemas.collect();
    let document = json!({
        "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"operationId": "a", "responses": {"200": {
            "description": "", "content": {"application/json": {"schema": references[0]}}}}}}},
        "components": {"schemas": schemas},
    });
    let canonical = Canonical::parse(&document.to_string()).unwrap();
    let bindings = crate::bindings::bindings(&canonical);
    let mut diagnostics = Diagnostics::default();
    let lowered = lower(
        "openapi.json",
        &canonical,
        &bindings,
        &CodeSettings::default(),
        &mut diagnostics,
    )
    .unwrap();
    assert_eq!(lowered.unions()["U0"].variants.len(), 40);
}

/// Returns the fields of a type. The schema `A` has these properties.
fn fields_of(name: &str, properties: Value) -> String {
    let all = json!({"schemas": {"A": {"type": "object", "properties": properties}}});
    let operation = json!({"operationId": "a", "responses": {"200": {
        "description": "",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}},
    }}});
    let canonical = canonical(operation, all);
    let mut diagnostics = Diagnostics::default();
    let code = crate::generate::code(
        "openapi.json",
        &canonical,
        &CodeSettings::default(),
        &mut diagnostics,
    )
    .unwrap();
    let (_, declared) = code
        .client
        .text()
        .split_once(&format!("pub struct {name} {{"))
        .unwrap();
    let lines = declared.lines().map(str::trim);
    let lines = lines.take_while(|line| *line != "}");
    let fields: Vec<&str> = lines.filter(|line| line.starts_with("pub ")).collect();
    fields.join("\n")
}

/// A comparison that follows all references would take 20^8 steps, or would not end.
#[test]
fn unions_of_recursive_schemas_end() {
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let object = |name: &str| {
        let names: Vec<String> = (0..20).map(|number| format!("p{number}")).collect();
        let all = names.iter().map(|own| (own.clone(), reference(name)));
        let all: serde_json::Map<String, Value> = all.collect();
        json!({"type": "object", "required": names, "properties": all})
    };
    let list = |name: &str| json!({"type": "array", "items": reference(name)});
    let several = |name: &str| json!({"oneOf": vec![reference(name); 20]});
    let mut schemas = json!({
        "ListA": list("ListA"), "ListB": list("ListB"),
        "WideA": object("WideA"), "WideB": object("WideB"),
        "U9": {"type": "string"},
        "HasU": {"type": "object", "properties": {"u": reference("U0")}},
        "HasNumber": {"type": "object", "properties": {"u": {"type": "integer"}}},
    });
    for number in 0..9 {
        schemas[format!("U{number}")] = several(&format!("U{}", number + 1));
    }
    let union = |one: &str, two: &str| json!({"oneOf": [reference(one), reference(two)]});
    schemas["A"] = json!({"type": "object", "properties": {
        "lists": union("ListA", "ListB"),
        "wide": union("WideA", "WideB"),
        "deep": union("HasNumber", "HasU"),
    }});
    let operation = json!({"operationId": "a", "responses": {"200": {
        "description": "",
        "content": {"application/json": {"schema": reference("A")}},
    }}});
    let (lowered, messages) = lowered(operation, json!({"schemas": schemas}));
    assert!(lowered.is_some());
    let untyped = messages.matches("tells the alternatives apart").count();
    assert!(untyped >= 2, "{messages}");
}

#[test]
fn unions_without_an_enum_keep_null_and_shared_properties() {
    let nothing = json!({"nullable": true});
    let text = json!({"type": "string", "minLength": 1});
    let date = json!({"type": "string", "format": "date"});
    let kind = json!({"type": "string", "enum": ["x"]});
    let object =
        json!({"type": "object", "required": ["b"], "properties": {"b": {"type": "string"}}});
    let properties = json!({
        "enumeration": {"anyOf": [text, kind, nothing]},
        "number": {"oneOf": [{"type": "integer"}, {"type": "number"}, nothing]},
        "strings": {"oneOf": [text, date, nothing]},
        "shared": {
            "type": "object", "properties": {"c": {"type": "integer"}},
            "oneOf": [object, object],
        },
    });
    expect![[r#"
        pub enumeration: Option<AEnumeration>,
        pub number: Option<ANumber>,
        pub shared: Option<AShared>,
        pub strings: Option<String>,"#]]
    .assert_eq(&fields_of("A", properties.clone()));
    assert_eq!(
        fields_of("AShared", properties),
        "pub b: String,\npub c: Option<i64>,"
    );
    let required = |schema: Value| {
        let list = json!({"type": "array", "items": schema});
        fields_of("A", json!({"list": list}))
    };
    assert_eq!(
        required(json!({"oneOf": [text, date, nothing]})),
        "pub list: Option<Vec<Option<String>>>,"
    );
    assert_eq!(
        required(json!({"oneOf": [{"type": "integer"}, {"type": "number"}, nothing]})),
        "pub list: Option<Vec<Option<AListItem>>>,"
    );
    assert_eq!(
        required(json!({"oneOf": [
            {"type": "integer", "format": "int32"},
            {"type": "integer", "format": "int64"},
        ]})),
        "pub list: Option<Vec<i64>>,"
    );
    assert_eq!(
        required(json!({"oneOf": [nothing, text, kind]})),
        "pub list: Option<Vec<Option<AListItem>>>,"
    );
}

#[test]
fn formats_have_types_for_their_json_type_only() {
    let fields = fields_of(
        "A",
        json!({
            "number": {"type": "integer", "format": "unix-time"},
            "text": {"type": "string", "format": "unix-time"},
        }),
    );
    expect![[r#"
        pub number: Option<super::formats::UnixTime>,
        pub text: Option<String>,"#]]
    .assert_eq(&fields);
}
