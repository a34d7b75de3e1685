//! Reads all members of a Mattermost team.

use anyhow::{Context, Result};
use gallery_mattermost::Client;
use gallery_mattermost::types::TeamMember;

pub mod mock_server;

/// The number of members per request.
const PER_PAGE: i64 = 3;

/// Calls `show` with each member of a team. Requests one page at a time.
pub async fn each_member(
    client: &Client,
    team_id: &str,
    mut show: impl FnMut(&TeamMember),
) -> Result<()> {
    let mut members = client.get_team_members(team_id).per_page(PER_PAGE).stream();
    while let Some(member) = members.next().await {
        show(&member.with_context(|| format!("cannot read the members of team `{team_id}`"))?);
    }
    Ok(())
}
