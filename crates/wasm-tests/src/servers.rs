//! Servers, one for each behavior, so that tests do not affect each other.

use std::collections::BTreeMap;
use std::error::Error;
use std::net::TcpListener;

use gallery_mattermost::OPENAPI;
use gallery_testkit::{MockServer, Reply};
use serde_json::{Value, json};

/// The operation that most tests call.
const OPERATION: &str = "get_channel_member";

pub(crate) struct Servers {
    servers: BTreeMap<&'static str, MockServer>,
    /// The URL of a port on which no server listens.
    refused: String,
}

impl Servers {
    pub(crate) fn start() -> Result<Servers, Box<dyn Error>> {
        let mut servers = BTreeMap::new();
        for name in ["strict", "no-user-agent", "credentials-off", "extensions"] {
            servers.insert(name, MockServer::start(OPENAPI)?);
        }
        for (name, reply) in replies() {
            let server = MockServer::start(OPENAPI)?;
            server.respond_always(reply);
            servers.insert(name, server);
        }
        let limited = MockServer::start(OPENAPI)?;
        let found = limited.documented(OPERATION, 200)?;
        let reset = found.clone().with_header("x-ratelimit-remaining", "0");
        let reset = reset.with_header("x-ratelimit-reset", "1");
        limited.respond_in_turn(OPERATION, [reset, found]);
        servers.insert("rate-limit-used-up", limited);
        servers.insert("first-token", second_token()?);

        let listener = TcpListener::bind("127.0.0.1:0")?;
        let refused = format!("http://{}", listener.local_addr()?);
        Ok(Servers { servers, refused })
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
fn replies() -> [(&'static str, Reply); 4] {
    let token = json!({"access_token": "issued-token", "token_type": "bearer", "expires_in": 3600});
    [
        ("held", Reply::new(200).held()),
        (
            "redirect",
            Reply::new(302).with_header("location", "/moved"),
        ),
        ("token", Reply::json(200, token)),
        ("echo", Reply::json(200, json!({}))),
    ]
}
