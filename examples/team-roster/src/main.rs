//! Prints the members of a Mattermost team, page by page.
//!
//! ```text
//! team-roster https://chat.example.com/api/v4 TEAM_ID     # the token is in MATTERMOST_TOKEN
//! team-roster --stand-in                                  # against a stand-in server
//! ```

use anyhow::{Context, Result, bail};
use gallery_mattermost::gallery_runtime::TransportError;
use gallery_mattermost::gallery_runtime::reqwest::header::{AUTHORIZATION, HeaderValue};
use gallery_mattermost::gallery_runtime::reqwest::{Request, Response};
use gallery_mattermost::{Client, Hook, Next};
use serde::Deserialize;

mod stand_in;

/// How many members a page has.
const PER_PAGE: usize = 3;

/// What of a member is printed. The listing has no types, so this program brings its own.
#[derive(Debug, Deserialize)]
struct Member {
    user_id: String,
    roles: String,
}

/// Sends a token with each request.
struct Bearer(HeaderValue);

impl Hook for Bearer {
    async fn call(&self, mut request: Request, next: Next<'_>) -> Result<Response, TransportError> {
        request.headers_mut().insert(AUTHORIZATION, self.0.clone());
        next.run(request).await
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--stand-in"] => {
            let server = stand_in::start()?;
            print_roster(&Client::new(&server.base_url())?, stand_in::TEAM_ID).await
        }
        [base_url, team_id] => {
            let token = std::env::var("MATTERMOST_TOKEN").context("put a personal access token into MATTERMOST_TOKEN")?;
            let mut bearer = HeaderValue::from_str(&format!("Bearer {token}")).context("MATTERMOST_TOKEN is no token")?;
            bearer.set_sensitive(true);
            print_roster(&Client::new(base_url)?.with_hook(Bearer(bearer)), team_id).await
        }
        _ => bail!("usage: team-roster BASE_URL TEAM_ID, or team-roster --stand-in"),
    }
}

async fn print_roster(client: &Client, team_id: &str) -> Result<()> {
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
            println!("page {page}");
        }
        for Member { user_id, roles } in &members {
            println!("  {user_id}  {roles}");
        }
        // The server tells no total: a page that is not full is the last one.
        if members.len() < PER_PAGE {
            break;
        }
    }
    Ok(())
}
