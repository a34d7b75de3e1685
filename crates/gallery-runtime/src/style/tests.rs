use serde::Serialize;
use serde_json::json;

use super::*;
use crate::description::Parameter;
use crate::json;

/// Returns the text that `write` appends.
fn written(
    write: impl FnOnce(&mut String) -> Result<bool, InvalidArgument>,
) -> Result<String, InvalidArgument> {
    let mut out = String::new();
    write(&mut out).map(|_| out)
}

fn path<T: Serialize + ?Sized>(
    name: &'static str,
    style: Style,
    explode: bool,
    value: &T,
) -> Result<String, InvalidArgument> {
    let parameter = Parameter::path(name).style(style, explode);
    written(|out| parameter.encode(out, value))
}

fn pairs<T: Serialize + ?Sized>(
    name: &'static str,
    style: Style,
    explode: bool,
    value: &T,
) -> Result<String, InvalidArgument> {
    let parameter = Parameter::query(name).style(style, explode);
    let pairs = written(|out| parameter.encode(out, value))?;
    Ok(pairs.strip_prefix('&').unwrap_or(&pairs).to_owned())
}

fn header<T: Serialize + ?Sized>(
    style: Style,
    explode: bool,
    value: &T,
) -> Result<Option<String>, InvalidArgument> {
    let mut out = String::new();
    let parameter = Parameter::header("n").style(style, explode);
    let is_sent = parameter.encode(&mut out, value)?;
    Ok(is_sent.then_some(out))
}

#[test]
fn formats_path_parameters() {
    let (list, map) = (json!(["blue", "black"]), json!({"G": 2, "R": 1}));
    for (style, explode, scalar, of_list, of_map) in [
        (Style::Simple, false, "blue", "blue,black", "G,2,R,1"),
        (Style::Simple, true, "blue", "blue,black", "G=2,R=1"),
        (Style::Label, false, ".blue", ".blue,black", ".G,2,R,1"),
        (Style::Label, true, ".blue", ".blue.black", ".G=2.R=1"),
        (
            Style::Matrix,
            false,
            ";c=blue",
            ";c=blue,black",
            ";c=G,2,R,1",
        ),
        (
            Style::Matrix,
            true,
            ";c=blue",
            ";c=blue;c=black",
            ";G=2;R=1",
        ),
    ] {
        let sent = |value: &Value| path("c", style, explode, value).unwrap();
        assert_eq!(
            (sent(&json!("blue")), sent(&list), sent(&map)),
            (scalar.into(), of_list.into(), of_map.into())
        );
    }
}

#[test]
fn encodes_delimiters_in_paths() {
    for (value, segment) in [
        ("abc-DEF_0.9~", "abc-DEF_0.9~"),
        ("a/b", "a%2Fb"),
        ("a\\b", "a%5Cb"),
        ("a%2Fb", "a%252Fb"),
        ("../x", "..%2Fx"),
        ("...", "..."),
        ("a b\t\n", "a%20b%09%0A"),
        ("ü", "%C3%BC"),
        ("?#;=+,", "%3F%23%3B%3D%2B%2C"),
    ] {
        assert_eq!(
            path("id", Style::Simple, false, value).as_deref(),
            Ok(segment)
        );
        let url = url::Url::parse(&format!("http://host/a/{segment}/b")).unwrap();
        assert_eq!(
            url.path(),
            format!("/a/{segment}/b"),
            "the URL parser must not change it"
        );
    }
}

#[test]
fn rejects_values_that_change_the_path() {
    for value in [
        json!(""),
        json!("."),
        json!(".."),
        json!(null),
        json!([]),
        json!({}),
    ] {
        assert!(path("id", Style::Simple, false, &value).is_err(), "{value}");
        assert!(path("id", Style::Label, true, &value).is_err(), "{value}");
    }
    assert!(path("id", Style::Simple, false, &[".."]).is_err());
    assert_eq!(
        path("team_id", Style::Simple, false, "..")
            .unwrap_err()
            .to_string(),
        "path argument `team_id` cannot be \"..\": it would change the path"
    );
}

#[test]
fn sends_slashes_between_segments() {
    let parameter = Parameter::path("name").with_slashes();
    let segments = |value: &Value| written(|out| parameter.encode(out, value));
    for (value, sent) in [
        ("projects/p/keys/k", "projects/p/keys/k"),
        ("one", "one"),
        ("a b/%2F/..x/?#", "a%20b/%252F/..x/%3F%23"),
    ] {
        assert_eq!(segments(&json!(value)).unwrap(), sent);
    }
    assert_eq!(segments(&json!(7)).unwrap(), "7");
    for value in [
        "", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "a/.", "./a",
    ] {
        assert!(segments(&json!(value)).is_err(), "{value}");
    }
    for value in [json!(null), json!(["a"]), json!({"a": "b"})] {
        assert!(segments(&value).is_err(), "{value}");
    }
    assert_eq!(
        segments(&json!("a/../b")).unwrap_err().to_string(),
        "path argument `name` cannot be \"a/../b\": its segment \"..\" would change the path"
    );
}

#[test]
fn numbers_the_keys_of_lists() {
    let sent = |value: Value| pairs("Filter.{n}", Style::Numbered, true, &value);
    assert_eq!(
        sent(json!(["a", "b&", 3])).unwrap(),
        "Filter.1=a&Filter.2=b%26&Filter.3=3"
    );
    assert_eq!(sent(json!([])).unwrap(), "");
    assert_eq!(sent(json!(null)).unwrap(), "");
    assert_eq!(
        pairs("f[{n}].x", Style::Numbered, true, &["a"]).unwrap(),
        "f%5B1%5D.x=a"
    );
    assert_eq!(
        sent(json!("a")).unwrap_err().to_string(),
        "argument `Filter.{n}` must be a list"
    );
    assert!(sent(json!([["a"]])).is_err());
}

#[test]
fn formats_query_parameters() {
    let (list, map) = (json!(["blue", "bl&ck,"]), json!({"G": 2, "R": 1}));
    for (style, explode, of_list, of_map) in [
        (Style::Form, true, "c=blue&c=bl%26ck%2C", "G=2&R=1"),
        (Style::Form, false, "c=blue,bl%26ck%2C", "c=G,2,R,1"),
        (
            Style::SpaceDelimited,
            false,
            "c=blue%20bl%26ck%2C",
            "c=G%202%20R%201",
        ),
        (
            Style::PipeDelimited,
            false,
            "c=blue%7Cbl%26ck%2C",
            "c=G%7C2%7CR%7C1",
        ),
        (
            Style::Json,
            false,
            "c=%5B%22blue%22%2C%22bl%26ck%2C%22%5D",
            "c=%7B%22G%22%3A2%2C%22R%22%3A1%7D",
        ),
    ] {
        assert_eq!(pairs("c", style, explode, &list).unwrap(), of_list);
        assert_eq!(pairs("c", style, explode, &map).unwrap(), of_map);
        for nothing in [json!(null), json!([])] {
            let expected = if style == Style::Json && nothing.is_array() {
                "c=%5B%5D"
            } else {
                ""
            };
            assert_eq!(pairs("c", style, explode, &nothing).unwrap(), expected);
        }
    }
    assert_eq!(
        pairs("c", Style::DeepObject, true, &map).unwrap(),
        "c%5BG%5D=2&c%5BR%5D=1"
    );
    let nested = json!({"a": {"b": 1, "c": null}, "list": ["x", {"d": true}], "none": []});
    assert_eq!(
        pairs("c", Style::DeepObject, true, &nested).unwrap(),
        "c%5Ba%5D%5Bb%5D=1&c%5Blist%5D%5B0%5D=x&c%5Blist%5D%5B1%5D%5Bd%5D=true"
    );
    assert_eq!(
        pairs("c", Style::DeepObject, true, &json!("x")).unwrap(),
        "c=x"
    );
    assert_eq!(
        pairs("c", Style::Form, true, &9_007_199_254_740_993_i64).unwrap(),
        "c=9007199254740993"
    );
}

#[test]
fn rejects_values_that_a_style_cannot_represent() {
    assert!(pairs("q", Style::Form, true, &json!([[1]])).is_err());
    assert_eq!(
        pairs("q", Style::PipeDelimited, false, &json!(["a|b"]))
            .unwrap_err()
            .to_string(),
        "argument `q`: \"a|b\" contains the delimiter '|'"
    );
    assert!(pairs("q", Style::SpaceDelimited, false, &json!({"a b": 1})).is_err());
    assert!(header(Style::Simple, false, &json!(["a,b"])).is_err());
}

#[test]
fn formats_headers_and_cookies() {
    let formatted = |value: Value| header(Style::Simple, false, &value).unwrap();
    assert_eq!(formatted(json!(["a", 1])).as_deref(), Some("a,1"));
    assert_eq!(formatted(json!("a, b")).as_deref(), Some("a, b"));
    assert_eq!(
        header(Style::Simple, true, &json!({"a": 1, "b": 2}))
            .unwrap()
            .as_deref(),
        Some("a=1,b=2")
    );
    assert_eq!((formatted(json!(null)), formatted(json!([]))), (None, None));
    let mut cookies = String::new();
    for value in [
        json!("a;b"),
        json!(null),
        json!(["a", "b"]),
        json!([]),
        json!({"a": 1, "b": null}),
        json!({}),
        json!({"b": null}),
    ] {
        Parameter::cookie("s").encode(&mut cookies, &value).unwrap();
    }
    assert_eq!(cookies, "; s=a%3Bb; s=a,b; s=a,1");
}

#[test]
fn rejects_numbers_that_are_not_finite() {
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let message =
            format!("argument `n`: cannot serialize the value: {number} is not a finite number");
        let mut text = String::new();
        for result in [
            path("n", Style::Simple, false, &number).map(|_| ()),
            path("n", Style::Matrix, true, &Some(number)).map(|_| ()),
            pairs("n", Style::Form, true, &number).map(|_| ()),
            pairs("n", Style::Json, true, &number).map(|_| ()),
            header(Style::Simple, false, &number).map(|_| ()),
            Parameter::cookie("n")
                .encode(&mut text, &number)
                .map(|_| ()),
        ] {
            assert_eq!(result.unwrap_err().to_string(), message);
        }
        assert_eq!(text, "");
    }
    assert_eq!(
        pairs("n", Style::Form, false, &[0.5, f64::NAN])
            .unwrap_err()
            .to_string(),
        "argument `n`: cannot serialize the value: `/1`: NaN is not a finite number"
    );
}

#[test]
fn scalars_are_encoded_as_their_json_is() {
    fn check<T: Serialize>(value: T) {
        let mut parameters = vec![
            Parameter::path("n").with_slashes(),
            Parameter::header("n"),
            Parameter::cookie("n"),
        ];
        for style in [Style::Simple, Style::Label, Style::Matrix] {
            parameters.push(Parameter::path("n").style(style, true));
        }
        for style in [
            Style::Form,
            Style::SpaceDelimited,
            Style::PipeDelimited,
            Style::DeepObject,
            Style::Numbered,
            Style::Json,
        ] {
            parameters.push(Parameter::query("n").style(style, false));
        }
        for parameter in parameters {
            let (mut one, mut other) = (String::new(), String::new());
            assert_eq!(
                parameter.encode(&mut one, &value),
                parameter.encode_json(&mut other, json::to_value(&value))
            );
            assert_eq!(one, other);
        }
    }

    check("a b|c");
    check("..");
    check("");
    check('ü');
    check(false);
    check(i64::MIN);
    check(u8::MAX);
    check(0.1_f32);
    check(Some(1.0));
    check(u128::MAX);
    check(None::<u8>);
    check(["a"]);
}
