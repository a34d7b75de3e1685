//! Prints the members of a Mattermost team.
//!
//! ```text
//! team-roster https://chat.example.com/api/v4 TEAM_ID     # the token is in MATTERMOST_TOKEN
//! team-roster --stand-in                                  # against a stand-in server
//! ```

use anyhow::{Context, Result, bail};
use gallery_mattermost::Client;
use gallery_mattermost::types::TeamMember;
use team_roster::{each_member, stand_in};

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        ["--stand-in"] => {
            let server = stand_in::start()?;
            each_member(&Client::new(&server.base_url())?, stand_in::TEAM_ID, print).await
        }
        [base_url, team_id] => {
            let token = std::env::var("MATTERMOST_TOKEN")
                .context("put a personal access token into MATTERMOST_TOKEN")?;
            each_member(
                &Client::builder(base_url).bearer_token(token).build()?,
                team_id,
                print,
            )
            .await
        }
        _ => bail!("usage: team-roster BASE_URL TEAM_ID, or team-roster --stand-in"),
    }
}

fn print(member: &TeamMember) {
    println!("{}  {}", member.user_id, member.roles);
}
