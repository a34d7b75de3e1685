//! Servers, one for each behavior, so that tests do not affect each other.

use std::collections::BTreeMap;
use std::error::Error;
use std::net::TcpListener;
use std::time::Duration;

use gallery_mattermost::OPENAPI;
use gallery_testkit::{Gate, MockServer, Reply};
use serde_json::{Value, json};

/// The operation that most tests call.
const OPERATION: &str = "get_channel_member";

pub(crate) struct Servers {
    servers: BTreeMap<&'static str, MockServer>,
    /// The URL of a port on which no server listens.
    refused: String,
    /// Keeps replies waiting.
    _gate: Gate,
}

impl Servers {
    pub(crate) fn start() -> Result<Servers, Box<dyn Error>> {
        let gate = Gate::new();
        let mut servers = BTreeMap::new();
        for name in [
            "strict",
            "pages",
            "concurrent",
            "user-agent",
            "no-user-agent",
            "credentials-off",
            "extensions",
            "target",
        ] {
            servers.insert(name, MockServer::start(OPENAPI)?);
        }
        for (name, reply) in replies(&gate, &servers["target"].base_url()) {
            let server = MockServer::start(OPENAPI)?;
            server.respond_always(reply);
            servers.insert(name, server);
        }
        servers["target"].be_lenient();
        servers["target"].allow_missing_credentials();

        let documented = MockServer::start(OPENAPI)?;
        documented.respond_documented(OPERATION, 403)?;
        let found = documented.documented(OPERATION, 200)?;
        servers.insert("documented-error", documented);

        let unavailable = Reply::new(503);
        let limited = Reply::json(429, json!({})).with_header("retry-after", "1");
        let reset = found.clone().with_header("x-ratelimit-remaining", "0");
        let reset = reset.with_header("x-ratelimit-reset", "1");
        let redirect = Reply::new(307).with_header("location", "me");
        for (name, replies) in [
            ("unavailable-once", vec![unavailable.clone(), found.clone()]),
            ("unavailable", vec![unavailable]),
            ("rate-limited-once", vec![limited, found.clone()]),
            ("rate-limit-used-up", vec![reset, found.clone()]),
            ("broken-once", vec![Reply::raw("not HTTP"), found.clone()]),
            ("gzip", vec![found.clone().gzipped()]),
            (
                "slow",
                vec![found.clone().dripping(50, Duration::from_millis(10))],
            ),
            ("redirect-same-origin", vec![redirect, found]),
        ] {
            let server = MockServer::start(OPENAPI)?;
            server.respond_in_turn(OPERATION, replies);
            servers.insert(name, server);
        }
        servers.insert("first-token", second_token()?);
        let echo = MockServer::start(OPENAPI)?;
        echo.be_lenient();
        servers.insert("lenient", echo);

        let listener = TcpListener::bind("127.0.0.1:0")?;
        let refused = format!("http://{}", listener.local_addr()?);
        Ok(Servers {
            servers,
            refused,
            _gate: gate,
        })
    }

    pub(crate) fn get(&self, name: &str) -> &MockServer {
        &self.servers[name]
    }

    /// Returns the base URLs by name.
    pub(crate) fn urls(&self) -> Value {
        let urls = self.servers.iter();
        let urls = urls.map(|(name, server)| ((*name).to_owned(), json!(server.base_url())));
        let refused = ("refused".to_owned(), json!(self.refused));
        Value::Object(urls.chain([refused]).collect())
    }
}

/// Starts a server that accepts only the second token.
fn second_token() -> Result<MockServer, Box<dyn Error>> {
    let server = MockServer::start(OPENAPI)?;
    let found = server.documented(OPERATION, 200)?;
    let rejected = server.documented(OPERATION, 401)?;
    server.respond(OPERATION, move |request| {
        let is_accepted = request.header("authorization") == Some("Bearer second")
            && request.header("x-signature") == Some("signed");
        if is_accepted { &found } else { &rejected }.clone()
    });
    Ok(server)
}

/// Returns the replies of servers that respond to every request with the same one.
fn replies(gate: &Gate, target: &str) -> Vec<(&'static str, Reply)> {
    let long = json!({"channel_id": "x".repeat(100_000)});
    let secret =
        json!({"message": "the token secret-token is invalid", "id": "", "detailed_error": ""});
    let location = format!("{target}/channels/c/members/me");
    let token = json!({"access_token": "issued-token", "token_type": "bearer", "expires_in": 3600});
    vec![
        ("undocumented", Reply::json(202, json!({"a": 1}))),
        (
            "unknown-error",
            Reply::json(418, json!({"message": "short and stout"})),
        ),
        ("held", Reply::new(200).held()),
        ("stalled", Reply::json(200, &long).stalled_after(10, gate)),
        (
            "endless",
            Reply::json(200, &long).stalled_after(50_000, gate),
        ),
        ("long", Reply::json(200, &long)),
        ("truncated", Reply::json(200, &long).truncated_after(10)),
        (
            "not-json",
            Reply::json(200, ()).with_body("{\"channel_id\": "),
        ),
        (
            "not-utf8",
            Reply::json(200, ()).with_body(&b"{\"channel_id\": \"\xff\"}"[..]),
        ),
        ("other-type", Reply::json(200, json!({"channel_id": 1}))),
        ("empty", Reply::new(200)),
        ("secret", Reply::json(401, secret)),
        (
            "redirect-other-origin",
            Reply::new(302).with_header("location", &location),
        ),
        (
            "redirect-with-body",
            Reply::new(307).with_header("location", &location),
        ),
        ("no-location", Reply::new(302)),
        ("token", Reply::json(200, token)),
        ("echo", Reply::json(200, json!({}))),
        (
            "file",
            Reply::new(200)
                .with_body("0123456789".repeat(20_000))
                .dripping(65_536, Duration::from_millis(5)),
        ),
        (
            "stalled-file",
            Reply::new(200)
                .with_body("0123456789")
                .stalled_after(5, gate),
        ),
        (
            "events",
            Reply::events([json!({"n": 1}), json!({"n": 2})]).dripping(7, Duration::from_millis(2)),
        ),
    ]
}
