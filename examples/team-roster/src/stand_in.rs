//! A stand-in for a Mattermost server, with one team of seven.

use anyhow::Result;
use gallery_testkit::{Recorded, Reply, StandIn};
use serde_json::{Value, json};

/// The team that the stand-in has.
pub const TEAM_ID: &str = "oneteam00000000000000000000";

/// Starts a server that answers `get_team_members` with pages, as the real one does.
pub fn start() -> Result<StandIn> {
    let server = StandIn::start(gallery_mattermost::OPENAPI)?;
    server.answer("get_team_members", members);
    Ok(server)
}

fn members(request: &Recorded) -> Reply {
    let number = |name: &str, default: usize| request.query_value(name).and_then(|text| text.parse().ok()).unwrap_or(default);
    let (page, per_page) = (number("page", 0), number("per_page", 60));
    let all = (1..=7).map(|user| {
        let roles = if user == 1 { "team_user team_admin" } else { "team_user" };
        json!({"team_id": TEAM_ID, "user_id": format!("user{user}"), "roles": roles, "delete_at": 0})
    });
    let shown: Vec<Value> = all.skip(page * per_page).take(per_page).collect();
    Reply::json(200, &Value::Array(shown))
}
