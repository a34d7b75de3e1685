//! The settings of an OAuth 2 client.

use std::time::Duration;

use ::oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
};
use ::oauth2::{
    AuthType, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet, Scope,
    StandardRevocableToken, TokenUrl,
};

use super::endpoint::{Endpoint, UrlRules};
use super::fields::TokenFields;
use crate::auth::Token;
use crate::platform;

/// The place of the client ID and the client secret in requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// The header `Authorization: Basic …`, which all servers must support.
    #[default]
    Header,
    /// The form fields `client_id` and `client_secret`.
    Body,
}

/// The builder of requests, with a token endpoint.
pub(crate) type RequestFactory = Client<
    BasicErrorResponse,
    TokenFields,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// Validated settings.
pub(crate) struct Settings {
    pub(crate) token_endpoint: Endpoint,
    pub(crate) client_id: String,
    pub(crate) client_secret: Option<Token>,
    pub(crate) authentication: ClientAuthentication,
    pub(crate) scopes: Vec<String>,
    /// The additional fields of all requests.
    pub(crate) parameters: Vec<(String, String)>,
    /// The additional parameters of authorization URLs.
    pub(crate) authorization_parameters: Vec<(String, String)>,
    /// The time before expiry at which a token is renewed.
    pub(crate) renew_before_expiry: Duration,
    /// The timeout of a request.
    pub(crate) timeout: Duration,
    pub(crate) url_rules: UrlRules,
    pub(crate) http: platform::Client,
}

impl Settings {
    pub(crate) fn request_factory(&self) -> RequestFactory {
        let token_url = TokenUrl::from_url(self.token_endpoint.url.clone());
        let client = Client::new(ClientId::new(self.client_id.clone()))
            .set_token_uri(token_url)
            .set_auth_type(match self.authentication {
                ClientAuthentication::Header => AuthType::BasicAuth,
                ClientAuthentication::Body => AuthType::RequestBody,
            });
        match &self.client_secret {
            Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose().to_owned())),
            None => client,
        }
    }

    pub(crate) fn scopes(&self) -> impl Iterator<Item = Scope> {
        self.scopes.iter().cloned().map(Scope::new)
    }
}
