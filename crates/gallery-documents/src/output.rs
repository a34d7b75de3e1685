//! Rewrites references to the names of the canonical document, and replaces those that lead
//! nowhere.

use serde_json::{Map, Value, json};

use crate::components::{Components, Target, untyped};
use crate::model::{Kind, Parts, walk_mut};
use crate::namespace::Namespace;

/// Rewrites the references in a part of a unit.
pub(crate) fn rewrite(
    components: &Components,
    namespace: &Namespace,
    unit: usize,
    kind: Kind,
    value: &mut Value,
) {
    let writer = Writer {
        components,
        namespace,
        unit,
    };
    if kind == Kind::Operation {
        writer.security(value);
    }
    walk_mut(kind, value, &mut String::new(), &mut |kind, value, _| {
        writer.visit(kind, value)
    });
}

struct Writer<'a> {
    components: &'a Components,
    namespace: &'a Namespace,
    unit: usize,
}

impl Writer<'_> {
    fn visit(&self, kind: Kind, value: &mut Value) -> bool {
        match self.components.target(self.unit, kind, value) {
            Some(Target::Component(target)) => {
                let text = self.text(target);
                *value = match kind {
                    Kind::SchemaName => text.into(),
                    _ => json!({"$ref": text}),
                };
                return false;
            }
            Some(Target::Dangling(_)) => {
                *value = untyped(kind);
                return false;
            }
            None => {}
        }
        if let Value::Object(map) = value {
            self.remove_missing(kind, map);
            if kind == Kind::Schema {
                self.complete_mapping(map);
            }
        }
        true
    }

    /// Returns the reference to a component.
    fn text(&self, target: usize) -> String {
        let component = &self.components.all[target];
        let name = self.namespace.name(target).map_or("", |(_, name)| name);
        format!("#/components/{}/{name}", component.section())
    }

    /// Removes optional parts that do not exist.
    fn remove_missing(&self, kind: Kind, map: &mut Map<String, Value>) {
        let is_missing = |kind: Kind, value: &Value| {
            let is_optional = matches!(
                kind,
                Kind::Parameter | Kind::Header | Kind::Example | Kind::Link | Kind::Callback
            );
            let target = || self.components.target(self.unit, kind, value);
            is_optional && matches!(target(), Some(Target::Dangling(_)))
        };
        if matches!(kind, Kind::Schema | Kind::Paths) {
            return;
        }
        for (key, value) in map.iter_mut() {
            match (kind.parts(key), value) {
                (Some(Parts::List(kind)), Value::Array(items)) => {
                    items.retain(|item| !is_missing(kind, item));
                }
                (Some(Parts::Map(kind)), Value::Object(items)) => {
                    items.retain(|_, item| !is_missing(kind, item));
                }
                _ => {}
            }
        }
    }

    /// Writes the mapping of a discriminator if the names of schemas, which are its values, have
    /// changed.
    fn complete_mapping(&self, schema: &mut Map<String, Value>) {
        let has_none = schema
            .get("discriminator")
            .is_some_and(|it| it.is_object() && it.get("mapping").is_none());
        if !has_none {
            return;
        }
        let alternatives: Vec<usize> = ["oneOf", "anyOf"]
            .into_iter()
            .filter_map(|key| schema.get(key)?.as_array())
            .flatten()
            .filter_map(|item| self.component_of(item))
            .collect();
        self.insert_mapping(schema, &alternatives);
    }

    fn component_of(&self, value: &Value) -> Option<usize> {
        match self.components.target(self.unit, Kind::Schema, value)? {
            Target::Component(target) => Some(target),
            Target::Dangling(_) => None,
        }
    }

    fn insert_mapping(&self, schema: &mut Map<String, Value>, targets: &[usize]) {
        let name = |target: usize| self.components.all[target].name.clone();
        let is_renamed = |target: &usize| {
            let new = self.namespace.name(*target);
            new.is_some_and(|(_, new)| new != self.components.all[*target].name)
        };
        if !targets.iter().any(is_renamed) {
            return;
        }
        let mapping: Map<String, Value> = targets
            .iter()
            .map(|&target| (name(target), self.text(target).into()))
            .collect();
        if let Some(discriminator) = schema.get_mut("discriminator") {
            discriminator["mapping"] = Value::Object(mapping);
        }
    }

    /// Renames the schemes of security requirements.
    fn security(&self, operation: &mut Value) {
        let alternatives = operation.get_mut("security").and_then(Value::as_array_mut);
        for alternative in alternatives.into_iter().flatten() {
            let Value::Object(schemes) = alternative.take() else {
                continue;
            };
            let renamed = schemes.into_iter().map(|(name, scopes)| {
                let scheme = self
                    .components
                    .find(self.unit, Kind::SecurityScheme, &name)
                    .and_then(|scheme| self.namespace.name(scheme));
                (scheme.map_or(name, |(_, name)| name.to_owned()), scopes)
            });
            *alternative = Value::Object(renamed.collect());
        }
    }
}

/// Writes the mapping of a parent's discriminator if schemas that extend it have other names.
pub(crate) fn complete_children(
    components: &Components,
    namespace: &Namespace,
    number: usize,
    schema: &mut Value,
) {
    let Some(children) = namespace.children.get(&number) else {
        return;
    };
    let children: Vec<usize> = children.iter().copied().collect();
    let writer = Writer {
        components,
        namespace,
        unit: components.all[number].unit,
    };
    if let Value::Object(schema) = schema {
        let has_none = schema
            .get("discriminator")
            .is_some_and(|it| it.is_object() && it.get("mapping").is_none());
        if has_none {
            writer.insert_mapping(schema, &children);
        }
    }
}
