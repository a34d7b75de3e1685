//! Changes parts of a JSON body.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

/// An object whose values are kept as they were written, such as long numbers.
type Object = BTreeMap<String, Box<RawValue>>;

/// Returns the body with another value at a JSON pointer. Objects on the way are added. `body` is
/// empty if the call has none.
pub(crate) fn with_part(body: &[u8], pointer: &str, value: &Value) -> Result<Vec<u8>, String> {
    let segments = segments(pointer);
    let body = if body.is_empty() {
        None
    } else {
        Some(serde_json::from_slice(body).map_err(|error| error.to_string())?)
    };
    let changed = with_raw_part(body, &segments, value);
    changed
        .map(|body| Box::<str>::from(body).into_string().into_bytes())
        .map_err(|error| format!("the body has no place for `{pointer}`: {error}"))
}

fn with_raw_part(
    body: Option<&RawValue>,
    segments: &[String],
    value: &Value,
) -> Result<Box<RawValue>, serde_json::Error> {
    let Some((name, rest)) = segments.split_first() else {
        return serde_json::value::to_raw_value(value);
    };
    let mut object = match body.map(RawValue::get) {
        None | Some("null") => Object::new(),
        Some(text) => serde_json::from_str(text)?,
    };
    let part = with_raw_part(object.get(name).map(AsRef::as_ref), rest, value)?;
    object.insert(name.clone(), part);
    serde_json::value::to_raw_value(&object)
}

/// Returns the text or the number at a JSON pointer of a body.
pub(crate) fn part(body: &[u8], pointer: &str) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    match body.pointer(pointer)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Returns the segments of a JSON pointer.
pub(crate) fn segments(pointer: &str) -> Vec<String> {
    let segments = pointer.split('/').skip(1);
    segments
        .map(|segment| segment.replace("~1", "/").replace("~0", "~"))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn changed(body: &str, pointer: &str) -> Result<String, String> {
        let bytes = with_part(body.as_bytes(), pointer, &json!("c"))?;
        Ok(String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn sets_a_part_and_keeps_all_others() {
        for (body, pointer, expected) in [
            ("", "/start", r#"{"start":"c"}"#),
            ("null", "/start", r#"{"start":"c"}"#),
            (r#"{"start":1}"#, "/start", r#"{"start":"c"}"#),
            (
                r#"{"id": 12345678901234567890123, "a": {"b": [1.0, null]}}"#,
                "/start",
                r#"{"a":{"b": [1.0, null]},"id":12345678901234567890123,"start":"c"}"#,
            ),
            (
                r#"{"page":{"size":5}}"#,
                "/page/after",
                r#"{"page":{"after":"c","size":5}}"#,
            ),
            ("{}", "/page/a~1b", r#"{"page":{"a/b":"c"}}"#),
        ] {
            assert_eq!(changed(body, pointer).unwrap(), expected);
        }
    }

    #[test]
    fn rejects_a_body_that_is_not_an_object() {
        let error = changed("[1]", "/start").unwrap_err();
        assert!(error.starts_with("the body has no place for `/start`: invalid type"));
        assert!(changed(r#"{"page":1}"#, "/page/after").is_err());
    }

    #[test]
    fn reads_a_part() {
        let body = br#"{"page":{"after":"x","number":3,"list":[]}}"#;
        assert_eq!(part(body, "/page/after").as_deref(), Some("x"));
        assert_eq!(part(body, "/page/number").as_deref(), Some("3"));
        assert_eq!(part(body, "/page/list"), None);
        assert_eq!(part(b"", "/page"), None);
    }
}
