//! Which credentials an operation takes, as the document says it.

use gallery_spec::canonical::{Canonical, Endpoint};
use openapiv3::{APIKeyLocation, ReferenceOr, SecurityScheme};
use syn::Expr;

use crate::tree::{call, name, text};

/// Where a credential goes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the runtime's `AuthScheme` says it")]
pub enum Scheme {
    Bearer,
    Basic,
    Header(String),
    Query(String),
    Cookie(String),
}

/// The alternatives of an operation, of each what it takes; `None` where the document says nothing of security. One with a scheme that
/// clients have no word for, such as a certificate, is no alternative.
pub fn security(canonical: &Canonical, endpoint: &Endpoint<'_>) -> Option<Vec<Vec<Scheme>>> {
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
    let named = |name: &String| {
        let mut found = schemes?.get(name)?;
        if let ReferenceOr::Reference { reference } = found {
            found = schemes?.get(reference.strip_prefix("#/components/securitySchemes/")?)?;
        }
        scheme(found.as_item()?)
    };
    Some(
        alternatives
            .iter()
            .filter_map(|all| all.keys().map(named).collect())
            .collect(),
    )
}

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
    /// The scheme in the runtime's words.
    pub(crate) fn tree(&self) -> Expr {
        match self {
            Scheme::Bearer => name("gallery_runtime::AuthScheme::Bearer"),
            Scheme::Basic => name("gallery_runtime::AuthScheme::Basic"),
            Scheme::Header(key) => call("gallery_runtime::AuthScheme::Header", [text(key)]),
            Scheme::Query(key) => call("gallery_runtime::AuthScheme::Query", [text(key)]),
            Scheme::Cookie(key) => call("gallery_runtime::AuthScheme::Cookie", [text(key)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_operations_own_word_comes_before_the_documents() {
        let document = json!({
            "openapi": "3.0.3",
            "info": {"title": "T", "version": "1"},
            "security": [{"key": [], "o": ["read"]}, {"tls": []}, {"basic": []}],
            "paths": {
                "/a": {"get": {"operationId": "a", "responses": {}}},
                "/b": {"get": {"operationId": "b", "security": [], "responses": {}}},
                "/c": {"get": {"operationId": "c", "security": [{"alias": []}, {}, {"gone": []}], "responses": {}}},
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
        let of: Vec<_> = canonical
            .endpoints()
            .iter()
            .map(|endpoint| security(&canonical, endpoint))
            .collect();
        let key = || Scheme::Header("X-Key".to_owned());
        assert_eq!(
            of,
            [
                Some(vec![vec![key(), Scheme::Bearer], vec![Scheme::Basic]]),
                Some(vec![]),
                Some(vec![vec![key()], vec![]])
            ]
        );
    }
}
