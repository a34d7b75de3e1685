//! Compares discriminators, and the schemas that only a discriminator reaches.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use crate::comparer::{Comparer, Work};
use crate::rules;
use crate::tree::{Node, Pair, Side};
use crate::usage::Use;
use crate::values::same_or_absent;

/// A discriminator value of one document.
#[derive(Clone, Copy)]
struct Selected<'d> {
    /// The place to report: the entry of the mapping, or the schema that has the value as its name.
    at: Node<'d>,
    /// The schema that the value selects.
    schema: Node<'d>,
}

impl<'d> Comparer<'d> {
    pub(super) fn discriminator(&mut self, pair: Pair<'d>, uses: Use) {
        let discriminator = self.map(pair, "discriminator", uses);
        match (
            discriminator.base.is_present(),
            discriminator.revision.is_present(),
        ) {
            (false, false) => return,
            (false, true) => return self.report(&rules::DISCRIMINATOR_ADDED, discriminator, uses),
            (true, false) => {
                return self.report(&rules::DISCRIMINATOR_REMOVED, discriminator, uses);
            }
            (true, true) => {}
        }
        let property = self.key(discriminator, "propertyName");
        if !same_or_absent(property.base.value, property.revision.value) {
            self.report(&rules::DISCRIMINATOR_PROPERTY_CHANGED, property, uses);
        }
        let mapping = self.map(discriminator, "mapping", uses);
        let before = selected(&mut self.base, pair.base, mapping.base);
        let after = selected(&mut self.revision, pair.revision, mapping.revision);
        self.values_of_discriminator(before, after, uses);
        self.others(discriminator, uses, &["propertyName", "mapping"]);
    }

    fn values_of_discriminator(
        &mut self,
        before: BTreeMap<&'d str, Selected<'d>>,
        mut after: BTreeMap<&'d str, Selected<'d>>,
        uses: Use,
    ) {
        let mut removed = Vec::new();
        for (value, old) in before {
            let Some(new) = after.remove(value) else {
                removed.push((value, old));
                continue;
            };
            let schemas = Pair {
                base: old.schema,
                revision: new.schema,
            };
            let at = Pair {
                base: old.at,
                revision: new.at,
            };
            let names = (
                name_of(&self.base, old.schema),
                name_of(&self.revision, new.schema),
            );
            if names.0 == names.1 || same_or_absent(old.schema.value, new.schema.value) {
                self.enqueue(Work::Schema, schemas, uses);
            } else {
                self.report(&rules::DISCRIMINATOR_VALUE_CHANGED, at, uses);
            }
        }
        let mut added: Vec<(&str, Selected<'d>)> = after.into_iter().collect();
        for (value, old) in removed {
            let renamed = added
                .iter()
                .position(|(_, new)| same_or_absent(old.schema.value, new.schema.value));
            match renamed {
                Some(at) => {
                    let (new_value, new) = added.remove(at);
                    let at = Pair {
                        base: old.at,
                        revision: new.at,
                    };
                    let rule = &rules::DISCRIMINATOR_VALUE_RENAMED;
                    let values = (Some(value.into()), Some(new_value.into()));
                    self.report_values(rule, at, uses, values.0, values.1);
                }
                None => {
                    let at = Pair {
                        base: old.at,
                        revision: old.at.absent(),
                    };
                    self.report(&rules::DISCRIMINATOR_VALUE_REMOVED, at, uses);
                }
            }
        }
        for (_, new) in added {
            let at = Pair {
                base: new.at.absent(),
                revision: new.at,
            };
            self.report(&rules::DISCRIMINATOR_VALUE_ADDED, at, uses);
        }
    }
}

/// Returns the values of a discriminator: the entries of its mapping, and the names of schemas that
/// inherit from the schema by `allOf` and that no entry selects. The normal form lists the
/// alternatives of `oneOf` and `anyOf` in the mapping.
fn selected<'d>(
    side: &mut Side<'d>,
    schema: Node<'d>,
    mapping: Node<'d>,
) -> BTreeMap<&'d str, Selected<'d>> {
    let mut values = BTreeMap::new();
    let mut names = HashSet::new();
    let keys: Vec<&str> = mapping.keys().collect();
    for value in keys {
        let at = side.key(mapping, value);
        let name = schema_name(at.value);
        names.insert(name);
        let schema = side.schema(name);
        values.insert(value, Selected { at, schema });
    }
    let has_alternatives = ["oneOf", "anyOf"]
        .iter()
        .any(|keyword| schema.get(keyword).is_some());
    if !has_alternatives {
        for child in side.children(schema) {
            if !names.contains(child) && !values.contains_key(child) {
                let at = side.schema(child);
                values.insert(child, Selected { at, schema: at });
            }
        }
    }
    values
}

fn name_of<'d>(side: &Side<'d>, schema: Node<'d>) -> Option<&'d str> {
    side.users.inheritance().name(schema.address())
}

/// Returns the schema of a mapping value, which is a name or a reference.
fn schema_name(value: Option<&Value>) -> &str {
    let text = value.and_then(Value::as_str).unwrap_or_default();
    text.strip_prefix("#/components/schemas/").unwrap_or(text)
}
