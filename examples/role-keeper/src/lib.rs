//! Sets the roles of a Mattermost team member, with retries, token renewal and error handling.

use std::path::PathBuf;
use std::time::Duration;

use gallery_mattermost::gallery_runtime::{
    BoxError, BuildError, CallOptions, ErrorKind, RetryPolicy, Token, TokenProvider,
};
use gallery_mattermost::types::{AppError, Roles};
use gallery_mattermost::{Client, Error};

/// The outcome of [`set_roles`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The member has the roles.
    Set,
    /// The team or the member does not exist.
    NoMember,
    /// The caller lacks permission. Contains the server's message.
    Forbidden(String),
    /// The server is unreachable or busy. Try again later.
    Unavailable,
}

/// A token in a file that another program updates.
pub struct TokenFile(pub PathBuf);

impl TokenProvider for TokenFile {
    async fn token(&self, _rejected: Option<&Token>) -> Result<Token, BoxError> {
        // Called for each request and after a 401, when the file may contain a new token.
        Ok(Token::new(std::fs::read_to_string(&self.0)?.trim()))
    }
}

/// Creates a client that retries for at most ten seconds.
pub fn client(base_url: &str, token: impl TokenProvider) -> Result<Client, BuildError> {
    Client::builder(base_url)
        .token_provider(token)
        .timeout(Duration::from_secs(20))
        .retry_policy(
            RetryPolicy::default()
                .max_attempts(4)
                .max_elapsed(Duration::from_secs(10)),
        )
        .user_agent("role-keeper/1.0")
        .build()
}

/// Replaces the roles of a team member.
///
/// # Errors
///
/// Fails on all other errors, such as an undocumented response.
pub async fn set_roles(
    client: &Client,
    team_id: &str,
    user_id: &str,
    roles: &str,
) -> Result<Outcome, Error<AppError>> {
    // A user waits for the result, so use a short timeout.
    let client = client.with_options(CallOptions::default().timeout(Duration::from_secs(5)));
    let call = client.update_team_member_roles(
        team_id,
        user_id,
        &Roles {
            roles: roles.to_owned(),
        },
    );
    match call.send().await {
        Ok(_) => Ok(Outcome::Set),
        Err(Error::ErrorResponse(error)) if error.status().as_u16() == 404 => Ok(Outcome::NoMember),
        Err(Error::ErrorResponse(error)) if error.status().as_u16() == 403 => {
            Ok(Outcome::Forbidden(error.into_inner().message))
        }
        Err(error) if error.is_retryable() || error.kind() == ErrorKind::Connect => {
            Ok(Outcome::Unavailable)
        }
        Err(error) => Err(error),
    }
}
