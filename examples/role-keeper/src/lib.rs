//! Sets the roles of a team's member, for good: through a busy server, a token that ends, and errors that mean something.

use std::path::PathBuf;
use std::time::Duration;

use gallery_mattermost::gallery_runtime::{
    BoxError, BuildError, CallOptions, ErrorKind, RetryPolicy, Token, TokenProvider,
};
use gallery_mattermost::types::{AppError, Roles};
use gallery_mattermost::{Client, Error};

/// What became of a member's roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The member has them.
    Given,
    /// The server has no such member.
    NoMember,
    /// The caller may not do that; in the server's words.
    Refused(String),
    /// The server cannot be reached or has too much to do: worth another try later.
    Later,
}

/// A token in a file that another program renews.
pub struct TokenFile(pub PathBuf);

impl TokenProvider for TokenFile {
    async fn token(&self, _refused: Option<&Token>) -> Result<Token, BoxError> {
        // Asked for with each request: after a 401 the file may have another token, which is then tried once.
        Ok(Token::new(std::fs::read_to_string(&self.0)?.trim()))
    }
}

/// A client that waits for a busy server, but not for long.
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

/// Gives a member these roles and no others.
///
/// # Errors
///
/// What is neither an answer to the question nor worth another try, such as a server that answers with something else than the API.
pub async fn give(
    client: &Client,
    team_id: &str,
    user_id: &str,
    roles: &str,
) -> Result<Outcome, Error<AppError>> {
    // To set roles twice changes nothing more, but a person waits for it.
    let quick = client.with_options(CallOptions::default().timeout(Duration::from_secs(5)));
    let call = quick
        .update_team_member_roles()
        .team_id(team_id)
        .user_id(user_id)
        .body(Roles {
            roles: roles.to_owned(),
        });
    match call.send().await {
        Ok(_) => Ok(Outcome::Given),
        Err(Error::ErrorResponse(answer)) if answer.status().as_u16() == 404 => {
            Ok(Outcome::NoMember)
        }
        // The API's own error: its kind in `id`, and words for people.
        Err(Error::ErrorResponse(answer)) if answer.status().as_u16() == 403 => {
            Ok(Outcome::Refused(answer.into_inner().message))
        }
        Err(error) if error.is_retryable() || error.kind() == ErrorKind::Connect => {
            Ok(Outcome::Later)
        }
        Err(error) => Err(error),
    }
}
