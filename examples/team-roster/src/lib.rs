//! Reads the members of a Mattermost team, page by page.

use anyhow::{Context, Result};
use gallery_mattermost::Client;
use serde::Deserialize;

pub mod stand_in;

/// How many members a page has.
const PER_PAGE: usize = 3;

/// What of a member is shown. The listing has no types, so this program brings its own.
#[derive(Debug, Deserialize)]
pub struct Member {
    /// Id of the user.
    pub user_id: String,
    /// The user's roles in the team, separated by spaces.
    pub roles: String,
}

/// Calls `show` with each page of the team's members, until there are no more.
pub async fn each_page(client: &Client, team_id: &str, mut show: impl FnMut(usize, &[Member])) -> Result<()> {
    for page in 0.. {
        let answer = client
            .get_team_members()
            .team_id(team_id)
            .page(page.to_string())
            .per_page(PER_PAGE.to_string())
            .send()
            .await
            .with_context(|| format!("page {page} of the team {team_id}"))?;
        let members: Vec<Member> = answer.json().context("the answer is no list of members")?;
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
