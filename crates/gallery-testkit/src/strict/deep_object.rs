//! Parses the pairs of the style `deepObject`: `name[key]=value`, with any number of keys.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::read::{Reader, Shape, Unread};
use crate::sample;

/// The values below a key.
#[derive(Default)]
struct Tree {
    texts: Vec<String>,
    children: BTreeMap<String, Tree>,
}

impl Reader<'_> {
    /// Converts pairs to a value of a schema.
    pub(super) fn deep_object(
        &self,
        schema: &Value,
        pairs: Vec<(Vec<String>, String)>,
    ) -> Result<Value, Unread> {
        if pairs.is_empty() {
            return Err(Unread::Absent);
        }
        let mut root = Tree::default();
        for (keys, text) in pairs {
            let mut tree = &mut root;
            for key in keys {
                tree = tree.children.entry(key).or_default();
            }
            tree.texts.push(text);
        }
        self.of_tree(schema, root)
    }

    fn of_tree(&self, schema: &Value, tree: Tree) -> Result<Value, Unread> {
        let flat = sample::flat(self.validator.document, schema);
        match (tree.texts.as_slice(), tree.children.is_empty()) {
            ([text], true) => return Ok(self.scalar(schema, text)),
            ([], false) => {}
            _ => return Err(Unread::Wrong("has a key several times".to_owned())),
        }
        let is_list =
            (0..tree.children.len()).all(|at| tree.children.contains_key(&at.to_string()));
        let open = Value::Object(Map::new());
        if is_list && self.shape(schema, true) != Shape::Map {
            let inner = flat.get("items").unwrap_or(&open);
            let mut items: Vec<(usize, Tree)> = tree
                .children
                .into_iter()
                .filter_map(|(key, tree)| Some((key.parse().ok()?, tree)))
                .collect();
            items.sort_by_key(|(index, _)| *index);
            let items = items.into_iter().map(|(_, tree)| self.of_tree(inner, tree));
            return items.collect();
        }
        let of = |name: &str| {
            flat.get("properties")
                .and_then(|own| own.get(name))
                .or_else(|| flat.get("additionalProperties"))
        };
        let fields = tree.children.into_iter().map(|(name, tree)| {
            let value = self.of_tree(of(&name).unwrap_or(&open), tree)?;
            Ok((name, value))
        });
        Ok(Value::Object(fields.collect::<Result<Map<_, _>, _>>()?))
    }
}
