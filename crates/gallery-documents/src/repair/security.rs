//! Repairs of security schemes and requirements.

use serde_json::{Map, Value, json};

use super::context::RepairContext;
use crate::entry::Entry;
use crate::model::Kind;
use gallery_draft::DropReason;

/// Rewrites schemes of other versions, and adds what is required.
pub(super) fn scheme(scheme: &mut Map<String, Value>, context: &mut RepairContext<'_>) {
    let text = |scheme: &Map<String, Value>, key: &str| {
        scheme.get(key).and_then(Value::as_str).map(str::to_owned)
    };
    let kind = text(scheme, "type").unwrap_or_default();
    match kind.as_str() {
        "basic" | "bearer" => {
            context.record(format!("the type `{kind}` is a scheme of the type `http`"));
            scheme.insert("type".to_owned(), "http".into());
            scheme.insert("scheme".to_owned(), kind.into());
        }
        "http" if !scheme.get("scheme").is_some_and(Value::is_string) => {
            context.record("a scheme of the type `http` has no `scheme`; read as `bearer`");
            scheme.insert("scheme".to_owned(), "bearer".into());
        }
        "apiKey" => {
            if !scheme.get("name").is_some_and(Value::is_string) {
                context.record("an API key has no name; read as `Authorization`");
                scheme.insert("name".to_owned(), "Authorization".into());
            }
            let location = text(scheme, "in").unwrap_or_default();
            if !matches!(location.as_str(), "header" | "query" | "cookie") {
                context.record("an API key has no location; read as a header");
                scheme.insert("in".to_owned(), "header".into());
            }
        }
        "oauth2" => flows(scheme, context),
        _ => {}
    }
}

/// Adds what the flows of OAuth 2 require.
fn flows(scheme: &mut Map<String, Value>, context: &mut RepairContext<'_>) {
    let Some(Value::Object(flows)) = scheme.get_mut("flows") else {
        context.record("an OAuth 2 scheme has no flows; none are assumed");
        scheme.insert("flows".to_owned(), json!({}));
        return;
    };
    for (name, flow) in flows.iter_mut().filter(|(name, _)| !name.starts_with("x-")) {
        let required: &[&str] = match name.as_str() {
            "implicit" => &["authorizationUrl"],
            "authorizationCode" => &["authorizationUrl", "tokenUrl"],
            _ => &["tokenUrl"],
        };
        let Some(flow) = flow.as_object_mut() else {
            continue;
        };
        for key in required {
            if !flow.get(*key).is_some_and(Value::is_string) {
                context.record(format!(
                    "an OAuth 2 flow has no `{key}`; an empty one is added"
                ));
                flow.insert((*key).to_owned(), "".into());
            }
        }
        match flow.get_mut("scopes") {
            Some(Value::Object(scopes)) => {
                for (_, text) in scopes.iter_mut().filter(|(_, text)| !text.is_string()) {
                    *text = "".into();
                }
            }
            _ => {
                context.record("an OAuth 2 flow has no scopes; none are assumed");
                flow.insert("scopes".to_owned(), json!({}));
            }
        }
    }
}

/// Removes requirements of schemes that do not exist. If none is left, the operation has no
/// requirements.
pub(super) fn requirements(
    entry: &mut Entry,
    context: &mut RepairContext<'_>,
) -> Result<(), (DropReason, String)> {
    let Some(Value::Array(alternatives)) = entry.operation.get_mut("security") else {
        return Ok(());
    };
    let mut unknown = Vec::new();
    let before = alternatives.len();
    alternatives.retain(|alternative| {
        let Some(schemes) = alternative.as_object() else {
            return false;
        };
        let missing = schemes.keys().find(|name| !context.has_scheme(name));
        unknown.extend(missing.cloned());
        missing.is_none()
    });
    for name in unknown {
        context.record(format!(
            "the security scheme `{name}` does not exist; the requirement is removed"
        ));
    }
    let is_lost = alternatives.is_empty() && before > 0;
    for scopes in alternatives
        .iter_mut()
        .filter_map(Value::as_object_mut)
        .flat_map(|schemes| schemes.values_mut())
        .filter(|scopes| !is_texts(scopes))
    {
        *scopes = json!([]);
    }
    if is_lost && let Some(operation) = entry.operation.as_object_mut() {
        operation.remove("security");
    }
    Ok(())
}

fn is_texts(scopes: &Value) -> bool {
    scopes
        .as_array()
        .is_some_and(|scopes| scopes.iter().all(Value::is_string))
}

impl RepairContext<'_> {
    fn has_scheme(&self, name: &str) -> bool {
        self.components
            .find(self.unit, Kind::SecurityScheme, name)
            .is_some()
    }
}
