//! What each keyword of a schema lets through, and what is said of the rest.

use serde_json::{Value, json};

use super::{Direction, Validator};
use crate::document::Document;

fn told(direction: Direction, schema: &Value, value: &Value) -> Vec<String> {
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

fn sent(schema: &Value, value: &Value) -> String {
    told(Direction::Request, schema, value).join("; ")
}

#[test]
fn types_and_limits() {
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
            ": is 0.35, which is no multiple of 0.1",
        ),
        (
            json!({"multipleOf": 3}),
            json!(9),
            json!(10),
            ": is 10, which is no multiple of 3",
        ),
        (
            json!({"type": "integer", "format": "int32"}),
            json!(-5),
            json!(1_u64 << 31),
            ": is 2147483648, which is out of the range of `int32`",
        ),
        (
            json!({"type": "integer", "format": "int64"}),
            json!(i64::MAX),
            json!(u64::MAX),
            ": is 18446744073709551615, which is out of the range of `int64`",
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
            ": has 1 twice, though its items are unique",
        ),
        (
            json!({"minProperties": 1}),
            json!({"a": 1}),
            json!({}),
            ": has 0 fields, fewer than 1",
        ),
        (
            json!({"maxProperties": 0}),
            json!({}),
            json!({"a": 1}),
            ": has 1 fields, more than 0",
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
        assert_eq!(sent(&schema, &good), "", "{schema}");
        assert_eq!(sent(&schema, &bad), reason, "{schema}");
    }
}

#[test]
fn objects() {
    let book = json!({"type": "object", "required": ["title", "id"], "properties": {
        "title": {"type": "string"}, "id": {"type": "integer", "readOnly": true}, "secret": {"type": "string", "writeOnly": true}},
        "additionalProperties": {"type": "boolean"}});
    assert_eq!(
        sent(&book, &json!({"title": "x", "secret": "y", "a/b": true})),
        ""
    );
    assert_eq!(
        told(Direction::Request, &book, &json!({"id": 1, "a/b~": 1})),
        [
            ": has no `title`, which is required",
            "/a~1b~0: is 1, not a boolean",
            "/id: is read-only, and not to be sent"
        ]
    );
    assert_eq!(
        told(
            Direction::Response,
            &book,
            &json!({"title": 1, "secret": "y"})
        ),
        [
            ": has no `id`, which is required",
            "/secret: is write-only, and not to be answered",
            "/title: is 1, not a string"
        ]
    );
    let tree = json!({"$ref": "#/components/schemas/Tree"});
    assert_eq!(sent(&tree, &json!({"below": [{}, {"below": [{}]}]})), "");
    assert_eq!(
        sent(&tree, &json!({"below": [{}, {"below": [{"abvoe": 1}]}]})),
        "/below/1/below/0/abvoe: is no field of the schema, whose fields are: below"
    );
}

#[test]
fn parts_and_alternatives() {
    let both = json!({"allOf": [{"required": ["a"]}, {"required": ["b"]}]});
    assert_eq!(
        sent(&both, &json!({"a": 1})),
        ": has no `b`, which is required"
    );
    let any = json!({"anyOf": [{"type": "string"}, {"type": "integer"}]});
    assert_eq!(sent(&any, &json!(1)), "");
    assert_eq!(
        sent(&any, &json!(true)),
        ": is none of the 2 alternatives of `anyOf`; of the nearest it is true, not a string"
    );
    let one = json!({"oneOf": [{"type": "number"}, {"type": "integer"}]});
    assert_eq!(sent(&one, &json!(1.5)), "");
    assert_eq!(
        sent(&one, &json!(1)),
        ": is 2 alternatives of `oneOf` at once: 1"
    );
    let not = json!({"not": {"type": "string"}});
    assert_eq!(sent(&not, &json!(1)), "");
    assert_eq!(
        sent(&not, &json!("x")),
        ": is \"x\", which `not` rules out: {\"type\":\"string\"}"
    );
    let nullable = json!({"nullable": true, "allOf": [{"type": "string"}]});
    assert_eq!(sent(&nullable, &json!(null)), "");
    let nested = json!({"oneOf": [{"type": "string"}, {"properties": {"a": {"type": "string"}}, "type": "object"}]});
    assert_eq!(
        sent(&nested, &json!({"a": 1})),
        ": is none of the 2 alternatives of `oneOf`; of the nearest `/a` is 1, not a string"
    );
}

#[test]
fn a_discriminator_says_which_alternative_is_meant() {
    let pet = json!({"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {"propertyName": "kind", "mapping": {"mouser": "#/components/schemas/Cat"}}});
    assert_eq!(
        sent(&pet, &json!({"kind": "Dog", "tricks": 1, "lives": 2})),
        ""
    );
    assert_eq!(
        sent(&pet, &json!({"kind": "mouser", "tricks": 1})),
        ": has no `lives`, which is required"
    );
}
