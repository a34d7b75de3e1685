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
            let merged: Vec<Map<String, Value>> = match map.get(MERGE_KEY) {
                Some(Value::Object(other)) => vec![other.clone()],
                Some(Value::Array(others)) if others.iter().all(Value::is_object) => others
                    .iter()
                    .filter_map(Value::as_object)
                    .cloned()
                    .collect(),
                _ => return,
            };
            map.remove(MERGE_KEY);
            for (key, value) in merged.into_iter().flatten() {
                map.entry(key).or_insert(value);
            }
        }
        _ => {}
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
