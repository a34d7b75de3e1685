//! Merges schemas into one whose values match all of them.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};

use super::all_of::{BESIDE_REFERENCE, Flat, is_true, take_annotations};
use super::builder::{Builder, MAX_DEPTH};
use super::keywords::is_annotation;
use super::part::{Field, Origin, Part, get, set, take};

/// Two values of one keyword that cannot be combined into one value.
struct Conflict;

/// A bound of numbers.
struct Bound {
    keyword: &'static str,
    /// The keyword that makes it exclusive.
    exclusive: &'static str,
    /// Returns true if the first value is stricter than the second.
    is_stricter: fn(f64, f64) -> bool,
}

const BOUNDS: [Bound; 2] = [
    Bound {
        keyword: "minimum",
        exclusive: "exclusiveMinimum",
        is_stricter: |one, two| one > two,
    },
    Bound {
        keyword: "maximum",
        exclusive: "exclusiveMaximum",
        is_stricter: |one, two| one < two,
    },
];

impl<'d> Builder<'d> {
    /// Merges the parts of an `allOf` and the keywords beside it.
    pub(super) fn merge_all(
        &mut self,
        parts: Vec<Vec<Field<'d>>>,
        outer: Vec<Field<'d>>,
    ) -> Flat<'d> {
        let restricts = |fields: &[Field<'d>]| {
            let other = |key: &str| !is_annotation(key) && !BESIDE_REFERENCE.contains(&key);
            fields.iter().any(|(key, _)| other(key))
        };
        let nullable = is_true(&outer, "nullable")
            || (!restricts(&outer) && parts.iter().all(|part| is_true(part, "nullable")));
        let origin = get(&outer, "nullable")
            .or_else(|| parts.iter().find_map(|part| get(part, "nullable")))
            .map(|part| part.origin);
        let mut flat = Flat {
            fields: Vec::new(),
            residual: Vec::new(),
        };
        for part in parts.into_iter().chain([outer]) {
            self.merge(&mut flat, part);
        }
        let is_flag = |part: &Part<'d>| part.leaf().is_some_and(Value::is_boolean);
        if get(&flat.fields, "nullable").is_some_and(is_flag) {
            take(&mut flat.fields, "nullable");
        }
        if let Some(origin) = origin.filter(|_| nullable) {
            let nullable = Part::made(json!(true), origin);
            set(&mut flat.fields, "nullable", nullable);
        }
        flat
    }

    /// Adds the keywords of one schema to those of another. Values that contradict each other
    /// become a residual part, whatever their order.
    fn merge(&mut self, flat: &mut Flat<'d>, mut other: Vec<Field<'d>>) {
        for bound in BOUNDS {
            let keyword = bound.keyword;
            let (Some(one), Some(two)) = (number(&flat.fields, keyword), number(&other, keyword))
            else {
                continue;
            };
            let one_wins = (bound.is_stricter)(one, two)
                || (!(bound.is_stricter)(two, one) && is_true(&flat.fields, bound.exclusive));
            let weaker = if one_wins {
                &mut other
            } else {
                &mut flat.fields
            };
            take(weaker, keyword);
            take(weaker, bound.exclusive);
        }
        for (key, part) in other {
            let Some(index) = flat.fields.iter().position(|(other, _)| *other == key) else {
                flat.fields.push((key, part));
                continue;
            };
            let before = flat.fields[index].1.clone();
            match self.both(&key, before.clone(), part.clone()) {
                Ok(both) => flat.fields[index].1 = both,
                Err(Conflict) => {
                    let is_first = text(&before) <= text(&part);
                    let (first, second) = if is_first {
                        (before, part)
                    } else {
                        (part, before)
                    };
                    flat.fields[index].1 = first;
                    let origin = second.origin;
                    flat.residual.push(Part::map(vec![(key, second)], origin));
                }
            }
        }
    }

    /// Combines the values of a keyword that both schemas have.
    fn both(
        &mut self,
        keyword: &str,
        one: Part<'d>,
        other: Part<'d>,
    ) -> Result<Part<'d>, Conflict> {
        match keyword {
            // The last one is the most specific.
            keyword if is_annotation(keyword) => Ok(other),
            "nullable" => Ok(other),
            "properties" => self.both_properties(&one, other),
            "items" | "additionalProperties" => Ok(self.both_schemas(one, other)),
            "required" => Ok(self.both_lists(&one, &other)),
            "readOnly" | "writeOnly" | "uniqueItems" => Ok(if one.leaf() == Some(&json!(true)) {
                one
            } else {
                other
            }),
            "minLength" | "minItems" | "minProperties" => {
                let is_larger = count(&one)? >= count(&other)?;
                Ok(if is_larger { one } else { other })
            }
            "maxLength" | "maxItems" | "maxProperties" => {
                let is_larger = count(&one)? > count(&other)?;
                Ok(if is_larger { other } else { one })
            }
            "enum" => {
                let values = other.items(&mut self.origins);
                let own: Vec<Value> = one
                    .items(&mut self.origins)
                    .iter()
                    .map(Part::value)
                    .collect();
                let common: Vec<_> = values
                    .into_iter()
                    .filter(|value| own.contains(&value.value()))
                    .collect();
                match common.is_empty() {
                    true => Err(Conflict),
                    false => Ok(Part::list(common, other.origin)),
                }
            }
            "type" => match (
                one.leaf().and_then(Value::as_str),
                other.leaf().and_then(Value::as_str),
            ) {
                (Some("number"), Some("integer")) => Ok(other),
                (Some("integer"), Some("number")) => Ok(one),
                (a, b) if a == b => Ok(one),
                _ => Err(Conflict),
            },
            _ if one.value() == other.value() => Ok(one),
            _ => Err(Conflict),
        }
    }

    fn both_properties(&mut self, one: &Part<'d>, other: Part<'d>) -> Result<Part<'d>, Conflict> {
        let mut merged = one.fields(&mut self.origins).ok_or(Conflict)?;
        let own: HashMap<String, usize> = (0..)
            .zip(&merged)
            .map(|(index, (name, _))| (name.to_string(), index))
            .collect();
        for (name, schema) in other.fields(&mut self.origins).ok_or(Conflict)? {
            match own.get(name.as_ref()).copied() {
                Some(index) => {
                    let before = merged[index].1.clone();
                    merged[index].1 = self.both_schemas(before, schema);
                }
                None => merged.push((name, schema)),
            }
        }
        Ok(Part::map(merged, other.origin))
    }

    /// Returns a schema whose values match both schemas.
    fn both_schemas(&mut self, one: Part<'d>, other: Part<'d>) -> Part<'d> {
        let (before, after) = (one.value(), other.value());
        if before == after || is_empty(&before) {
            return other;
        }
        if is_empty(&after) {
            return one;
        }
        if self.depth < MAX_DEPTH {
            self.depth += 1;
            let merged = self.merge_schemas(&one, &other);
            self.depth -= 1;
            if let Some(merged) = merged {
                return merged;
            }
        }
        let origin = other.origin;
        let parts = Part::list(vec![one, other], origin);
        Part::map(vec![("allOf".into(), parts)], origin)
    }

    /// Merges two schemas, unless one of them is a reference or not a map.
    fn merge_schemas(&mut self, one: &Part<'d>, other: &Part<'d>) -> Option<Part<'d>> {
        let origin: Origin = other.origin;
        let (one_fields, other_fields) = (
            one.fields(&mut self.origins)?,
            other.fields(&mut self.origins)?,
        );
        let fields = self.keywords(one_fields, one.origin).0;
        let other = self.keywords(other_fields, origin).0;
        if get(&fields, "$ref").is_some() || get(&other, "$ref").is_some() {
            return None;
        }
        let (mut flat, other) = match needs_expansion(&fields, &other) {
            true => (self.expand(fields), self.expand(other)),
            false => (Flat::from(fields), Flat::from(other)),
        };
        let annotations = take_annotations(&mut flat.fields, origin);
        let nullable = is_true(&flat.fields, "nullable") && is_true(&other.fields, "nullable");
        self.merge(&mut flat, other.fields);
        flat.residual.extend(other.residual);
        if !nullable {
            take(&mut flat.fields, "nullable");
        }
        self.keep_annotations(&mut flat.fields, annotations.into_iter().collect(), origin);
        Some(Part::map(flat.into_fields(origin), origin))
    }

    /// Returns the items of both lists, each once.
    fn both_lists(&mut self, one: &Part<'d>, other: &Part<'d>) -> Part<'d> {
        let mut items = one.items(&mut self.origins);
        let mut seen: BTreeSet<String> =
            items.iter().map(|item| item.value().to_string()).collect();
        for item in other.items(&mut self.origins) {
            if seen.insert(item.value().to_string()) {
                items.push(item);
            }
        }
        Part::list(items, one.origin)
    }
}

/// Returns true if a reference that is left in an `allOf` has to be replaced by its target, because
/// the other schema restricts the values too.
fn needs_expansion(one: &[Field<'_>], other: &[Field<'_>]) -> bool {
    let restricts = |fields: &[Field<'_>]| {
        let own = |key: &str| is_annotation(key) || BESIDE_REFERENCE.contains(&key);
        fields.iter().any(|(key, _)| !own(key))
    };
    let all_of = |fields: &[Field<'_>]| get(fields, "allOf").map(Part::value);
    restricts(one) && restricts(other) && all_of(one) != all_of(other)
}

/// Returns the JSON text of a part.
fn text(part: &Part<'_>) -> String {
    part.value().to_string()
}

/// Returns the number of a keyword.
fn number(fields: &[Field<'_>], keyword: &str) -> Option<f64> {
    get(fields, keyword)?.leaf()?.as_f64()
}

fn count(part: &Part<'_>) -> Result<f64, Conflict> {
    part.leaf().and_then(Value::as_f64).ok_or(Conflict)
}

/// Returns true if a schema accepts every value.
fn is_empty(schema: &Value) -> bool {
    match schema {
        Value::Bool(accepts) => *accepts,
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}
