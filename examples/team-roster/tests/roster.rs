//! The roster against the stand-in server: what it asks for, and what it makes of the answers.

use gallery_mattermost::Client;
use gallery_testkit::{Reply, StandIn};
use team_roster::{each_page, stand_in};

#[tokio::test]
async fn every_page_is_read_once() {
    let server = stand_in::start().unwrap();
    let mut pages = Vec::new();
    let client = Client::new(&server.base_url()).unwrap();
    each_page(&client, stand_in::TEAM_ID, |page, members| pages.push((page, members.len()))).await.unwrap();
    assert_eq!(pages, [(0, 3), (1, 3), (2, 1)]);
    let queries: Vec<_> = server.requests().iter().map(|request| request.query.clone().unwrap_or_default()).collect();
    assert_eq!(queries, ["page=0&per_page=3", "page=1&per_page=3", "page=2&per_page=3"]);
}

#[tokio::test]
async fn the_token_goes_with_each_request() {
    let server = stand_in::start().unwrap();
    let client = Client::builder(&server.base_url()).bearer_token("secret").build().unwrap();
    each_page(&client, stand_in::TEAM_ID, |_, _| ()).await.unwrap();
    let requests = server.requests();
    assert!(requests.iter().all(|request| request.header("authorization") == Some("Bearer secret")));
    assert!(!format!("{client:?}").contains("secret"));
}

#[tokio::test]
async fn an_error_says_which_page_and_why() {
    let server = StandIn::start(gallery_mattermost::OPENAPI).unwrap();
    server.answer("get_team_members", |_| {
        Reply::json(403, &serde_json::json!({"id": "no", "message": "No.", "detailed_error": ""}))
    });
    let client = Client::new(&server.base_url()).unwrap();
    let error = each_page(&client, "team", |_, _| ()).await.unwrap_err();
    assert_eq!(format!("{error:#}"), "page 0 of the team team: the server answered 403 Forbidden");
}
