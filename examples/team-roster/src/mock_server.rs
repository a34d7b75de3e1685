//! A mock Mattermost server with one team of seven members.

use anyhow::Result;
use gallery_mattermost::types::TeamMember;
use gallery_testkit::{MockServer, RecordedRequest, Reply};
use serde_json::json;

/// The ID of the team.
pub const TEAM_ID: &str = "oneteam00000000000000000000";

/// Starts a server that responds to `get_team_members` with pages, like Mattermost.
pub fn start() -> Result<MockServer> {
    let server = MockServer::start(gallery_mattermost::OPENAPI)?;
    server.respond("get_team_members", members);
    Ok(server)
}

fn members(request: &RecordedRequest) -> Reply {
    let number = |name: &str, default: usize| {
        request
            .query_value(name)
            .and_then(|text| text.parse().ok())
            .unwrap_or(default)
    };
    let (page, per_page) = (number("page", 0), number("per_page", 60));
    let members = (1..=7).map(member).skip(page * per_page).take(per_page);
    Reply::json(200, json!(members.collect::<Vec<_>>()))
}

fn member(user: usize) -> TeamMember {
    let is_admin = user == 1;
    TeamMember {
        team_id: TEAM_ID.to_owned(),
        user_id: format!("user{user}"),
        roles: if is_admin {
            "team_user team_admin"
        } else {
            "team_user"
        }
        .to_owned(),
        scheme_user: true,
        scheme_admin: is_admin,
        scheme_guest: false,
        explicit_roles: String::new(),
        delete_at: 0,
    }
}
