//! Inheritance by `allOf`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::shape::{ALTERNATIVES, reference_of};
use crate::reference::schema_name;

/// The schemas that have another schema in their `allOf`, by the name of that schema.
#[derive(Default)]
pub(super) struct Children<'d>(BTreeMap<String, Vec<&'d str>>);

impl<'d> Children<'d> {
    /// Reads the component schemas of a document, which is not in normal form.
    pub(super) fn read(schemas: Option<&'d Map<String, Value>>) -> Children<'d> {
        let mut children: BTreeMap<String, Vec<&'d str>> = BTreeMap::new();
        for (name, schema) in schemas.into_iter().flatten() {
            let parts = schema.get("allOf").and_then(Value::as_array);
            let parents = parts.into_iter().flatten().filter_map(reference_of);
            for parent in parents.filter_map(schema_name) {
                children.entry(parent).or_default().push(name);
            }
        }
        Children(children)
    }

    /// Returns the schemas that inherit from a schema, directly or not. Returns `None` without such
    /// schemas, or if there are more than 500.
    pub(super) fn of(&self, name: &str) -> Option<BTreeSet<&'d str>> {
        let mut found = BTreeSet::new();
        let mut rest: Vec<&str> = vec![name];
        while let Some(parent) = rest.pop() {
            for child in self.0.get(parent).into_iter().flatten() {
                if *child != name && found.insert(*child) {
                    rest.push(child);
                }
            }
            if found.len() > ALTERNATIVES {
                return None;
            }
        }
        (!found.is_empty()).then_some(found)
    }
}
