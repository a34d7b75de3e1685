//! The check of unions: each value of a tag selects the type of its alternative.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::conformance::checks::variants::{Alternative, Tag, UNKNOWN, with};
use crate::conformance::schema_types::Schema;
use crate::document::Document;

/// Returns the failures of a union: each value of the tag selects the type of its alternative, and
/// objects with other values, or without the tag, are kept.
pub(super) fn failures(
    document: &Document,
    schema: &Value,
    own: &Schema,
    schemas: &[Schema],
) -> Vec<String> {
    let Some(tag) = Tag::of(document, schema).filter(|_| !own.is_untyped()) else {
        return Vec::new();
    };
    let type_of = |alternative: &Alternative| {
        let name = match alternative.name.as_deref()? {
            pointer if pointer.starts_with('/') => own.pointer() + pointer,
            name => name.to_owned(),
        };
        schemas.iter().find(|own| own.name() == name)
    };
    let types: Vec<Option<&Schema>> = tag.alternatives.iter().map(type_of).collect();
    if types.iter().flatten().any(|own| own.is_untyped()) {
        return Vec::new();
    }
    let mut failures: Vec<String> = unlisted(&tag, own).into_iter().collect();
    let kept = |what: &str, value: &Value| match own.round_trip(value) {
        Ok(found) if found == *value => None,
        Ok(found) => Some(format!("`{}`: {what} {value} became {found}", own.name())),
        Err(error) => Some(format!("`{}`: {what} {value}: {error}", own.name())),
    };
    let property = &tag.property;
    let other =
        |property: &str, value| with(&tag.alternatives[0].sample(document), property, value);
    failures.extend(kept(
        "with an unknown tag,",
        &other(property, json!(UNKNOWN)),
    ));
    let unknown = other("unknown-property", json!({"x": 1}));
    failures.extend(kept("without a tag,", &without(&unknown, property)));
    for (alternative, kind) in tag.alternatives.iter().zip(types) {
        let sample = alternative.sample(document);
        for value in &alternative.values {
            let whole = with(&sample, property, value.clone());
            failures.extend(kept(&format!("with the tag {value},"), &whole));
            for wrong in kind
                .map(|kind| wrong(kind, &whole, property))
                .unwrap_or_default()
            {
                if let Ok(found) = own.round_trip(&wrong) {
                    failures.push(format!(
                        "`{}`: {wrong} is invalid for the tag {value} but became {found}",
                        own.name()
                    ));
                }
            }
        }
    }
    failures
}

/// Returns a failure if a union does not list the values of its tag. A value can lead to an
/// alternative whose objects have no other properties, which an unknown alternative keeps too.
fn unlisted(tag: &Tag, own: &Schema) -> Option<String> {
    let listed: BTreeSet<String> = own.tag_values?.iter().map(|&own| own.to_owned()).collect();
    let values = tag.alternatives.iter().flat_map(|own| &own.values);
    let values = values.map(|value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    let documented: BTreeSet<String> = values.collect();
    (listed != documented).then(|| {
        let name = own.name();
        format!("`{name}` lists the tag values {listed:?} instead of {documented:?}")
    })
}

/// Returns objects that the type of an alternative rejects.
fn wrong(kind: &Schema, whole: &Value, tag: &str) -> Vec<Value> {
    let names = whole.as_object().into_iter().flat_map(Map::keys);
    let changed = names.filter(|name| *name != tag).flat_map(|name| {
        let others = [json!("wrong"), json!([[true]]), json!({"wrong": [true]})];
        let others = others.map(|other| with(whole, name, other));
        others.into_iter().chain([without(whole, name)])
    });
    changed
        .filter(|value| kind.round_trip(value).is_err())
        .collect()
}

fn without(object: &Value, name: &str) -> Value {
    let mut object = object.clone();
    if let Value::Object(properties) = &mut object {
        properties.remove(name);
    }
    object
}

#[cfg(test)]
mod tests;
