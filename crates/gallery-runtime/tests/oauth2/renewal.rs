//! Tests of the cache, of concurrent renewals, and of refresh tokens that change.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gallery_runtime::oauth2::{OAuthError, OAuthTokenProvider};
use serde_json::json;
use tokio::runtime::Runtime;
use tokio::task::{JoinSet, yield_now};

use crate::common::{
    Gate, Stored, advance, form, issued, issued_with, oauth, provider, token, token_after,
    token_server, value, wait_for_requests, wait_until,
};
use crate::support::{Reply, Server, client, get};

/// Starts calls of a provider, and lets them run until they wait.
async fn start_calls(
    provider: &OAuthTokenProvider,
    count: usize,
) -> JoinSet<Result<String, OAuthError>> {
    let mut calls = JoinSet::new();
    for _ in 0..count {
        let provider = provider.clone();
        calls.spawn(async move { token(&provider).await });
    }
    for _ in 0..10 {
        yield_now().await;
    }
    calls
}

/// Starts a server that issues `token-1` and so on when the gate is opened.
fn gated_server() -> (Server, Gate) {
    let (gate, wait) = Gate::new();
    let server = Server::start(move |_, before| {
        wait();
        issued(&format!("token-{}", before + 1))
    });
    (server, gate)
}

#[tokio::test]
async fn renews_shortly_before_expiry() {
    let server = Server::start(|_, before| {
        issued_with(
            &format!("token-{}", before + 1),
            json!({"expires_in": 3600}),
        )
    });
    let provider = provider(&server);
    assert_eq!(token(&provider).await.unwrap(), "token-1");
    advance(Duration::from_secs(3560)).await;
    assert_eq!(token(&provider).await.unwrap(), "token-1");
    advance(Duration::from_secs(10)).await;
    assert_eq!(token(&provider).await.unwrap(), "token-2");

    let builder = oauth(&server).renew_before_expiry(Duration::from_secs(600));
    let early = builder.build().unwrap().client_credentials();
    assert_eq!(token(&early).await.unwrap(), "token-3");
    advance(Duration::from_secs(2990)).await;
    assert_eq!(token(&early).await.unwrap(), "token-3");
    advance(Duration::from_secs(10)).await;
    assert_eq!(token(&early).await.unwrap(), "token-4");
}

#[tokio::test]
async fn uses_short_lived_tokens_for_half_of_their_lifetime() {
    let server = Server::start(|_, before| {
        issued_with(
            &format!("token-{}", before + 1),
            json!({"expires_in": "20"}),
        )
    });
    let provider = provider(&server);
    token(&provider).await.unwrap();
    advance(Duration::from_secs(5)).await;
    assert_eq!(token(&provider).await.unwrap(), "token-1");
    advance(Duration::from_secs(5)).await;
    assert_eq!(token(&provider).await.unwrap(), "token-2");
}

#[tokio::test]
async fn uses_tokens_without_lifetime_until_they_are_rejected() {
    let server = token_server();
    let provider = provider(&server);
    token(&provider).await.unwrap();
    advance(Duration::from_secs(10_000_000)).await;
    assert_eq!(token(&provider).await.unwrap(), "token-1");
    let renewed = token_after(&provider, Some("token-1")).await.unwrap();
    assert_eq!(renewed, "token-2");
    // Another call has renewed this token already.
    let cached = token_after(&provider, Some("token-1")).await.unwrap();
    assert_eq!(cached, "token-2");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn concurrent_calls_make_one_token_request() {
    let (server, gate) = gated_server();
    let provider = provider(&server);
    let calls = start_calls(&provider, 100).await;
    wait_for_requests(&server, 1).await;
    gate.open();
    let tokens = calls.join_all().await;
    assert_eq!(tokens.len(), 100);
    assert!(tokens.into_iter().all(|token| token.unwrap() == "token-1"));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn concurrent_calls_with_an_expired_token_make_one_token_request() {
    let (gate, wait) = Gate::new();
    let server = Server::start(move |_, before| {
        wait();
        issued_with(&format!("token-{}", before + 1), json!({"expires_in": 100}))
    });
    let provider = provider(&server);
    gate.open();
    token(&provider).await.unwrap();
    advance(Duration::from_secs(100)).await;
    let calls = start_calls(&provider, 100).await;
    gate.open();
    let tokens = calls.join_all().await;
    assert!(tokens.into_iter().all(|token| token.unwrap() == "token-2"));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn concurrent_calls_whose_token_was_rejected_are_repeated_after_one_renewal() {
    let (gate, wait) = Gate::new();
    let tokens = Server::start(move |_, before| {
        if before > 0 {
            wait();
        }
        issued(&format!("token-{}", before + 1))
    });
    let api = Server::start(|request, _| match request.header("authorization") {
        Some("Bearer token-2") => Reply::new(200, &[], ""),
        _ => Reply::new(401, &[], ""),
    });
    let client = Arc::new(client(&api.root, |builder| {
        builder.token_provider(provider(&tokens))
    }));
    let mut calls = JoinSet::new();
    for number in 0..100 {
        let client = Arc::clone(&client);
        calls.spawn(async move { get(&client, &number.to_string()).await });
    }
    wait_for_requests(&api, 100).await;
    gate.open();
    for result in calls.join_all().await {
        result.unwrap();
    }
    assert_eq!(tokens.requests().len(), 2);
    let mut attempts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for request in api.requests() {
        let token = request.header("authorization").unwrap().to_owned();
        attempts.entry(request.target).or_default().push(token);
    }
    assert_eq!(attempts.len(), 100);
    let mut attempts = attempts.values();
    assert!(attempts.all(|tokens| *tokens == ["Bearer token-1", "Bearer token-2"]));
}

#[tokio::test]
async fn calls_that_start_during_a_renewal_do_not_get_the_rejected_token() {
    let (server, gate) = gated_server();
    let provider = provider(&server);
    gate.open();
    token(&provider).await.unwrap();
    let rejecting = {
        let provider = provider.clone();
        tokio::spawn(async move { token_after(&provider, Some("token-1")).await })
    };
    wait_for_requests(&server, 2).await;
    let calls = start_calls(&provider, 10).await;
    gate.open();
    assert_eq!(rejecting.await.unwrap().unwrap(), "token-2");
    let tokens = calls.join_all().await;
    assert!(tokens.into_iter().all(|token| token.unwrap() == "token-2"));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_failed_renewal_fails_the_waiting_calls_only() {
    let (gate, wait) = Gate::new();
    let server = Server::start(move |_, before| {
        wait();
        match before {
            0 => Reply::new(503, &[], ""),
            _ => issued("token-2"),
        }
    });
    let provider = provider(&server);
    let calls = start_calls(&provider, 100).await;
    gate.open();
    for result in calls.join_all().await {
        let error = result.unwrap_err();
        let expected = format!(
            "{}/token: the server returned 503 Service Unavailable; try again later",
            server.root
        );
        assert_eq!(error.to_string(), expected);
    }
    assert_eq!(server.requests().len(), 1);
    gate.open();
    assert_eq!(token(&provider).await.unwrap(), "token-2");
}

#[tokio::test]
async fn a_token_is_used_on_if_its_renewal_fails_before_it_expires() {
    let server = Server::start(|_, before| match before {
        0 => issued_with("token-1", json!({"expires_in": 100})),
        4 => issued("token-2"),
        _ => Reply::new(503, &[], ""),
    });
    let provider = provider(&server);
    assert_eq!(token(&provider).await.unwrap(), "token-1");
    advance(Duration::from_secs(75)).await;
    for _ in 0..3 {
        assert_eq!(token(&provider).await.unwrap(), "token-1");
    }
    assert_eq!(server.requests().len(), 2, "the next renewal waits for 5 s");
    advance(Duration::from_secs(6)).await;
    assert_eq!(token(&provider).await.unwrap(), "token-1");
    assert_eq!(server.requests().len(), 3);
    // A rejected token is not used on, and neither is an expired one.
    token_after(&provider, Some("token-1")).await.unwrap_err();
    assert_eq!(server.requests().len(), 4);
    assert_eq!(token(&provider).await.unwrap(), "token-2");

    let server = Server::start(|_, before| match before {
        0 => issued_with("token-1", json!({"expires_in": 100})),
        _ => Reply::new(503, &[], ""),
    });
    let provider = self::provider(&server);
    token(&provider).await.unwrap();
    advance(Duration::from_secs(101)).await;
    token(&provider).await.unwrap_err();
}

#[tokio::test]
async fn a_cancelled_call_does_not_cancel_the_renewal() {
    let (server, gate) = gated_server();
    let provider = provider(&server);
    // The first call starts the renewal.
    let mut first = start_calls(&provider, 1).await;
    wait_for_requests(&server, 1).await;
    let others = start_calls(&provider, 10).await;
    first.abort_all();
    assert!(first.join_next().await.unwrap().unwrap_err().is_cancelled());
    gate.open();
    let tokens = others.join_all().await;
    assert!(tokens.into_iter().all(|token| token.unwrap() == "token-1"));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn keeps_the_refresh_token_of_a_renewal_whose_calls_were_cancelled() {
    let (gate, wait) = Gate::new();
    let server = Server::start(move |_, before| {
        wait();
        issued_with(&format!("token-{before}"), json!({"refresh_token": "r-2"}))
    });
    let provider = oauth(&server).build().unwrap().refresh_token("r-1");
    let mut calls = start_calls(&provider, 5).await;
    wait_for_requests(&server, 1).await;
    calls.shutdown().await;
    gate.open();
    let current = || provider.refresh_token().unwrap().expose().to_owned();
    wait_until(|| current() == "r-2").await;
    assert_eq!(token(&provider).await.unwrap(), "token-0");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn sends_the_latest_refresh_token_and_reports_it() {
    let server = Server::start(|_, before| {
        let token = format!("token-{}", before + 1);
        match before {
            0 => issued_with(&token, json!({"refresh_token": "r-2"})),
            // The same refresh token, an empty one, and none: the latest one stays valid.
            1 => issued_with(&token, json!({"refresh_token": "r-2"})),
            2 => issued_with(&token, json!({"refresh_token": ""})),
            3 => issued(&token),
            _ => issued_with(&token, json!({"refresh_token": "r-3"})),
        }
    });
    let stored = Stored::default();
    let callback = stored.clone();
    let provider = oauth(&server)
        .build()
        .unwrap()
        .refresh_token("r-1")
        .on_refresh_token(move |token| callback.push(token));
    assert_eq!(provider.refresh_token().unwrap().expose(), "r-1");
    token(&provider).await.unwrap();
    // The callback has returned before the call gets its token.
    assert_eq!(stored.tokens(), ["r-2"]);
    for rejected in 1..5 {
        let rejected = format!("token-{rejected}");
        token_after(&provider, Some(&rejected)).await.unwrap();
    }
    assert_eq!(stored.tokens(), ["r-2", "r-3"]);
    assert_eq!(provider.refresh_token().unwrap().expose(), "r-3");
    let requests = server.requests();
    let sent: Vec<_> = requests
        .iter()
        .map(|request| value(&form(request), "refresh_token"))
        .collect();
    assert_eq!(sent, ["r-1", "r-2", "r-2", "r-2", "r-2"]);
}

#[tokio::test]
async fn a_callback_that_panics_fails_one_renewal() {
    let server = Server::start(|_, before| {
        let refresh_token = format!("r-{}", before + 2);
        issued_with("token-1", json!({"refresh_token": refresh_token}))
    });
    let is_broken = Arc::new(AtomicBool::new(true));
    let state = Arc::clone(&is_broken);
    let oauth = oauth(&server).build().unwrap();
    let provider = oauth.refresh_token("r-1").on_refresh_token(move |_| {
        assert!(!state.load(Ordering::Relaxed), "the store is broken");
    });
    let error = token(&provider).await.unwrap_err();
    assert!(matches!(error, OAuthError::Interrupted { .. }), "{error}");
    is_broken.store(false, Ordering::Relaxed);
    token(&provider).await.unwrap();
    assert_eq!(value(&form(&server.requests()[1]), "refresh_token"), "r-2");
}

/// Returns a runtime that has started a renewal, whose call was cancelled.
fn runtime_with_a_renewal(server: &Server, provider: &OAuthTokenProvider) -> Runtime {
    let runtime = runtime();
    runtime.block_on(async {
        let mut calls = start_calls(provider, 1).await;
        wait_for_requests(server, 1).await;
        calls.abort_all();
    });
    runtime
}

fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().unwrap()
}

#[test]
fn a_renewal_of_a_runtime_that_ended_does_not_block_others() {
    let (server, gate) = gated_server();
    let provider = provider(&server);
    drop(runtime_with_a_renewal(&server, &provider));
    gate.open();
    gate.open();
    assert_eq!(runtime().block_on(token(&provider)).unwrap(), "token-2");
}

#[test]
fn a_renewal_of_a_runtime_that_does_not_run_does_not_block_others() {
    let (server, gate) = gated_server();
    let provider = provider(&server);
    let first = runtime_with_a_renewal(&server, &provider);
    gate.open();
    gate.open();
    runtime().block_on(async {
        // A paused clock advances while nothing else happens.
        tokio::time::pause();
        let waiting = tokio::spawn({
            let provider = provider.clone();
            async move { gallery_runtime::TokenProvider::token(&provider, None).await }
        });
        let error = waiting.await.unwrap().unwrap_err();
        let error = error.downcast_ref();
        assert!(matches!(error, Some(OAuthError::Interrupted { .. })));
        tokio::time::resume();
        assert_eq!(token(&provider).await.unwrap(), "token-2");
    });
    // The result of the first renewal arrives late and is not used.
    first.block_on(async {
        let nap = || std::thread::sleep(Duration::from_millis(200));
        tokio::task::spawn_blocking(nap).await.unwrap();
        assert_eq!(token(&provider).await.unwrap(), "token-2");
    });
}

#[tokio::test]
async fn ignores_refresh_tokens_for_client_credentials() {
    let server = Server::always(|| issued_with("token-1", json!({"refresh_token": "r-1"})));
    let provider = provider(&server);
    token(&provider).await.unwrap();
    token_after(&provider, Some("token-1")).await.unwrap();
    assert!(provider.refresh_token().is_none());
    let requests = server.requests();
    let bodies: Vec<_> = requests.iter().map(|request| &request.body).collect();
    assert_eq!(bodies, ["grant_type=client_credentials"; 2]);
}
