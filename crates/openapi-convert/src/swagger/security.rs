//! Security definitions of version 2.0.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::components::component_names;

/// The security schemes.
pub(super) struct Security {
    /// The schemes in OpenAPI 3.0.
    pub(super) schemes: Map<String, Value>,
    /// New names by old ones, for those that components cannot have.
    renamed: BTreeMap<String, String>,
}

impl Security {
    /// Removes the definitions from a document, and converts them.
    pub(super) fn take(root: &mut Map<String, Value>) -> Security {
        let definitions = match root.remove("securityDefinitions") {
            Some(Value::Object(definitions)) => definitions,
            _ => Map::new(),
        };
        let names = component_names(definitions.keys());
        let mut schemes = Map::new();
        for (name, mut scheme) in definitions {
            if let Value::Object(scheme) = &mut scheme {
                convert(scheme);
            }
            let new = names.get(&name).cloned().unwrap_or(name);
            schemes.insert(new, scheme);
        }
        let renamed = names.into_iter().filter(|(old, new)| old != new).collect();
        Security { schemes, renamed }
    }

    /// Renames schemes in the requirements of a document or an operation.
    pub(super) fn rename(&self, owner: &mut Map<String, Value>) {
        let Some(Value::Array(requirements)) = owner.get_mut("security") else {
            return;
        };
        if self.renamed.is_empty() {
            return;
        }
        for requirement in requirements {
            if let Value::Object(schemes) = requirement {
                *schemes = std::mem::take(schemes)
                    .into_iter()
                    .map(|(name, scopes)| {
                        (self.renamed.get(&name).cloned().unwrap_or(name), scopes)
                    })
                    .collect();
            }
        }
    }
}

fn convert(scheme: &mut Map<String, Value>) {
    match scheme.get("type").and_then(Value::as_str) {
        Some("basic") => {
            scheme.insert("type".to_owned(), "http".into());
            scheme.insert("scheme".to_owned(), "basic".into());
        }
        Some("oauth2") => {
            let flow = scheme.remove("flow");
            let name = match flow.as_ref().and_then(Value::as_str) {
                Some("accessCode") => "authorizationCode",
                Some("application") => "clientCredentials",
                Some("password") => "password",
                _ => "implicit",
            };
            let mut flow = Map::new();
            for key in ["authorizationUrl", "tokenUrl", "scopes"] {
                if let Some(value) = scheme.remove(key) {
                    flow.insert(key.to_owned(), value);
                }
            }
            flow.entry("scopes").or_insert_with(|| json!({}));
            scheme.insert("flows".to_owned(), json!({name: flow}));
        }
        _ => {}
    }
}
