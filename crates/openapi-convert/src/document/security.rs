//! Security schemes and requirements.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::support::{keep, note_kept};
use crate::context::{Context, to_extension};
use crate::note::NoteKind;
use crate::walk::Path;

/// Returns the types of the security schemes.
pub(crate) fn scheme_types(root: &Map<String, Value>) -> BTreeMap<String, String> {
    let schemes = root
        .get("components")
        .and_then(|components| components.get("securitySchemes"))
        .and_then(Value::as_object);
    let kind = |scheme: &Value| Some(scheme.get("type")?.as_str()?.to_owned());
    schemes
        .into_iter()
        .flatten()
        .filter_map(|(name, scheme)| Some((name.clone(), kind(scheme)?)))
        .collect()
}

/// The type of schemes that OpenAPI 3.0 lacks.
const MUTUAL_TLS: &str = "mutualTLS";

/// Keeps the fields that OpenAPI 3.0 lacks.
pub(super) fn scheme(map: &mut Map<String, Value>, path: &Path<'_>, context: &mut Context) {
    keep(
        map,
        &[
            ("deprecated", "securityScheme.deprecated"),
            ("oauth2MetadataUrl", "oauth2MetadataUrl"),
        ],
        path,
        context,
    );
    if let Some(Value::Object(flows)) = map.get_mut("flows")
        && to_extension(flows, "deviceAuthorization")
    {
        note_kept("deviceAuthorization", "deviceAuthorization", path, context);
    }
}

/// Moves security schemes that OpenAPI 3.0 lacks to an extension of the components.
pub(super) fn components(
    components: &mut Map<String, Value>,
    path: &Path<'_>,
    context: &mut Context,
) {
    let Some(Value::Object(schemes)) = components.get_mut("securitySchemes") else {
        return;
    };
    let mut kept = Map::new();
    let is_mutual_tls = |scheme: &Value| scheme.get("type").is_some_and(|kind| kind == MUTUAL_TLS);
    let names: Vec<String> = schemes
        .iter()
        .filter(|(_, scheme)| is_mutual_tls(scheme))
        .map(|(name, _)| name.clone())
        .collect();
    for name in names {
        if let Some(scheme) = schemes.remove(&name) {
            let pointer = format!(
                "{}/{}",
                path.field("securitySchemes"),
                openapi_text::pointer::escape(&name)
            );
            let message = "`mutualTLS` is kept in `x-securitySchemes` of the components";
            context.note(NoteKind::Kept, "mutualTLS", pointer, message);
            kept.insert(name, scheme);
        }
    }
    if schemes.is_empty() {
        components.remove("securitySchemes");
    }
    if !kept.is_empty() {
        components.insert("x-securitySchemes".to_owned(), kept.into());
    }
}

/// Removes security schemes that OpenAPI 3.0 lacks from the requirements of the document or of an
/// operation. Names can be references in OpenAPI 3.2.
pub(super) fn requirements(
    map: &mut Map<String, Value>,
    pointer: impl Fn() -> String,
    context: &mut Context,
) {
    const SCHEMES: &str = "#/components/securitySchemes/";
    let Some(Value::Array(requirements)) = map.get_mut("security") else {
        return;
    };
    for requirement in requirements {
        let Value::Object(schemes) = requirement else {
            continue;
        };
        let references: Vec<String> = schemes
            .keys()
            .filter(|name| name.starts_with(SCHEMES))
            .cloned()
            .collect();
        for reference in references {
            if let Some(scopes) = schemes.remove(&reference) {
                schemes.insert(reference[SCHEMES.len()..].to_owned(), scopes);
            }
        }
        let count = schemes.len();
        let types = &context.scheme_types;
        schemes.retain(|name, _| types.get(name).is_none_or(|kind| kind != MUTUAL_TLS));
        if schemes.len() < count {
            let message = "a requirement of `mutualTLS` is not expressed";
            context.note(NoteKind::NotExpressed, "mutualTLS", pointer(), message);
        }
        for (name, roles) in schemes {
            let kind = context.scheme_types.get(name).map(String::as_str);
            let has_roles = roles.as_array().is_some_and(|roles| !roles.is_empty());
            if has_roles && matches!(kind, Some("apiKey" | "http")) && context.is_modern() {
                let message = format!("the roles {roles} of `{name}` are not expressed");
                context.note(NoteKind::NotExpressed, "security roles", pointer(), message);
                *roles = Value::Array(Vec::new());
            }
        }
    }
}
