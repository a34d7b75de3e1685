//! The roster against the stand-in server: what it asks for, and what it makes of the answers.

use gallery_mattermost::Client;
use gallery_testkit::{MockServer, Reply};
use team_roster::{each_member, stand_in};

#[tokio::test]
async fn every_page_is_read_once() {
    let server = stand_in::start().unwrap();
    let mut members = Vec::new();
    let client = Client::new(&server.base_url()).unwrap();
    each_member(&client, stand_in::TEAM_ID, |member| {
        members.push(member.user_id.clone())
    })
    .await
    .unwrap();
    assert_eq!(
        members,
        [
            "user1", "user2", "user3", "user4", "user5", "user6", "user7"
        ]
    );
    let queries: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.query.clone().unwrap_or_default())
        .collect();
    assert_eq!(
        queries,
        [
            "page=0&per_page=3",
            "page=1&per_page=3",
            "page=2&per_page=3"
        ]
    );
}

#[tokio::test]
async fn the_token_goes_with_each_request() {
    let server = stand_in::start().unwrap();
    let client = Client::builder(&server.base_url())
        .bearer_token("secret")
        .build()
        .unwrap();
    each_member(&client, stand_in::TEAM_ID, |_| ())
        .await
        .unwrap();
    let requests = server.requests();
    assert!(
        requests
            .iter()
            .all(|request| request.header("authorization") == Some("Bearer secret"))
    );
    assert!(!format!("{client:?}").contains("secret"));
}

#[tokio::test]
async fn an_error_says_of_which_team_and_why() {
    let server = MockServer::start(gallery_mattermost::OPENAPI).unwrap();
    server.respond("get_team_members", |_| {
        Reply::json(
            403,
            &serde_json::json!({"id": "no", "message": "No.", "detailed_error": ""}),
        )
    });
    let client = Client::new(&server.base_url()).unwrap();
    let error = each_member(&client, "team", |_| ()).await.unwrap_err();
    assert_eq!(
        format!("{error:#}"),
        "the members of the team team: the server answered 403 Forbidden"
    );
}
