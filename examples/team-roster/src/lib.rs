//! Reads the members of a Mattermost team, however many there are.

use anyhow::{Context, Result};
use gallery_mattermost::Client;
use gallery_mattermost::types::TeamMember;

pub mod stand_in;

/// How many members are asked for at once.
const PER_PAGE: i64 = 3;

/// Calls `show` with each of the team's members. A page is asked for when the members of the one before have been shown.
pub async fn each_member(
    client: &Client,
    team_id: &str,
    mut show: impl FnMut(&TeamMember),
) -> Result<()> {
    let mut members = client
        .get_team_members()
        .team_id(team_id)
        .per_page(PER_PAGE)
        .stream();
    while let Some(member) = members.next().await {
        show(&member.with_context(|| format!("the members of the team {team_id}"))?);
    }
    Ok(())
}
