//! The credentials of an operation.

use gallery_spec::canonical::{Canonical, Endpoint};
use openapiv3::{APIKeyLocation, SecurityScheme};

use crate::reference;

/// A kind of credential.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the variants mirror the runtime's `AuthScheme`"
)]
pub enum Scheme {
    Bearer,
    Basic,
    Header(String),
    Query(String),
    Cookie(String),
}

/// Returns the alternatives of credentials for an operation, each a set of schemes. Returns `None`
/// if neither the operation nor the document has `security`.
///
/// Omits alternatives with unsupported schemes, such as certificates.
pub(crate) fn security(canonical: &Canonical, endpoint: &Endpoint<'_>) -> Option<Vec<Vec<Scheme>>> {
    let document = canonical.document();
    let alternatives = endpoint
        .operation
        .security
        .as_ref()
        .or(document.security.as_ref())?;
    let schemes = document
        .components
        .as_ref()
        .map(|components| &components.security_schemes);
    let scheme_named = |name: &String| {
        let declared = schemes?.get(name)?;
        scheme(reference::security_scheme(canonical, declared)?)
    };
    Some(
        alternatives
            .iter()
            .filter_map(|all| all.keys().map(scheme_named).collect())
            .collect(),
    )
}

/// Returns the kind of credential of a security scheme, or `None` if it is not supported.
fn scheme(scheme: &SecurityScheme) -> Option<Scheme> {
    Some(match scheme {
        SecurityScheme::HTTP { scheme, .. } if scheme.eq_ignore_ascii_case("bearer") => {
            Scheme::Bearer
        }
        SecurityScheme::HTTP { scheme, .. } if scheme.eq_ignore_ascii_case("basic") => {
            Scheme::Basic
        }
        SecurityScheme::HTTP { .. } => return None,
        SecurityScheme::OAuth2 { .. } | SecurityScheme::OpenIDConnect { .. } => Scheme::Bearer,
        SecurityScheme::APIKey { location, name, .. } => match location {
            APIKeyLocation::Header => Scheme::Header(name.clone()),
            APIKeyLocation::Query => Scheme::Query(name.clone()),
            APIKeyLocation::Cookie => Scheme::Cookie(name.clone()),
        },
    })
}

impl Scheme {
    /// Returns the runtime's `AuthScheme` as an expression.
    pub(crate) fn text(&self) -> String {
        match self {
            Scheme::Bearer => "AuthScheme::Bearer".to_owned(),
            Scheme::Basic => "AuthScheme::Basic".to_owned(),
            Scheme::Header(key) => format!("AuthScheme::Header({key:?})"),
            Scheme::Query(key) => format!("AuthScheme::Query({key:?})"),
            Scheme::Cookie(key) => format!("AuthScheme::Cookie({key:?})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn security_of_operations_overrides_that_of_the_document() {
        let document = json!({
            "openapi": "3.0.3",
            "info": {"title": "T", "version": "1"},
            "security": [{"key": [], "o": ["read"]}, {"tls": []}, {"basic": []}],
            "paths": {
                "/a": {"get": {"operationId": "a", "responses": {}}},
                "/b": {"get": {"operationId": "b", "security": [], "responses": {}}},
                "/c": {"get": {
                    "operationId": "c",
                    "security": [{"alias": []}, {}, {"gone": []}],
                    "responses": {},
                }},
            },
            "components": {"securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
                "o": {"type": "oauth2", "flows": {}},
                "tls": {"type": "http", "scheme": "mutual"},
                "basic": {"type": "http", "scheme": "Basic"},
                "alias": {"$ref": "#/components/securitySchemes/key"},
            }},
        });
        let canonical = Canonical::parse(&document.to_string()).unwrap();
        let schemes: Vec<_> = canonical
            .endpoints()
            .iter()
            .map(|endpoint| security(&canonical, endpoint))
            .collect();
        let key = || Scheme::Header("X-Key".to_owned());
        assert_eq!(
            schemes,
            [
                Some(vec![vec![key(), Scheme::Bearer], vec![Scheme::Basic]]),
                Some(vec![]),
                Some(vec![vec![key()], vec![]])
            ]
        );
    }

    #[test]
    fn security_of_one_operation_says_nothing_about_the_others() {
        let document = |root: &str| {
            let text = format!(
                r#"{{"openapi": "3.0.3", "info": {{"title": "T", "version": "1"}}, {root} "paths": {{
                    "/a": {{"get": {{"operationId": "a", "security": [{{"key": []}}], "responses": {{}}}}}},
                    "/b": {{"get": {{"operationId": "b", "responses": {{}}}}}}
                }}, "components": {{"securitySchemes": {{
                    "key": {{"type": "apiKey", "in": "header", "name": "X-Key"}}
                }}}}}}"#
            );
            let bindings = crate::bindings::bindings(&Canonical::parse(&text).unwrap());
            bindings.operations[1].security.clone()
        };
        assert_eq!(document(""), None, "unknown: credentials are sent");
        assert_eq!(document(r#""security": [],"#), Some(Vec::new()));
    }
}
