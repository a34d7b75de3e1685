//! Credentials of the clients under test.

use gallery_runtime::{AuthScheme, ClientBuilder, Transport};
use serde::{Deserialize, Serialize};

use crate::conformance::adapter::Arguments;
use crate::document::{Endpoint, Location, SecurityScheme};
use crate::request::RecordedRequest;
use crate::style::raw_pairs;

/// The user name and password of [`SecurityScheme::Basic`].
const USER: &str = "judge";

const PASSWORD: &str = "secret-password";

/// Both in base64.
const USER_AND_PASSWORD: &str = "anVkZ2U6c2VjcmV0LXBhc3N3b3Jk";

/// Returns a token as long and as mixed in case as a JSON Web Token.
fn jwt() -> String {
    let claims: String = (0..120)
        .map(|number| format!("{:X}aZ_-{number}", number * 7))
        .collect();
    format!("eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.{claims}.sIgNaTuRe-0_9")
}

/// A credential of a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Secret {
    pub(super) place: SecurityScheme,
    /// The text on the wire.
    text: String,
}

impl Secret {
    pub(super) fn new(number: usize, place: SecurityScheme) -> Secret {
        let text = match &place {
            SecurityScheme::Bearer => jwt(),
            SecurityScheme::Basic => USER_AND_PASSWORD.to_owned(),
            // A query can have any text, if it is encoded.
            SecurityScheme::ApiKey(Location::Query, _) => format!("secret-{number}-key&a=%2B+ ü#"),
            SecurityScheme::ApiKey(..) => format!("secret-{number}-Key/+{}==", "xY0~".repeat(60)),
        };
        Secret { place, text }
    }

    /// Adds the credential to a client.
    pub(super) fn given_to<C: From<Transport>>(
        &self,
        builder: ClientBuilder<C>,
    ) -> ClientBuilder<C> {
        let text = self.text.as_str();
        let (location, name) = match &self.place {
            SecurityScheme::Bearer => return builder.bearer_token(text),
            SecurityScheme::Basic => return builder.basic_auth(USER, PASSWORD),
            SecurityScheme::ApiKey(location, name) => (*location, name.clone().leak()),
        };
        builder.api_key(
            match location {
                Location::Query => AuthScheme::Query(name),
                Location::Cookie => AuthScheme::Cookie(name),
                Location::Header | Location::Path => AuthScheme::Header(name),
            },
            text,
        )
    }

    /// Returns the header of the credential, in lowercase. Two credentials for one header cannot
    /// both be sent.
    pub(super) fn header(&self) -> Option<String> {
        match &self.place {
            SecurityScheme::Bearer | SecurityScheme::Basic => Some("authorization".to_owned()),
            SecurityScheme::ApiKey(Location::Header, name) => Some(name.to_ascii_lowercase()),
            SecurityScheme::ApiKey(..) => None,
        }
    }

    /// Counts the credential in its location.
    pub(super) fn placed(&self, request: &RecordedRequest) -> usize {
        let headers = |name: &str, value: &str| {
            request
                .headers
                .iter()
                .filter(|(own, found)| own.eq_ignore_ascii_case(name) && found == value)
                .count()
        };
        match &self.place {
            SecurityScheme::Bearer => headers("authorization", &format!("Bearer {}", self.text)),
            SecurityScheme::Basic => headers("authorization", &format!("Basic {}", self.text)),
            SecurityScheme::ApiKey(Location::Query, name) => request
                .query_pairs()
                .iter()
                .filter(|(own, value)| own == name && *value == self.text)
                .count(),
            SecurityScheme::ApiKey(Location::Cookie, name) => {
                usize::from(request.cookie(name) == Some(self.text.as_str()))
            }
            SecurityScheme::ApiKey(_, name) => headers(name, &self.text),
        }
    }

    /// Removes the credential from a request.
    pub(super) fn removed(&self, mut request: RecordedRequest) -> RecordedRequest {
        match (&self.place, &request.query) {
            (SecurityScheme::ApiKey(Location::Query, name), Some(query)) => {
                let is_other = |pair: &&str| !raw_pairs(pair).iter().any(|(own, _)| own == name);
                request.query = Some(
                    query
                        .split('&')
                        .filter(is_other)
                        .collect::<Vec<_>>()
                        .join("&"),
                );
            }
            (SecurityScheme::ApiKey(Location::Cookie, name), _) => {
                let own = format!("{name}={}", self.text);
                for (_, cookies) in request
                    .headers
                    .iter_mut()
                    .filter(|(name, _)| name == "cookie")
                {
                    *cookies = cookies
                        .split("; ")
                        .filter(|pair| *pair != own)
                        .collect::<Vec<_>>()
                        .join("; ");
                }
                let is_empty =
                    |(name, value): &(String, String)| name == "cookie" && value.is_empty();
                request.headers.retain(|header| !is_empty(header));
            }
            // No argument has such a value.
            _ => request
                .headers
                .retain(|(_, value)| !value.ends_with(&self.text)),
        }
        request
    }

    /// Returns true if an argument replaces the credential.
    pub(super) fn is_replaced(&self, endpoint: &Endpoint, arguments: &Arguments) -> bool {
        let name = match &self.place {
            SecurityScheme::Bearer | SecurityScheme::Basic => "authorization",
            SecurityScheme::ApiKey(Location::Header, name) => name,
            SecurityScheme::ApiKey(..) => return false,
        };
        let mut headers = endpoint
            .of(Location::Header)
            .filter(|parameter| parameter.name.eq_ignore_ascii_case(name));
        headers.any(|parameter| arguments.given(Location::Header, &parameter.name).is_some())
    }

    /// Returns the texts that a server may repeat: as sent, and decoded.
    pub(super) fn texts(&self) -> Vec<&str> {
        match self.place {
            SecurityScheme::Basic => vec![&self.text, PASSWORD],
            _ => vec![&self.text],
        }
    }

    /// Counts the credential in a text, also if it is encoded.
    pub(super) fn within(&self, text: &str) -> usize {
        let plain = self.text.split('&').next().unwrap_or_default();
        text.matches(plain).count() + text.matches(PASSWORD).count()
    }
}
