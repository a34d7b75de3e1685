//! Reads the members of a Mattermost team, page by page.

use anyhow::{Context, Result};
use gallery_mattermost::Client;
use gallery_mattermost::types::TeamMember;

pub mod stand_in;

/// How many members a page has.
const PER_PAGE: usize = 3;

/// Calls `show` with each page of the team's members, until there are no more.
pub async fn each_page(client: &Client, team_id: &str, mut show: impl FnMut(usize, &[TeamMember])) -> Result<()> {
    for page in 0.. {
        let call = client.get_team_members().team_id(team_id).page(page as i64).per_page(PER_PAGE as i64);
        let members = call.send().await.with_context(|| format!("page {page} of the team {team_id}"))?;
        if !members.is_empty() {
            show(page, &members);
        }
        // The server tells no total: a page that is not full is the last one.
        if members.len() < PER_PAGE {
            break;
        }
    }
    Ok(())
}

/// The examples of the workspace's README.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
