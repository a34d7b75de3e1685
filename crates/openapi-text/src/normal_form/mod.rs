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
use std::collections::HashMap;

use serde_json::Value;

use crate::pointer;

mod all_of;
mod alternatives;
mod bounds;
mod builder;
mod enums;
mod keywords;
mod merge;
mod part;
mod walk;

#[cfg(test)]
mod tests;

use builder::{Builder, MAX_CHAIN};
pub use keywords::{ANNOTATIONS, CONSTRAINTS, DROPPED_ANNOTATIONS, is_annotation};

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
        let mut builder = Builder::new(document);
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

    /// Returns the value at a JSON pointer that may pass through references, and its pointer
    /// without them.
    pub fn resolve(&self, pointer: &str) -> Option<(String, &Value)> {
        let mut resolved = String::new();
        let mut value = &self.document;
        for segment in pointer.strip_prefix('/')?.split('/') {
            let mut hops = 0;
            while let Some(reference) = value.get("$ref").and_then(Value::as_str) {
                resolved = pointer::of_reference(reference)?.into_owned();
                value = self.document.pointer(&resolved)?;
                hops += 1;
                if hops > MAX_CHAIN {
                    return None;
                }
            }
            let parent = resolved.len();
            resolved.push('/');
            resolved.push_str(segment);
            value = value.pointer(&resolved[parent..])?;
        }
        Some((resolved, value))
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
