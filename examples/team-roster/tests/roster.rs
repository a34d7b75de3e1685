//! Tests of the roster with a mock server.

use gallery_mattermost::{BuildError, Client};
use gallery_testkit::{MockServer, Reply};
use team_roster::{each_member, mock_server};

fn client(server: &MockServer) -> Result<Client, BuildError> {
    Client::builder(&server.base_url())
        .bearer_token("secret")
        .build()
}

#[tokio::test]
async fn reads_each_page_once() {
    let server = mock_server::start().unwrap();
    let mut members = Vec::new();
    let client = client(&server).unwrap();
    each_member(&client, mock_server::TEAM_ID, |member| {
        members.push(member.user_id.clone());
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
async fn sends_the_token_with_each_request() {
    let server = mock_server::start().unwrap();
    let client = client(&server).unwrap();
    each_member(&client, mock_server::TEAM_ID, |_| ())
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
async fn errors_contain_the_team_and_the_status() {
    let server = MockServer::start(gallery_mattermost::OPENAPI).unwrap();
    server.respond("get_team_members", |_| {
        Reply::json(
            403,
            serde_json::json!({"id": "no", "message": "No.", "detailed_error": ""}),
        )
    });
    let client = client(&server).unwrap();
    let error = each_member(&client, "team", |_| ()).await.unwrap_err();
    assert_eq!(
        format!("{error:#}"),
        "cannot read the members of team `team`: get_team_members (GET /teams/{team_id}/members): 403 Forbidden: No."
    );
}
