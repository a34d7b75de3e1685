use super::*;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Outer {
    #[serde(rename = "a/b~c")]
    list: Vec<Option<f64>>,
    #[serde(flatten)]
    rest: BTreeMap<u8, Kind>,
}

#[derive(Serialize)]
enum Kind {
    Unit,
    Newtype(f32),
    Tuple(u8, f64),
    Struct { value: f64 },
}

#[derive(Serialize)]
#[serde(tag = "type")]
enum Tagged {
    Of(Inner),
}

#[derive(Serialize)]
#[serde(untagged)]
enum Either {
    One(Tagged),
}

#[derive(Serialize)]
struct Inner {
    items: (f64,),
}

fn outer(number: Option<f64>, kind: Kind) -> Outer {
    Outer {
        list: vec![Some(1.5), None, number],
        rest: BTreeMap::from([(7, kind)]),
    }
}

/// Returns the message of both functions.
fn error(value: &impl Serialize) -> String {
    let error = to_vec(value).unwrap_err();
    assert_eq!(to_value(value).unwrap_err(), error);
    error
}

#[test]
fn rejects_numbers_that_are_not_finite_with_their_location() {
    assert_eq!(error(&f64::NAN), "NaN is not a finite number");
    assert_eq!(error(&[f32::INFINITY]), "`/0`: inf is not a finite number");
    for (value, pointer) in [
        (outer(Some(f64::NAN), Kind::Unit), "/a~1b~0c/2"),
        (outer(None, Kind::Newtype(f32::NAN)), "/7/Newtype"),
        (outer(None, Kind::Tuple(0, f64::NAN)), "/7/Tuple/1"),
        (
            outer(None, Kind::Struct { value: f64::NAN }),
            "/7/Struct/value",
        ),
    ] {
        assert_eq!(
            error(&value),
            format!("`{pointer}`: NaN is not a finite number")
        );
    }
    let items = (f64::NEG_INFINITY,);
    assert_eq!(
        error(&Either::One(Tagged::Of(Inner { items }))),
        "`/items/0`: -inf is not a finite number"
    );
}

#[track_caller]
fn assert_same_as_serde_json(value: &impl Serialize) {
    let text = String::from_utf8(to_vec(value).unwrap()).unwrap();
    assert_eq!(text, serde_json::to_string(value).unwrap());
    assert_eq!(
        to_value(value).unwrap(),
        serde_json::to_value(value).unwrap()
    );
}

#[test]
fn serializes_other_values_as_serde_json_does() {
    let items = (1e300,);
    assert_same_as_serde_json(&outer(Some(-0.0), Kind::Tuple(0, 0.1)));
    assert_same_as_serde_json(&outer(None, Kind::Newtype(0.1)));
    assert_same_as_serde_json(&outer(None, Kind::Struct { value: f64::MAX }));
    assert_same_as_serde_json(&outer(None, Kind::Unit));
    assert_same_as_serde_json(&Either::One(Tagged::Of(Inner { items })));
    assert_same_as_serde_json(&(u64::MAX, i128::from(i64::MIN), 'c', "text", (), Some(true)));
    assert_same_as_serde_json(&serde_json::json!({"a": [null, 1, -1.5, {"b": ""}]}));
}
