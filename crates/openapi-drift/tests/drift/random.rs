//! Any known edit of any good document is reported, and nothing else; the other way round it is the inverse.

use openapi_drift::rules;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};

use crate::support::changes;

const COMPONENTS: usize = 4;

fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({"type": "string"})),
        Just(json!({"type": "integer", "format": "int32", "minimum": 1})),
        Just(json!({"type": "boolean", "description": "Whether."})),
        Just(json!({"type": "string", "enum": ["a", "b"]})),
        (0..COMPONENTS)
            .prop_map(|number| json!({"$ref": format!("#/components/schemas/C{number}")})),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let properties = || prop::collection::vec((inner.clone(), any::<bool>(), 0..3_u8), 1..4);
        prop_oneof![
            inner
                .clone()
                .prop_map(|items| json!({"type": "array", "items": items})),
            properties().prop_map(object),
            inner
                .clone()
                .prop_map(|values| json!({"type": "object", "additionalProperties": values})),
            // Parts that share a keyword could contradict each other after an edit.
            properties().prop_map(|own| {
                let other = json!({"properties": {"other": {"type": "string"}}});
                json!({"allOf": [object(own), other]})
            }),
            inner.prop_map(|part| json!({"oneOf": [part, {"type": "number"}]})),
        ]
    })
}

/// An object of these properties, some of them required, and some that go one way.
fn object(properties: Vec<(Value, bool, u8)>) -> Value {
    let (mut map, mut required) = (Map::new(), Vec::new());
    for (number, (mut property, is_required, way)) in properties.into_iter().enumerate() {
        let name = format!("p{number}");
        let is_reference = property.get("$ref").is_some();
        match way {
            1 if !is_reference => property["readOnly"] = true.into(),
            2 if !is_reference => property["writeOnly"] = true.into(),
            _ => {}
        }
        map.insert(name.clone(), property);
        if is_required {
            required.push(Value::from(name));
        }
    }
    json!({"type": "object", "properties": map, "required": required})
}

fn good_document() -> impl Strategy<Value = Value> {
    let operation = (schema(), schema(), schema(), any::<bool>());
    let operations = prop::collection::vec(operation, 1..5);
    let components = prop::collection::vec(
        prop::collection::vec((schema(), any::<bool>(), 0..1_u8), 1..3),
        COMPONENTS,
    );
    (operations, components).prop_map(|(operations, components)| {
        let mut paths = Map::new();
        for (number, (body, answer, argument, is_required)) in operations.into_iter().enumerate() {
            let content = |schema: Value| json!({"application/json": {"schema": schema}});
            let operation = json!({
                "operationId": format!("operation_{number}"),
                "description": "Does something.",
                "parameters": [
                    {"in": "path", "name": "id", "required": true, "schema": {"type": "string"}},
                    {"in": "query", "name": "q", "required": is_required, "schema": argument},
                ],
                "requestBody": {"required": is_required, "content": content(body)},
                "responses": {"200": {"description": "It worked.", "content": content(answer)}, "404": {"description": "No."}},
            });
            let path = paths.entry(format!("/a{}/{{id}}", number / 2)).or_insert_with(|| json!({}));
            path[if number % 2 == 0 { "put" } else { "post" }] = operation;
        }
        let schemas: Map<String, Value> =
            components.into_iter().enumerate().map(|(number, properties)| (format!("C{number}"), object(properties))).collect();
        json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": paths, "components": {"schemas": schemas}})
    })
}

/// Something to change: which parts of the document it fits, how, and the rule.
struct Edit {
    fits: fn(&[String], &Value) -> bool,
    make: fn(&mut Value),
    rule: &'static str,
}

fn is_operation(way: &[String], _: &Value) -> bool {
    matches!(way, [paths, _, method] if paths == "paths" && (method == "put" || method == "post"))
}

fn is_answer(way: &[String], _: &Value) -> bool {
    matches!(way, [.., responses, status] if responses == "responses" && status == "200")
}

/// Whether it is a schema of this type, and not a part of an example or the like, of which there are none here.
fn is_type(value: &Value, name: &str) -> bool {
    value.get("type").is_some_and(|kind| kind == name)
}

const EDITS: &[Edit] = &[
    Edit {
        fits: |way, _| matches!(way, [paths] if paths == "paths"),
        make: |paths| paths["/new"] = json!({"get": {"responses": {}}}),
        rule: "endpoint-added",
    },
    Edit {
        fits: is_operation,
        make: |operation| operation["operationId"] = "another".into(),
        rule: "operation-id-renamed",
    },
    Edit {
        fits: is_operation,
        make: |operation| operation["description"] = "Does more.".into(),
        rule: "description-changed",
    },
    Edit {
        fits: is_operation,
        make: |operation| operation["deprecated"] = true.into(),
        rule: "deprecated",
    },
    Edit {
        fits: is_operation,
        make: |operation| operation["tags"] = json!(["t"]),
        rule: "tags-changed",
    },
    Edit {
        fits: is_operation,
        make: |operation| operation["x-a"] = 1.into(),
        rule: "extension-changed",
    },
    Edit {
        fits: is_operation,
        make: |operation| operation["foo"] = 1.into(),
        rule: "keyword-changed",
    },
    Edit {
        fits: is_operation,
        make: |operation| operation["security"] = json!([{"key": []}]),
        rule: "security-required",
    },
    Edit {
        fits: is_operation,
        make: |operation| {
            let parameters = operation["parameters"].as_array_mut().unwrap();
            parameters.insert(
                0,
                json!({"in": "query", "name": "more", "schema": {"type": "string"}}),
            );
        },
        rule: "optional-parameter-added",
    },
    Edit {
        fits: is_operation,
        make: |operation| {
            let parameters = operation["parameters"].as_array_mut().unwrap();
            parameters.insert(0, json!({"in": "header", "name": "more", "required": true, "schema": {"type": "string"}}));
        },
        rule: "required-parameter-added",
    },
    Edit {
        fits: is_operation,
        make: |operation| operation["responses"]["409"] = json!({"description": "No."}),
        rule: "error-status-added",
    },
    Edit {
        fits: |way, value| {
            way.last().is_some_and(|key| key == "requestBody") && value["required"] == false
        },
        make: |body| body["required"] = true.into(),
        rule: "body-became-required",
    },
    Edit {
        fits: |_, value| {
            value.get("in").is_some_and(|place| place == "query") && value["required"] == false
        },
        make: |parameter| parameter["required"] = true.into(),
        rule: "parameter-became-required",
    },
    Edit {
        fits: is_answer,
        make: |answer| answer["headers"] = json!({"X-A": {}}),
        rule: "optional-header-added",
    },
    Edit {
        fits: is_answer,
        make: |answer| answer["content"]["text/plain"] = json!({}),
        rule: "media-type-added",
    },
    Edit {
        fits: |_, value| is_type(value, "object") && value.get("properties").is_some(),
        make: |schema| schema["properties"]["more"] = json!({"type": "string"}),
        rule: "optional-property-added",
    },
    Edit {
        fits: |_, value| is_type(value, "object") && value.get("properties").is_some(),
        make: |schema| {
            schema["properties"]["more"] = json!({"type": "string"});
            schema["required"]
                .as_array_mut()
                .unwrap()
                .insert(0, "more".into());
        },
        rule: "required-property-added",
    },
    Edit {
        fits: |_, value| is_type(value, "array"),
        make: |schema| schema["maxItems"] = 9.into(),
        rule: "max-items-tightened",
    },
    Edit {
        fits: |_, value| is_type(value, "boolean"),
        make: |schema| schema["type"] = "string".into(),
        rule: "type-changed",
    },
    Edit {
        fits: |_, value| is_type(value, "integer"),
        make: |schema| schema["format"] = "int64".into(),
        rule: "format-widened",
    },
    Edit {
        fits: |_, value| is_type(value, "integer"),
        make: |schema| schema["minimum"] = 0.into(),
        rule: "minimum-loosened",
    },
    Edit {
        fits: |_, value| value.get("enum").is_some(),
        make: |schema| schema["enum"] = json!(["b", "c", "a"]),
        rule: "enum-value-added",
    },
    Edit {
        fits: |_, value| value.get("enum").is_some(),
        make: |schema| schema["nullable"] = true.into(),
        rule: "became-nullable",
    },
];

/// The pointers of the parts that an edit fits.
fn sites(edit: &Edit, value: &Value, way: &mut Vec<String>, found: &mut Vec<String>) {
    if value.is_object() && (edit.fits)(way, value) {
        found.push(
            way.iter()
                .map(|key| format!("/{}", key.replace('~', "~0").replace('/', "~1")))
                .collect(),
        );
    }
    let inside: Vec<(String, &Value)> = match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, item)| (at.to_string(), item))
            .collect(),
        _ => Vec::new(),
    };
    for (key, value) in inside {
        way.push(key);
        sites(edit, value, way, found);
        way.pop();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn an_edit_is_reported_and_nothing_else(document in good_document(), edit in any::<Index>(), site in any::<Index>()) {
        let edit = edit.get(EDITS);
        let mut found = Vec::new();
        sites(edit, &document, &mut Vec::new(), &mut found);
        prop_assume!(!found.is_empty());
        let pointer = site.get(&found);
        let mut edited = document.clone();
        (edit.make)(edited.pointer_mut(pointer).unwrap());

        let ids = |base: &Value, revision: &Value| changes(base, revision).iter().map(|change| change.rule.id).collect::<Vec<_>>();
        prop_assert_eq!(ids(&document, &edited), [edit.rule], "at {}", pointer);
        let inverse = rules().find(|rule| rule.id == edit.rule).unwrap().inverse;
        prop_assert_eq!(ids(&edited, &document), [inverse], "at {}, the other way round", pointer);
        prop_assert!(changes(&document, &document).is_empty());
    }
}
