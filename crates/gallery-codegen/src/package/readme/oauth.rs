//! The section on the OAuth 2 flows that a document has.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use gallery_spec::canonical::Canonical;
use openapiv3::SecurityScheme;

use crate::markdown;
use crate::reference;

/// A documented flow that the runtime supports.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Flow<'d> {
    name: &'static str,
    token_url: &'d str,
    authorization_url: Option<&'d str>,
}

/// Writes the section. Empty if the document has no flow that the runtime supports.
pub(super) fn oauth(canonical: &Canonical, library: &str) -> String {
    let flows = flows(canonical);
    let Some(first) = flows.first() else {
        return String::new();
    };
    let mut text = "\n## OAuth 2\n\n\
        The feature `oauth2` gets and renews tokens. The API documents:\n\n\
        | flow | token URL | authorization URL |\n|---|---|---|\n"
        .to_owned();
    for flow in &flows {
        let cell = |url: &str| markdown::code(url).replace('|', "\\|");
        let authorization = flow.authorization_url.map(cell);
        let _ = writeln!(
            text,
            "| {} | {} | {} |",
            flow.name,
            cell(flow.token_url),
            authorization.unwrap_or_default()
        );
    }
    let _ = write!(
        text,
        r#"
```rust,ignore
use {library}::Client;
use {library}::gallery_runtime::oauth2::{{OAuthClient, OAuthTokenProvider}};

fn oauth(secret: String) -> Result<OAuthClient, Box<dyn std::error::Error>> {{
    let oauth = OAuthClient::builder({:?}, "my-client");
    Ok(oauth.client_secret(secret).build()?)
}}

fn client(base_url: &str, tokens: OAuthTokenProvider) -> Result<Client, Box<dyn std::error::Error>> {{
    Ok(Client::builder(base_url).token_provider(tokens).build()?)
}}
```

`OAuthClient` has a method for each flow: `client_credentials`, `authorization_code` and
`device_code`, and `refresh_token` for a token that you have stored.
"#,
        first.token_url
    );
    text
}

/// Returns the flows with a token URL, without duplicates.
fn flows(canonical: &Canonical) -> BTreeSet<Flow<'_>> {
    let components = canonical.document().components.iter();
    let schemes = components.flat_map(|components| components.security_schemes.values());
    let mut all = BTreeSet::new();
    for scheme in schemes {
        let Some(SecurityScheme::OAuth2 { flows, .. }) =
            reference::security_scheme(canonical, scheme)
        else {
            continue;
        };
        let credentials = flows.client_credentials.as_ref();
        all.extend(credentials.map(|flow| Flow {
            name: "client credentials",
            token_url: &flow.token_url,
            authorization_url: None,
        }));
        all.extend(flows.authorization_code.as_ref().map(|flow| Flow {
            name: "authorization code",
            token_url: &flow.token_url,
            authorization_url: Some(&flow.authorization_url),
        }));
    }
    all.retain(|flow| !flow.token_url.trim().is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lists_the_flows_and_escapes_their_urls() {
        let scheme = |flows| json!({"type": "oauth2", "flows": flows});
        let url = "https://h/`|x\n```\n";
        let credentials = json!({"tokenUrl": url, "scopes": {}});
        let code =
            json!({"authorizationUrl": "https://h/a", "tokenUrl": "https://h/t", "scopes": {}});
        let implicit = json!({"authorizationUrl": "https://h/i", "scopes": {}});
        let document = json!({
            "openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {},
            "components": {"securitySchemes": {
                "a": scheme(json!({"clientCredentials": credentials, "authorizationCode": code})),
                "b": scheme(json!({"clientCredentials": credentials})),
                "c": scheme(json!({"implicit": implicit})),
            }},
        });
        let canonical = Canonical::parse(&document.to_string()).unwrap();
        let text = oauth(&canonical, "library");
        let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| ")).collect();
        assert_eq!(
            rows[1..],
            [
                "| authorization code | `https://h/t` | `https://h/a` |",
                "| client credentials | ````https://h/`\\|x ``` ```` |  |",
            ]
        );
        assert!(text.contains(r#"OAuthClient::builder("https://h/t", "my-client")"#));
        assert_eq!(
            text.lines().filter(|line| line.starts_with("```")).count(),
            2
        );
    }
}
