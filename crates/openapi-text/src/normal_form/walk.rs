//! Finds the schemas of a document.

use serde_json::Value;

use crate::METHODS;

use super::builder::Builder;
use super::part::{Origin, Part};

/// The kind of an object of the document.
#[derive(Clone, Copy)]
enum Kind {
    Document,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    MediaType,
    Response,
    Components,
    Schema,
}

/// The number and arrangement of objects under a key.
#[derive(Clone, Copy)]
enum Count {
    One,
    List,
    Map,
    MapOfMaps,
}

/// Returns the objects under a key, or `None` if they contain no schema.
fn child(kind: Kind, key: &str) -> Option<(Kind, Count)> {
    Some(match (kind, key) {
        (Kind::Document, "paths") => (Kind::PathItem, Count::Map),
        (Kind::Document, "components") => (Kind::Components, Count::One),
        (Kind::PathItem, "parameters") | (Kind::Operation, "parameters") => {
            (Kind::Parameter, Count::List)
        }
        (Kind::PathItem, key) if METHODS.contains(&key) => (Kind::Operation, Count::One),
        (Kind::Operation, "requestBody") => (Kind::RequestBody, Count::One),
        (Kind::Operation, "responses") => (Kind::Response, Count::Map),
        (Kind::Operation, "callbacks") => (Kind::PathItem, Count::MapOfMaps),
        (Kind::Parameter | Kind::MediaType, "schema") => (Kind::Schema, Count::One),
        (Kind::Parameter | Kind::RequestBody | Kind::Response, "content") => {
            (Kind::MediaType, Count::Map)
        }
        (Kind::Response, "headers") => (Kind::Parameter, Count::Map),
        (Kind::Components, "schemas") => (Kind::Schema, Count::Map),
        (Kind::Components, "parameters" | "headers") => (Kind::Parameter, Count::Map),
        (Kind::Components, "requestBodies") => (Kind::RequestBody, Count::Map),
        (Kind::Components, "responses") => (Kind::Response, Count::Map),
        (Kind::Components, "callbacks") => (Kind::PathItem, Count::MapOfMaps),
        _ => return None,
    })
}

impl<'d> Builder<'d> {
    /// Brings the schemas of a document into normal form.
    pub(super) fn document_part(&mut self, document: &'d Value, origin: Origin) -> Part<'d> {
        self.value(Kind::Document, document, origin)
    }

    fn value(&mut self, kind: Kind, value: &'d Value, origin: Origin) -> Part<'d> {
        if let Kind::Schema = kind {
            return self.schema(value, origin);
        }
        self.entries(value, origin, |key| child(kind, key))
    }

    fn counted(&mut self, kind: Kind, count: Count, value: &'d Value, origin: Origin) -> Part<'d> {
        match (count, value) {
            (Count::One, _) => self.value(kind, value, origin),
            (Count::Map, _) => self.entries(value, origin, |_| Some((kind, Count::One))),
            (Count::MapOfMaps, _) => self.entries(value, origin, |_| Some((kind, Count::Map))),
            (Count::List, Value::Array(items)) => {
                let mut changed = false;
                let mut list = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    let at = self.origins.index(origin, index);
                    let part = self.value(kind, item, at);
                    changed |= !part.is_source(item);
                    list.push(part);
                }
                match changed {
                    true => Part::list(list, origin),
                    false => Part::source(value, origin),
                }
            }
            (Count::List, _) => Part::source(value, origin),
        }
    }

    fn entries(
        &mut self,
        value: &'d Value,
        origin: Origin,
        child: impl Fn(&str) -> Option<(Kind, Count)>,
    ) -> Part<'d> {
        let source = Part::source(value, origin);
        let Some(fields) = source.fields(&mut self.origins) else {
            return source;
        };
        let mut changed = false;
        let mut new = Vec::with_capacity(fields.len());
        for (key, part) in fields {
            let part = match (child(&key), value.get(key.as_ref())) {
                (Some((kind, count)), Some(value)) => {
                    let part = self.counted(kind, count, value, part.origin);
                    changed |= !part.is_source(value);
                    part
                }
                _ => part,
            };
            new.push((key, part));
        }
        match changed {
            true => Part::map(new, origin),
            false => source,
        }
    }
}
