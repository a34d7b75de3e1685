//! Query parameters. Takes a name and a value, gives the name-value pairs that OpenAPI's `form` style with `explode` sends.

use serde::ser::{Error as _, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// One query parameter, to be given to [`reqwest::RequestBuilder::query`]: absent values send nothing, lists one pair an item,
/// objects one pair a property.
#[derive(Clone, Copy, Debug)]
pub struct QueryParam<'a, T> {
    name: &'a str,
    value: &'a T,
}

impl<'a, T: Serialize> QueryParam<'a, T> {
    /// A parameter `name` with `value`.
    pub fn new(name: &'a str, value: &'a T) -> Self {
        QueryParam { name, value }
    }
}

impl<T: Serialize> Serialize for QueryParam<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = serde_json::to_value(self.value).map_err(S::Error::custom)?;
        let mut pairs = serializer.serialize_seq(None)?;
        match &value {
            Value::Null => {}
            Value::Array(items) => {
                for item in items {
                    pairs.serialize_element(&(self.name, scalar(item)?))?;
                }
            }
            Value::Object(map) => {
                for (key, item) in map {
                    pairs.serialize_element(&(key, scalar(item)?))?;
                }
            }
            Value::Bool(_) | Value::Number(_) | Value::String(_) => pairs.serialize_element(&(self.name, scalar(&value)?))?,
        }
        pairs.end()
    }
}

fn scalar<E: serde::ser::Error>(value: &Value) -> Result<String, E> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        Value::Null => Ok(String::new()),
        Value::Array(_) | Value::Object(_) => Err(E::custom("a list or object inside another cannot be a query parameter")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sent(value: &Value) -> String {
        let request = reqwest::Client::new().get("http://host/").query(&QueryParam::new("q", value)).build().unwrap();
        request.url().query().unwrap_or_default().to_owned()
    }

    #[test]
    fn values_are_sent_in_form_style() {
        for (value, query) in [
            (json!(null), ""),
            (json!("a b&c=d"), "q=a+b%26c%3Dd"),
            (json!(""), "q="),
            (json!(9007199254740993_i64), "q=9007199254740993"),
            (json!(true), "q=true"),
            (json!(["a", 1]), "q=a&q=1"),
            (json!([]), ""),
            (json!({"a": 1, "b": "x"}), "a=1&b=x"),
        ] {
            assert_eq!(sent(&value), query, "{value}");
        }
    }

    #[test]
    fn what_the_style_cannot_say_is_an_error() {
        let nested = json!([[1]]);
        assert!(reqwest::Client::new().get("http://host/").query(&QueryParam::new("q", &nested)).build().is_err());
    }
}
