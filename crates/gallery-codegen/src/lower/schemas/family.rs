//! Schemas with a discriminator from which others inherit by `allOf`.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::Schemas;
use super::alternative::{Alternative, Kind, Source, mapped_values};
use super::location::SchemaLocation;
use super::plan::{Plan, PlanKind};
use super::shape::{Shape, shape};

impl<'d> Schemas<'d> {
    /// Plans the enum of a schema with a discriminator from which others inherit by `allOf`:
    /// variants for these schemas and for itself. Returns `None` for other schemas.
    pub(super) fn family(&self, name: &str, schema: &'d Value) -> Option<Plan<'d>> {
        let discriminator = schema.get("discriminator")?;
        let tag = discriminator.get("propertyName")?.as_str()?;
        let Shape::Object(own) = shape(schema).0 else {
            return None;
        };
        let inherited = self.values_of(own.property(tag));
        let is_inherited: BTreeSet<String> = inherited.iter().cloned().collect();
        let mut children = Vec::new();
        for child in self.children.of(name)? {
            let schema = self.components?.get(child)?;
            let (shape, nullable) = shape(schema);
            let Shape::Object(object) = shape else {
                return None;
            };
            let alternative = Alternative {
                location: SchemaLocation::component(child),
                schema,
                component: Some(child.to_owned()),
                kind: Kind::of(Shape::Object(object)),
                nullable,
                source: Source::Component,
            };
            let mut listed = self.listed_values(&alternative, tag);
            // The values of a parent select no child that repeats them all or has others.
            if listed == inherited && listed.len() > 1 {
                listed.clear();
            } else if !listed.iter().all(|value| is_inherited.contains(value)) {
                listed.retain(|value| !is_inherited.contains(value));
            }
            children.push((child, alternative, listed));
        }
        let mut uses: HashMap<String, usize> = HashMap::new();
        for value in children.iter().flat_map(|(_, _, listed)| listed) {
            *uses.entry(value.clone()).or_default() += 1;
        }
        let mut seen = BTreeSet::new();
        let mut all = Vec::new();
        for (child, alternative, listed) in children {
            let mapped = mapped_values(discriminator, child);
            let is_own = listed.iter().all(|value| uses[value] == 1);
            let values = match (mapped.is_empty(), listed.len()) {
                (false, _) => mapped,
                (true, 1) => listed,
                (true, 2..) if is_own => listed,
                (true, _) => vec![child.to_owned()],
            };
            if !values.iter().all(|value| seen.insert(value.clone())) {
                return None;
            }
            all.push((alternative, values));
        }
        let mut values = mapped_values(discriminator, name);
        if values.is_empty() {
            values.push(name.to_owned());
        }
        // The parent has the values of its `enum` that select no child.
        values.extend(inherited);
        values.retain(|value| seen.insert(value.clone()));
        if !values.is_empty() {
            let own = Alternative {
                location: SchemaLocation::component(name),
                schema,
                component: None,
                kind: Kind::Object(own),
                nullable: false,
                source: Source::Object,
            };
            all.push((own, values));
        }
        Some(Plan {
            nullable: all.iter().any(|(own, _)| own.nullable),
            kind: PlanKind::Tagged(tag, all),
        })
    }
}
