//! The actions for one operation.

use std::collections::BTreeMap;

use gallery_draft::ASSUMED;
use openapi_text::template::variables;
use serde_json::{Map, Value, json};

use super::super::draft::quoted;
use super::matching::Operation;

/// The actions for one operation.
pub(super) struct Actions<'a> {
    pub(super) document: &'a Value,
    pub(super) own: &'a Operation<'a>,
    pub(super) theirs: &'a Operation<'a>,
}

impl Actions<'_> {
    pub(super) fn list(&self) -> Vec<Value> {
        let target = format!(
            "$.paths[{}].{}",
            quoted(&self.own.path),
            self.own.method.to_lowercase()
        );
        let mut actions = Vec::new();
        let mut update = Map::new();
        self.parameters(&target, &mut actions, &mut update);
        self.body(&target, &mut actions, &mut update);
        let responses = self.responses(&target, &mut actions);
        if !responses.is_empty() {
            update.insert("responses".to_owned(), responses.into());
        }
        if let Some(security) = self.theirs.value.get("security") {
            update.insert("security".to_owned(), security.clone());
        }
        if !update.is_empty() {
            actions.push(json!({"target": target, "update": update}));
        }
        actions
    }

    /// Adds an action for each parameter without a type, and the parameters that are missing to the
    /// update of the operation.
    fn parameters(&self, target: &str, actions: &mut Vec<Value>, update: &mut Map<String, Value>) {
        let names: BTreeMap<&str, &str> = variables(&self.theirs.path)
            .into_iter()
            .zip(variables(&self.own.path))
            .collect();
        let own = identified(self.own.value, self.document);
        let mut missing = Vec::new();
        for ((place, name), theirs) in identified(self.theirs.value, self.document) {
            let name = match place {
                "path" => names.get(name).copied().unwrap_or(name),
                _ => name,
            };
            match own.get(&(place, name)) {
                Some(own) if is_assumed(own, "type") => {
                    let mut update = Map::new();
                    for key in ["schema", "content", "required", "style", "explode"] {
                        if let Some(value) =
                            theirs.get(key).filter(|value| own.get(key) != Some(value))
                        {
                            update.insert(key.to_owned(), value.clone());
                        }
                    }
                    let target = format!(
                        "{target}.parameters[?@.in == '{place}' && @.name == {}]",
                        quoted(name)
                    );
                    actions.push(json!({"target": target, "update": update}));
                }
                Some(_) => {}
                None if place == "path" => {}
                None => missing.push(theirs.clone()),
            }
        }
        if !missing.is_empty() {
            update.insert("parameters".to_owned(), missing.into());
        }
    }

    /// Adds the body, if the operation has none or an assumed one.
    fn body(&self, target: &str, actions: &mut Vec<Value>, update: &mut Map<String, Value>) {
        let own = self.own.value.get("requestBody");
        let is_replaced = own.is_none_or(is_assumed_body);
        let theirs = self.theirs.value.get("requestBody");
        let Some(theirs) = theirs.and_then(|body| resolved(body, self.document)) else {
            return;
        };
        if is_replaced {
            // An update would keep the assumed media type beside those of the other document.
            if own.is_some() {
                actions.push(json!({"target": format!("{target}.requestBody"), "remove": true}));
            }
            update.insert("requestBody".to_owned(), theirs.clone());
        }
    }

    /// Returns the responses that the operation lacks, or whose content is assumed. Assumed content
    /// is removed by an action of its own, because an update would keep its media type.
    fn responses(&self, target: &str, actions: &mut Vec<Value>) -> Map<String, Value> {
        let own = self.own.value.get("responses");
        let theirs = self
            .theirs
            .value
            .get("responses")
            .and_then(Value::as_object);
        let mut responses = Map::new();
        for (status, response) in theirs.into_iter().flatten() {
            let own = own.and_then(|own| own.get(status));
            if own.is_some_and(|own| !is_assumed(own, "content")) {
                continue;
            }
            let Some(response) = resolved(response, self.document) else {
                continue;
            };
            if own.is_some_and(|own| own.get("content").is_some()) {
                let target = format!("{target}.responses[{}].content", quoted(status));
                actions.push(json!({"target": target, "remove": true}));
            }
            responses.insert(status.clone(), response.clone());
        }
        responses
    }
}

/// Returns the parameters of an operation by location and name.
fn identified<'a>(
    operation: &'a Value,
    document: &'a Value,
) -> BTreeMap<(&'a str, &'a str), &'a Value> {
    let parameters = operation.get("parameters").and_then(Value::as_array);
    parameters
        .into_iter()
        .flatten()
        .filter_map(|parameter| {
            let parameter = resolved(parameter, document)?;
            let text = |key| parameter.get(key).and_then(Value::as_str);
            Some(((text("in")?, text("name")?), parameter))
        })
        .collect()
}

/// Returns a part, or the component that it refers to.
fn resolved<'a>(part: &'a Value, document: &'a Value) -> Option<&'a Value> {
    match part.get("$ref").and_then(Value::as_str) {
        None => Some(part),
        Some(reference) => document.pointer(reference.strip_prefix('#')?),
    }
}

/// Returns true if the keyword of a part was assumed.
fn is_assumed(part: &Value, keyword: &str) -> bool {
    let assumed = part.get(ASSUMED).and_then(Value::as_array);
    assumed.is_some_and(|assumed| assumed.iter().any(|known| known == keyword))
}

fn is_assumed_body(body: &Value) -> bool {
    body.get(ASSUMED).is_some()
}
