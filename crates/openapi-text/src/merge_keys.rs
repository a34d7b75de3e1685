//! Applies the merge keys of YAML.

use serde_json::{Map, Value};

/// The key whose value is merged into its mapping: <https://yaml.org/type/merge.html>.
const MERGE_KEY: &str = "<<";

/// Applies the merge keys of a document with this text.
pub(crate) fn apply(text: &str, value: &mut Value) {
    if text.contains(MERGE_KEY) {
        apply_to(value);
    }
}

/// Replaces merge keys by the entries of the mappings that they name. Entries of the mapping itself
/// have precedence, then those of mappings that come first.
fn apply_to(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(apply_to),
        Value::Object(map) => {
            map.values_mut().for_each(apply_to);
            let is_merge = map.get(MERGE_KEY).is_some_and(|value| match value {
                Value::Array(others) => others.iter().all(Value::is_object),
                value => value.is_object(),
            });
            if !is_merge {
                return;
            }
            let merged = match map.remove(MERGE_KEY) {
                Some(Value::Array(others)) => others,
                other => other.into_iter().collect(),
            };
            for (key, value) in merged.into_iter().filter_map(entries).flatten() {
                map.entry(key).or_insert(value);
            }
        }
        _ => {}
    }
}

fn entries(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(map) => Some(map),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::{Diagnostics, yaml};

    #[test]
    fn applies_merge_keys() {
        let text = "base: &base {a: 1, b: 2}\nother: &other {b: 3, c: 4}\none: {<<: *base, b: 5}\nboth: {<<: [*base, *other]}\nplain: {<<: text}\n";
        let value = yaml::parse("f", text.as_bytes(), &mut Diagnostics::default()).unwrap();
        assert_eq!(value["one"], serde_json::json!({"a": 1, "b": 5}));
        assert_eq!(value["both"], serde_json::json!({"a": 1, "b": 2, "c": 4}));
        assert_eq!(value["plain"], serde_json::json!({"<<": "text"}));
    }
}
