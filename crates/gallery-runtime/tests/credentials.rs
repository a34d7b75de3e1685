//! Credentials: where they go, how a token is renewed, and that no message has one.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gallery_runtime::reqwest::Method;
use gallery_runtime::{
    AuthScheme, BoxError, CallOptions, Error, ErrorKind, RetryPolicy, Token, TokenProvider,
};
use support::{INFO, Reply, Server, all_of, client, get, send};

/// Gives `token-1` until that is refused, then `token-2`, up to the last.
struct Numbered {
    last: usize,
    given: Arc<AtomicUsize>,
}

impl Numbered {
    fn up_to(last: usize) -> Numbered {
        Numbered {
            last,
            given: Arc::new(AtomicUsize::new(1)),
        }
    }
}

impl TokenProvider for Numbered {
    async fn token(&self, refused: Option<&Token>) -> Result<Token, BoxError> {
        let current = self.given.load(Ordering::Relaxed);
        if refused == Some(&Token::new(format!("token-{current}"))) && current < self.last {
            self.given.store(current + 1, Ordering::Relaxed);
        }
        Ok(Token::new(format!(
            "token-{}",
            self.given.load(Ordering::Relaxed)
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
        .seen()
        .iter()
        .map(|seen| seen.header("authorization").unwrap_or("none").to_owned())
        .collect()
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let server = Server::start(|seen, _| match seen.header("authorization") {
        Some("Bearer token-2") => Reply::new(200, &[], &seen.body),
        _ => Reply::new(401, &[], "who?"),
    });
    let renewed = client(&server.root, |builder| {
        builder.token_provider(Numbered::up_to(9))
    });
    // Also a POST: a server that refuses a token has done nothing.
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
        let before = server.seen().len();
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
                server.seen().len() - before
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
async fn without_a_token_nothing_is_sent() {
    let server = Server::always(|| Reply::new(200, &[], ""));
    for (token, said) in [
        ("", "no credential could be sent: the vault is closed"),
        (
            "secret\n",
            "no credential could be sent: a credential cannot be sent: it has a line break or another character that no header can have",
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
            (
                error.kind(),
                error.to_string().as_str(),
                error.is_retryable()
            ),
            (ErrorKind::Credential, said, false)
        );
        assert!(!all_of(&error).contains("secret"));
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn operations_with_a_server_of_their_own() {
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
    // A server that the document has, but that the caller has not named, gets no token.
    let unnamed = builder().build().unwrap();
    for (transport, default) in [(&named, None), (&unnamed, Some(there.root.as_str()))] {
        let mut request = transport.request_to(Method::GET, THERE, default).unwrap();
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
async fn arguments_come_before_credentials() {
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

/// Whatever goes wrong, the token is in nothing that is written down.
#[tokio::test]
async fn no_message_has_a_secret() {
    let server = Server::start(
        |seen, _| match seen.target.split(['?', '/']).nth(2).unwrap() {
            "hang-up" => Reply::raw(""),
            "half" => Reply::raw("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"),
            "circle" => Reply::redirect(302, &seen.target),
            "cookie" => Reply::new(400, &[("set-cookie", "session=secret")], "no"),
            _ => Reply::new(500, &[], "no"),
        },
    );
    let client = client(&server.root, |builder| {
        builder
            .bearer_token("secret")
            .api_key(AuthScheme::Query("key"), "secret")
            .header("x-key".parse().unwrap(), "secret".parse().unwrap())
            .retry_policy(RetryPolicy::none())
    });
    assert!(!format!("{client:?}\n{client:#?}").contains("secret"));
    for id in ["hang-up", "half", "circle", "cookie", "other"] {
        let error: Error = get(&client, id).await.unwrap_err();
        assert!(!all_of(&error).contains("secret"), "{}", all_of(&error));
    }
    assert!(
        server
            .seen()
            .iter()
            .all(|seen| seen.target.ends_with("?key=secret"))
    );
}
