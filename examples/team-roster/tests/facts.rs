//! Tests of facts about the Mattermost API from `specs/mattermost/overlay.yaml`, with a mock
//! server.
#![allow(
    clippy::unwrap_used,
    reason = "clippy does not recognize helper functions as test code"
)]

use gallery_mattermost::gallery_runtime::{ErrorKind, RetryPolicy};
use gallery_mattermost::types::Roles;
use gallery_mattermost::{Client, Error};
use gallery_testkit::{MockServer, Reply};
use serde_json::{Value, json};

fn mock_server() -> (MockServer, Client) {
    let server = MockServer::start(gallery_mattermost::OPENAPI).unwrap();
    let client = Client::builder(&server.base_url())
        .bearer_token("t")
        .retry_policy(RetryPolicy::none())
        .build()
        .unwrap();
    (server, client)
}

fn team_member() -> Value {
    json!({
        "team_id": "t", "user_id": "u", "roles": "team_user", "delete_at": 0, "scheme_guest": false, "scheme_user": true,
        "scheme_admin": false, "explicit_roles": "",
    })
}

fn channel_member() -> Value {
    json!({
        "channel_id": "c", "user_id": "u", "roles": "channel_user", "last_viewed_at": 1_732_492_800_123_i64, "msg_count": 3,
        "mention_count": 0, "mention_count_root": 0, "urgent_mention_count": 0, "msg_count_root": i64::MAX,
        "notify_props": {"desktop": "default", "a_name_of_tomorrow": "on"}, "last_update_at": 1, "scheme_guest": false,
        "scheme_user": true, "scheme_admin": false, "explicit_roles": "",
    })
}

#[tokio::test]
async fn all_seven_operations_are_typed() {
    let (server, client) = mock_server();
    for id in ["get_team_members", "get_team_members_by_ids"] {
        server.respond(id, |_| Reply::json(200, json!([team_member()])));
    }
    for id in ["get_channel_members", "get_channel_members_by_ids"] {
        server.respond(id, |_| Reply::json(200, json!([channel_member()])));
    }
    server.respond("get_team_member", |_| Reply::json(200, team_member()));
    server.respond("get_channel_member", |_| Reply::json(200, channel_member()));
    server.respond("update_team_member_roles", |_| {
        Reply::json(200, json!({"status": "OK"}))
    });

    let ids = || vec!["u".to_owned()];
    assert_eq!(
        client
            .get_team_members("t")
            .page(0)
            .per_page(60)
            .send()
            .await
            .unwrap()[0]
            .user_id,
        "u"
    );
    assert_eq!(
        client
            .get_team_members_by_ids("t", &ids())
            .send()
            .await
            .unwrap()[0]
            .roles,
        "team_user"
    );
    assert!(
        client
            .get_team_member("t", "me")
            .send()
            .await
            .unwrap()
            .scheme_user
    );
    assert_eq!(
        client.get_channel_members("c").send().await.unwrap()[0].msg_count,
        3
    );
    assert_eq!(
        client
            .get_channel_members_by_ids("c", &ids())
            .send()
            .await
            .unwrap()[0]
            .channel_id,
        "c"
    );
    assert_eq!(
        client
            .get_channel_member("c", "u")
            .send()
            .await
            .unwrap()
            .user_id,
        "u"
    );
    let roles = Roles {
        roles: "team_user team_admin".to_owned(),
    };
    assert_eq!(
        client
            .update_team_member_roles("t", "u", &roles)
            .send()
            .await
            .unwrap()
            .status,
        "OK"
    );

    let requests = server.requests();
    assert_eq!(requests.len(), 7);
    assert!(
        requests
            .iter()
            .all(|request| request.header("authorization") == Some("Bearer t"))
    );
    assert_eq!(requests[1].body, "[\"u\"]");
    assert_eq!(requests[6].body, "{\"roles\":\"team_user team_admin\"}");
}

#[tokio::test]
async fn timestamps_and_counts_have_64_bits() {
    let (server, client) = mock_server();
    server.respond("get_channel_member", |_| Reply::json(200, channel_member()));
    let member = client.get_channel_member("c", "u").send().await.unwrap();
    assert_eq!(member.last_viewed_at, 1_732_492_800_123);
    assert_eq!(member.msg_count_root, i64::MAX);
}

#[tokio::test]
async fn notify_props_accept_unknown_names() {
    let (server, client) = mock_server();
    server.respond("get_channel_member", |_| Reply::json(200, channel_member()));
    let member = client.get_channel_member("c", "u").send().await.unwrap();
    assert_eq!(member.notify_props["a_name_of_tomorrow"], "on");
}

#[tokio::test]
async fn ignores_unknown_fields() {
    let (server, client) = mock_server();
    let mut member = team_member();
    member["of_a_later_version"] = json!({"x": [1]});
    server.respond("get_team_member", move |_| Reply::json(200, &member));
    assert_eq!(
        client
            .get_team_member("t", "u")
            .send()
            .await
            .unwrap()
            .user_id,
        "u"
    );
}

#[tokio::test]
async fn errors_have_the_type_of_the_api() {
    let (server, client) = mock_server();
    for status in [400, 401, 403, 404] {
        let error = json!({"id": "api.some.app_error", "message": "Nein.", "detailed_error": "", "status_code": status, "later": 1});
        server.respond("get_team_member", move |_| Reply::json(status, &error));
        let Err(Error::ErrorResponse(response)) = client.get_team_member("t", "u").send().await
        else {
            panic!("{status} is not a typed error")
        };
        assert_eq!(
            (
                response.status().as_u16(),
                response.id.as_str(),
                response.message.as_str()
            ),
            (status, "api.some.app_error", "Nein.")
        );
    }
}

#[tokio::test]
async fn rate_limit_errors_keep_text_and_headers() {
    let (server, client) = mock_server();
    server.respond("get_team_members", |_| {
        let reply = Reply::new(429)
            .with_header("content-type", "text/plain")
            .with_header("retry-after", "7");
        reply
            .with_header("x-ratelimit-reset", "7")
            .with_body("limit exceeded")
    });
    let error = client.get_team_members("t").send().await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(429));
    assert_eq!(error.headers().unwrap()["retry-after"], "7");
    assert_eq!(error.body_excerpt().unwrap(), "limit exceeded");
    assert!(error.is_retryable());
}

#[tokio::test]
async fn not_modified_is_an_unexpected_status() {
    let (server, client) = mock_server();
    server.respond("get_team_members", |_| {
        Reply::new(304).with_header("etag", "\"1\"")
    });
    let error = client.get_team_members("t").send().await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(304));
    assert_eq!(error.kind(), ErrorKind::UnexpectedStatus);
}

#[tokio::test]
async fn rejects_ids_that_change_the_path() {
    let (server, client) = mock_server();
    for id in ["", ".", ".."] {
        let error = client.get_team_member(id, "u").send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{id:?}");
    }
    assert!(server.requests().is_empty());
}
