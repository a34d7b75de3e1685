//! Finds schemas that inherit from another schema through `allOf`.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::Value;

use crate::document::Document;

const PREFIX: &str = "#/components/schemas/";

/// The names and the children of the schemas of a document.
#[derive(Default)]
pub(crate) struct Inheritance<'d> {
    /// The names of schemas in normal form, by address.
    names: HashMap<usize, &'d str>,
    /// The schemas that have a schema in their `allOf`, by its name.
    children: HashMap<&'d str, Vec<&'d str>>,
    /// The schemas that have a discriminator.
    discriminated: HashSet<&'d str>,
}

impl<'d> Inheritance<'d> {
    pub(crate) fn new(document: &'d Document) -> Inheritance<'d> {
        let mut inheritance = Inheritance::default();
        for (name, schema) in schemas(document.normal_form().document()) {
            let address = std::ptr::from_ref(schema) as usize;
            inheritance.names.insert(address, name);
        }
        for (name, schema) in schemas(document.value()) {
            if schema.get("discriminator").is_some() {
                inheritance.discriminated.insert(name);
            }
            let parts = schema.get("allOf").and_then(Value::as_array);
            for part in parts.into_iter().flatten() {
                let reference = part.get("$ref").and_then(Value::as_str);
                if let Some(parent) = reference.and_then(|text| text.strip_prefix(PREFIX)) {
                    inheritance.children.entry(parent).or_default().push(name);
                }
            }
        }
        inheritance
    }

    /// Returns the name of a schema.
    pub(crate) fn name(&self, address: usize) -> Option<&'d str> {
        self.names.get(&address).copied()
    }

    /// Returns the names of the schemas that inherit from a schema, directly or not.
    ///
    /// Leaves out schemas below another schema with a discriminator: that one selects them. So a
    /// chain of schemas with discriminators takes linear time.
    pub(crate) fn selected_by(&self, name: &'d str) -> BTreeSet<&'d str> {
        let mut selected = BTreeSet::new();
        let mut open = vec![name];
        while let Some(parent) = open.pop() {
            for child in self.children.get(parent).into_iter().flatten() {
                let is_new = *child != name && selected.insert(*child);
                if is_new && !self.discriminated.contains(child) {
                    open.push(child);
                }
            }
        }
        selected
    }
}

/// Returns the named schemas of a document.
pub(crate) fn schemas(document: &Value) -> impl Iterator<Item = (&str, &Value)> {
    document
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, schema)| (name.as_str(), schema))
}
