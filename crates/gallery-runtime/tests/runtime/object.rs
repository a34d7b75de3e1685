//! Tests of structs that derive `Object`.

use std::collections::{BTreeMap, HashMap};

use gallery_runtime::Object;
use serde::Deserialize;
use serde_json::{Map, Value, json};

#[derive(Clone, Debug, Default, PartialEq, Object)]
struct Pet {
    id: i64,
    #[object(name = "petName")]
    name: Option<String>,
    #[object(required)]
    owner: Option<String>,
    #[object(nullable)]
    note: Option<Option<String>>,
    #[object(nullable, name = "any")]
    anything: Option<Value>,
    #[object(default)]
    tags: Vec<String>,
    #[object(skip)]
    cached: bool,
    r#type: Option<Box<Pet>>,
}

fn read(value: Value) -> Result<Pet, String> {
    let text = value.to_string();
    let read = serde_json::from_str(&text).map_err(|error| error.to_string());
    let message = |error: String| {
        error
            .split(" at line")
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let read = read.map_err(message);
    let of_value = serde_json::from_value::<Pet>(value).map_err(|error| error.to_string());
    assert_eq!(read, of_value);
    read
}

#[test]
fn absent_null_and_a_value_differ_as_declared() {
    let pet = read(json!({"id": 1, "owner": null})).unwrap();
    assert_eq!(
        pet,
        Pet {
            id: 1,
            ..Pet::default()
        }
    );
    assert_eq!(
        serde_json::to_value(&pet).unwrap(),
        json!({"id": 1, "owner": null, "tags": []})
    );
    let value = json!({
        "id": 1, "petName": "n", "owner": "o", "note": null, "any": null, "tags": ["t"],
        "type": {"id": 2, "owner": null, "note": "x", "tags": []},
    });
    let pet = read(value.clone()).unwrap();
    assert_eq!(pet.note, Some(None));
    assert_eq!(pet.anything, Some(Value::Null));
    assert_eq!(
        pet.r#type.as_ref().unwrap().note,
        Some(Some("x".to_owned()))
    );
    assert_eq!(serde_json::to_value(&pet).unwrap(), value);
    let with_null = json!({"id": 1, "owner": "o", "petName": null, "type": null});
    assert_eq!(read(with_null).unwrap().name, None);
}

#[test]
fn properties_have_any_order_and_unknown_ones_are_ignored() {
    let text =
        r#"{"x": [{"id": 5}], "tags": [], "owner": "o", "cached": true, "petName": "n", "id": 3}"#;
    let pet: Pet = serde_json::from_str(text).unwrap();
    let (id, name, owner) = (pet.id, pet.name.as_deref(), pet.owner.as_deref());
    assert_eq!(
        (id, name, owner, pet.cached),
        (3, Some("n"), Some("o"), false)
    );
    // Names with escapes are not borrowed from the text.
    let pet: Pet = serde_json::from_str(r#"{"\u0069d": 4, "owner": "o"}"#).unwrap();
    assert_eq!(pet.id, 4);
    let pet: Pet = serde_json::from_reader(text.as_bytes()).unwrap();
    assert_eq!(pet.id, 3);
}

#[test]
fn errors_name_the_property() {
    for (value, expected) in [
        (json!({"owner": null}), "missing field `id`"),
        (json!({"id": 1}), "missing field `owner`"),
        (
            json!({"id": null, "owner": null}),
            "invalid type: null, expected i64",
        ),
        (
            json!({"id": 1, "owner": 2}),
            "invalid type: integer `2`, expected a string",
        ),
        (
            json!([1, "n", "o"]),
            "invalid type: sequence, expected an object",
        ),
        (
            json!("text"),
            "invalid type: string \"text\", expected an object",
        ),
        (json!(null), "invalid type: null, expected an object"),
    ] {
        assert_eq!(read(value).unwrap_err(), expected);
    }
    for (text, property) in [
        (r#"{"id": 1, "id": 2, "owner": null}"#, "id"),
        (r#"{"id": 1, "owner": null, "owner": null}"#, "owner"),
        (r#"{"id": 1, "petName": "a", "petName": "b"}"#, "petName"),
    ] {
        let error = serde_json::from_str::<Pet>(text).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("duplicate field `{property}`")),
            "{error}"
        );
    }
}

#[test]
fn a_map_has_all_other_properties() {
    #[derive(Debug, PartialEq, Object)]
    struct Counts {
        id: i64,
        #[object(other)]
        counts: HashMap<String, u8>,
    }
    let counts: Counts = serde_json::from_str(r#"{"a": 1, "id": 300, "b": 2}"#).unwrap();
    let expected: HashMap<String, u8> = [("a".to_owned(), 1), ("b".to_owned(), 2)].into();
    assert_eq!((counts.id, &counts.counts), (300, &expected));
    let written = serde_json::to_value(&counts).unwrap();
    assert_eq!(written, json!({"id": 300, "a": 1, "b": 2}));
    let error = serde_json::from_str::<Counts>(r#"{"id": 1, "a": 300}"#).unwrap_err();
    assert!(error.to_string().contains("expected u8"), "{error}");

    #[derive(Debug, PartialEq, Object)]
    struct Any {
        #[object(other)]
        all: Map<String, Value>,
    }
    let any: Any = serde_json::from_str(r#"{"a": null, "b": [1]}"#).unwrap();
    assert_eq!(
        serde_json::to_value(&any).unwrap(),
        json!({"a": null, "b": [1]})
    );

    #[derive(Debug, PartialEq, Object)]
    struct Sorted {
        #[object(other)]
        all: BTreeMap<String, i64>,
    }
    let sorted: Sorted = serde_json::from_str(r#"{"b": 1, "a": 2}"#).unwrap();
    assert_eq!(serde_json::to_string(&sorted).unwrap(), r#"{"a":2,"b":1}"#);
}

#[test]
fn fields_have_any_name_and_objects_can_be_empty() {
    #[derive(Debug, Default, PartialEq, Object)]
    struct Names {
        reader: i64,
        property: Option<i64>,
        serializer: Option<i64>,
        value_0: Option<i64>,
        others: Option<i64>,
        #[object(name = "")]
        empty: Option<i64>,
    }
    let text = r#"{"reader":1,"property":2,"serializer":3,"value_0":4,"others":5,"":6}"#;
    let names: Names = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&names).unwrap(), text);

    #[derive(Debug, PartialEq, Object)]
    struct Empty {}
    assert_eq!(
        serde_json::from_str::<Empty>(r#"{"a": 1}"#).unwrap(),
        Empty {}
    );
    assert_eq!(serde_json::to_string(&Empty {}).unwrap(), "{}");
}

#[test]
fn objects_can_be_alternatives() {
    #[derive(Debug, PartialEq, Object)]
    struct Cat {
        lives: i64,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(untagged)]
    enum Animal {
        Cat(Cat),
        Pet(Box<Pet>),
        Names(Vec<String>),
    }
    let animal = |value: Value| serde_json::from_value::<Animal>(value).unwrap();
    assert_eq!(animal(json!({"lives": 9})), Animal::Cat(Cat { lives: 9 }));
    assert!(matches!(
        animal(json!({"id": 1, "owner": null})),
        Animal::Pet(_)
    ));
    // An array is never an object.
    assert_eq!(animal(json!(["9"])), Animal::Names(vec!["9".to_owned()]));
}

#[test]
#[allow(deprecated, reason = "the deprecated field has a setter too")]
fn setters_take_values() {
    /// A search.
    #[derive(Clone, Debug, Default, PartialEq, Object)]
    #[object(setters)]
    struct Search {
        limit: Option<i64>,
        r#type: Option<String>,
        #[object(nullable)]
        owner: Option<Option<String>>,
        #[object(required)]
        state: Option<bool>,
        tags: Option<Vec<String>>,
        nested: Option<Box<Search>>,
        text: String,
        #[deprecated]
        old: Option<u64>,
    }
    let inner = Search::default().with_limit(1);
    let search = Search::default()
        .with_limit(5)
        .with_type("book")
        .with_owner(None)
        .with_state(true)
        .with_tags(["a".to_owned()])
        .with_nested(inner.clone());
    let search = search.with_old(7);
    assert_eq!(
        serde_json::to_value(&search).unwrap(),
        json!({
            "limit": 5, "type": "book", "owner": null, "state": true, "tags": ["a"],
            "nested": inner, "text": "", "old": 7,
        })
    );
}
