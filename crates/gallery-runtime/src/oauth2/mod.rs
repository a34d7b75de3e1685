//! OAuth 2: clients that get tokens, and providers that renew them.
//!
//! [`OAuthClient`] has the settings of a client: the token endpoint, the client ID, and how the
//! client authenticates. Each flow creates an [`OAuthTokenProvider`]:
//!
//! - [`OAuthClient::client_credentials`]: tokens for the client itself.
//! - [`OAuthClient::refresh_token`]: tokens for a refresh token that your program has stored.
//! - [`OAuthClient::authorization_code`]: tokens for a user with a browser, with PKCE.
//! - [`OAuthClient::device_code`]: tokens for a user who approves the client on another device.
//!
//! Pass the provider to [`ClientBuilder::token_provider`](crate::ClientBuilder::token_provider):
//!
//! ```
//! # type Client = gallery_runtime::Transport;
//! use gallery_runtime::ClientBuilder;
//! use gallery_runtime::oauth2::OAuthClient;
//!
//! # fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let oauth = OAuthClient::builder("https://auth.example.com/oauth/token", "my-client")
//!     .client_secret(std::env::var("CLIENT_SECRET")?)
//!     .scopes(["books:read", "loans:write"])
//!     .parameter("audience", "https://api.example.com")
//!     .build()?;
//! // With a generated client, start with `Client::builder(base_url)`.
//! let client: Client = ClientBuilder::new("https://api.example.com/v4", &[])
//!     .token_provider(oauth.client_credentials())
//!     .build()?;
//! # Ok(())
//! # }
//! ```
//!
//! # Renewal
//!
//! A provider requests a token at the first call and caches it. It renews the token shortly before
//! it expires, or when the API rejects it with 401. If the server does not send a lifetime, or one
//! that is not positive, the token is used until it is rejected.
//!
//! Clones of a provider share one token and one renewal: concurrent calls wait for the same token
//! request, and all get its result. If a renewal fails before the token has expired, the token is
//! used on, and the renewal is tried again after 5 s. Otherwise the calls that wait for it get its
//! error, and the next call tries again. A renewal continues if all calls that wait for it are
//! cancelled, because its response may contain a new refresh token.
//!
//! # Security
//!
//! All endpoints must use `https`, or `http` with a loopback host. Redirects of endpoints are not
//! followed. Secrets and tokens never appear in `Debug` output, errors or traces.

mod authorization;
mod client;
mod device;
mod endpoint;
mod error;
mod exchange;
mod fields;
mod grant;
mod provider;
mod redact;
mod settings;

pub use authorization::AuthorizationRequest;
pub use client::{OAuthClient, OAuthClientBuilder};
pub use device::DeviceAuthorization;
pub use error::OAuthError;
pub use provider::OAuthTokenProvider;
pub use settings::ClientAuthentication;
