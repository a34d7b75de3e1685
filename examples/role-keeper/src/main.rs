//! `role-keeper https://chat.example.com/api/v4 TOKEN_FILE TEAM_ID USER_ID ROLES`

use anyhow::{Result, bail};
use role_keeper::{TokenFile, client, set_roles};

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [base_url, token, team_id, user_id, roles] = &arguments[..] else {
        bail!("usage: role-keeper BASE_URL TOKEN_FILE TEAM_ID USER_ID ROLES");
    };
    let client = client(base_url, TokenFile(token.into()))?;
    println!("{:?}", set_roles(&client, team_id, user_id, roles).await?);
    Ok(())
}
