//! Removal of secrets from texts of a server, which may repeat what it received.

use ::oauth2::HttpRequest;
use reqwest::header::AUTHORIZATION;
use url::form_urlencoded;

use crate::api_message::one_line;
use crate::auth::Token;
use crate::secrets::SentSecrets;

/// The form fields whose values are secrets.
const SECRET_FIELDS: [&str; 10] = [
    "actor_token",
    "assertion",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "device_code",
    "password",
    "refresh_token",
    "subject_token",
];

/// Secrets that a server has received or sent, plain and as they are encoded in forms.
pub(crate) struct Secrets(SentSecrets);

impl Secrets {
    /// Collects these values.
    pub(crate) fn new<'a>(values: impl IntoIterator<Item = &'a str>) -> Secrets {
        let forms = |value: &str| {
            let encoded = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            [value.to_owned(), encoded]
        };
        Secrets(SentSecrets::of(values.into_iter().flat_map(forms)))
    }

    /// Collects the secrets of a request. The client secret is separate because the header has it
    /// encoded twice.
    pub(crate) fn of(request: &HttpRequest, client_secret: Option<&Token>) -> Secrets {
        let fields: Vec<_> = form_urlencoded::parse(request.body()).collect();
        let in_body = fields
            .iter()
            .filter(|(name, _)| SECRET_FIELDS.contains(&name.as_ref()))
            .map(|(_, value)| value.as_ref());
        let header = request.headers().get(AUTHORIZATION);
        let in_header = header
            .and_then(|value| value.to_str().ok()?.split_once(' '))
            .map(|(_, value)| value);
        let values = in_body.chain(in_header);
        Secrets::new(values.chain(client_secret.map(Token::expose)))
    }

    /// Replaces all secrets, then escapes and shortens the text to one line.
    pub(crate) fn clean(&self, text: &str) -> String {
        one_line(&self.0.redact(text))
    }
}
