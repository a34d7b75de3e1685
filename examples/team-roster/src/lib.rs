//! Reads the members of a Mattermost team, page by page.

use anyhow::{Context, Result};
use gallery_mattermost::gallery_runtime::TransportError;
use gallery_mattermost::gallery_runtime::reqwest::header::{AUTHORIZATION, HeaderValue};
use gallery_mattermost::gallery_runtime::reqwest::{Request, Response};
use gallery_mattermost::{Client, Hook, Next};
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

/// Sends a token with each request.
pub struct Bearer(HeaderValue);

impl Bearer {
    /// A personal access token, or that of a session.
    pub fn new(token: &str) -> Result<Bearer> {
        // The error of a header value would show nothing of the token either.
        let mut value =
            HeaderValue::from_str(&format!("Bearer {token}")).context("the token has characters that no header can have")?;
        value.set_sensitive(true);
        Ok(Bearer(value))
    }
}

impl Hook for Bearer {
    async fn call(&self, mut request: Request, next: Next<'_>) -> Result<Response, TransportError> {
        request.headers_mut().insert(AUTHORIZATION, self.0.clone());
        next.run(request).await
    }
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
