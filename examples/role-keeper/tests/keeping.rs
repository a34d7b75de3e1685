//! The role keeper against a mock of the API: a busy server, a token that ends, and each answer that means something.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows only the test functions themselves as tests, not what they share"
)]

use std::sync::Mutex;

use gallery_mattermost::gallery_runtime::{BoxError, Token, TokenProvider};
use gallery_mattermost::mock::Mock;
use gallery_mattermost::mock::gallery_testkit::Reply;
use gallery_mattermost::types::{AppError, Roles, StatusOk};
use role_keeper::{Outcome, client, give};

/// Tokens that end: each is given until it is refused.
struct Renewed(Mutex<Vec<&'static str>>);

impl TokenProvider for Renewed {
    async fn token(&self, refused: Option<&Token>) -> Result<Token, BoxError> {
        let mut tokens = self.0.lock().map_err(|_| "the tokens are lost")?;
        if refused.is_some() {
            tokens.pop();
        }
        Ok(Token::new(*tokens.last().ok_or("there is no token left")?))
    }
}

fn tokens() -> Renewed {
    Renewed(Mutex::new(vec!["new", "old"]))
}

fn error(id: &str, message: &str) -> AppError {
    AppError {
        id: id.to_owned(),
        message: message.to_owned(),
        detailed_error: String::new(),
        is_oauth: None,
        request_id: None,
        status_code: None,
    }
}

fn done() -> StatusOk {
    StatusOk {
        status: "OK".to_owned(),
    }
}

/// Gives a user the roles of a team's member.
async fn outcome(api: &Mock) -> Result<Outcome, String> {
    let client = client(&api.server().base_url(), tokens()).unwrap();
    give(&client, "team", "user", "team_user")
        .await
        .map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_busy_server_is_asked_again() {
    let api = Mock::start().unwrap();
    let busy = Reply::new(429)
        .with_header("content-type", "text/plain")
        .with_header("retry-after", "0")
        .with_body("limit exceeded");
    api.expect()
        .update_team_member_roles()
        .path("team_id", "team")
        .path("user_id", "user")
        .body(&Roles {
            roles: "team_user".to_owned(),
        })
        .reply(busy)
        .error(503, &error("busy", "Later."))
        .success(200, &done());
    assert_eq!(outcome(&api).await, Ok(Outcome::Given));
    api.verify().unwrap();
}

#[tokio::test]
async fn a_connection_that_breaks_is_made_again() {
    let api = Mock::start().unwrap();
    api.expect()
        .update_team_member_roles()
        .reply(Reply::raw(""))
        .success(200, &done());
    assert_eq!(outcome(&api).await, Ok(Outcome::Given));
    api.verify().unwrap();
}

#[tokio::test]
async fn a_token_that_has_ended_is_renewed_once() {
    let api = Mock::start().unwrap();
    let ended = error("api.context.session_expired.app_error", "Sign in.");
    api.expect()
        .update_team_member_roles()
        .error(401, &ended)
        .success(200, &done());
    assert_eq!(outcome(&api).await, Ok(Outcome::Given));
    let requests = api.server().requests();
    let tokens: Vec<_> = requests
        .iter()
        .map(|request| request.header("authorization").unwrap())
        .collect();
    assert_eq!(tokens, ["Bearer old", "Bearer new"]);
    api.verify().unwrap();
}

#[tokio::test]
async fn errors_of_the_api_mean_something() {
    let api = Mock::start().unwrap();
    let page = Reply::new(200)
        .with_header("content-type", "text/html")
        .with_body("<html>a proxy");
    api.expect()
        .update_team_member_roles()
        .error(
            403,
            &error("api.context.permissions.app_error", "You may not."),
        )
        .error(
            404,
            &error("store.sql_team.get_member.missing.app_error", "None."),
        )
        .reply(page);
    assert_eq!(
        outcome(&api).await,
        Ok(Outcome::Refused("You may not.".to_owned()))
    );
    assert_eq!(outcome(&api).await, Ok(Outcome::NoMember));
    let said = outcome(&api).await.unwrap_err();
    assert!(
        said.starts_with(
            "the server answered 200 OK, but the body does not have the documented shape"
        ),
        "{said}"
    );
    api.verify().unwrap();
}

#[tokio::test]
async fn a_server_that_is_gone_is_worth_another_try() {
    let api = Mock::start().unwrap();
    let client = client(&api.server().base_url(), tokens()).unwrap();
    drop(api);
    assert_eq!(
        give(&client, "team", "user", "team_user").await.unwrap(),
        Outcome::Later
    );
}

#[tokio::test]
async fn a_mock_tells_what_was_expected_and_what_arrived() {
    let api = Mock::start().unwrap();
    api.expect().update_team_member_roles().body(&Roles {
        roles: "team_user team_admin".to_owned(),
    });
    assert!(outcome(&api).await.is_err());
    let said = api.verify().unwrap_err().to_string();
    assert!(
        said.contains(
            "  -   \"roles\": \"team_user team_admin\"\n  +   \"roles\": \"team_user\"\n"
        ),
        "{said}"
    );
}
