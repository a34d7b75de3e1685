//! Each keyword with a value that it allows, and the violation of one that it does not.

use serde_json::{Value, json};

use super::{Direction, Validator};
use crate::document::Document;

fn violations_of(direction: Direction, schema: &Value, value: &Value) -> Vec<String> {
    let schemas = json!({
        "Id": {"type": "integer", "format": "int32"},
        "Alias": {"$ref": "#/components/schemas/Id"},
        "Tree": {"type": "object", "properties": {"below": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}},
            "additionalProperties": false},
        "Loop": {"allOf": [{"$ref": "#/components/schemas/Loop"}]},
        "Cat": {"type": "object", "required": ["kind", "lives"], "properties": {"lives": {"type": "integer"}}},
        "Dog": {"type": "object", "required": ["kind", "tricks"]}
    });
    let document =
        Document::parse(&json!({"paths": {}, "components": {"schemas": schemas}}).to_string())
            .unwrap();
    let violations = Validator::new(&document, direction).violations(schema, value);
    violations
        .into_iter()
        .map(|violation| format!("{}: {}", violation.pointer, violation.reason))
        .collect()
}

fn request_violations(schema: &Value, value: &Value) -> String {
    violations_of(Direction::Request, schema, value).join("; ")
}

#[test]
fn checks_types_and_limits() {
    for (schema, good, bad, reason) in [
        (
            json!({"type": "string"}),
            json!("x"),
            json!(3),
            ": is 3, not a string",
        ),
        (
            json!({"type": "integer"}),
            json!(1.0),
            json!(1.5),
            ": is 1.5, not an integer",
        ),
        (
            json!({"type": "number"}),
            json!(1),
            json!("1"),
            ": is \"1\", not a number",
        ),
        (
            json!({"type": "boolean"}),
            json!(true),
            json!(0),
            ": is 0, not a boolean",
        ),
        (
            json!({"type": "array", "items": {"type": "string"}}),
            json!(["x"]),
            json!(["x", 1]),
            "/1: is 1, not a string",
        ),
        (
            json!({"type": "string", "nullable": true}),
            json!(null),
            json!([]),
            ": is [], not a string",
        ),
        (
            json!({"type": "string"}),
            json!(""),
            json!(null),
            ": is null, not a string",
        ),
        (json!({}), json!(null), json!(null), ""),
        (
            json!({"enum": ["a", 1]}),
            json!(1.0),
            json!("b"),
            ": is \"b\", not one of \"a\", 1",
        ),
        (
            json!({"minimum": 1, "maximum": 3}),
            json!(3),
            json!(4),
            ": is 4, but must be at most 3",
        ),
        (
            json!({"minimum": 1}),
            json!(1),
            json!(0.5),
            ": is 0.5, but must be at least 1",
        ),
        (
            json!({"minimum": 1, "exclusiveMinimum": true}),
            json!(2),
            json!(1),
            ": is 1, but must be more than 1",
        ),
        (
            json!({"maximum": 1, "exclusiveMaximum": true}),
            json!(0),
            json!(1),
            ": is 1, but must be less than 1",
        ),
        (
            json!({"maximum": u64::MAX - 1}),
            json!(u64::MAX - 1),
            json!(u64::MAX),
            ": is 18446744073709551615, but must be at most 18446744073709551614",
        ),
        (
            json!({"multipleOf": 0.1}),
            json!(0.3),
            json!(0.35),
            ": is 0.35, which is not a multiple of 0.1",
        ),
        (
            json!({"multipleOf": 3}),
            json!(9),
            json!(10),
            ": is 10, which is not a multiple of 3",
        ),
        (
            json!({"type": "integer", "format": "int32"}),
            json!(-5),
            json!(1_u64 << 31),
            ": is 2147483648, outside the range of `int32`",
        ),
        (
            json!({"type": "integer", "format": "int64"}),
            json!(i64::MAX),
            json!(u64::MAX),
            ": is 18446744073709551615, outside the range of `int64`",
        ),
        (
            json!({"minLength": 2}),
            json!("üü"),
            json!("ü"),
            ": is \"ü\", shorter than 2 characters",
        ),
        (
            json!({"maxLength": 2}),
            json!("üü"),
            json!("abc"),
            ": is \"abc\", longer than 2 characters",
        ),
        (
            json!({"pattern": "^\\d{2}(?!x)"}),
            json!("12"),
            json!("12x"),
            ": is \"12x\", which does not match the pattern `^\\d{2}(?!x)`",
        ),
        (json!({"pattern": "("}), json!("x"), json!("x"), ""),
        (
            json!({"minItems": 1}),
            json!([1]),
            json!([]),
            ": has 0 items, fewer than 1",
        ),
        (
            json!({"maxItems": 1}),
            json!([1]),
            json!([1, 2]),
            ": has 2 items, more than 1",
        ),
        (
            json!({"uniqueItems": true}),
            json!([1, 2]),
            json!([1, {}, 1]),
            ": contains 1 twice, but its items must be unique",
        ),
        (
            json!({"minProperties": 1}),
            json!({"a": 1}),
            json!({}),
            ": has 0 properties, fewer than 1",
        ),
        (
            json!({"maxProperties": 0}),
            json!({}),
            json!({"a": 1}),
            ": has 1 properties, more than 0",
        ),
        (
            json!({"$ref": "#/components/schemas/Alias"}),
            json!(1),
            json!("x"),
            ": is \"x\", not an integer",
        ),
        (
            json!({"$ref": "#/components/schemas/Nowhere"}),
            json!(1),
            json!("x"),
            "",
        ),
        (
            json!({"$ref": "#/components/schemas/Loop"}),
            json!(1),
            json!("x"),
            "",
        ),
    ] {
        assert_eq!(request_violations(&schema, &good), "", "{schema}");
        assert_eq!(request_violations(&schema, &bad), reason, "{schema}");
    }
}

#[test]
fn checks_objects() {
    let book = json!({"type": "object", "required": ["title", "id"], "properties": {
        "title": {"type": "string"}, "id": {"type": "integer", "readOnly": true}, "secret": {"type": "string", "writeOnly": true}},
        "additionalProperties": {"type": "boolean"}});
    assert_eq!(
        request_violations(&book, &json!({"title": "x", "secret": "y", "a/b": true})),
        ""
    );
    assert_eq!(
        violations_of(Direction::Request, &book, &json!({"id": 1, "a/b~": 1})),
        [
            ": lacks the required property `title`",
            "/a~1b~0: is 1, not a boolean",
            "/id: is read-only and must not be sent"
        ]
    );
    assert_eq!(
        violations_of(
            Direction::Response,
            &book,
            &json!({"title": 1, "secret": "y"})
        ),
        [
            ": lacks the required property `id`",
            "/secret: is write-only and must not be returned",
            "/title: is 1, not a string"
        ]
    );
    let tree = json!({"$ref": "#/components/schemas/Tree"});
    assert_eq!(
        request_violations(&tree, &json!({"below": [{}, {"below": [{}]}]})),
        ""
    );
    assert_eq!(
        request_violations(&tree, &json!({"below": [{}, {"below": [{"abvoe": 1}]}]})),
        "/below/1/below/0/abvoe: is not a property of the schema; properties: below"
    );
}

#[test]
fn checks_combined_schemas() {
    let both = json!({"allOf": [{"required": ["a"]}, {"required": ["b"]}]});
    assert_eq!(
        request_violations(&both, &json!({"a": 1})),
        ": lacks the required property `b`"
    );
    let any = json!({"anyOf": [{"type": "string"}, {"type": "integer"}]});
    assert_eq!(request_violations(&any, &json!(1)), "");
    assert_eq!(
        request_violations(&any, &json!(true)),
        ": matches none of the 2 alternatives of `anyOf`; closest: it is true, not a string"
    );
    let one = json!({"oneOf": [{"type": "number"}, {"type": "integer"}]});
    assert_eq!(request_violations(&one, &json!(1.5)), "");
    assert_eq!(
        request_violations(&one, &json!(1)),
        ": matches 2 alternatives of `oneOf`: 1"
    );
    let not = json!({"not": {"type": "string"}});
    assert_eq!(request_violations(&not, &json!(1)), "");
    assert_eq!(
        request_violations(&not, &json!("x")),
        ": is \"x\", which `not` excludes: {\"type\":\"string\"}"
    );
    let nullable = json!({"nullable": true, "allOf": [{"type": "string"}]});
    assert_eq!(request_violations(&nullable, &json!(null)), "");
    let nested = json!({"oneOf": [{"type": "string"}, {"properties": {"a": {"type": "string"}}, "type": "object"}]});
    assert_eq!(
        request_violations(&nested, &json!({"a": 1})),
        ": matches none of the 2 alternatives of `oneOf`; closest: `/a` is 1, not a string"
    );
}

#[test]
fn a_discriminator_selects_the_alternative() {
    let pet = json!({"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {"propertyName": "kind", "mapping": {"mouser": "#/components/schemas/Cat"}}});
    assert_eq!(
        request_violations(&pet, &json!({"kind": "Dog", "tricks": 1, "lives": 2})),
        ""
    );
    assert_eq!(
        request_violations(&pet, &json!({"kind": "mouser", "tricks": 1})),
        ": lacks the required property `lives`"
    );
}

#[test]
fn numbers_are_equal_whatever_their_notation() {
    for schema in [json!({"enum": [{"a": [1]}]}), json!({"uniqueItems": true})] {
        assert_eq!(request_violations(&schema, &json!({"a": [1.0]})), "");
    }
    assert_eq!(
        request_violations(
            &json!({"uniqueItems": true}),
            &json!([{"a": 1, "b": 2}, {"b": 2.0, "a": 1}])
        ),
        ": contains {\"b\":2.0,\"a\":1} twice, but its items must be unique".replace(
            "{\"b\":2.0,\"a\":1}",
            &json!({"b": 2.0, "a": 1}).to_string()
        )
    );
}

#[test]
fn a_read_only_property_may_be_required_in_another_part() {
    let schema = json!({"allOf": [
        {"required": ["id", "title"]},
        {"allOf": [{"properties": {"id": {"type": "integer", "readOnly": true}}}]},
        {"properties": {"title": {"type": "string"}}}
    ]});
    assert_eq!(request_violations(&schema, &json!({"title": "x"})), "");
    assert_eq!(
        request_violations(&schema, &json!({"id": 1})),
        ": lacks the required property `title`; /id: is read-only and must not be sent"
    );
    let response = violations_of(Direction::Response, &schema, &json!({"title": "x"}));
    assert_eq!(response, [": lacks the required property `id`"]);
}

fn pets_violations(schema: &str, value: &Value) -> String {
    let document = json!({"paths": {}, "components": {"schemas": {
        "Pet": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}},
            "discriminator": {"propertyName": "kind", "mapping": {"mouser": "Cat"}}},
        "Cat": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"required": ["lives"], "properties": {"lives": {"type": "integer"}}}]},
        "Kitten": {"allOf": [{"$ref": "#/components/schemas/Cat"}, {"required": ["age"]}]},
        "Stone": {"type": "object"},
        "Any": {"anyOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Stone"}],
            "discriminator": {"propertyName": "kind"}}
    }}});
    let document = Document::parse(&document.to_string()).unwrap();
    let schema = json!({"$ref": format!("#/components/schemas/{schema}")});
    let violations = Validator::new(&document, Direction::Request).violations(&schema, value);
    let violations = violations
        .into_iter()
        .map(|own| format!("{}: {}", own.pointer, own.reason));
    violations.collect::<Vec<_>>().join("; ")
}

#[test]
fn a_discriminator_selects_a_schema_that_inherits() {
    let of = |value: Value| pets_violations("Pet", &value);
    assert_eq!(of(json!({"kind": "mouser", "lives": 9})), "");
    assert_eq!(
        of(json!({"kind": "mouser", "lives": "x"})),
        "/lives: is \"x\", not an integer"
    );
    assert_eq!(
        of(json!({"kind": "Kitten", "lives": 9})),
        ": lacks the required property `age`"
    );
    assert_eq!(of(json!({"kind": "Pet"})), "");
    assert_eq!(
        of(json!({"kind": "Stone"})),
        "/kind: is \"Stone\", which selects no schema; known values: Cat, Kitten, mouser"
    );
    assert_eq!(
        pets_violations("Any", &json!({"kind": "Bird"})),
        "/kind: is \"Bird\", which selects no schema; known values: Cat, Stone"
    );
}

#[test]
fn shared_parts_are_evaluated_once() {
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let mut schemas = serde_json::Map::new();
        schemas.insert(
            "S0".to_owned(),
            json!({"required": ["a"], "type": "object"}),
        );
        for level in 1..60 {
            let below = json!({"$ref": format!("#/components/schemas/S{}", level - 1)});
            schemas.insert(
                format!("S{level}"),
                json!({keyword: [below, {"allOf": [below]}]}),
            );
        }
        let document = json!({"paths": {}, "components": {"schemas": schemas}});
        let document = Document::parse(&document.to_string()).unwrap();
        let validator = Validator::new(&document, Direction::Request);
        let top = json!({"$ref": "#/components/schemas/S59"});
        assert!(!validator.violations(&top, &json!({})).is_empty());
        assert!(validator.allows_type(&top, "object"));
        let sample = crate::sample::sent(validator, &top, crate::sample::Samples::Plausible);
        assert_eq!(sample, json!({"a": 7}), "{keyword}");
    }
}
