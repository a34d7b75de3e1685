//! Tests of the device code flow. The clock is paused and only moves when a test advances it.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use gallery_runtime::oauth2::{DeviceAuthorization, OAuthClient, OAuthError, OAuthTokenProvider};
use serde_json::{Value, json};
use tokio::task::{JoinHandle, yield_now};

use crate::common::{
    all_forms, form, issued, issued_with, json, oauth, token, token_after, wait_for_requests,
    wait_until,
};
use crate::support::{Reply, Server};

/// Pauses the clock. While it is paused and a blocking task runs, the clock does not advance on its
/// own, so requests do not time out.
struct PausedClock {
    _blocker: Sender<()>,
}

impl PausedClock {
    fn new() -> PausedClock {
        let (sender, receiver) = channel();
        tokio::task::spawn_blocking(move || receiver.recv());
        tokio::time::pause();
        PausedClock { _blocker: sender }
    }

    async fn advance(&self, seconds: u64) {
        self.advance_by(Duration::from_secs(seconds)).await;
    }

    async fn advance_by(&self, time: Duration) {
        // Let tasks start their timers first.
        settle().await;
        // Timers round up to the next millisecond.
        tokio::time::advance(time + Duration::from_millis(2)).await;
        settle().await;
    }
}

impl Drop for PausedClock {
    fn drop(&mut self) {
        tokio::time::resume();
    }
}

/// Runs other tasks, and gives responses of servers time to arrive.
async fn settle() {
    for _ in 0..10 {
        yield_now().await;
    }
    let nap = || std::thread::sleep(Duration::from_millis(20));
    tokio::task::spawn_blocking(nap).await.unwrap();
    for _ in 0..10 {
        yield_now().await;
    }
}

fn details() -> Value {
    json!({
        "device_code": "s3cret-device",
        "user_code": "ABCD-EFGH",
        "verification_uri": "https://auth.example.com/device",
        "verification_uri_complete": "https://auth.example.com/device?user_code=ABCD-EFGH",
        "expires_in": 60,
        "interval": 7,
    })
}

fn pending(error: &str) -> Reply {
    json(400, &json!({ "error": error }))
}

/// Starts a server. `poll` gets the number of polls before.
fn device_server(poll: impl Fn(usize) -> Reply + Send + Sync + 'static) -> Server {
    Server::start(move |request, before| match request.target.as_str() {
        "/device" => json(200, &details()),
        _ => poll(before - 1),
    })
}

async fn start(oauth: &OAuthClient, server: &Server) -> Result<DeviceAuthorization, OAuthError> {
    oauth.device_code(&format!("{}/device", server.root)).await
}

type MakeReply = fn() -> Reply;

type Waiting = JoinHandle<Result<OAuthTokenProvider, OAuthError>>;

async fn wait(server: &Server) -> (Waiting, PausedClock) {
    let oauth = oauth(server).build().unwrap();
    let device = start(&oauth, server).await.unwrap();
    let clock = PausedClock::new();
    (tokio::spawn(async move { device.wait().await }), clock)
}

/// Returns the result of a task, which must end without an advance of the clock.
async fn finished(waiting: Waiting) -> Result<OAuthTokenProvider, OAuthError> {
    wait_until(|| waiting.is_finished()).await;
    waiting.await.unwrap()
}

#[tokio::test]
async fn sends_the_requests_of_the_flow() {
    let server = device_server(|_| issued_with("token-1", json!({"refresh_token": "r-1"})));
    let oauth = oauth(&server)
        .client_secret("s")
        .scopes(["books:read", "loans:write"])
        .parameter("audience", "api")
        .build()
        .unwrap();
    let device = start(&oauth, &server).await.unwrap();
    assert_eq!(device.user_code(), "ABCD-EFGH");
    assert_eq!(device.verification_url(), "https://auth.example.com/device");
    assert_eq!(
        device.verification_url_with_code(),
        Some("https://auth.example.com/device?user_code=ABCD-EFGH")
    );
    assert!((50..=60).contains(&device.expires_in().as_secs()));
    let debug = format!("{device:?}");
    assert!(
        !debug.contains("s3cret") && !debug.contains("ABCD"),
        "{debug}"
    );

    let clock = PausedClock::new();
    let waiting = tokio::spawn(async move { device.wait().await });
    clock.advance(7).await;
    let provider = finished(waiting).await.unwrap();
    assert_eq!(token(&provider).await.unwrap(), "token-1");
    assert_eq!(provider.refresh_token().unwrap().expose(), "r-1");
    assert_eq!(server.request_lines(), ["POST /device", "POST /token"]);
    let requests = server.requests();
    for request in &requests {
        assert_eq!(
            request.header("authorization"),
            Some("Basic bXktY2xpZW50OnM=")
        );
        form(request);
    }
    assert_eq!(
        requests[0].body,
        "scope=books%3Aread+loans%3Awrite&audience=api"
    );
    assert_eq!(
        requests[1].body,
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code\
         &device_code=s3cret-device&audience=api"
    );

    token_after(&provider, Some("token-1")).await.unwrap();
    assert_eq!(
        server.requests()[2].body,
        "grant_type=refresh_token&refresh_token=r-1&audience=api"
    );
}

#[tokio::test]
async fn polls_in_the_interval_of_the_server() {
    let server = device_server(|before| match before {
        0 => pending("authorization_pending"),
        1 => pending("slow_down"),
        // GitHub returns errors with the status 200.
        2 => json(200, &json!({"error": "authorization_pending"})),
        _ => issued("token-1"),
    });
    let (waiting, clock) = wait(&server).await;
    let polls = || server.requests().len() - 1;
    // 7 s before the first and the second poll, and 12 s after `slow_down`.
    for (interval, before) in [(7, 0), (7, 1), (12, 2), (12, 3)] {
        clock.advance(interval - 1).await;
        assert_eq!(polls(), before);
        clock.advance(1).await;
        wait_for_requests(&server, before + 2).await;
    }
    let provider = finished(waiting).await.unwrap();
    assert_eq!(token(&provider).await.unwrap(), "token-1");
    assert_eq!(polls(), 4);
}

#[tokio::test]
async fn continues_after_temporary_failures() {
    let server = device_server(|before| match before {
        0 => Reply::new(503, &[], "<html>"),
        1 => Reply::raw(""),
        _ => issued("token-1"),
    });
    let (waiting, clock) = wait(&server).await;
    // The interval doubles after each failure.
    for (interval, before) in [(7, 0), (14, 1), (28, 2)] {
        clock.advance(interval - 1).await;
        assert_eq!(server.requests().len() - 1, before);
        clock.advance(1).await;
        wait_for_requests(&server, before + 2).await;
    }
    finished(waiting).await.unwrap();
}

#[tokio::test]
async fn ends_when_the_code_expires() {
    let server = device_server(|_| pending("authorization_pending"));
    let (waiting, clock) = wait(&server).await;
    for _ in 0..8 {
        clock.advance(7).await;
    }
    assert!(!waiting.is_finished());
    clock.advance(4).await;
    let error = finished(waiting).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "{}/token: the device code has expired; start the authorization again",
            server.root
        )
    );
    drop(clock);

    let server = device_server(|_| pending("expired_token"));
    let (waiting, clock) = wait(&server).await;
    clock.advance(7).await;
    let error = finished(waiting).await.unwrap_err();
    assert!(
        matches!(error, OAuthError::DeviceCodeExpired { .. }),
        "{error}"
    );
}

#[tokio::test]
async fn ends_after_permanent_failures() {
    let cases: [(MakeReply, &str); 5] = [
        (
            || pending("access_denied"),
            "the server returned 400 Bad Request: access_denied; the user or the server denied \
             access: start the authorization again",
        ),
        (
            || {
                json(
                    400,
                    &json!({"error": "x", "error_description": "no s3cret-device"}),
                )
            },
            "the server returned 400 Bad Request: x: no …",
        ),
        (
            || Reply::new(404, &[], ""),
            "the server returned 404 Not Found; check the URL",
        ),
        (
            || json(200, &json!({"token": "s3cret-other"})),
            "invalid response: `access_token` is missing; check that this is the URL of the \
             endpoint",
        ),
        (
            || Reply::new(200, &[], "<html>"),
            "invalid response: the body is not a JSON object (200 OK, no content type); check that \
             this is the URL of the endpoint",
        ),
    ];
    for (reply, message) in cases {
        let server = device_server(move |_| reply());
        let (waiting, clock) = wait(&server).await;
        clock.advance(7).await;
        let error = finished(waiting).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("{}/token: {message}", server.root)
        );
        assert!(!all_forms(&error).contains("s3cret"));
        assert_eq!(server.requests().len(), 2);
    }
}

#[tokio::test]
async fn waits_at_least_a_second_between_polls() {
    let server = Server::start(|request, before| match request.target.as_str() {
        "/device" => {
            let mut details = details();
            details["interval"] = 0.into();
            json(200, &details)
        }
        _ if before < 3 => pending("authorization_pending"),
        _ => issued("token-1"),
    });
    let (waiting, clock) = wait(&server).await;
    let half = Duration::from_millis(500);
    for polls in 1..4 {
        clock.advance_by(half).await;
        assert_eq!(server.requests().len() - 1, polls - 1);
        clock.advance_by(half).await;
        assert_eq!(server.requests().len() - 1, polls);
    }
    finished(waiting).await.unwrap();
}

#[tokio::test]
async fn rejects_invalid_device_responses() {
    let changed = |name: &str, value: Value| {
        let mut details = details();
        details[name] = value;
        details
    };
    let incomplete = "`device_code`, `user_code`, `verification_uri`, `expires_in` or `interval` \
                      is missing or invalid";
    let cases = [
        (json!({}), incomplete),
        (changed("device_code", 7.into()), incomplete),
        (changed("expires_in", (-1).into()), incomplete),
        (changed("expires_in", "s3cret-x".into()), incomplete),
        (changed("verification_uri", "s3cret-x".into()), incomplete),
        (
            changed("user_code", "\u{1b}[31mA".into()),
            "`user_code` has a control character",
        ),
        (
            changed("verification_uri", "file:///bin/sh".into()),
            "the verification URL is not an http(s) URL",
        ),
        (
            changed("verification_uri_complete", "javascript:alert(1)".into()),
            "the verification URL is not an http(s) URL",
        ),
    ];
    for (body, reason) in cases {
        let server = Server::always(move || json(200, &body));
        let oauth = oauth(&server).build().unwrap();
        let error = start(&oauth, &server).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "{}/device: invalid response: {reason}; check that this is the URL of the endpoint",
                server.root
            )
        );
        assert!(!all_forms(&error).contains("s3cret"));
    }
}

#[tokio::test]
async fn accepts_huge_lifetimes_and_intervals() {
    let server = Server::always(|| {
        let mut details = details();
        details["expires_in"] = u64::MAX.into();
        details["interval"] = u64::MAX.into();
        json(200, &details)
    });
    let oauth = oauth(&server).build().unwrap();
    let device = Arc::new(start(&oauth, &server).await.unwrap());
    let clock = PausedClock::new();
    let waiting = tokio::spawn({
        let device = Arc::clone(&device);
        async move { device.wait().await }
    });
    clock.advance(8 * 24 * 60 * 60).await;
    let error = finished(waiting).await.unwrap_err();
    assert!(
        matches!(error, OAuthError::DeviceCodeExpired { .. }),
        "{error}"
    );
    assert_eq!(device.expires_in(), Duration::ZERO);
}

#[tokio::test]
async fn rejects_an_insecure_device_url() {
    let server = device_server(|_| issued("token-1"));
    let oauth = oauth(&server).build().unwrap();
    let error = oauth.device_code("http://auth.example.com/device").await;
    assert_eq!(
        error.unwrap_err().to_string(),
        "the device authorization URL `http://auth.example.com/device` would send secrets without \
         encryption: use https, or allow http with `OAuthClientBuilder::allow_http`"
    );
}
