//! Tests of the check of tags, with unions that have one fault each.

use gallery_runtime::tagged_union;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::*;

const SCHEMAS: &str = "#/components/schemas/";

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
struct Cat {
    kind: String,
    lives: i64,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
struct Dog {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

tagged_union! {
    pub enum Pet("kind") {
        Unknown(serde_json::Value),
        Cat(Cat) = "cat" | "kitten",
        Dog(Dog) = "Dog" with tag,
    }
}

tagged_union! {
    pub enum OtherValue("kind") {
        Unknown(serde_json::Value),
        Cat(Cat) = "cat" | "kitten",
        Dog(Dog) = "Dog_" with tag,
    }
}

tagged_union! {
    pub enum MissingValue("kind") {
        Unknown(serde_json::Value),
        Cat(Cat) = "cat",
        Dog(Dog) = "Dog" with tag,
    }
}

tagged_union! {
    pub enum OtherTag("kind_") {
        Unknown(serde_json::Value),
        Cat(Cat) = "cat" | "kitten",
        Dog(Dog) = "Dog" with tag,
    }
}

tagged_union! {
    pub enum Unwritten("kind") {
        Unknown(serde_json::Value),
        Cat(Cat) = "cat" | "kitten",
        Dog(Dog) = "Dog",
    }
}

tagged_union! {
    pub enum WrittenTwice("kind") {
        Unknown(serde_json::Value),
        Cat(Cat) = "cat" | "kitten" with tag,
        Dog(Dog) = "Dog" with tag,
    }
}

tagged_union! {
    pub enum Swapped("kind") {
        Unknown(serde_json::Value),
        Cat(Cat) = "Dog",
        Dog(Dog) = "cat" | "kitten" with tag,
    }
}

/// A union that rejects unknown tags.
#[derive(Deserialize, Serialize)]
#[serde(tag = "kind")]
enum Closed {
    #[serde(rename = "cat", alias = "kitten")]
    Cat { lives: i64 },
    Dog {
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
}

fn document() -> Document {
    let cat = json!({"type": "object", "required": ["kind", "lives"], "properties": {
        "kind": {"type": "string"}, "lives": {"type": "integer"},
    }});
    let dog = json!({"type": "object", "properties": {"name": {"type": "string"}}});
    let all = ["Cat", "Dog"].map(|name| json!({"$ref": format!("{SCHEMAS}{name}")}));
    let mapping = json!({"cat": format!("{SCHEMAS}Cat"), "kitten": "Cat"});
    let pet = json!({
        "oneOf": all,
        "discriminator": {"propertyName": "kind", "mapping": mapping},
    });
    let schemas = json!({"Cat": cat, "Dog": dog, "Pet": pet});
    let document = json!({"openapi": "3.0.3", "paths": {}, "components": {"schemas": schemas}});
    Document::parse(&document.to_string()).unwrap()
}

fn failures_of<T: DeserializeOwned + Serialize>() -> Vec<String> {
    let schema = json!({"$ref": format!("{SCHEMAS}Pet")});
    let pet = Schema::new::<T>("Pet");
    let schemas = [
        pet.clone(),
        Schema::new::<Cat>("Cat"),
        Schema::new::<Dog>("Dog"),
    ];
    failures(&document(), &schema, &pet, &schemas)
}

#[test]
fn accepts_a_union_whose_tags_select_its_variants() {
    assert_eq!(failures_of::<Pet>(), [""; 0]);
}

#[test]
fn rejects_a_union_with_a_fault_in_its_tags() {
    let first = [
        failures_of::<OtherValue>(),
        failures_of::<MissingValue>(),
        failures_of::<OtherTag>(),
        failures_of::<Unwritten>(),
        failures_of::<WrittenTwice>(),
        failures_of::<Swapped>(),
        failures_of::<Closed>(),
    ]
    .map(|failures| failures.first().cloned().unwrap_or_default());
    expect_test::expect![[r#"
        `Pet`: {"kind":"Dog","name":[[true]]} is invalid for the tag "Dog" but became {"kind":"Dog","name":[[true]]}
        `Pet`: {"kind":"kitten","lives":"wrong"} is invalid for the tag "kitten" but became {"kind":"kitten","lives":"wrong"}
        `Pet`: {"kind":"cat","lives":"wrong"} is invalid for the tag "cat" but became {"kind":"cat","lives":"wrong"}
        `Pet`: with the tag "Dog", {"kind":"Dog","name":"text ü 😀"} became {"name":"text ü 😀"}
        `Pet`: with the tag "cat", {"kind":"cat","lives":9007199254740993}: `kind` is written twice at line 1 column 26
        `Pet`: with the tag "cat", {"kind":"cat","lives":9007199254740993} became {"kind":"cat"}
        `Pet`: with an unknown tag, {"kind":"unknown-tag","lives":9007199254740993}: unknown variant `unknown-tag`, expected one of `cat`, `kitten`, `Dog`"#]].assert_eq(&first.join("\n"));
}

/// Objects with no property but the tag are kept by the unknown alternative, too.
#[test]
fn rejects_a_union_that_lists_other_tag_values() {
    let schema = json!({"$ref": format!("{SCHEMAS}Pet")});
    let failures_of = |values: &'static [&'static str]| {
        let pet = Schema::new::<Pet>("Pet").with_tag_values(values);
        failures(&document(), &schema, &pet, &[])
    };
    assert_eq!(failures_of(Pet::TAG_VALUES), [""; 0]);
    assert_eq!(
        failures_of(OtherValue::TAG_VALUES),
        [
            r#"`Pet` lists the tag values {"Dog_", "cat", "kitten"} instead of {"Dog", "cat", "kitten"}"#
        ]
    );
}

#[test]
fn has_no_tag_if_the_values_do_not_select_one_alternative() {
    let document = document();
    let tag = |schema: Value| Tag::of(&document, &schema).map(|tag| tag.property);
    let part = |values: &[&str]| {
        let kind = json!({"type": "string", "enum": values});
        json!({"type": "object", "properties": {"kind": kind, "other": {"type": "string"}}})
    };
    assert_eq!(
        tag(json!({"oneOf": [part(&["a"]), part(&["b", "c"])]})),
        Some("kind".to_owned())
    );
    let text = json!({"type": "string"});
    assert_eq!(
        tag(json!({"oneOf": [text, part(&["a"]), part(&["b"])]})),
        Some("kind".to_owned())
    );
    assert_eq!(tag(json!({"oneOf": [part(&["a"]), part(&["a"])]})), None);
    assert_eq!(tag(json!({"oneOf": [part(&["a"])]})), None);
    assert_eq!(
        tag(json!({"oneOf": [part(&["a"]), {"type": "string"}]})),
        None
    );
    assert_eq!(tag(part(&["a", "b"])), None);
}
