//! Tests of credentials: targets, renewal of tokens, and absence from messages.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gallery_runtime::reqwest::Method;
use gallery_runtime::{
    AuthScheme, BoxError, CallOptions, Error, ErrorKind, RetryPolicy, Token, TokenProvider,
};

use crate::support::{INFO, Reply, Server, all_of, chain, client, get, send};

/// Returns `token-1` until it is rejected, then `token-2`, up to the last.
struct Numbered {
    last: usize,
    current: Arc<AtomicUsize>,
}

impl Numbered {
    fn up_to(last: usize) -> Numbered {
        Numbered {
            last,
            current: Arc::new(AtomicUsize::new(1)),
        }
    }
}

impl TokenProvider for Numbered {
    async fn token(&self, rejected: Option<&Token>) -> Result<Token, BoxError> {
        let current = self.current.load(Ordering::Relaxed);
        if rejected == Some(&Token::new(format!("token-{current}"))) && current < self.last {
            self.current.store(current + 1, Ordering::Relaxed);
        }
        Ok(Token::new(format!(
            "token-{}",
            self.current.load(Ordering::Relaxed)
        )))
    }
}

struct Failing(&'static str);

impl TokenProvider for Failing {
    async fn token(&self, _: Option<&Token>) -> Result<Token, BoxError> {
        if self.0.is_empty() {
            Err("the vault is closed".into())
        } else {
            Ok(self.0.into())
        }
    }
}

fn tokens(server: &Server) -> Vec<String> {
    server
        .requests()
        .iter()
        .map(|request| request.header("authorization").unwrap_or("none").to_owned())
        .collect()
}

#[tokio::test]
async fn renews_a_rejected_token_once() {
    let server = Server::start(|request, _| match request.header("authorization") {
        Some("Bearer token-2") => Reply::new(200, &[], &request.body),
        _ => Reply::new(401, &[], "who?"),
    });
    let renewed = client(&server.root, |builder| {
        builder.token_provider(Numbered::up_to(9))
    });
    // Also a POST: a server that rejects a token has not processed the request.
    assert_eq!(
        send(&renewed, Method::POST, "1", Some("text"))
            .await
            .unwrap()
            .text()
            .unwrap(),
        "text"
    );
    get(&renewed, "1").await.unwrap();
    assert_eq!(
        tokens(&server),
        ["Bearer token-1", "Bearer token-2", "Bearer token-2"]
    );
    assert_eq!(server.connections(), 1);

    let server = Server::always(|| Reply::new(401, &[], "who?"));
    for (last, requests) in [(1, 1), (9, 2)] {
        let before = server.requests().len();
        let error = get(
            &client(&server.root, |builder| {
                builder.token_provider(Numbered::up_to(last))
            }),
            "1",
        )
        .await
        .unwrap_err();
        assert_eq!(
            (
                error.status().unwrap().as_u16(),
                server.requests().len() - before
            ),
            (401, requests)
        );
    }
    let fixed = client(&server.root, |builder| builder.bearer_token("token"));
    assert_eq!(
        get(&fixed, "1")
            .await
            .unwrap_err()
            .status()
            .unwrap()
            .as_u16(),
        401
    );
}

#[tokio::test]
async fn sends_nothing_without_a_token() {
    let server = Server::always(|| Reply::new(200, &[], ""));
    for (token, message) in [
        ("", "the vault is closed"),
        (
            "secret\n",
            "invalid credential: the value has a character that is not allowed in a header",
        ),
    ] {
        let error = get(
            &client(&server.root, |builder| {
                builder.token_provider(Failing(token))
            }),
            "1",
        )
        .await
        .unwrap_err();
        assert_eq!(
            (error.kind(), error.is_retryable()),
            (ErrorKind::Credential, false)
        );
        let first = "get_thing (GET /things/{id}): could not send credentials";
        assert_eq!(chain(&error), [first, message]);
        assert!(!all_of(&error).contains("secret"));
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn sends_credentials_only_to_named_servers() {
    const THERE: &str = "http://there.example/v1";
    let (home, there) = (
        Server::always(|| Reply::new(200, &[], "")),
        Server::always(|| Reply::new(200, &[], "")),
    );
    let builder = || {
        gallery_runtime::ClientBuilder::<gallery_runtime::Transport>::new(&home.root, &[THERE])
            .bearer_token("secret")
    };
    let named = builder().server(THERE, &there.root).build().unwrap();
    // A server from the document that the caller has not named gets no token.
    let unnamed = builder().build().unwrap();
    for (transport, default) in [(&named, None), (&unnamed, Some(there.root.as_str()))] {
        let mut request = transport.request_to(Method::GET, THERE, default);
        request.literal("/up");
        transport
            .send(request.build().unwrap(), &INFO)
            .await
            .unwrap();
    }
    assert_eq!(tokens(&there), ["Bearer secret", "none"]);
    assert_eq!(home.connections(), 0);
}

#[tokio::test]
async fn arguments_override_credentials() {
    let server = Server::always(|| Reply::new(200, &[], ""));
    let client = client(&server.root, |builder| builder.bearer_token("of-client"));
    let own = (
        "authorization".parse().unwrap(),
        "Bearer of-call".parse().unwrap(),
    );
    get(
        &client.with_options(CallOptions::new().header(own.0, own.1)),
        "1",
    )
    .await
    .unwrap();
    assert_eq!(tokens(&server), ["Bearer of-call"]);
}

#[tokio::test]
async fn messages_contain_no_secrets() {
    let server =
        Server::start(
            |request, _| match request.target.split(['?', '/']).nth(2).unwrap() {
                "hang-up" => Reply::raw(""),
                "half" => Reply::raw("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"),
                "circle" => Reply::redirect(302, &request.target),
                "cookie" => Reply::new(400, &[("set-cookie", "session=secret")], "no"),
                _ => Reply::new(500, &[], "no"),
            },
        );
    let client = client(&server.root, |builder| {
        builder
            .bearer_token("secret")
            .api_key(AuthScheme::Query("key"), "secret")
            .header("x-key", "secret")
            .retry_policy(RetryPolicy::none())
    });
    assert!(!format!("{client:?}\n{client:#?}").contains("secret"));
    for id in ["hang-up", "half", "circle", "cookie", "other"] {
        let error: Error = get(&client, id).await.unwrap_err();
        assert!(!all_of(&error).contains("secret"), "{}", all_of(&error));
    }
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.target.ends_with("?key=secret"))
    );
}

#[tokio::test]
async fn messages_of_the_api_contain_no_credentials() {
    let message =
        "no: t0ken p4ssword bTpwNHNzd29yZA== q&y q%26y c00kie he4der custom-k3y de provid3d";
    let server = Server::always(move || {
        let body = format!(r#"{{"message": "{message}"}}"#);
        Reply::new(403, &[], &body)
    });
    let fixed = client(&server.root, |builder| {
        builder
            .bearer_token("t0ken")
            .basic_auth("m", "p4ssword")
            .api_key(AuthScheme::Query("key"), "q&y")
            .api_key(AuthScheme::Cookie("session"), "c00kie")
            .api_key(AuthScheme::Header("x-key"), "he4der")
            .header("x-other", "custom-k3y")
            .header("x-short", "de")
    });
    assert_eq!(
        get(&fixed, "1").await.unwrap_err().to_string(),
        "get_thing (GET /things/{id}): 403 Forbidden: no: … … … … … … … … de provid3d"
    );
    let provided = client(&server.root, |builder| {
        builder.token_provider(Failing("provid3d"))
    });
    let error = get(&provided, "1").await.unwrap_err().to_string();
    assert!(error.ends_with("custom-k3y de …"), "{error}");
}
