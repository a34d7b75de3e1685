//! Flattens `allOf`.

use std::rc::Rc;

use serde_json::{Value, json};

use super::builder::{Builder, MAX_CHAIN};
use super::keywords::is_annotation;
use super::part::drop_annotations;
use super::part::{Content, Field, Fields, Origin, Part, get, set, take};
use crate::pointer;

/// Keywords that do not change the type of a schema. They cannot stand beside a reference, so
/// documents put them beside an `allOf` of that reference.
pub(super) const BESIDE_REFERENCE: &[&str] =
    &["discriminator", "nullable", "readOnly", "writeOnly"];

/// The keywords of a schema, and the parts of its `allOf` that cannot be merged into them.
pub(super) struct Flat<'d> {
    pub(super) fields: Vec<Field<'d>>,
    pub(super) residual: Vec<Part<'d>>,
}

impl<'d> Builder<'d> {
    /// Replaces `allOf` by the keywords of its parts. Parts that contradict each other, and
    /// references that cannot be replaced, stay in `allOf`. Returns true if a part was merged.
    pub(super) fn flatten(
        &mut self,
        mut fields: Vec<Field<'d>>,
        origin: Origin,
    ) -> (Vec<Field<'d>>, bool) {
        let Some(list) = get(&fields, "allOf").cloned() else {
            return (fields, false);
        };
        if !list.is_list() {
            return (fields, false);
        }
        let items = list.items(&mut self.origins);
        let (references, inline): (Vec<_>, Vec<_>) = items
            .iter()
            .cloned()
            .partition(|part| part.reference().is_some());
        let mut annotations = Vec::new();
        let mut inline_fields = Vec::new();
        for part in inline {
            match part.fields(&mut self.origins) {
                Some(part_fields) if part_fields.iter().all(|(key, _)| is_annotation(key)) => {
                    if !part_fields.is_empty() {
                        annotations.push(part);
                    }
                }
                Some(part_fields) => inline_fields.push((part_fields, part)),
                // A value that is not a schema.
                None => return (fields, false),
            }
        }
        let own = |key: &str| is_annotation(key) || BESIDE_REFERENCE.contains(&key);
        let is_alone = references.len() == 1 && inline_fields.is_empty();
        if let Some(reference) = references.first().filter(|_| is_alone) {
            let dropped = self.drop_repeated_type(&mut fields, reference);
            if fields.iter().all(|(key, _)| key == "allOf" || own(key)) {
                let reference = Part::list(vec![reference.clone()], list.origin);
                set(&mut fields, "allOf", reference);
                self.keep_annotations(&mut fields, annotations, origin);
                let is_bare = fields.len() == 1;
                return (fields, dropped || items.len() > 1 || is_bare);
            }
        }
        let mut parts = Vec::new();
        let mut residual = Vec::new();
        for reference in references {
            match self.referenced(&reference) {
                Some(target) => parts.push(target.as_ref().clone()),
                None => residual.push(reference),
            }
        }
        for (part_fields, part) in inline_fields {
            let part_fields = self.keywords(part_fields, part.origin).0;
            let mut flat = self.expand(part_fields);
            annotations.extend(take_annotations(&mut flat.fields, part.origin));
            residual.extend(flat.residual);
            parts.push(flat.fields);
        }
        if parts.is_empty() && annotations.is_empty() {
            return (fields, false);
        }
        let outer = fields.into_iter().filter(|(key, _)| key != "allOf");
        let mut flat = self.merge_all(parts, outer.collect());
        flat.residual.extend(residual);
        self.keep_annotations(&mut flat.fields, annotations, origin);
        (flat.into_fields(list.origin), true)
    }

    /// Removes a `type` beside an `allOf` of one reference that has the same type. Returns true if
    /// it was removed.
    fn drop_repeated_type(&mut self, fields: &mut Vec<Field<'d>>, reference: &Part<'d>) -> bool {
        let Some(own) = get(fields, "type").and_then(Part::leaf).cloned() else {
            return false;
        };
        let target = self.referenced(reference);
        let target = target
            .as_ref()
            .and_then(|fields| get(fields, "type")?.leaf());
        target == Some(&own) && take(fields, "type").is_some()
    }

    /// Returns the flattened keywords of the target of a reference, without annotations. Returns
    /// `None` if the target cannot be expressed without `allOf`.
    fn referenced(&mut self, part: &Part<'d>) -> Option<Fields<'d>> {
        let (value, origin) = self.target(part.reference()?)?;
        let address = std::ptr::from_ref(value);
        let fields = match self.flat.get(&address) {
            Some(fields) => fields.clone()?,
            None if self.chain == MAX_CHAIN => return None,
            None => {
                self.flat.insert(address, None);
                self.chain += 1;
                let fields = Part::source(value, origin).fields(&mut self.origins);
                let fields = fields.and_then(|fields| {
                    let fields = self.keywords(fields, origin).0;
                    let mut flat = self.expand(fields);
                    // The discriminator of a parent chooses among the parent's children.
                    flat.fields
                        .retain(|(key, _)| !is_annotation(key) && key != "discriminator");
                    flat.residual.is_empty().then(|| Rc::new(flat.fields))
                });
                self.chain -= 1;
                self.flat.insert(address, fields.clone());
                fields?
            }
        };
        let size = fields.iter().map(|(_, part)| part.size()).sum();
        self.budget = self.budget.checked_sub(size)?;
        Some(fields)
    }

    /// Replaces the references that are left in `allOf` by their targets.
    pub(super) fn expand(&mut self, mut fields: Vec<Field<'d>>) -> Flat<'d> {
        let mut residual = Vec::new();
        let mut targets = Vec::new();
        if let Some(list) = take(&mut fields, "allOf") {
            for part in list.items(&mut self.origins) {
                match self.referenced(&part) {
                    Some(target) => targets.push(target.as_ref().clone()),
                    None => residual.push(part),
                }
            }
        }
        if targets.is_empty() {
            return Flat { fields, residual };
        }
        let mut flat = self.merge_all(targets, fields);
        flat.residual.extend(residual);
        flat
    }

    /// Returns the target of a reference. Follows further references.
    fn target(&mut self, reference: &str) -> Option<(&'d Value, Origin)> {
        let mut pointer = pointer::of_reference(reference)?;
        for _ in 0..MAX_CHAIN {
            let value = self.document.pointer(&pointer)?;
            match value.get("$ref").and_then(Value::as_str) {
                Some(reference) => pointer = pointer::of_reference(reference)?,
                None => return Some((value, self.origins.pointer(pointer.into_owned()))),
            }
        }
        None
    }

    /// Puts annotations where the schema has none of that name, and keeps the rest apart.
    pub(super) fn keep_annotations(
        &mut self,
        fields: &mut Vec<Field<'d>>,
        annotations: Vec<Part<'d>>,
        origin: Origin,
    ) {
        let mut dropped = Vec::new();
        for part in annotations {
            let mut rest = Vec::new();
            for (key, value) in part.fields(&mut self.origins).unwrap_or_default() {
                match get(fields, &key) {
                    None => fields.push((key, value)),
                    Some(own) if own.value() == value.value() => {}
                    Some(_) => rest.push((key, value)),
                }
            }
            if !rest.is_empty() {
                dropped.push(Part {
                    content: Content::Map(Rc::new(rest)),
                    ..part
                });
            }
        }
        drop_annotations(fields, dropped, origin);
    }
}

impl<'d> From<Vec<Field<'d>>> for Flat<'d> {
    fn from(fields: Vec<Field<'d>>) -> Flat<'d> {
        Flat {
            fields,
            residual: Vec::new(),
        }
    }
}

impl<'d> Flat<'d> {
    /// Returns the keywords, with an `allOf` of the residual parts.
    pub(super) fn into_fields(mut self, origin: Origin) -> Vec<Field<'d>> {
        if !self.residual.is_empty() {
            set(&mut self.fields, "allOf", Part::list(self.residual, origin));
        }
        self.fields
    }
}

/// Returns true if a keyword is `true`.
pub(super) fn is_true(fields: &[Field<'_>], keyword: &str) -> bool {
    get(fields, keyword).and_then(Part::leaf) == Some(&json!(true))
}

/// Removes the annotations of a schema, and returns them.
pub(super) fn take_annotations<'d>(
    fields: &mut Vec<Field<'d>>,
    origin: Origin,
) -> Option<Part<'d>> {
    let (annotations, rest): (Vec<_>, Vec<_>) =
        fields.drain(..).partition(|(key, _)| is_annotation(key));
    *fields = rest;
    (!annotations.is_empty()).then(|| Part::map(annotations, origin))
}
