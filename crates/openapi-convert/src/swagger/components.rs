//! Parameters and responses that operations of version 2.0 share.

use std::collections::BTreeMap;

use openapi_text::METHODS;
use openapi_text::pointer::{escape, of_reference, unescape};
use serde_json::{Map, Value};

use super::media::MediaTypes;
use super::{body, response};
use crate::context::Context;
use crate::targets::component_name;

/// Shared parameters and responses as in the source document.
pub(super) struct Components {
    parameters: BTreeMap<String, Shared>,
    responses: BTreeMap<String, Shared>,
}

/// A shared part.
pub(super) struct Shared {
    /// The part as in the source document, with converted schemas.
    pub(super) source: Value,
    /// The name in the converted document.
    pub(super) name: String,
    /// The media types that it has as a component.
    pub(super) media: MediaTypes,
    /// The number of uses by media types.
    uses: BTreeMap<MediaTypes, usize>,
}

impl Shared {
    /// Returns the value of `in`.
    pub(super) fn location(&self) -> &str {
        self.source
            .get("in")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// Returns true if the part depends on media types.
    fn has_content(&self) -> bool {
        self.source.get("schema").is_some() || self.source.get("examples").is_some()
    }
}

/// Shared parts, and the components made of them.
pub(super) struct Converted {
    parameters: BTreeMap<String, Shared>,
    responses: BTreeMap<String, Shared>,
    /// The components of the converted document.
    pub(super) components: Map<String, Value>,
}

impl Components {
    /// Removes the shared parts from a document.
    pub(super) fn take(root: &mut Map<String, Value>) -> Components {
        let mut take = |key: &str| {
            let parts = match root.remove(key) {
                Some(Value::Object(parts)) => parts,
                _ => Map::new(),
            };
            let names = component_names(parts.keys());
            parts
                .into_iter()
                .map(|(name, source)| {
                    let shared = Shared {
                        name: names.get(&name).cloned().unwrap_or_else(|| name.clone()),
                        source,
                        media: MediaTypes::of(None),
                        uses: BTreeMap::new(),
                    };
                    (name, shared)
                })
                .collect()
        };
        Components {
            parameters: take("parameters"),
            responses: take("responses"),
        }
    }

    /// Counts with which media types operations use the shared parts. A component has those of
    /// most uses.
    pub(super) fn count_uses(
        &mut self,
        paths: &Map<String, Value>,
        consumes: &MediaTypes,
        produces: &MediaTypes,
    ) {
        let references = |value: Option<&Value>, prefix: &str| -> Vec<String> {
            let parts: Vec<&Value> = match value {
                Some(Value::Array(items)) => items.iter().collect(),
                Some(Value::Object(entries)) => entries.values().collect(),
                _ => Vec::new(),
            };
            parts
                .into_iter()
                .filter_map(|part| name_in(part, prefix))
                .collect()
        };
        for item in paths.values().filter_map(Value::as_object) {
            let inherited = references(item.get("parameters"), PARAMETERS);
            for operation in operations(item) {
                let consumes = MediaTypes::of(operation.get("consumes")).or(consumes);
                let own = references(operation.get("parameters"), PARAMETERS);
                for name in inherited.iter().chain(&own) {
                    count(&mut self.parameters, name, &consumes);
                }
                let produces = MediaTypes::of(operation.get("produces")).or(produces);
                for name in references(operation.get("responses"), RESPONSES) {
                    count(&mut self.responses, &name, &produces);
                }
            }
        }
        for (parts, root) in [
            (&mut self.parameters, consumes),
            (&mut self.responses, produces),
        ] {
            for shared in parts.values_mut() {
                let uses = shared.uses.iter();
                // Of several with the same number of uses, that of the document.
                let most = uses.max_by_key(|(media, uses)| (**uses, *media == root));
                shared.media = most.map_or_else(|| root.clone(), |(media, _)| media.clone());
            }
        }
    }

    /// Converts the shared parts to components.
    pub(super) fn convert(self, context: &mut Context) -> Converted {
        let mut maps: [Map<String, Value>; 3] = Default::default();
        let [parameters, bodies, responses] = &mut maps;
        for (name, shared) in &self.parameters {
            let pointer = format!("/parameters/{}", escape(name));
            let Some(Value::Object(source)) = context.budget.copy(&shared.source) else {
                continue;
            };
            match shared.location() {
                "formData" => {}
                "body" => {
                    let body = body::body(source, &shared.media, &pointer, context);
                    bodies.insert(shared.name.clone(), body.into());
                }
                _ => {
                    parameters.insert(shared.name.clone(), source.into());
                }
            }
        }
        for (name, shared) in &self.responses {
            let pointer = format!("/responses/{}", escape(name));
            if let Some(Value::Object(source)) = context.budget.copy(&shared.source) {
                let response = response::response(source, &shared.media, &pointer, context);
                responses.insert(shared.name.clone(), response.into());
            }
        }
        let keys = ["parameters", "requestBodies", "responses"];
        Converted {
            parameters: self.parameters,
            responses: self.responses,
            components: keys
                .into_iter()
                .zip(maps)
                .filter(|(_, map)| !map.is_empty())
                .map(|(key, map)| (key.to_owned(), map.into()))
                .collect(),
        }
    }
}

impl Converted {
    /// Returns the shared parameter that a reference leads to.
    pub(super) fn parameter(&self, reference: &Value) -> Option<&Shared> {
        self.parameters.get(&name_in(reference, PARAMETERS)?)
    }

    /// Returns the shared response that a reference leads to.
    pub(super) fn response(&self, reference: &Value) -> Option<&Shared> {
        self.responses.get(&name_in(reference, RESPONSES)?)
    }
}

impl Shared {
    /// Returns true if the component can be used with these media types.
    pub(super) fn fits(&self, media: &MediaTypes) -> bool {
        self.media == *media || (self.location().is_empty() && !self.has_content())
    }
}

/// The location of shared parameters.
pub(super) const PARAMETERS: &str = "/parameters/";

/// The location of shared responses.
pub(super) const RESPONSES: &str = "/responses/";

/// Returns the name of the part that a reference leads to.
fn name_in(part: &Value, prefix: &str) -> Option<String> {
    let pointer = of_reference(part.get("$ref")?.as_str()?)?;
    let name = pointer.strip_prefix(prefix)?;
    (!name.contains('/')).then(|| unescape(name))
}

fn count(parts: &mut BTreeMap<String, Shared>, name: &str, media: &MediaTypes) {
    if let Some(shared) = parts.get_mut(name) {
        *shared.uses.entry(media.clone()).or_default() += 1;
    }
}

/// Returns a valid name of a component for each name. Valid names stay as they are.
pub(super) fn component_names<'a>(
    names: impl Iterator<Item = &'a String> + Clone,
) -> BTreeMap<String, String> {
    let is_valid = |name: &&String| component_name(name) == **name;
    let mut new: BTreeMap<String, String> = names
        .clone()
        .filter(is_valid)
        .map(|name| (name.clone(), name.clone()))
        .collect();
    let mut taken: BTreeMap<String, usize> = new.keys().map(|name| (name.clone(), 1)).collect();
    for name in names.filter(|name| !is_valid(name)) {
        let base = component_name(name);
        let mut number = taken.get(&base).copied().unwrap_or_default();
        let mut candidate = base.clone();
        while taken.contains_key(&candidate) {
            number += 1;
            candidate = format!("{base}_{number}");
        }
        taken.insert(base, number.max(1));
        taken.entry(candidate.clone()).or_insert(1);
        new.insert(name.clone(), candidate);
    }
    new
}

/// Returns the operations of a path item, with their methods.
fn operations(item: &Map<String, Value>) -> impl Iterator<Item = &Map<String, Value>> {
    METHODS
        .iter()
        .filter_map(|method| item.get(*method)?.as_object())
}
