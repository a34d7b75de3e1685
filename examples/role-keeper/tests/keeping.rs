//! The role keeper against the stand-in: a busy server, a token that ends, and each answer that means something.
#![allow(clippy::unwrap_used, reason = "clippy knows only the test functions themselves as tests, not what they share")]

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use gallery_mattermost::gallery_runtime::{BoxError, Token, TokenProvider};
use gallery_testkit::{Reply, StandIn};
use role_keeper::{Outcome, client, give};
use serde_json::json;

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

fn error(status: u16, id: &str, message: &str) -> Reply {
    Reply::json(status, &json!({"id": id, "message": message, "detailed_error": ""}))
}

async fn outcome(server: &StandIn) -> Result<Outcome, String> {
    let client = client(&server.base_url(), tokens()).unwrap();
    give(&client, "team", "user", "team_user").await.map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_busy_server_is_asked_again() {
    let server = StandIn::start(gallery_mattermost::OPENAPI).unwrap();
    let asked = AtomicUsize::new(0);
    server.answer("update_team_member_roles", move |_| match asked.fetch_add(1, Ordering::Relaxed) {
        0 => {
            Reply::new(429).with_header("content-type", "text/plain").with_header("retry-after", "0").with_body("limit exceeded")
        }
        1 => error(503, "busy", "Later."),
        _ => Reply::json(200, &json!({"status": "OK"})),
    });
    assert_eq!(outcome(&server).await, Ok(Outcome::Given));
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_token_that_has_ended_is_renewed_once() {
    let server = StandIn::start(gallery_mattermost::OPENAPI).unwrap();
    server.answer("update_team_member_roles", |request| match request.header("authorization") {
        Some("Bearer new") => Reply::json(200, &json!({"status": "OK"})),
        _ => error(401, "api.context.session_expired.app_error", "Sign in."),
    });
    assert_eq!(outcome(&server).await, Ok(Outcome::Given));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn errors_of_the_api_mean_something() {
    let server = StandIn::start(gallery_mattermost::OPENAPI).unwrap();
    server.answer("update_team_member_roles", |_| error(403, "api.context.permissions.app_error", "You may not."));
    assert_eq!(outcome(&server).await, Ok(Outcome::Refused("You may not.".to_owned())));
    server.answer("update_team_member_roles", |_| error(404, "store.sql_team.get_member.missing.app_error", "None."));
    assert_eq!(outcome(&server).await, Ok(Outcome::NoMember));
    server.answer("update_team_member_roles", |_| {
        Reply::new(200).with_header("content-type", "text/html").with_body("<html>a proxy")
    });
    let said = outcome(&server).await.unwrap_err();
    assert!(said.starts_with("the server answered 200 OK, but the body does not have the documented shape"), "{said}");
    drop(server);
}

#[tokio::test]
async fn a_server_that_is_gone_is_worth_another_try() {
    let server = StandIn::start(gallery_mattermost::OPENAPI).unwrap();
    let client = client(&server.base_url(), tokens()).unwrap();
    drop(server);
    assert_eq!(give(&client, "team", "user", "team_user").await.unwrap(), Outcome::Later);
}
