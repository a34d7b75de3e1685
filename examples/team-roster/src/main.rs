//! Prints the members of a Mattermost team.
//!
//! ```text
//! team-roster https://chat.example.com/api/v4 TEAM_ID     # reads the token from MATTERMOST_TOKEN
//! team-roster --mock-server                               # uses a mock server
//! ```

use anyhow::{Context, Result, bail};
use gallery_mattermost::Client;
use gallery_mattermost::types::TeamMember;
use team_roster::{each_member, mock_server};

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        ["--mock-server"] => {
            let server = mock_server::start()?;
            let client = Client::builder(&server.base_url())
                .bearer_token("mock")
                .build()?;
            each_member(&client, mock_server::TEAM_ID, print).await
        }
        [base_url, team_id] => {
            let token = std::env::var("MATTERMOST_TOKEN")
                .context("set MATTERMOST_TOKEN to a personal access token")?;
            each_member(
                &Client::builder(base_url).bearer_token(token).build()?,
                team_id,
                print,
            )
            .await
        }
        _ => bail!("usage: team-roster BASE_URL TEAM_ID, or team-roster --mock-server"),
    }
}

fn print(member: &TeamMember) {
    println!("{}  {}", member.user_id, member.roles);
}
