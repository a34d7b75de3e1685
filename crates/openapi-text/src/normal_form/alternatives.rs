//! `oneOf`, `anyOf`, `enum` and discriminators.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::builder::Builder;
use super::enums::add_type;
use super::keywords::is_annotation;
use super::part::drop_annotations;
use super::part::{Content, Field, Part, get, set, take};

/// The content of alternatives that are all enums.
#[derive(Default)]
struct Enums<'d> {
    values: Vec<Part<'d>>,
    types: Vec<Value>,
    annotations: Vec<Part<'d>>,
}

impl<'d> Builder<'d> {
    /// Moves the only alternative of a `oneOf` or `anyOf` into `allOf`. Returns true if it did.
    pub(super) fn move_lone_alternative(&mut self, fields: &mut Vec<Field<'d>>) -> bool {
        let mut changed = false;
        for keyword in ["oneOf", "anyOf"] {
            let Some(list) = get(fields, keyword).cloned() else {
                continue;
            };
            let mut alternatives = list.items(&mut self.origins);
            let Some(alternative) = alternatives.pop().filter(|_| alternatives.is_empty()) else {
                continue;
            };
            take(fields, keyword);
            let parts = get(fields, "allOf").cloned();
            let origin = parts.as_ref().map_or(list.origin, |parts| parts.origin);
            let mut parts = parts.map_or_else(Vec::new, |parts| parts.items(&mut self.origins));
            parts.push(alternative);
            set(fields, "allOf", Part::list(parts, origin));
            changed = true;
        }
        changed
    }

    /// Replaces alternatives that are all enums of one type by one enum. Returns true if it did.
    pub(super) fn join_enums(&mut self, fields: &mut Vec<Field<'d>>) -> bool {
        if get(fields, "enum").is_some() || get(fields, "discriminator").is_some() {
            return false;
        }
        for keyword in ["oneOf", "anyOf"] {
            let Some(list) = get(fields, keyword).cloned() else {
                continue;
            };
            let alternatives = list.items(&mut self.origins);
            if alternatives.len() < 2 {
                continue;
            }
            let Some(enums) = self.enums(&alternatives) else {
                continue;
            };
            let Enums {
                values,
                types,
                annotations,
            } = enums;
            let own_type = get(fields, "type").and_then(Part::leaf).cloned();
            let joined_type = match (own_type, types.as_slice()) {
                (Some(own), _) if types.iter().all(|each| *each == own) => own,
                (None, [first, rest @ ..]) if rest.iter().all(|each| each == first) => {
                    first.clone()
                }
                _ => continue,
            };
            take(fields, keyword);
            set(fields, "type", Part::made(joined_type, list.origin));
            set(fields, "enum", Part::list(values, list.origin));
            drop_annotations(fields, annotations, list.origin);
            return true;
        }
        false
    }

    /// Collects alternatives that have no keyword but `enum`, `type` and annotations.
    fn enums(&mut self, alternatives: &[Part<'d>]) -> Option<Enums<'d>> {
        let mut enums = Enums::default();
        for alternative in alternatives {
            let mut fields = alternative.fields(&mut self.origins)?;
            add_type(&mut fields);
            enums
                .values
                .extend(take(&mut fields, "enum")?.items(&mut self.origins));
            enums.types.push(take(&mut fields, "type")?.leaf()?.clone());
            if !fields.iter().all(|(key, _)| is_annotation(key)) {
                return None;
            }
            if !fields.is_empty() {
                let part = Part::map(fields, alternative.origin);
                enums.annotations.push(part);
            }
        }
        Some(enums)
    }

    /// Adds implicit alternatives to the mapping of a discriminator. The value of an alternative
    /// without an entry is the name of its schema. Returns true if one was added.
    pub(super) fn complete_mapping(&mut self, fields: &mut Vec<Field<'d>>) -> bool {
        let Some(discriminator) = get(fields, "discriminator").cloned() else {
            return false;
        };
        let Some(mut keywords) = discriminator.fields(&mut self.origins) else {
            return false;
        };
        let mapping = get(&keywords, "mapping").cloned();
        let mut entries = match &mapping {
            Some(mapping) => match mapping.fields(&mut self.origins) {
                Some(entries) => entries,
                None => return false,
            },
            None => Vec::new(),
        };
        let mut added = false;
        for keyword in ["oneOf", "anyOf"] {
            let Some(list) = get(fields, keyword).cloned() else {
                continue;
            };
            for alternative in list.items(&mut self.origins) {
                let Content::Source(value) = alternative.content else {
                    continue;
                };
                let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
                    continue;
                };
                let Some(name) = reference.strip_prefix("#/components/schemas/") else {
                    continue;
                };
                let is_mapped = entries.iter().any(|(_, target)| {
                    let target = target.leaf().and_then(Value::as_str);
                    target == Some(reference) || target == Some(name)
                });
                if !is_mapped && get(&entries, name).is_none() {
                    let target = Part::made(json!(reference), alternative.origin);
                    entries.push((Cow::Borrowed(name), target));
                    added = true;
                }
            }
        }
        if added {
            let origin = mapping.map_or(discriminator.origin, |mapping| mapping.origin);
            set(&mut keywords, "mapping", Part::map(entries, origin));
            let discriminator = Part::map(keywords, discriminator.origin);
            set(fields, "discriminator", discriminator);
        }
        added
    }
}
