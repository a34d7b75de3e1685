//! Plans the enums of unions: how a value shows which alternative it has.
//!
//! A tag is a property whose values differ between the alternatives, as a discriminator or as
//! enums of the property. Without a tag, the alternatives are tried one after the other.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Schemas;
use super::alternative::{Alternative, Kind, Source, mapped_values};
use super::location::{JsonType, SchemaLocation};
use super::plan::{Plan, PlanKind};
use super::shape::{ALTERNATIVES, Shape, UnionShape, is_null, listed_values, reference_of, shape};
use super::untagged::INDISTINCT;

/// The maximum length of a chain of references and `allOf` with one part.
const DEPTH: usize = 8;

/// The maximum number of unions in a union.
const NESTED: usize = 64;

impl<'d> Schemas<'d> {
    /// Plans the type of a union.
    pub(super) fn plan(&self, location: &SchemaLocation, union: &UnionShape<'d>) -> Plan<'d> {
        let mut all = Vec::new();
        let collected = self.collect(&mut all, location, union, &mut BTreeSet::new());
        let has_null = collected.unwrap_or_default();
        Plan {
            nullable: has_null || all.iter().any(|own| own.nullable),
            kind: match collected {
                Ok(_) => self.kind_of_plan(all, union),
                Err(reason) => PlanKind::Untyped(reason),
            },
        }
    }

    fn kind_of_plan(&self, mut all: Vec<Alternative<'d>>, union: &UnionShape<'d>) -> PlanKind<'d> {
        if let Some(base) = &union.base
            && !all.iter_mut().all(|own| own.extend(base))
        {
            return PlanKind::Untyped(
                "the schema has properties beside alternatives that are not objects",
            );
        }
        merge_strings(&mut all);
        merge_numbers(&mut all);
        if all.len() < 2 {
            return all.pop().map_or(PlanKind::Any, single);
        }
        let is_object = |own: &Alternative<'_>| matches!(own.kind, Kind::Object(_));
        let (mut objects, others): (Vec<_>, Vec<_>) = all.into_iter().partition(is_object);
        if objects.len() > 1
            && let Some(tagged) = self.tagged(&mut objects, union.discriminator)
        {
            if others.is_empty() {
                return tagged;
            }
            return match self.untagged(others) {
                Ok(others) if others.iter().any(Alternative::accepts_objects) => {
                    PlanKind::Untyped(INDISTINCT)
                }
                Ok(others) => PlanKind::Mixed(others, Box::new(tagged)),
                Err(unordered) => PlanKind::Untyped(unordered.reason()),
            };
        }
        let all: Vec<_> = others.into_iter().chain(objects).collect();
        self.without_tag(all)
    }

    /// Adds the alternatives of a union and of unions in it, without duplicates and without null.
    /// Returns true if null is one of them. The error is the reason why this is impossible.
    fn collect(
        &self,
        all: &mut Vec<Alternative<'d>>,
        location: &SchemaLocation,
        union: &UnionShape<'d>,
        nested: &mut BTreeSet<String>,
    ) -> Result<bool, &'static str> {
        let mut has_null = false;
        for (index, schema) in union.alternatives.iter().enumerate() {
            let location = location.inside(
                &format!("{}/{index}", union.keyword),
                &format!("option {index}"),
            );
            if is_null(schema) {
                has_null = true;
                continue;
            }
            let (component, shape, nullable) = self.shape_behind(schema);
            let kind = match shape {
                Some(Shape::Union(inner)) if inner.base.is_none() => {
                    let location = match &component {
                        Some(name) => SchemaLocation::component(name),
                        None => location,
                    };
                    has_null |= nullable;
                    if nested.insert(location.pointer.clone()) {
                        if nested.len() > NESTED {
                            return Err("there are more than 64 unions in the union");
                        }
                        has_null |= self.collect(all, &location, &inner, nested)?;
                    }
                    continue;
                }
                Some(shape) => Kind::of(shape),
                None => Kind::Other,
            };
            let location = match &component {
                Some(name) if reference_of(schema).is_some() => SchemaLocation {
                    depth: location.depth,
                    ..SchemaLocation::component(name)
                },
                _ => location,
            };
            if all.len() == ALTERNATIVES {
                return Err("there are more than 500 alternatives");
            }
            let is_same = |own: &Alternative<'d>| match (&own.component, &component) {
                (Some(one), Some(other)) => one == other,
                (None, None) => own.schema == schema,
                _ => false,
            };
            if !all.iter().any(is_same) {
                all.push(Alternative {
                    location,
                    schema,
                    component,
                    kind,
                    nullable,
                    source: Source::Schema,
                });
            }
        }
        Ok(has_null)
    }

    /// Returns the name of the component behind references, its shape, and whether it is nullable.
    pub(super) fn shape_behind(
        &self,
        schema: &'d Value,
    ) -> (Option<String>, Option<Shape<'d>>, bool) {
        let (mut schema, mut component) = (schema, None);
        let mut nullable = false;
        for _ in 0..DEPTH {
            if let Some(reference) = reference_of(schema) {
                let name = self.target(reference);
                let target = self.components.and_then(|components| components.get(&name));
                component = Some(name);
                match target {
                    Some(target) => schema = target,
                    None => return (component, None, nullable),
                }
            }
            let (shape, own) = shape(schema);
            nullable |= own;
            match shape {
                Shape::Alias(_, part) => schema = part,
                shape => return (component, Some(shape), nullable),
            }
        }
        (component, None, nullable)
    }

    /// Returns the enum of objects with a tag.
    fn tagged(
        &self,
        all: &mut Vec<Alternative<'d>>,
        discriminator: Option<&'d Value>,
    ) -> Option<PlanKind<'d>> {
        let declared = discriminator.and_then(|own| own.get("propertyName")?.as_str());
        let objects = || {
            all.iter().filter_map(|own| match &own.kind {
                Kind::Object(object) => Some(object),
                _ => None,
            })
        };
        // Every alternative must have the property, so that the first one lists all candidates.
        let mut candidates = objects().next()?.properties.iter().map(|(name, _)| *name);
        let found = declared
            .into_iter()
            .find_map(|tag| Some((tag, self.tag_values(all, tag, discriminator)?)));
        let (tag, values) = found
            .or_else(|| candidates.find_map(|tag| Some((tag, self.tag_values(all, tag, None)?))))?;
        Some(PlanKind::Tagged(tag, all.drain(..).zip(values).collect()))
    }

    /// Returns the values of a tag for each alternative. `None` if an alternative has no values, or
    /// shares one with another. The mapping of a discriminator decides if the alternatives list no
    /// values, or list the values of each other.
    fn tag_values(
        &self,
        all: &[Alternative<'d>],
        tag: &str,
        discriminator: Option<&Value>,
    ) -> Option<Vec<Vec<String>>> {
        let listed: Vec<_> = all.iter().map(|own| self.listed_values(own, tag)).collect();
        let mut seen = BTreeSet::new();
        let mut values = listed.iter().flatten();
        let are_distinct = values.all(|value| seen.insert(value));
        let mut seen = BTreeSet::new();
        let values = all.iter().zip(&listed).map(|(own, listed)| {
            let values = match listed.is_empty() || !are_distinct {
                true => mapped_values(discriminator?, own.component.as_deref()?),
                false => listed.clone(),
            };
            let is_new = values.iter().all(|value| seen.insert(value.clone()));
            let may_occur = |value| listed.is_empty() || listed.contains(value);
            (!values.is_empty() && is_new && values.iter().all(may_occur)).then_some(values)
        });
        values.collect()
    }

    /// Returns the scalars that a property of an alternative can have.
    pub(super) fn listed_values(&self, own: &Alternative<'d>, name: &str) -> Vec<String> {
        self.values_of(own.property(name))
    }

    /// Returns the scalars that a schema lists.
    pub(super) fn values_of(&self, schema: Option<&'d Value>) -> Vec<String> {
        let schema = schema.and_then(|own| self.resolved(own)?.as_object());
        let values = schema.into_iter().flat_map(listed_values);
        values
            .filter_map(|value| match value {
                Value::String(text) => Some(text.clone()),
                Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
                _ => None,
            })
            .collect()
    }

    /// Returns the target of a reference, or the schema itself.
    pub(super) fn resolved<'s>(&self, schema: &'s Value) -> Option<&'s Value>
    where
        'd: 's,
    {
        match reference_of(schema) {
            None => Some(schema),
            Some(reference) => self.components?.get(&self.target(reference)),
        }
    }
}

/// Replaces alternatives that are strings by one: the only enum, which keeps other values too, or
/// else a plain string.
fn merge_strings(all: &mut Vec<Alternative<'_>>) {
    let is_string = |own: &Alternative<'_>| own.kind.json_type() == JsonType::String;
    if all.iter().filter(|own| is_string(own)).count() < 2 {
        return;
    }
    let is_enum = |own: &Alternative<'_>| matches!(own.kind, Kind::Enum);
    let has_one_enum = all.iter().filter(|own| is_enum(own)).count() == 1;
    let mut is_first = true;
    all.retain_mut(|own| {
        if !is_string(own) {
            return true;
        }
        if has_one_enum {
            return is_enum(own);
        }
        (own.kind, own.source, own.component) = (Kind::String, Source::String, None);
        std::mem::replace(&mut is_first, false)
    });
}

/// Replaces several integers by one without a format, and several other numbers by one.
fn merge_numbers(all: &mut Vec<Alternative<'_>>) {
    let is_integer = |own: &Alternative<'_>| matches!(own.kind, Kind::Integer);
    let has_integers = all.iter().filter(|own| is_integer(own)).count() > 1;
    let (mut integers, mut numbers) = (0, 0);
    all.retain_mut(|own| match own.kind {
        Kind::Integer => {
            integers += 1;
            if has_integers {
                (own.source, own.component) = (Source::Integer, None);
            }
            integers == 1
        }
        Kind::Number => {
            numbers += 1;
            numbers == 1
        }
        _ => true,
    });
}

/// Returns the type of the only alternative.
fn single(own: Alternative<'_>) -> PlanKind<'_> {
    match own.source {
        Source::String => PlanKind::String,
        Source::Integer => PlanKind::Integer,
        _ => PlanKind::Single(own),
    }
}
