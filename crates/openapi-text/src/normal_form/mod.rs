//! The normal form of the schemas of an OpenAPI 3.0 document.
//!
//! A schema can be written in many ways: as an object, or as the `allOf` of its two halves; as an
//! `enum`, or as a `oneOf` of one-value enums. The normal form is one of these ways. Code that
//! compares schemas or generates types from them has to know only that one:
//!
//! - `allOf` is flattened into one schema. References in it are replaced by their targets, unless a
//!   reference is the only part. Keywords that contradict each other stay in `allOf`.
//! - `oneOf` and `anyOf` with a single alternative are replaced by that alternative.
//! - A `oneOf` or `anyOf` whose alternatives are all enums of one type becomes one enum.
//! - An enum without a `type` gets the type of its values.
//! - The mapping of a discriminator lists every alternative, including implicit ones.
//! - `exclusiveMinimum` and `exclusiveMaximum` of integers become inclusive bounds.
//!
//! Other parts of the document do not change. [`origin`] returns the JSON pointer that a part of
//! the normal form has in the original document.
//!
//! [`origin`]: NormalForm::origin

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde_json::Value;

mod all_of;
mod alternatives;
mod bounds;
mod merge;
mod part;
mod walk;

#[cfg(test)]
mod tests;

use part::{Content, Field, Fields, Origin, Origins, Part};

/// Keywords that describe a schema without restricting its values.
pub const ANNOTATIONS: &[&str] = &[
    "title",
    "description",
    "default",
    "example",
    "deprecated",
    "externalDocs",
    "xml",
];

/// The extension that holds annotations of schemas that were merged into others.
pub const DROPPED_ANNOTATIONS: &str = "x-dropped-annotations";

/// The maximum length of a chain of `allOf` references. Longer chains are not flattened.
const MAX_CHAIN: usize = 64;

/// The maximum depth at which properties of the same name are merged. Recursive schemas have no
/// end.
const MAX_DEPTH: usize = 16;

/// A document whose schemas are in normal form.
#[derive(Clone, Debug)]
pub struct NormalForm {
    document: Value,
    moved: HashMap<String, String>,
}

impl NormalForm {
    /// Brings the schemas of `document` into normal form.
    ///
    /// Time and the size of the result are linear in the size of the document. Once the copies of
    /// referenced schemas are several times as large as the document, no further `allOf` is
    /// flattened.
    pub fn new(document: &Value) -> NormalForm {
        let mut builder = Builder {
            document,
            origins: Origins::default(),
            done: HashMap::new(),
            active: HashSet::new(),
            flat: HashMap::new(),
            chain: 0,
            depth: 0,
            budget: part::size(document).saturating_mul(4).max(10_000),
        };
        let root = builder.origins.root();
        let part = builder.document_part(document, root);
        let mut moved = HashMap::new();
        let document = builder.origins.emit(&part, &mut moved);
        NormalForm { document, moved }
    }

    /// Returns the document in normal form.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Returns the pointer, in the original document, of the part at `pointer` in the normal form.
    pub fn origin<'p>(&self, pointer: &'p str) -> Cow<'p, str> {
        if self.moved.is_empty() {
            return Cow::Borrowed(pointer);
        }
        let mut end = pointer.len();
        loop {
            if let Some(origin) = self.moved.get(&pointer[..end]) {
                return Cow::Owned(format!("{origin}{}", &pointer[end..]));
            }
            match pointer[..end].rfind('/') {
                Some(slash) => end = slash,
                None => return Cow::Borrowed(pointer),
            }
        }
    }
}

/// Returns true if a keyword describes a schema without restricting its values.
pub fn is_annotation(keyword: &str) -> bool {
    ANNOTATIONS.contains(&keyword) || keyword.starts_with("x-")
}

struct Builder<'d> {
    document: &'d Value,
    origins: Origins<'d>,
    /// The normal forms of schemas, by address.
    done: HashMap<*const Value, Part<'d>>,
    /// The schemas whose normal form is being built. A schema that contains itself is not changed.
    active: HashSet<*const Value>,
    /// The flattened keywords of schemas that `allOf`s refer to, by address. `None` while they are
    /// collected, so that an `allOf` that contains itself is not flattened.
    flat: HashMap<*const Value, Option<Fields<'d>>>,
    /// Number of references from the first schema to the one that is being flattened.
    chain: usize,
    /// Number of properties and items from the schema that is being flattened to the one that is
    /// being merged.
    depth: usize,
    /// Number of values that may still be copied from one schema into another.
    budget: usize,
}

impl<'d> Builder<'d> {
    /// Returns the normal form of a schema.
    fn schema(&mut self, value: &'d Value, origin: Origin) -> Part<'d> {
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
    fn keywords(&mut self, mut fields: Vec<Field<'d>>, origin: Origin) -> (Vec<Field<'d>>, bool) {
        let mut changed = bounds::make_inclusive(&mut fields);
        changed |= self.join_enums(&mut fields);
        changed |= alternatives::add_type(&mut fields);
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
