//! Changes parts of a JSON body.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// An object whose values are kept as they were written, such as long numbers, in their order.
///
/// A list, because the code of a map takes long to compile.
#[derive(Default)]
struct Object(Vec<(String, Box<RawValue>)>);

impl Object {
    /// Returns the value of a property. If there are several of this name, returns the last one.
    fn get(&self, name: &str) -> Option<&RawValue> {
        let found = self.0.iter().rfind(|(own, _)| own == name);
        found.map(|(_, value)| &**value)
    }

    /// Sets the value of a property, in place of all properties of this name.
    fn set(&mut self, name: String, value: Box<RawValue>) {
        let first = self.0.iter().position(|(own, _)| *own == name);
        self.0.retain(|(own, _)| *own != name);
        self.0.insert(first.unwrap_or(self.0.len()), (name, value));
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Object, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
        let mut object = Object::default();
        while let Some(entry) = map.next_entry()? {
            object.0.push(entry);
        }
        Ok(object)
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

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
        None | Some("null") => Object::default(),
        Some(text) => serde_json::from_str(text)?,
    };
    let part = with_raw_part(object.get(name), rest, value)?;
    object.set(name.clone(), part);
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
                r#"{"id":12345678901234567890123,"a":{"b": [1.0, null]},"start":"c"}"#,
            ),
            (
                r#"{"page":{"size":5}}"#,
                "/page/after",
                r#"{"page":{"size":5,"after":"c"}}"#,
            ),
            (
                r#"{"id":0,"start":1,"size":5,"start":2}"#,
                "/start",
                r#"{"id":0,"start":"c","size":5}"#,
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
