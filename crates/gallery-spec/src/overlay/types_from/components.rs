//! The components that actions refer to.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

/// The components that the actions refer to.
#[derive(Default)]
pub(super) struct Reachable {
    pub(super) references: BTreeSet<String>,
    pub(super) queue: Vec<String>,
}

impl Reachable {
    /// Adds all references in a value.
    pub(super) fn add(&mut self, value: &Value) {
        let mut values = vec![value];
        while let Some(value) = values.pop() {
            match value {
                Value::Object(map) => {
                    if let Some(Value::String(reference)) = map.get("$ref") {
                        self.add_reference(reference);
                    }
                    if let Some(Value::Object(mapping)) = value.pointer("/discriminator/mapping") {
                        let targets = mapping.values().filter_map(Value::as_str);
                        targets.for_each(|target| self.add_reference(target));
                    }
                    values.extend(map.values());
                }
                Value::Array(items) => values.extend(items),
                _ => {}
            }
        }
    }

    fn add_reference(&mut self, reference: &str) {
        if reference.starts_with("#/components/") && self.references.insert(reference.to_owned()) {
            self.queue.push(reference.to_owned());
        }
    }
}

/// Returns the action on the document: components, and the security requirements of the document.
pub(super) fn document_action(own: &Value, other: &Value, mut wanted: Reachable) -> Option<Value> {
    let mut components: Map<String, Value> = Map::new();
    while let Some(reference) = wanted.queue.pop() {
        let part = reference["#/components/".len()..].split_once('/');
        let (Some(value), Some((kind, name))) = (other.pointer(&reference[1..]), part) else {
            continue;
        };
        let is_own = own.pointer(&reference[1..]).is_some();
        if !is_own {
            wanted.add(value);
            let kind = components.entry(kind).or_insert_with(|| json!({}));
            kind[openapi_text::pointer::unescape(name).as_str()] = value.clone();
        }
    }
    let mut update = Map::new();
    for (key, has) in [
        ("security", own.get("security").is_some()),
        (
            "securitySchemes",
            own.pointer("/components/securitySchemes").is_some(),
        ),
    ] {
        let value = match key {
            "security" => other.get(key),
            _ => other
                .get("components")
                .and_then(|components| components.get(key)),
        };
        if let (Some(value), false) = (value, has) {
            match key {
                "security" => _ = update.insert(key.to_owned(), value.clone()),
                _ => _ = components.insert(key.to_owned(), value.clone()),
            }
        }
    }
    if !components.is_empty() {
        // Maps of a document have their own order; a draft is easier to compare if it is sorted.
        let sorted: BTreeMap<String, BTreeMap<String, Value>> = components
            .into_iter()
            .map(|(kind, items)| {
                let items = items.as_object().cloned().unwrap_or_default();
                (kind, items.into_iter().collect())
            })
            .collect();
        update.insert("components".to_owned(), json!(sorted));
    }
    (!update.is_empty()).then(|| json!({"target": "$", "update": update}))
}
