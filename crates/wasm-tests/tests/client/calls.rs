//! All operations of a client, against a server that refuses violations of the document.

use futures::future::join_all;
use gallery_mattermost::types::Roles;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{ID, builder, client, sendable, url};

#[wasm_bindgen_test]
async fn calls_all_operations() {
    let client = client("strict");
    let ids = [ID.to_owned()];
    let members = client.get_channel_members(ID).page(0).per_page(60).send();
    assert_eq!(members.await.unwrap()[0].channel_id, ID);
    let members = client.get_channel_members_by_ids(ID, &ids).send().await;
    assert_eq!(members.unwrap()[0].channel_id, ID);
    let member = client.get_channel_member(ID, "me").send().await.unwrap();
    assert_eq!(member.channel_id, ID);
    assert_eq!(member.status().as_u16(), 200);
    assert_eq!(member.headers()["content-type"], "application/json");
    let members = client.get_team_members(ID).send().await.unwrap();
    assert_eq!(members[0].team_id, ID);
    let members = client.get_team_members_by_ids(ID, &ids).send().await;
    assert_eq!(members.unwrap()[0].team_id, ID);
    let member = client.get_team_member(ID, "me").send().await.unwrap();
    assert_eq!(member.team_id, ID);
    let roles = Roles {
        roles: "team_user".to_owned(),
    };
    let done = client.update_team_member_roles(ID, ID, &roles).send().await;
    assert!(!done.unwrap().status.is_empty());
}

#[wasm_bindgen_test]
async fn reads_pages() {
    let mut items = client("pages").get_channel_members(ID).stream();
    let mut count = 0;
    while let Some(item) = items.next().await {
        assert_eq!(item.unwrap().channel_id, ID);
        count += 1;
    }
    assert!(count > 0);
}

#[wasm_bindgen_test]
async fn encodes_path_parameters() {
    for id in ["a/b?c#d%20e", "ü €", "../x", "a b&c=d;e", "+"] {
        let member = client("lenient").get_channel_member(id, "me").send().await;
        assert_eq!(member.unwrap().channel_id, id);
    }
    for id in ["", ".", ".."] {
        let result = client("lenient").get_channel_member(id, "me").send().await;
        assert!(result.is_err(), "{id:?}");
    }
}

#[wasm_bindgen_test]
async fn makes_concurrent_calls() {
    let client = client("concurrent");
    let ids: Vec<String> = (10..40)
        .map(|n| format!("4xp9fdt77pncbef59f4k1qe8{n}"))
        .collect();
    let calls = ids
        .iter()
        .map(|id| client.get_channel_member(id.as_str(), "me").send());
    let members = join_all(calls).await;
    for (id, member) in ids.iter().zip(members) {
        assert_eq!(member.unwrap().channel_id, *id);
    }
}

#[wasm_bindgen_test]
async fn sends_the_user_agent_of_the_caller() {
    let client = builder("user-agent").user_agent("wasm-tests/1.0").build();
    let call = client.unwrap().get_channel_member(ID, "me").send();
    call.await.unwrap();
    let client = builder("no-user-agent").without_user_agent().build();
    let call = client.unwrap().get_channel_member(ID, "me").send();
    call.await.unwrap();
}

#[wasm_bindgen_test]
async fn reads_compressed_and_slow_bodies() {
    for server in ["gzip", "slow"] {
        let call = client(server).get_channel_member(ID, "me").send();
        sendable(call).await.unwrap();
    }
}

#[wasm_bindgen_test]
fn rejects_invalid_base_urls() {
    for url in ["ftp://a", "a", &format!("{}?a=b", url("strict"))] {
        assert!(gallery_mattermost::Client::new(url).is_err(), "{url}");
    }
    // `fetch` has TLS, whatever the features are.
    gallery_mattermost::Client::new("https://api.example.com").unwrap();
}
