//! Tests of edges.

use super::*;

fn document(schema: &Value) -> Document {
    let text = json!({"openapi": "3.0.3", "paths": {}, "components": {"schemas": {"S": schema}}})
        .to_string();
    Document::parse(&text).unwrap()
}

#[test]
fn each_edge_changes_one_part() {
    let schema = json!({
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": {"type": "integer", "format": "int32", "minimum": 0},
            "kind": {"type": "string", "enum": ["a", "b"], "nullable": true},
            "tags": {"type": "array", "items": {"oneOf": [{"type": "boolean"}, {"type": "integer"}]}},
        },
    });
    let document = document(&schema);
    let found: Vec<_> = variants(&document, &schema, &[])
        .into_iter()
        .map(|variant| variant.value.to_string())
        .collect();
    let whole = |id: &str, rest: &str| format!("{{\"id\":{id}{rest}}}");
    let max = "2147483647";
    for wanted in [
        whole(max, ",\"kind\":\"b\",\"tags\":[true]"),
        whole(max, ""),
        whole("0", ",\"kind\":\"b\",\"tags\":[true]"),
        whole(max, ",\"kind\":null,\"tags\":[true]"),
        whole(max, ",\"kind\":\"a\",\"tags\":[true]"),
        whole(max, ",\"tags\":[true]"),
        whole(max, ",\"kind\":\"b\""),
        whole(max, ",\"kind\":\"b\",\"tags\":[true,false,true]"),
        whole(max, ",\"kind\":\"b\",\"tags\":[false]"),
        whole(max, ",\"kind\":\"b\",\"tags\":[9007199254740993]"),
    ] {
        assert!(found.contains(&wanted), "{wanted} is not among {found:#?}");
    }
    assert!(
        !found.iter().any(|text| text.contains("-1")),
        "the schema has a minimum"
    );
    let words = unknown_values(&document, &schema);
    assert_eq!(words.len(), 1);
    assert_eq!(words[0].value["kind"], "unknown-value");
}

#[test]
fn an_alternative_keeps_sibling_keywords() {
    let schema = json!({
        "type": "object",
        "properties": {"a": {"type": "boolean"}, "b": {"type": "boolean"}},
        "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
    });
    let found = variants(&document(&schema), &schema, &[]);
    let another = found
        .iter()
        .find(|variant| variant.what.starts_with("another alternative"));
    assert_eq!(
        another.map(|variant| variant.value.to_string()).as_deref(),
        Some(r#"{"a":true,"b":true}"#)
    );
}

#[test]
fn properties_of_the_other_direction_may_be_absent() {
    let schema = json!({
        "type": "object",
        "required": ["id", "name", "pin"],
        "properties": {
            "id": {"type": "integer", "readOnly": true},
            "name": {"type": "string", "enum": ["n"]},
            "pin": {"type": "boolean", "writeOnly": true},
        },
    });
    let document = document(&schema);
    let barest = |ways: &[Direction]| variants(&document, &schema, ways)[1].value.to_string();
    assert_eq!(
        barest(&[]),
        r#"{"id":9007199254740993,"name":"n","pin":true}"#
    );
    assert_eq!(barest(&[Direction::Request]), r#"{"name":"n","pin":true}"#);
    assert_eq!(
        barest(&[Direction::Response]),
        r#"{"id":9007199254740993,"name":"n"}"#
    );
    let absent = |ways: &[Direction]| {
        let absent = |variant: &&Variant| variant.what.starts_with("nothing at");
        variants(&document, &schema, ways)
            .iter()
            .filter(absent)
            .map(|variant| variant.what.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        absent(&[Direction::Request, Direction::Response]),
        ["nothing at \"/id\"", "nothing at \"/pin\""]
    );
    assert!(absent(&[]).is_empty());
}

#[test]
fn null_equals_absent_if_a_property_goes_the_other_way() {
    let schema = json!({
        "type": "object",
        "required": ["url"],
        "properties": {
            "url": {"type": "string", "nullable": true, "readOnly": true},
            "pin": {"type": "string", "nullable": true, "writeOnly": true},
            "note": {"type": "string", "nullable": true},
        },
    });
    let document = document(&schema);
    let equal = |way: Direction| {
        variants(&document, &schema, &[way])
            .into_iter()
            .filter(|variant| variant.what.starts_with("null at") && variant.otherwise.is_some())
            .map(|variant| variant.what)
            .collect::<Vec<_>>()
    };
    assert_eq!(equal(Direction::Request), ["null at \"/url\""]);
    assert_eq!(
        equal(Direction::Response),
        ["null at \"/note\"", "null at \"/pin\"", "null at \"/url\""]
    );
}

#[test]
fn an_alternative_without_a_type_is_null() {
    let schema = json!({
        "type": "object",
        "properties": {
            "a": {"anyOf": [{"nullable": true}, {"type": "boolean"}]},
            "b": {"oneOf": [{"type": "integer"}, {"type": "object", "nullable": true, "additionalProperties": false}]},
        },
    });
    let found = variants(&document(&schema), &schema, &[Direction::Request]);
    let texts: Vec<String> = found
        .iter()
        .map(|variant| variant.value.to_string())
        .collect();
    let integer = sample_integer(&texts);
    for wanted in [
        format!(r#"{{"a":null,"b":{integer}}}"#),
        r#"{"a":true,"b":null}"#.to_owned(),
    ] {
        assert!(texts.contains(&wanted), "{wanted} is not among {texts:#?}");
    }
    let is_any = |text: &String| text.contains("any") || text.contains("{}}");
    assert!(!texts.iter().any(is_any), "{texts:#?}");
}

/// Returns the integer of the first variant.
fn sample_integer(texts: &[String]) -> &str {
    let (_, after) = texts[0].split_once("\"b\":").unwrap();
    after.trim_end_matches('}')
}

/// Deep lists are empty in a sample, although the schema requires an item.
#[test]
fn the_constants_of_a_value_that_is_too_small_decide_its_alternative() {
    let list = |items: Value| json!({"type": "array", "minItems": 1, "items": items});
    let object = |kind: &str, get: Value| {
        json!({"type": "object", "required": ["kind", "get"], "properties": {
            "kind": {"type": "string", "enum": [kind]},
            "get": get,
        }})
    };
    let inner = json!({"type": "object", "required": ["deep"], "properties": {
        "deep": list(json!({"type": "boolean"})),
    }});
    let high = (0..4).fold(
        inner.clone(),
        |inner, _| json!({"type": "object", "required": ["a"], "properties": {"a": inner}}),
    );
    let one = object("one", high);
    let two = object("two", list(inner));
    let union = json!({"oneOf": [one, two]});
    let schema = (0..4).fold(
        union,
        |inner, _| json!({"type": "object", "required": ["n"], "properties": {"n": inner}}),
    );
    let document = document(&schema);
    let found = variants(&document, &schema, &[Direction::Response]);
    let texts: Vec<String> = found.iter().map(|own| own.value.to_string()).collect();
    let is_mixed = |text: &&String| text.contains(r#""get":["#) && text.contains("one");
    assert_eq!(texts.iter().find(is_mixed), None);
    assert!(texts.iter().any(|text| text.contains("two")), "{texts:#?}");
}
