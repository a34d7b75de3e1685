//! Tests of unions whose alternatives read each other's values.

use gallery_runtime::{Object, ReadClosest};

#[derive(Clone, Debug, PartialEq, Object)]
struct Template {
    target: Option<String>,
    template: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Object)]
struct Inner {
    text: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Object)]
struct Pattern {
    target: Option<String>,
    regex: Option<String>,
    inner: Option<Vec<Inner>>,
}

#[derive(Clone, Debug, PartialEq, ReadClosest, serde::Serialize)]
#[serde(untagged)]
enum Extraction {
    Template(Box<Template>),
    Pattern(Pattern),
    #[serde(skip)]
    #[allow(dead_code, reason = "no value is read as it")]
    Any(serde_json::Value),
}

fn variant(text: &str) -> String {
    match serde_json::from_str::<Extraction>(text) {
        Ok(Extraction::Template(_)) => "template".to_owned(),
        Ok(Extraction::Pattern(_)) => "pattern".to_owned(),
        Ok(Extraction::Any(_)) => "any".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_alternative_that_loses_the_fewest_properties_is_read() {
    for (text, expected) in [
        (r#"{"target": "a", "regex": "b"}"#, "pattern"),
        (r#"{"target": "a", "template": "b"}"#, "template"),
        // Both alternatives keep the whole value.
        (r#"{"target": "a", "regex": null}"#, "template"),
        // A property that the document does not mention is lost by both.
        (r#"{"new": 1, "regex": "b"}"#, "pattern"),
        (r#"{"new": 1}"#, "template"),
        (
            r#"{"template": "a", "inner": [{"text": "b"}], "regex": "c"}"#,
            "pattern",
        ),
        (r#"{"template": 7, "regex": "b"}"#, "pattern"),
    ] {
        assert_eq!(variant(text), expected, "{text}");
    }
}

#[test]
fn a_value_of_no_alternative_is_an_error_with_all_reasons() {
    assert_eq!(
        variant(r#"{"target": 7}"#),
        "no alternative: `Template`: invalid type: integer `7`, expected a string; `Pattern`: \
         invalid type: integer `7`, expected a string"
    );
}

#[derive(Clone, Debug, PartialEq, Object)]
struct Left {
    child: Option<Box<Tree>>,
    left: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Object)]
struct Right {
    child: Option<Box<Tree>>,
    right: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, ReadClosest, serde::Serialize)]
#[serde(untagged)]
enum Tree {
    Left(Left),
    Right(Right),
}

/// Each level of the value has a property that both alternatives lose, so that both are tried.
#[test]
fn a_deep_value_of_a_recursive_union_is_read() {
    let deep = |depth: usize, inner: &str| {
        let (open, close) = (r#"{"new": 1, "child": "#.repeat(depth), "}".repeat(depth));
        format!("{open}{inner}{close}")
    };
    let inner = r#"{"right": 7}"#;
    let tree: Tree = serde_json::from_str(&deep(3, inner)).unwrap();
    let kept = serde_json::to_string(&tree).unwrap();
    assert_eq!(kept, r#"{"child":{"child":{"child":{"right":7}}}}"#);
    assert!(serde_json::from_str::<Tree>(&deep(100, inner)).is_ok());
    // No alternative reads the innermost value.
    assert!(serde_json::from_str::<Tree>(&deep(100, "7")).is_err());
}
