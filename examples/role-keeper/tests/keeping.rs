//! Tests of the role keeper with a mock: retries, token renewal and errors.
#![allow(
    clippy::unwrap_used,
    reason = "clippy does not recognize helper functions as test code"
)]

use std::sync::Mutex;

use gallery_mattermost::gallery_runtime::{BoxError, Token, TokenProvider};
use gallery_mattermost::mock::Mock;
use gallery_mattermost::mock::gallery_testkit::Reply;
use gallery_mattermost::types::{AppError, Roles, StatusOk};
use role_keeper::{Outcome, client, set_roles};

/// Returns each token until it is rejected.
struct ExpiringTokens(Mutex<Vec<&'static str>>);

impl TokenProvider for ExpiringTokens {
    async fn token(&self, rejected: Option<&Token>) -> Result<Token, BoxError> {
        let mut tokens = self.0.lock().map_err(|_| "poisoned lock")?;
        if rejected.is_some() {
            tokens.pop();
        }
        Ok(Token::new(*tokens.last().ok_or("no tokens left")?))
    }
}

fn tokens() -> ExpiringTokens {
    ExpiringTokens(Mutex::new(vec!["new", "old"]))
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

/// Sets the roles of a user.
async fn outcome(api: &Mock) -> Result<Outcome, String> {
    let client = client(&api.server().base_url(), tokens()).unwrap();
    set_roles(&client, "team", "user", "team_user")
        .await
        .map_err(|error| error.to_string())
}

#[tokio::test]
async fn retries_a_busy_server() {
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
    assert_eq!(outcome(&api).await, Ok(Outcome::Set));
    api.verify().unwrap();
}

#[tokio::test]
async fn retries_a_lost_connection() {
    let api = Mock::start().unwrap();
    api.expect()
        .update_team_member_roles()
        .reply(Reply::raw(""))
        .success(200, &done());
    assert_eq!(outcome(&api).await, Ok(Outcome::Set));
    api.verify().unwrap();
}

#[tokio::test]
async fn renews_an_expired_token_once() {
    let api = Mock::start().unwrap();
    let expired = error("api.context.session_expired.app_error", "Sign in.");
    api.expect()
        .update_team_member_roles()
        .error(401, &expired)
        .success(200, &done());
    assert_eq!(outcome(&api).await, Ok(Outcome::Set));
    let requests = api.server().requests();
    let tokens: Vec<_> = requests
        .iter()
        .map(|request| request.header("authorization").unwrap())
        .collect();
    assert_eq!(tokens, ["Bearer old", "Bearer new"]);
    api.verify().unwrap();
}

#[tokio::test]
async fn maps_errors_of_the_api() {
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
        Ok(Outcome::Forbidden("You may not.".to_owned()))
    );
    assert_eq!(outcome(&api).await, Ok(Outcome::NoMember));
    let message = outcome(&api).await.unwrap_err();
    assert_eq!(
        message,
        "update_team_member_roles (PUT /teams/{team_id}/members/{user_id}/roles): \
         invalid response (200 OK, text/html)"
    );
    api.verify().unwrap();
}

#[tokio::test]
async fn reports_an_unreachable_server() {
    let api = Mock::start().unwrap();
    let client = client(&api.server().base_url(), tokens()).unwrap();
    drop(api);
    assert_eq!(
        set_roles(&client, "team", "user", "team_user")
            .await
            .unwrap(),
        Outcome::Unavailable
    );
}

#[tokio::test]
async fn mismatches_show_expected_and_received_bodies() {
    let api = Mock::start().unwrap();
    api.expect().update_team_member_roles().body(&Roles {
        roles: "team_user team_admin".to_owned(),
    });
    assert!(outcome(&api).await.is_err());
    let message = api.verify().unwrap_err().to_string();
    assert!(
        message.contains(
            "  -   \"roles\": \"team_user team_admin\"\n  +   \"roles\": \"team_user\"\n"
        ),
        "{message}"
    );
}
