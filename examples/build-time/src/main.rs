//! Uses a client that the build script generates. Reads two members of a team from a mock server.

use anyhow::Result;
use gallery_testkit::{MockServer, Reply};
use serde_json::{Value, json};

/// The generated client. A program seldom uses every operation.
#[allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    missing_docs,
    reason = "generated code"
)]
#[allow(
    clippy::all,
    clippy::allow_attributes_without_reason,
    reason = "generated code"
)]
mod mattermost {
    include!(concat!(env!("OUT_DIR"), "/mattermost.rs"));
}

#[tokio::main]
async fn main() -> Result<()> {
    let server = MockServer::start(include_str!(concat!(env!("OUT_DIR"), "/mattermost.json")))?;
    server.respond("get_team_members_by_ids", |request| {
        let ids: Vec<String> = request
            .json()
            .and_then(serde_json::from_value)
            .unwrap_or_default();
        let members: Vec<Value> = ids
            .iter()
            .map(|id| json!({"user_id": id, "roles": "team_user"}))
            .collect();
        Reply::json(200, Value::Array(members))
    });

    let client = mattermost::Client::new(&server.base_url())?;
    let response = client
        .get_team_members_by_ids("oneteam")
        .body(&json!(["anna", "ben"]))
        .send()
        .await?;
    for member in response.json::<Vec<Value>>()? {
        println!("{member}");
    }
    Ok(())
}
