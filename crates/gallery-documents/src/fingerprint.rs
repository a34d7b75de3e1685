//! Hashes of parts: of what goes over the wire, and of everything.
//!
//! A [`Part`] is a tree of hashes in which only references are left, and what leads to them.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Map, Value};

use crate::components::{Components, Target};
use crate::model::{JSON_SCHEMA, Kind, Parts};
use openapi_text::template::variables;

/// The hashes of a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Hashes {
    /// Without prose, tags, ids, examples and extensions.
    pub(crate) wire: u128,
    /// With everything.
    pub(crate) exact: u128,
}

impl Hashes {
    fn both(hash: u128) -> Hashes {
        Hashes {
            wire: hash,
            exact: hash,
        }
    }
}

/// A part of a document.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    /// It has no references.
    Leaf(Hashes),
    Reference(Target),
    Node {
        /// The hash of what does not go over the wire.
        prose: u128,
        children: Vec<(u128, Part)>,
    },
}

/// Returns a 128-bit hash.
pub(crate) fn hash<T: Hash + ?Sized>(value: &T) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, value).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    (half(1) << 64) | half(2)
}

/// Returns the hashes of a part with these children.
pub(crate) fn combine(prose: u128, children: &[(u128, Hashes)]) -> Hashes {
    let half = |salt: u8| {
        let (mut wire, mut exact) = (DefaultHasher::new(), DefaultHasher::new());
        (salt, children.len()).hash(&mut wire);
        (salt, children.len(), prose).hash(&mut exact);
        for (label, hashes) in children {
            (label, hashes.wire).hash(&mut wire);
            (label, hashes.exact).hash(&mut exact);
        }
        (u128::from(wire.finish()), u128::from(exact.finish()))
    };
    let (first, second) = (half(1), half(2));
    Hashes {
        wire: (first.0 << 64) | second.0,
        exact: (first.1 << 64) | second.1,
    }
}

/// Returns the hash of what goes over the wire, with references as written.
pub(crate) fn definition(components: &Components, part: &Part) -> u128 {
    match part {
        Part::Leaf(hashes) => hashes.wire,
        Part::Reference(Target::Component(number)) => {
            let target = &components.all[*number];
            hash(&(target.kind, target.name.as_str()))
        }
        Part::Reference(Target::Dangling(number)) => {
            let target = &components.dangling[*number];
            let name = target.name().unwrap_or_else(|| target.text.clone());
            hash(&(target.kind, name.as_str()))
        }
        Part::Node { children, .. } => {
            let children = children.iter();
            let hashes = children.map(|(label, child)| (*label, definition(components, child)));
            let mut hashes: Vec<(u128, u128)> = hashes.collect();
            hashes.sort_unstable();
            hash(&hashes)
        }
    }
}

/// Returns the part that a value of a unit is.
pub(crate) fn part(components: &Components, unit: usize, kind: Kind, value: &Value) -> Part {
    Reader {
        components,
        unit,
        path: None,
    }
    .part(kind, value)
}

/// Returns the part that an operation under a path is. The names of path variables do not count.
pub(crate) fn operation(
    components: &Components,
    unit: usize,
    path: &str,
    operation: &Value,
) -> Part {
    Reader {
        components,
        unit,
        path: Some(path),
    }
    .part(Kind::Operation, operation)
}

struct Reader<'a> {
    components: &'a Components,
    unit: usize,
    /// The path of the operation that is read.
    path: Option<&'a str>,
}

impl Reader<'_> {
    fn part(&self, kind: Kind, value: &Value) -> Part {
        if let Some(target) = self.components.target(self.unit, kind, value) {
            return Part::Reference(target);
        }
        let Some(map) = value.as_object() else {
            return Part::Leaf(Hashes::both(hash(value)));
        };
        if kind == Kind::SecurityScheme {
            return Part::Leaf(security_scheme(value));
        }
        let mut prose: Vec<(&String, &Value)> = Vec::new();
        let mut children = Vec::with_capacity(map.len());
        for (key, value) in map {
            if is_prose(kind, key) {
                prose.push((key, value));
            } else {
                children.push((hash(key), self.child(kind, key, value)));
            }
        }
        if kind == Kind::Schema && is_implicit(map) {
            children.push((hash(&"implicit names"), implicit_names(map)));
        }
        let prose = match prose.is_empty() {
            true => 0,
            false => hash(&prose),
        };
        node(prose, children)
    }

    fn child(&self, kind: Kind, key: &str, value: &Value) -> Part {
        match (kind, key, value) {
            (Kind::Schema, "required" | "enum", Value::Array(items)) => {
                let mut hashes: Vec<u128> = items.iter().map(hash::<Value>).collect();
                hashes.sort_unstable();
                return Part::Leaf(Hashes::both(hash(&hashes)));
            }
            (Kind::Operation, "parameters", Value::Array(items)) => return self.parameters(items),
            (Kind::Operation, "security", Value::Array(items)) => return self.security(items),
            _ => {}
        }
        match (kind.parts(key), value) {
            (Some(Parts::One(kind)), value @ Value::Object(_)) => self.part(kind, value),
            (Some(Parts::One(kind @ Kind::SchemaName)), value) => self.part(kind, value),
            (Some(Parts::List(kind)), Value::Array(items)) => {
                let child = |(index, item)| (index as u128, self.part(kind, item));
                node(0, items.iter().enumerate().map(child).collect())
            }
            (Some(Parts::Map(kind)), Value::Object(map)) => {
                let child = |(key, item)| (hash::<String>(key), self.part(kind, item));
                node(0, map.iter().map(child).collect())
            }
            _ => Part::Leaf(Hashes::both(hash(value))),
        }
    }

    /// Returns the parameters of an operation, in any order. Those of the path count by position.
    fn parameters(&self, items: &[Value]) -> Part {
        let names = self.path.map(variables).unwrap_or_default();
        let mut children = Vec::with_capacity(items.len());
        for item in items {
            let resolved = self.components.resolved(self.unit, Kind::Parameter, item);
            let text = |key| resolved.and_then(|(_, value)| value.get(key)?.as_str());
            let (location, name) = (text("in").unwrap_or_default(), text("name"));
            let position = match (location, name) {
                ("path", Some(name)) => names.iter().position(|it| *it == name),
                _ => None,
            };
            match (position, resolved) {
                (Some(position), Some((unit, value))) => {
                    let mut value = value.clone();
                    value["name"] = position.into();
                    let reader = Reader {
                        unit,
                        path: None,
                        ..*self
                    };
                    let label = hash(&(location, position));
                    // The name does not go over the wire.
                    let part = reader.part(Kind::Parameter, &value);
                    children.push((label, node(hash(&name), vec![(0, part)])));
                }
                _ => {
                    let label = hash(&(location, name));
                    children.push((label, self.part(Kind::Parameter, item)));
                }
            }
        }
        children.sort_by_key(|(label, _)| *label);
        node(0, children)
    }

    fn security(&self, items: &[Value]) -> Part {
        let alternative = |(index, item): (usize, &Value)| {
            let schemes = item.as_object().into_iter().flatten();
            let scheme = |(name, scopes): (&String, &Value)| {
                let target = self.components.find(self.unit, Kind::SecurityScheme, name);
                let scheme = match target {
                    Some(target) => Part::Reference(Target::Component(target)),
                    None => Part::Leaf(Hashes::both(hash(name))),
                };
                let mut scopes: Vec<u128> = scopes
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(hash::<Value>)
                    .collect();
                scopes.sort_unstable();
                (hash(&scopes), scheme)
            };
            (index as u128, node(0, schemes.map(scheme).collect()))
        };
        node(0, items.iter().enumerate().map(alternative).collect())
    }
}

fn node(prose: u128, children: Vec<(u128, Part)>) -> Part {
    let leaf = |(label, part): &(u128, Part)| match part {
        Part::Leaf(hashes) => Some((*label, *hashes)),
        _ => None,
    };
    let leaves: Option<Vec<(u128, Hashes)>> = children.iter().map(leaf).collect();
    match leaves {
        Some(leaves) => Part::Leaf(combine(prose, &leaves)),
        None => Part::Node { prose, children },
    }
}

/// Returns true if a key of a part does not change what goes over the wire.
fn is_prose(kind: Kind, key: &str) -> bool {
    if key.starts_with("x-") {
        return !matches!(kind, Kind::Callback | Kind::Responses | Kind::Paths)
            && key != JSON_SCHEMA
            && !key.starts_with("x-gallery");
    }
    matches!(
        (kind, key),
        (
            Kind::Schema,
            "title" | "description" | "example" | "examples" | "externalDocs"
        ) | (
            Kind::Operation,
            "summary" | "description" | "tags" | "operationId" | "externalDocs"
        ) | (
            Kind::Parameter | Kind::Header | Kind::MediaType,
            "description" | "example" | "examples"
        ) | (Kind::Body | Kind::Example | Kind::Link, "description")
            | (Kind::Response, "description" | "links")
            | (Kind::PathItem, "summary" | "description")
    )
}

/// Returns true if the names of a schema's alternatives go over the wire.
fn is_implicit(map: &Map<String, Value>) -> bool {
    map.get("discriminator")
        .is_some_and(|discriminator| discriminator.get("mapping").is_none())
}

fn implicit_names(map: &Map<String, Value>) -> Part {
    let alternatives = ["oneOf", "anyOf"]
        .into_iter()
        .filter_map(|key| map.get(key)?.as_array())
        .flatten()
        .filter_map(|item| item.get("$ref")?.as_str()?.rsplit('/').next());
    let names: Vec<&str> = alternatives.collect();
    Part::Leaf(Hashes::both(hash(&names)))
}

/// Returns the hashes of a security scheme. Scopes are added to each other, so they do not count.
fn security_scheme(value: &Value) -> Hashes {
    let mut wire = value.clone();
    if let Some(map) = wire.as_object_mut() {
        map.retain(|key, _| {
            !key.starts_with("x-") && !matches!(key.as_str(), "description" | "bearerFormat")
        });
        if let Some(Value::String(scheme)) = map.get_mut("scheme") {
            scheme.make_ascii_lowercase();
        }
        if let Some(Value::Object(flows)) = map.get_mut("flows") {
            for flow in flows.values_mut().filter_map(Value::as_object_mut) {
                flow.remove("scopes");
            }
        }
    }
    Hashes {
        wire: hash(&wire),
        exact: hash(value),
    }
}
