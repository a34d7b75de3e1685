use serde_json::{Value, json};

use super::*;

/// A document with schema `S` beside those that tests refer to.
fn document(schema: Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "components": {
            "schemas": {
                "S": schema,
                "Named": {
                    "type": "object",
                    "description": "Has a name.",
                    "properties": {"name": {"type": "string"}},
                    "required": ["name"],
                },
                "Dated": {
                    "allOf": [
                        {"$ref": "#/components/schemas/Named"},
                        {"properties": {"date": {"type": "string", "format": "date"}}},
                    ],
                },
                "Text": {"type": "string"},
                "Null": {"type": "string", "nullable": true},
                "Endless": {
                    "allOf": [{"$ref": "#/components/schemas/Endless"}, {"type": "object"}],
                },
                "Choice": {"type": "string", "enum": ["y", "z"]},
                "Alias": {"$ref": "#/components/schemas/Text"},
            },
        },
    })
}

fn normal(schema: &Value) -> Value {
    NormalForm::new(&document(schema.clone())).document()["components"]["schemas"]["S"].clone()
}

const NAMED: &str = "#/components/schemas/Named";
const DATED: &str = "#/components/schemas/Dated";
const TEXT: &str = "#/components/schemas/Text";

#[test]
fn schemas_that_accept_the_same_values_have_one_normal_form() {
    let name = json!({"type": "string"});
    let date = json!({"type": "string", "format": "date"});
    for (one, other) in [
        (
            json!({"type": "object", "properties": {"a": name, "b": date}}),
            json!({"allOf": [
                {"type": "object", "properties": {"a": name}},
                {"type": "object", "properties": {"b": date}},
            ]}),
        ),
        (
            json!({"type": "object", "properties": {"name": name, "b": date}, "required": ["name"]}),
            json!({"allOf": [{"$ref": NAMED}, {"properties": {"b": date}}]}),
        ),
        (
            json!({"type": "object", "properties": {"name": name}, "required": ["name", "x"]}),
            json!({"allOf": [{"$ref": NAMED}], "required": ["x"]}),
        ),
        (
            json!({"allOf": [{"$ref": NAMED}, {"properties": {"date": date}, "required": ["b"]}]}),
            json!({"allOf": [{"$ref": DATED}, {"required": ["b"]}]}),
        ),
        (json!({"$ref": NAMED}), json!({"allOf": [{"$ref": NAMED}]})),
        (
            json!({"$ref": NAMED}),
            json!({"type": "object", "allOf": [{"$ref": NAMED}, {}]}),
        ),
        (json!({"$ref": TEXT}), json!({"oneOf": [{"$ref": TEXT}]})),
        (name.clone(), json!({"anyOf": [name]})),
        (
            json!({"allOf": [{"$ref": NAMED}], "description": "d"}),
            json!({"allOf": [{"$ref": NAMED}, {"description": "d"}]}),
        ),
        (
            json!({"type": "string", "enum": ["a", "b"]}),
            json!({"oneOf": [{"type": "string", "enum": ["a"]}, {"enum": ["b"]}]}),
        ),
        (
            json!({"enum": ["a"]}),
            json!({"type": "string", "enum": ["a"]}),
        ),
        (
            json!({"enum": [1, 2]}),
            json!({"type": "integer", "enum": [1, 2]}),
        ),
        (
            json!({"type": "integer", "minimum": 5, "exclusiveMinimum": true}),
            json!({"type": "integer", "minimum": 6, "exclusiveMinimum": false}),
        ),
        (
            json!({"type": "integer", "maximum": 5, "exclusiveMaximum": true}),
            json!({"type": "integer", "maximum": 4}),
        ),
        (
            json!({
                "oneOf": [{"$ref": NAMED}, {"$ref": TEXT}],
                "discriminator": {"propertyName": "t", "mapping": {"x": TEXT}},
            }),
            json!({
                "oneOf": [{"$ref": NAMED}, {"$ref": TEXT}],
                "discriminator": {"propertyName": "t", "mapping": {"x": TEXT, "Named": NAMED}},
            }),
        ),
        (
            json!({"type": "integer", "minimum": 2}),
            json!({"allOf": [{"type": "number", "minimum": 1}, {"type": "integer", "minimum": 2}]}),
        ),
        (
            json!({"type": "string", "nullable": true, "maxLength": 3}),
            json!({"allOf": [
                {"$ref": "#/components/schemas/Null"},
                {"nullable": true, "maxLength": 3},
            ]}),
        ),
        (
            json!({"type": "string", "maxLength": 3}),
            json!({"allOf": [{"$ref": "#/components/schemas/Null"}, {"maxLength": 3}]}),
        ),
        (
            json!({"type": "string", "maxLength": 3}),
            json!({"allOf": [{"$ref": "#/components/schemas/Alias"}, {"maxLength": 3}]}),
        ),
        (
            json!({
                "type": "object",
                "properties": {"name": name, "b": date},
                "required": ["name"],
                "description": "d",
            }),
            json!({"allOf": [
                {"allOf": [{"$ref": NAMED}], "description": "d"},
                {"properties": {"b": date}},
            ]}),
        ),
        (
            json!({"type": "array", "items": {"type": "object", "properties": {"a": name}}}),
            json!({"type": "array", "items": {"allOf": [
                {"type": "object"},
                {"properties": {"a": name}},
            ]}}),
        ),
        (
            json!({"type": "object", "properties": {"a": {"type": "string", "enum": ["x"]}}}),
            json!({"allOf": [
                {"type": "object", "properties": {"a": {"type": "string"}}},
                {"properties": {"a": {"enum": ["x"]}}},
            ]}),
        ),
        (
            json!({"type": "object", "properties": {
                "a": {"type": "string", "enum": ["y"], "description": "d"},
            }}),
            json!({"allOf": [
                {"type": "object", "properties": {"a": {"type": "string", "enum": ["x", "y"]}}},
                {"properties": {"a": {"description": "d", "allOf": [
                    {"$ref": "#/components/schemas/Choice"},
                ]}}},
            ]}),
        ),
        (
            json!({"type": "object", "properties": {
                "a": {"description": "d", "allOf": [{"$ref": "#/components/schemas/Choice"}]},
            }}),
            json!({"allOf": [
                {"type": "object", "properties": {
                    "a": {"allOf": [{"$ref": "#/components/schemas/Choice"}], "nullable": true},
                }},
                {"properties": {"a": {"description": "d"}}},
            ]}),
        ),
    ] {
        let (one, other) = (normal(&one), normal(&other));
        assert!(sorted(&one) == sorted(&other), "{one}\n{other}");
    }
}

/// The same value with its lists in order.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(sorted).collect();
            items.sort_by_key(Value::to_string);
            Value::Array(items)
        }
        Value::Object(map) => {
            let mut map: Vec<_> = map.iter().collect();
            map.sort_by_key(|(key, _)| key.as_str());
            let map = map.into_iter();
            Value::Object(
                map.map(|(key, value)| (key.clone(), sorted(value)))
                    .collect(),
            )
        }
        other => other.clone(),
    }
}

#[test]
fn keeps_contradictions_in_all_of() {
    let one_of = |name: &str| json!([{"type": "string"}, {"type": name}]);
    for (parts, expected) in [
        (
            [json!({"type": "string"}), json!({"type": "integer"})],
            json!({"type": "integer", "allOf": [{"type": "string"}]}),
        ),
        (
            [
                json!({"oneOf": one_of("integer")}),
                json!({"oneOf": one_of("boolean")}),
            ],
            json!({"oneOf": one_of("boolean"), "allOf": [{"oneOf": one_of("integer")}]}),
        ),
        (
            [
                json!({"type": "string", "enum": ["a"]}),
                json!({"enum": ["b"]}),
            ],
            json!({"type": "string", "enum": ["a"], "allOf": [{"enum": ["b"]}]}),
        ),
        (
            [
                json!({"type": "number", "minimum": 1, "exclusiveMinimum": true}),
                json!({"minimum": 2}),
            ],
            json!({"type": "number", "minimum": 2}),
        ),
        (
            [
                json!({"properties": {"a": {"type": "string"}}}),
                json!({"properties": {"b": {"$ref": TEXT}}}),
            ],
            json!({"properties": {"a": {"type": "string"}, "b": {"$ref": TEXT}}}),
        ),
        (
            [
                json!({"$ref": "#/components/schemas/Missing"}),
                json!({"minProperties": 1}),
            ],
            json!({"minProperties": 1, "allOf": [{"$ref": "#/components/schemas/Missing"}]}),
        ),
    ] {
        let [one, other] = parts;
        assert_eq!(normal(&json!({"allOf": [one, other]})), expected);
        assert_eq!(
            sorted(&normal(&json!({"allOf": [other, one]}))),
            sorted(&expected)
        );
    }
}

#[test]
fn recursive_parts_have_a_normal_form() {
    let properties = |target: &str| json!({"properties": {"x": {"allOf": [{"$ref": target}, {"type": "object"}]}}});
    let document = json!({"components": {"schemas": {
        "P": {"allOf": [
            {"$ref": "#/components/schemas/Q"},
            {"$ref": "#/components/schemas/R"},
        ]},
        "Q": properties("#/components/schemas/Q"),
        "R": properties("#/components/schemas/R"),
    }}});
    let form = NormalForm::new(&document);
    let merged = &form.document()["components"]["schemas"]["P"];
    assert_eq!(merged["properties"]["x"]["type"], "object");
}

#[test]
fn keeps_schemas_that_are_in_normal_form() {
    for schema in [
        json!({"type": "number", "minimum": 5, "exclusiveMinimum": true}),
        json!({"allOf": [{"$ref": NAMED}], "nullable": true, "description": "d"}),
        json!({"allOf": 5}),
        json!({"allOf": [5]}),
        json!({"properties": 5, "oneOf": {}, "discriminator": [], "enum": {}}),
        json!(5),
    ] {
        assert_eq!(normal(&schema), schema);
    }
}

#[test]
fn knows_where_each_part_is_written() {
    let schema = json!({"allOf": [
        {"$ref": NAMED},
        {"type": "object", "description": "More.", "properties": {"b": {"anyOf": [{"enum": [1]}]}}},
    ]});
    let form = NormalForm::new(&document(schema));
    for (pointer, origin) in [
        ("/openapi", "/openapi"),
        ("/components/schemas/S", "/components/schemas/S"),
        (
            "/components/schemas/S/properties/name/type",
            "/components/schemas/Named/properties/name/type",
        ),
        (
            "/components/schemas/S/properties/b",
            "/components/schemas/S/allOf/1/properties/b",
        ),
        (
            "/components/schemas/S/properties/b/enum/0",
            "/components/schemas/S/allOf/1/properties/b/anyOf/0/enum/0",
        ),
        (
            "/components/schemas/S/description",
            "/components/schemas/S/allOf/1/description",
        ),
        (
            "/components/schemas/Named/properties/name",
            "/components/schemas/Named/properties/name",
        ),
    ] {
        assert!(form.document().pointer(pointer).is_some(), "{pointer}");
        assert_eq!(form.origin(pointer), origin);
    }
}

#[test]
fn a_repeated_type_is_removed_beside_a_described_reference() {
    let of = |schema: &str| {
        let schema = schema.replace("NAMED", NAMED);
        normal(&serde_json::from_str(&schema).unwrap())
    };
    assert_eq!(
        of(r#"{"type": "object", "description": "D", "allOf": [{"$ref": "NAMED"}]}"#),
        of(r#"{"description": "D", "allOf": [{"$ref": "NAMED"}]}"#)
    );
}

#[test]
fn keeps_annotations_of_removed_schemas() {
    let schema = json!({"description": "a", "oneOf": [
        {"type": "string", "enum": ["x"], "description": "b"},
        {"type": "string", "enum": ["y"]},
    ]});
    assert_eq!(
        normal(&schema),
        json!({
            "description": "a",
            "type": "string",
            "enum": ["x", "y"],
            "x-dropped-annotations": [{"description": "b"}],
        }),
    );
}

#[test]
fn keeps_annotations_of_merged_schemas() {
    let schema = json!({"description": "a", "allOf": [
        {"properties": {"p": {"type": "string", "description": "b"}}},
        {"title": "T", "properties": {"p": {"maxLength": 3, "description": "c"}}},
        {"description": "d"},
    ]});
    assert_eq!(
        normal(&schema),
        json!({
            "description": "a",
            "title": "T",
            "properties": {"p": {
                "type": "string",
                "maxLength": 3,
                "description": "c",
                "x-dropped-annotations": [{"description": "b"}],
            }},
            "x-dropped-annotations": [{"description": "d"}],
        }),
    );
}

#[test]
fn every_schema_of_a_document_is_found() {
    let lone = json!({"oneOf": [{"type": "string"}]});
    let content = json!({"application/json": {"schema": lone}});
    let operation = json!({
        "parameters": [{"schema": lone}, {"content": content}],
        "requestBody": {"content": content},
        "responses": {"200": {"content": content, "headers": {"X": {"schema": lone}}}},
        "callbacks": {"done": {"{$url}": {"post": {"requestBody": {"content": content}}}}},
    });
    let document = json!({
        "paths": {"/a": {"parameters": [{"schema": lone}], "get": operation}},
        "components": {
            "schemas": {"A": {"not": lone, "additionalProperties": lone}},
            "parameters": {"P": {"schema": lone}},
            "headers": {"H": {"schema": lone}},
            "requestBodies": {"B": {"content": content}},
            "responses": {"R": {"content": content}},
        },
    });
    let form = NormalForm::new(&document).document().to_string();
    assert!(!form.contains("oneOf"), "{form}");
    assert_eq!(
        form.matches(r#""type":"string""#).count(),
        document.to_string().matches("oneOf").count(),
    );
}

/// A chain of schemas, each the `allOf` of what `parts` returns.
fn chain(length: usize, parts: impl Fn(usize) -> Value) -> Value {
    let mut schemas = serde_json::Map::new();
    for index in 0..length {
        schemas.insert(format!("S{index}"), json!({"allOf": parts(index + 1)}));
    }
    schemas.insert(format!("S{length}"), json!({"properties": {"end": {}}}));
    json!({"components": {"schemas": schemas}})
}

#[test]
fn doubled_parts_stay_small() {
    let next = |index| json!({"$ref": format!("#/components/schemas/S{index}")});
    let document = chain(60, |index| json!([next(index), next(index)]));
    let form = NormalForm::new(&document);
    assert_eq!(
        form.document()["components"]["schemas"]["S0"],
        json!({"properties": {"end": {}}}),
    );
}

#[test]
fn limits_chains_and_copies() {
    let next = |index| json!({"$ref": format!("#/components/schemas/S{index}")});
    let document = chain(5_000, |index| json!([next(index), {"type": "object"}]));
    NormalForm::new(&document);

    let mut properties = serde_json::Map::new();
    for index in 0..1_000 {
        properties.insert(format!("p{index}"), json!({"type": "string"}));
    }
    let mut schemas = serde_json::Map::new();
    schemas.insert("Base".to_owned(), json!({"properties": properties}));
    for index in 0..5_000 {
        schemas.insert(
            format!("C{index}"),
            json!({"allOf": [{"$ref": "#/components/schemas/Base"}, {"type": "object"}]}),
        );
    }
    let document = json!({"components": {"schemas": schemas}});
    let form = NormalForm::new(&document);
    let grown = form.document().to_string().len() / document.to_string().len();
    assert!(grown < 20, "{grown} times as large");
}

#[test]
fn resolves_pointers_through_references() {
    let document = json!({
        "paths": {"/a": {"get": {"responses": {"404": {"$ref": "#/components/responses/Alias"}}}}},
        "components": {
            "responses": {
                "Alias": {"$ref": "#/components/responses/Gone"},
                "Gone": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/E"}}}},
                "Loop": {"$ref": "#/components/responses/Loop"},
            },
            "schemas": {"E": {"oneOf": [{"type": "string"}]}},
        },
    });
    let form = NormalForm::new(&document);
    let gone = "/components/responses/Gone/content/application~1json/schema";
    let schema = json!({"$ref": "#/components/schemas/E"});
    assert_eq!(
        form.resolve("/paths/~1a/get/responses/404/content/application~1json/schema"),
        Some((gone.to_owned(), &schema)),
    );
    assert_eq!(
        form.resolve(&format!("{gone}/type")),
        Some(("/components/schemas/E/type".to_owned(), &json!("string"))),
    );
    assert_eq!(form.resolve("/components/responses/Loop/content"), None);
    assert_eq!(form.resolve("/components/schemas/Other"), None);
}
