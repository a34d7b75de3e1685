//! Builds the normal form, schema by schema.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::bounds::make_inclusive;
use super::enums::add_type;
use super::part::{Content, Field, Fields, Origin, Origins, Part, size};

/// The maximum length of a chain of `allOf` references. Longer chains are not flattened.
pub(super) const MAX_CHAIN: usize = 64;

/// The maximum depth at which properties of the same name are merged. Recursive schemas have no
/// end.
pub(super) const MAX_DEPTH: usize = 16;

/// Builds the normal form of a document.
pub(super) struct Builder<'d> {
    pub(super) document: &'d Value,
    pub(super) origins: Origins<'d>,
    /// The normal forms of schemas, by address.
    pub(super) done: HashMap<*const Value, Part<'d>>,
    /// The schemas whose normal form is being built. A schema that contains itself is not changed.
    pub(super) active: HashSet<*const Value>,
    /// The flattened keywords of schemas that `allOf`s refer to, by address. `None` while they are
    /// collected, so that an `allOf` that contains itself is not flattened.
    pub(super) flat: HashMap<*const Value, Option<Fields<'d>>>,
    /// Number of references from the first schema to the one that is being flattened.
    pub(super) chain: usize,
    /// Number of properties and items from the schema that is being flattened to the one that is
    /// being merged.
    pub(super) depth: usize,
    /// Number of values that may still be copied from one schema into another.
    pub(super) budget: usize,
}

impl<'d> Builder<'d> {
    pub(super) fn new(document: &'d Value) -> Builder<'d> {
        Builder {
            document,
            origins: Origins::default(),
            done: HashMap::new(),
            active: HashSet::new(),
            flat: HashMap::new(),
            chain: 0,
            depth: 0,
            budget: size(document).saturating_mul(8).max(100_000),
        }
    }

    /// Returns the normal form of a schema.
    pub(super) fn schema(&mut self, value: &'d Value, origin: Origin) -> Part<'d> {
        let address = std::ptr::from_ref(value);
        if let Some(part) = self.done.get(&address) {
            return part.clone();
        }
        let source = Part::source(value, origin);
        let Some(fields) = source.fields(&mut self.origins) else {
            return source;
        };
        if value.get("$ref").is_some() || !self.active.insert(address) {
            return source;
        }
        let (fields, changed) = self.keywords(fields, origin);
        let (fields, inner_changed) = self.subschemas(fields);
        let part = match changed || inner_changed {
            true => Part::map(fields, origin).unwrapped(),
            false => source,
        };
        self.active.remove(&address);
        self.done.insert(address, part.clone());
        part
    }

    /// Brings the keywords of a schema into normal form, but not its subschemas. Returns true if a
    /// keyword changed.
    pub(super) fn keywords(
        &mut self,
        mut fields: Vec<Field<'d>>,
        origin: Origin,
    ) -> (Vec<Field<'d>>, bool) {
        let mut changed = make_inclusive(&mut fields);
        changed |= self.join_enums(&mut fields);
        changed |= add_type(&mut fields);
        changed |= self.complete_mapping(&mut fields);
        changed |= self.move_lone_alternative(&mut fields);
        let (fields, flattened) = self.flatten(fields, origin);
        (fields, changed || flattened)
    }

    /// Brings a part into normal form: a schema of the document, or one that was merged.
    fn schema_part(&mut self, part: Part<'d>) -> Part<'d> {
        match &part.content {
            Content::Source(value) => self.schema(value, part.origin),
            Content::Map(fields) => {
                let (fields, _) = self.subschemas(fields.as_ref().clone());
                Part::map(fields, part.origin).unwrapped()
            }
            Content::Made(_) | Content::List(_) => part,
        }
    }

    /// Brings the subschemas of a schema into normal form. Returns true if one changed.
    fn subschemas(&mut self, mut fields: Vec<Field<'d>>) -> (Vec<Field<'d>>, bool) {
        let mut changed = false;
        for (key, part) in &mut fields {
            let new = match key.as_ref() {
                "properties" => self.each_field(part),
                "allOf" | "oneOf" | "anyOf" => self.each_item(part),
                "items" | "not" | "additionalProperties" => Some(self.schema_part(part.clone())),
                _ => None,
            };
            if let Some(new) = new {
                changed |= !new.is_same_source(part);
                *part = new;
            }
        }
        (fields, changed)
    }

    fn each_field(&mut self, part: &Part<'d>) -> Option<Part<'d>> {
        let mut changed = false;
        let fields = part.fields(&mut self.origins)?;
        let fields = fields.into_iter().map(|(key, field)| {
            let new = self.schema_part(field.clone());
            changed |= !new.is_same_source(&field);
            (key, new)
        });
        let fields = fields.collect();
        changed.then(|| Part::map(fields, part.origin))
    }

    fn each_item(&mut self, part: &Part<'d>) -> Option<Part<'d>> {
        let mut changed = false;
        let items = part.items(&mut self.origins).into_iter().map(|item| {
            let new = self.schema_part(item.clone());
            changed |= !new.is_same_source(&item);
            new
        });
        let items = items.collect();
        changed.then(|| Part::list(items, part.origin))
    }
}
