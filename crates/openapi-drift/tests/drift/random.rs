//! Random edits of random documents: exactly the edit is reported. The opposite direction reports
//! the inverse rule.

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
        Just(json!({"type": "boolean", "description": "A flag."})),
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

/// Returns an object schema. The numbers make properties read-only (1) or write-only (2).
fn object(properties: Vec<(Value, bool, u8)>) -> Value {
    let (mut map, mut required) = (Map::new(), Vec::new());
    for (number, (mut property, is_required, direction)) in properties.into_iter().enumerate() {
        let name = format!("p{number}");
        let is_reference = property.get("$ref").is_some();
        match direction {
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

fn valid_document() -> impl Strategy<Value = Value> {
    let operation = (schema(), schema(), schema(), any::<bool>());
    let operations = prop::collection::vec(operation, 1..5);
    let components = prop::collection::vec(
        prop::collection::vec((schema(), any::<bool>(), 0..1_u8), 1..3),
        COMPONENTS,
    );
    (operations, components).prop_map(|(operations, components)| {
        let mut paths = Map::new();
        for (number, (body, response, argument, is_required)) in operations.into_iter().enumerate() {
            let content = |schema: Value| json!({"application/json": {"schema": schema}});
            let operation = json!({
                "operationId": format!("operation_{number}"),
                "description": "Does something.",
                "parameters": [
                    {"in": "path", "name": "id", "required": true, "schema": {"type": "string"}},
                    {"in": "query", "name": "q", "required": is_required, "schema": argument},
                ],
                "requestBody": {"required": is_required, "content": content(body)},
                "responses": {"200": {"description": "Success.", "content": content(response)}, "404": {"description": "Failure."}},
            });
            let path = paths.entry(format!("/a{}/{{id}}", number / 2)).or_insert_with(|| json!({}));
            path[if number % 2 == 0 { "put" } else { "post" }] = operation;
        }
        let schemas: Map<String, Value> =
            components.into_iter().enumerate().map(|(number, properties)| (format!("C{number}"), object(properties))).collect();
        json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": paths, "components": {"schemas": schemas}})
    })
}

/// A change of a document.
struct Edit {
    /// True if the edit can be applied to the value at this path.
    fits: fn(&[String], &Value) -> bool,
    apply: fn(&mut Value),
    /// The rule that reports the edit.
    rule: &'static str,
}

fn is_operation(path: &[String], _: &Value) -> bool {
    matches!(path, [paths, _, method] if paths == "paths" && (method == "put" || method == "post"))
}

fn is_response(path: &[String], _: &Value) -> bool {
    matches!(path, [.., responses, status] if responses == "responses" && status == "200")
}

/// True if the value is a schema of this type. The documents have no examples that could look like
/// schemas.
fn is_type(value: &Value, name: &str) -> bool {
    value.get("type").is_some_and(|kind| kind == name)
}

const EDITS: &[Edit] = &[
    Edit {
        fits: |path, _| matches!(path, [paths] if paths == "paths"),
        apply: |paths| paths["/new"] = json!({"get": {"responses": {}}}),
        rule: "endpoint-added",
    },
    Edit {
        fits: is_operation,
        apply: |operation| operation["operationId"] = "another".into(),
        rule: "operation-id-renamed",
    },
    Edit {
        fits: is_operation,
        apply: |operation| operation["description"] = "Does something else.".into(),
        rule: "description-changed",
    },
    Edit {
        fits: is_operation,
        apply: |operation| operation["deprecated"] = true.into(),
        rule: "deprecated",
    },
    Edit {
        fits: is_operation,
        apply: |operation| operation["tags"] = json!(["t"]),
        rule: "tags-changed",
    },
    Edit {
        fits: is_operation,
        apply: |operation| operation["x-a"] = 1.into(),
        rule: "extension-changed",
    },
    Edit {
        fits: is_operation,
        apply: |operation| operation["foo"] = 1.into(),
        rule: "keyword-changed",
    },
    Edit {
        fits: is_operation,
        apply: |operation| operation["security"] = json!([{"key": []}]),
        rule: "security-required",
    },
    Edit {
        fits: is_operation,
        apply: |operation| {
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
        apply: |operation| {
            let parameters = operation["parameters"].as_array_mut().unwrap();
            parameters.insert(0, json!({"in": "header", "name": "more", "required": true, "schema": {"type": "string"}}));
        },
        rule: "required-parameter-added",
    },
    Edit {
        fits: is_operation,
        apply: |operation| operation["responses"]["409"] = json!({"description": "Failure."}),
        rule: "error-status-added",
    },
    Edit {
        fits: |path, value| {
            path.last().is_some_and(|key| key == "requestBody") && value["required"] == false
        },
        apply: |body| body["required"] = true.into(),
        rule: "body-became-required",
    },
    Edit {
        fits: |_, value| {
            value.get("in").is_some_and(|location| location == "query")
                && value["required"] == false
        },
        apply: |parameter| parameter["required"] = true.into(),
        rule: "parameter-became-required",
    },
    Edit {
        fits: is_response,
        apply: |response| response["headers"] = json!({"X-A": {}}),
        rule: "optional-header-added",
    },
    Edit {
        fits: is_response,
        apply: |response| response["content"]["text/plain"] = json!({}),
        rule: "media-type-added",
    },
    Edit {
        fits: |_, value| is_type(value, "object") && value.get("properties").is_some(),
        apply: |schema| schema["properties"]["more"] = json!({"type": "string"}),
        rule: "optional-property-added",
    },
    Edit {
        fits: |_, value| is_type(value, "object") && value.get("properties").is_some(),
        apply: |schema| {
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
        apply: |schema| schema["maxItems"] = 9.into(),
        rule: "max-items-tightened",
    },
    Edit {
        fits: |_, value| is_type(value, "boolean"),
        apply: |schema| schema["type"] = "string".into(),
        rule: "type-changed",
    },
    Edit {
        fits: |_, value| is_type(value, "integer"),
        apply: |schema| schema["format"] = "int64".into(),
        rule: "format-widened",
    },
    Edit {
        fits: |_, value| is_type(value, "integer"),
        apply: |schema| schema["minimum"] = 0.into(),
        rule: "minimum-loosened",
    },
    Edit {
        fits: |_, value| value.get("enum").is_some(),
        apply: |schema| schema["enum"] = json!(["b", "c", "a"]),
        rule: "enum-value-added",
    },
    Edit {
        fits: |_, value| value.get("enum").is_some(),
        apply: |schema| schema["nullable"] = true.into(),
        rule: "became-nullable",
    },
];

/// Collects the pointers of the parts that an edit fits.
fn sites(edit: &Edit, value: &Value, path: &mut Vec<String>, found: &mut Vec<String>) {
    if value.is_object() && (edit.fits)(path, value) {
        found.push(
            path.iter()
                .map(|key| format!("/{}", key.replace('~', "~0").replace('/', "~1")))
                .collect(),
        );
    }
    let children: Vec<(String, &Value)> = match value {
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
    for (key, value) in children {
        path.push(key);
        sites(edit, value, path, found);
        path.pop();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn reports_exactly_the_edit(document in valid_document(), edit in any::<Index>(), site in any::<Index>()) {
        let edit = edit.get(EDITS);
        let mut found = Vec::new();
        sites(edit, &document, &mut Vec::new(), &mut found);
        prop_assume!(!found.is_empty());
        let pointer = site.get(&found);
        let mut edited = document.clone();
        (edit.apply)(edited.pointer_mut(pointer).unwrap());

        let ids = |base: &Value, revision: &Value| changes(base, revision).iter().map(|change| change.rule.id).collect::<Vec<_>>();
        prop_assert_eq!(ids(&document, &edited), [edit.rule], "at {}", pointer);
        let inverse = rules().find(|rule| rule.id == edit.rule).unwrap().inverse;
        prop_assert_eq!(ids(&edited, &document), [inverse], "at {}, in the opposite direction", pointer);
        prop_assert!(changes(&document, &document).is_empty());
    }
}
