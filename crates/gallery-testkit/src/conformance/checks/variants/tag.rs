//! Unions of objects whose tag, a property, selects the alternative.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::parts::is_plain;
use crate::document::Document;
use crate::pointer::escape;
use crate::sample::{self, SCHEMAS, alternatives, component, flat, mapped_values};
use crate::schema::{Direction, Validator};

/// A value that no tag lists.
pub(in crate::conformance::checks) const UNKNOWN: &str = "unknown-tag";

/// The tag of a union.
pub(in crate::conformance::checks) struct Tag {
    pub(in crate::conformance::checks) property: String,
    pub(in crate::conformance::checks) alternatives: Vec<Alternative>,
}

/// An alternative with its values of the tag.
pub(in crate::conformance::checks) struct Alternative {
    schema: Value,
    pub(in crate::conformance::checks) values: Vec<Value>,
    /// The name of the component schema, or the pointer from the union. `None` for a schema from
    /// which the other alternatives inherit.
    pub(in crate::conformance::checks) name: Option<String>,
}

impl Tag {
    /// Returns the tag of a schema. `None` for a schema that is not a union, or whose alternatives
    /// are not all objects with values of their own. Scalars and lists beside objects do not count.
    pub(in crate::conformance::checks) fn of(document: &Document, schema: &Value) -> Option<Tag> {
        let schema = document.resolve(schema);
        let listed = ["oneOf", "anyOf"].into_iter();
        let mut listed = listed.filter_map(|keyword| Some((keyword, schema.get(keyword)?)));
        let discriminator = own_discriminator(schema);
        let tag = match (listed.next(), discriminator) {
            (Some((keyword, all)), _) if schema.get("allOf").is_none() => {
                let parts = all.as_array()?.iter().zip(alternatives(document, schema));
                let parts = parts.enumerate();
                let parts: Vec<_> = parts
                    .filter(|(_, (part, _))| !is_scalar_or_list(document, part))
                    .collect();
                let property = match discriminator {
                    Some(own) => own.get("propertyName")?.as_str()?.to_owned(),
                    None => only_constant(document, parts.iter().map(|(_, (part, _))| *part))?,
                };
                let parts = parts.into_iter().map(|(index, (part, alone))| {
                    let name = component(part);
                    let listed = listed_values(document, &alone, &property);
                    let values = match listed.is_empty() {
                        true => named_values(discriminator?, name.as_deref()?),
                        false => listed,
                    };
                    Some(Alternative {
                        schema: alone,
                        values,
                        name: name.or_else(|| Some(format!("/{keyword}/{index}"))),
                    })
                });
                Tag {
                    alternatives: parts.collect::<Option<_>>()?,
                    property,
                }
            }
            (None, Some(discriminator)) => family(document, schema, discriminator)?,
            _ => return None,
        };
        let mut seen = HashSet::new();
        let mut values = tag.alternatives.iter().flat_map(|own| &own.values);
        let is_tagged = tag.alternatives.len() > 1
            && values.all(|value| seen.insert(value.to_string()))
            && tag.alternatives.iter().all(|own| is_object(document, own));
        is_tagged.then_some(tag)
    }
}

impl Tag {
    /// Returns true if a value is not valid for the alternative that its tag selects.
    pub(in crate::conformance::checks) fn rejects(
        &self,
        document: &Document,
        value: &Value,
    ) -> bool {
        let Some(tag) = value.get(&self.property) else {
            return false;
        };
        let mut alternatives = self.alternatives.iter();
        let selected = alternatives.find(|own| own.values.contains(tag));
        let validator = Validator::new(document, Direction::Response);
        selected.is_some_and(|own| own.name.is_some() && !validator.is_valid(&own.schema, value))
    }
}

fn is_object(document: &Document, alternative: &Alternative) -> bool {
    let schema = &alternative.schema;
    let has_properties = flat(document, schema).get("properties").is_some();
    has_properties && is_plain(document, schema) && !alternative.values.is_empty()
}

/// Returns the tag of a schema from which others inherit: their names select them.
fn family(document: &Document, schema: &Value, discriminator: &Value) -> Option<Tag> {
    let validator = Validator::new(document, Direction::Response);
    let property = discriminator.get("propertyName")?.as_str()?.to_owned();
    let own = document
        .schemas()
        .find(|(_, own)| std::ptr::eq(*own, schema))?;
    let reference = |name: &str| json!({"$ref": format!("{SCHEMAS}{}", escape(name))});
    let inherited = listed_values(document, schema, &property);
    let texts: HashSet<String> = inherited.iter().map(Value::to_string).collect();
    let is_inherited = |value: &Value| texts.contains(&value.to_string());
    let heirs = document.schemas();
    let heirs = heirs.filter(|(name, heir)| *name != own.0 && validator.inherits(heir, schema));
    let heirs = heirs.map(|(name, _)| {
        let schema = reference(name);
        let listed = listed_values(document, &schema, &property);
        let added = listed.iter().filter(|value| !is_inherited(value));
        let added: Vec<Value> = added.cloned().collect();
        // The values of a parent select no child that repeats them all or has others.
        let own = match (added.is_empty(), listed == inherited && listed.len() > 1) {
            (true, true) => Vec::new(),
            (true, false) => listed,
            (false, _) => added,
        };
        (name, schema, own)
    });
    let heirs: Vec<_> = heirs.collect();
    let mut uses: HashMap<String, usize> = HashMap::new();
    for value in heirs.iter().flat_map(|own| &own.2) {
        *uses.entry(value.to_string()).or_default() += 1;
    }
    let only_once = |value: &Value| uses[&value.to_string()] == 1;
    let mut alternatives: Vec<Alternative> = Vec::new();
    for (name, schema, listed) in heirs {
        let mapped = mapped_values(discriminator, name);
        let selects = match listed.len() {
            0 => false,
            1 => true,
            _ => listed.iter().all(only_once),
        };
        let values = match (mapped.is_empty(), selects) {
            (false, _) => mapped,
            (true, true) => listed,
            (true, false) => vec![json!(name)],
        };
        alternatives.push(Alternative {
            schema,
            values,
            name: Some(name.to_owned()),
        });
    }
    // The parent has the values of its `enum` that select no child.
    let mut values = named_values(discriminator, own.0);
    values.extend(inherited);
    let taken = alternatives.iter().flat_map(|own| &own.values);
    let taken: HashSet<String> = taken.map(Value::to_string).collect();
    values.retain(|value| !taken.contains(&value.to_string()));
    let parent = Alternative {
        schema: reference(own.0),
        values,
        name: None,
    };
    alternatives.push(parent);
    Some(Tag {
        property,
        alternatives,
    })
}

/// Returns the values of a discriminator that select a component schema.
fn named_values(discriminator: &Value, name: &str) -> Vec<Value> {
    let mapped = mapped_values(discriminator, name);
    match mapped.is_empty() {
        true => vec![json!(name)],
        false => mapped,
    }
}

/// Returns the scalars that an alternative lists for a property.
fn listed_values(document: &Document, schema: &Value, property: &str) -> Vec<Value> {
    let schema = flat(document, schema);
    let own = schema.get("properties").and_then(|own| own.get(property));
    let listed = own.and_then(|own| flat(document, own).get("enum")?.as_array().cloned());
    let mut listed = listed.unwrap_or_default();
    listed.retain(|value| !value.is_null() && !value.is_object());
    listed
}

/// Returns the discriminator of a schema or of an inline part of its `allOf`. The discriminator of
/// a part that is a reference chooses among the children of that schema.
pub(in crate::conformance::checks) fn own_discriminator(schema: &Value) -> Option<&Value> {
    let parts = || {
        schema
            .get("allOf")?
            .as_array()?
            .iter()
            .find_map(own_discriminator)
    };
    schema.get("discriminator").or_else(parts)
}

/// Returns true for a value whose JSON type shows that it is not an object.
fn is_scalar_or_list(document: &Document, alternative: &Value) -> bool {
    let types = ["string", "integer", "number", "boolean", "array"];
    let schema = document.resolve(alternative);
    let kind = schema.get("type").and_then(Value::as_str);
    kind.is_some_and(|kind| types.contains(&kind))
}

/// Returns the only property for which all alternatives list values.
fn only_constant<'v>(
    document: &Document,
    alternatives: impl Iterator<Item = &'v Value> + Clone,
) -> Option<String> {
    let first = flat(document, alternatives.clone().next()?);
    let has_values = |name: &&String| {
        let mut listed = alternatives.clone();
        listed.all(|own| !listed_values(document, own, name).is_empty())
    };
    let mut names = first.get("properties")?.as_object()?.keys();
    let found = names.find(has_values)?;
    names.find(has_values).is_none().then(|| found.clone())
}

impl Alternative {
    /// Returns a value of the alternative.
    pub(in crate::conformance::checks) fn sample(&self, document: &Document) -> Value {
        sample::value(document, &self.schema, 1)
    }
}

/// Returns an object with another value of a property.
pub(in crate::conformance::checks) fn with(object: &Value, name: &str, value: Value) -> Value {
    let mut object = object.clone();
    if let Value::Object(properties) = &mut object {
        properties.insert(name.to_owned(), value);
    }
    object
}
