//! Plans the enums of unions: how a value shows which alternative it has.
//!
//! A tag is a property whose values differ between the alternatives, as a discriminator or as
//! enums of the property. Without a tag, the alternatives are tried one after the other, so that
//! none may accept the values of a later one: it needs another JSON type, or a required property
//! that later ones lack.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Schemas;
use super::alternative::{Alternative, Kind, Source, mapped_values};
use super::location::{JsonType, SchemaLocation};
use super::shape::{ALTERNATIVES, Object, Shape, UnionShape, is_null, reference_of, shape};

/// The maximum length of a chain of references and `allOf` with one part.
const DEPTH: usize = 8;

/// The maximum number of unions in a union.
const NESTED: usize = 64;

/// The maximum number of alternatives without a tag, each of which is compared with all others.
const UNTAGGED: usize = 64;

/// The reason why a union has no type.
const INDISTINCT: &str = "no JSON type, required property or tag tells the alternatives apart";

/// The lowered form of a union.
pub(super) enum Plan<'d> {
    /// Any JSON.
    Any,
    /// All alternatives are numbers, strings, or the same.
    Number,
    String,
    Single(Alternative<'d>),
    /// An enum. Alternatives are tried in this order.
    Untagged(Vec<Alternative<'d>>),
    /// An enum whose variants have a tag, with the tag and the values of each alternative.
    Tagged(&'d str, Vec<(Alternative<'d>, Vec<String>)>),
    /// An enum of values that are not objects, and of an enum of objects with a tag.
    Mixed(Vec<Alternative<'d>>, Box<Plan<'d>>),
    Untyped(&'static str),
}

impl Plan<'_> {
    /// Returns the JSON type of the values if the union becomes an enum.
    pub(super) fn json_type(&self) -> Option<JsonType> {
        match self {
            Plan::Tagged(..) => Some(JsonType::Object),
            Plan::Mixed(..) => Some(JsonType::Several),
            Plan::Untagged(alternatives) => {
                let is_object = |own: &Alternative<'_>| matches!(own.kind, Kind::Object(_));
                match alternatives.iter().all(is_object) {
                    true => Some(JsonType::Object),
                    false => Some(JsonType::Several),
                }
            }
            _ => None,
        }
    }

    /// Returns true if an alternative of the enum is nullable.
    pub(super) fn is_nullable(&self) -> bool {
        match self {
            Plan::Tagged(_, all) => all.iter().any(|(own, _)| own.nullable),
            Plan::Untagged(all) => all.iter().any(|own| own.nullable),
            Plan::Mixed(all, objects) => {
                all.iter().any(|own| own.nullable) || objects.is_nullable()
            }
            _ => false,
        }
    }
}

impl<'d> Schemas<'d> {
    /// Plans the enum of a union.
    pub(super) fn plan(&self, location: &SchemaLocation, union: &UnionShape<'d>) -> Plan<'d> {
        let mut all = Vec::new();
        let nullable = match self.collect(&mut all, location, union, &mut BTreeSet::new()) {
            Ok(nullable) => nullable,
            Err(reason) => return Plan::Untyped(reason),
        };
        if let Some(first) = all.first_mut() {
            first.nullable |= nullable;
        }
        if let Some(base) = &union.base
            && !all.iter_mut().all(|own| own.extend(base))
        {
            return Plan::Untyped(
                "the schema has properties beside alternatives that are not objects",
            );
        }
        let count = |is: fn(&Kind<'_>) -> bool| all.iter().filter(|own| is(&own.kind)).count();
        let is_string = |kind: &Kind<'_>| matches!(kind, Kind::String | Kind::Enum);
        let is_number = |kind: &Kind<'_>| matches!(kind, Kind::Integer | Kind::Number);
        let is_object = |kind: &Kind<'_>| matches!(kind, Kind::Object(_));
        if all.len() < 2 {
            return all.pop().map_or(Plan::Any, Plan::Single);
        }
        if count(is_number) == all.len() {
            return Plan::Number;
        }
        if count(is_string) == all.len() {
            return open_enum(all);
        }
        if count(is_object) == all.len()
            && let Some(plan) = self.tagged(&mut all, union.discriminator)
        {
            return plan;
        }
        if all.len() > UNTAGGED {
            return Plan::Untyped("there are more than 64 alternatives without a tag");
        }
        merge_strings(&mut all);
        let (mut objects, others): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|own| is_object(&own.kind));
        if objects.len() > 1
            && let Some(tagged) = self.tagged(&mut objects, union.discriminator)
        {
            return match self.untagged(others) {
                Some(others) if !others.iter().any(Alternative::accepts_objects) => {
                    Plan::Mixed(others, Box::new(tagged))
                }
                _ => Plan::Untyped(INDISTINCT),
            };
        }
        let all: Vec<_> = others.into_iter().chain(objects).collect();
        match self.untagged(all) {
            Some(alternatives) => Plan::Untagged(alternatives),
            None => Plan::Untyped(INDISTINCT),
        }
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

    /// Returns the plan of a union of objects with a tag.
    fn tagged(
        &self,
        all: &mut Vec<Alternative<'d>>,
        discriminator: Option<&'d Value>,
    ) -> Option<Plan<'d>> {
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
        Some(Plan::Tagged(tag, all.drain(..).zip(values).collect()))
    }

    /// Returns the values of a tag for each alternative. `None` if an alternative has no values, or
    /// shares one with another.
    fn tag_values(
        &self,
        all: &[Alternative<'d>],
        tag: &str,
        discriminator: Option<&Value>,
    ) -> Option<Vec<Vec<String>>> {
        let mut seen = BTreeSet::new();
        let values = all.iter().map(|own| {
            let listed = own.listed_values(self, tag);
            let values = match listed.is_empty() {
                true => mapped_values(discriminator?, own.component.as_deref()?),
                false => listed,
            };
            let is_new = values.iter().all(|value| seen.insert(value.clone()));
            (!values.is_empty() && is_new).then_some(values)
        });
        values.collect()
    }

    /// Returns the alternatives in an order in which none accepts the values of a later one.
    fn untagged(&self, mut rest: Vec<Alternative<'d>>) -> Option<Vec<Alternative<'d>>> {
        let mut ordered = Vec::new();
        while !rest.is_empty() {
            let is_first = |at: usize| {
                let others = (0..rest.len()).filter(|other| *other != at);
                others
                    .into_iter()
                    .all(|other| self.may_precede(&rest[at], &rest[other]))
            };
            let at = (0..rest.len()).find(|at| is_first(*at))?;
            ordered.push(rest.remove(at));
        }
        Some(ordered)
    }

    /// Returns true if no value of `later` is read as `one`.
    fn may_precede(&self, one: &Alternative<'d>, later: &Alternative<'d>) -> bool {
        match (&one.kind, &later.kind) {
            (Kind::Any | Kind::Other, _) | (_, Kind::Other) => false,
            // An object would lose properties.
            (one, Kind::Any) => !matches!(one, Kind::Array(_) | Kind::Object(_) | Kind::Map),
            (Kind::Integer, Kind::Number) => true,
            (Kind::Object(one), Kind::Object(later)) => self.differ(one, later),
            // serde reads a struct from a list too.
            (Kind::Object(_) | Kind::Map, Kind::Array(_)) => false,
            (Kind::Array(Some(one)), Kind::Array(Some(later))) => {
                let item = |schema| Some(Kind::of(shape(self.resolved(schema)?).0));
                item(one).zip(item(later)).is_some_and(|(one, later)| {
                    let is_known = |kind: &Kind<'_>| kind.json_type() != JsonType::Several;
                    let differ = one.json_type() != later.json_type();
                    matches!((&one, &later), (Kind::Integer, Kind::Number))
                        || is_known(&one) && is_known(&later) && differ
                })
            }
            (one, later) => one.json_type() != later.json_type(),
        }
    }

    /// Returns true if `one` has a required property that `later` lacks, or that has another JSON
    /// type there.
    fn differ(&self, one: &Object<'d>, later: &Object<'d>) -> bool {
        one.required.iter().any(|name| {
            let find = |object: &Object<'d>| {
                let mut properties = object.properties.iter();
                properties
                    .find(|(own, _)| own == name)
                    .map(|(_, property)| property.schema)
            };
            match (find(one), find(later)) {
                (_, None) => later.additional.is_none(),
                (None, Some(_)) => false,
                (Some(one), Some(later)) => {
                    let (one, later) = (self.kind_of(one), self.kind_of(later));
                    let is_known = one.is_some_and(|one| one != JsonType::Several)
                        && later.is_some_and(|later| later != JsonType::Several);
                    is_known && one != later
                }
            }
        })
    }

    /// Returns the JSON type of a property that cannot be null.
    fn kind_of(&self, schema: &Value) -> Option<JsonType> {
        let (shape, nullable) = shape(self.resolved(schema)?);
        (!nullable).then(|| Kind::of(shape).json_type())
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

/// Replaces alternatives that are strings by one.
fn merge_strings(all: &mut Vec<Alternative<'_>>) {
    let is_string = |own: &Alternative<'_>| own.kind.json_type() == JsonType::String;
    if all.iter().filter(|own| is_string(own)).count() < 2 {
        return;
    }
    let nullable = all.iter().any(|own| is_string(own) && own.nullable);
    let is_enum = |own: &Alternative<'_>| matches!(own.kind, Kind::Enum);
    let enums = all.iter().filter(|own| is_enum(own)).count();
    let mut is_first = true;
    all.retain_mut(|own| {
        if !is_string(own) {
            return true;
        }
        // An enum keeps values that it does not list.
        if enums == 1 {
            return is_enum(own);
        }
        (own.kind, own.source, own.component) = (Kind::String, Source::String, None);
        std::mem::replace(&mut is_first, false)
    });
    if let Some(own) = all.iter_mut().find(|own| is_string(own)) {
        own.nullable |= nullable;
    }
}

/// Returns the plan of a union of strings: an enum keeps values that it does not list.
fn open_enum(all: Vec<Alternative<'_>>) -> Plan<'_> {
    let mut enums = all.into_iter().filter(|own| matches!(own.kind, Kind::Enum));
    match (enums.next(), enums.next()) {
        (Some(own), None) => Plan::Single(own),
        _ => Plan::String,
    }
}
