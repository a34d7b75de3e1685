//! Makes 100 concurrent calls with an invalid token of OAuth 2. The token is renewed once.
//!
//! First, the token has expired, and the client renews it before it sends a request. Then, the
//! server has revoked the token, and the client renews it after the server has refused it.

use std::time::Duration;

use anyhow::{Result, ensure};
use gallery_shop::Client;
use gallery_shop::gallery_runtime::oauth2::OAuthClient;
use gallery_shop::mock::Mock;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// The number of concurrent calls.
const CALLS: i64 = 100;

/// Requests orders concurrently. Fails if one of the calls fails.
async fn get_orders(client: &Client) -> Result<()> {
    let mut calls = JoinSet::new();
    for id in 1..=CALLS {
        calls.spawn(client.get_order(id).send());
    }
    while let Some(order) = calls.join_next().await {
        order??;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<()> {
    let api = Mock::start()?;
    api.expect().get_order().documented(200).times(201);
    let tokens = api.server().issue_tokens();
    let oauth = OAuthClient::builder(tokens.url(), "my-client")
        .client_secret("my-secret")
        .build()?;
    let client = api
        .builder()
        .token_provider(oauth.client_credentials())
        .build()?;

    let lifetime = Duration::from_secs(1);
    tokens.expire_after(lifetime);
    client.get_order(1).send().await?;
    ensure!(tokens.issued() == 1, "{} tokens", tokens.issued());
    println!("one call: the first token");

    sleep(lifetime).await;
    tokens.expire_after(Duration::from_secs(3600));
    get_orders(&client).await?;
    ensure!(tokens.issued() == 2, "{} tokens", tokens.issued());
    let requests = api.server().requests().len();
    ensure!(
        requests == 101,
        "{requests} requests, some with the expired token"
    );
    println!("{CALLS} calls with an expired token: one new token");

    tokens.revoke();
    get_orders(&client).await?;
    ensure!(tokens.issued() == 3, "{} tokens", tokens.issued());
    println!("{CALLS} calls with a revoked token: one new token");
    api.verify()?;
    Ok(())
}
