//! A token endpoint of OAuth 2 whose tokens expire.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use url::form_urlencoded;

use super::reply::Reply;
use crate::document::{Endpoint, SecurityScheme};
use crate::request::RecordedRequest;
use crate::strict::credentials::sent;

/// The path of the endpoint, outside of the paths of the document.
const PATH: &str = "/mock-oauth2/token";

/// The lifetime of tokens until [`TokenEndpoint::expire_after`] sets another one.
const LIFETIME: Duration = Duration::from_secs(3600);

const GRANTS: &[&str] = &[
    "authorization_code",
    "client_credentials",
    "password",
    "refresh_token",
    "urn:ietf:params:oauth:grant-type:device_code",
];

/// A token endpoint of OAuth 2, from [`MockServer::issue_tokens`](super::MockServer::issue_tokens).
///
/// It issues a new token for every request with a known grant, and a refresh token for all grants
/// but client credentials. A refresh token can be used once. Client credentials, codes and
/// passwords may have any value.
#[derive(Clone)]
pub struct TokenEndpoint {
    url: String,
    state: Arc<Mutex<Tokens>>,
}

/// The tokens of an endpoint.
struct Tokens {
    /// The access tokens, with the time at which they expire.
    access: HashMap<String, Instant>,
    refresh: HashSet<String>,
    lifetime: Duration,
    issued: usize,
    requests: Vec<RecordedRequest>,
    /// Replies to the next requests, instead of a token.
    replies: VecDeque<Reply>,
}

impl TokenEndpoint {
    pub(super) fn new(origin: &str) -> TokenEndpoint {
        TokenEndpoint {
            url: format!("{origin}{PATH}"),
            state: Arc::new(Mutex::new(Tokens {
                access: HashMap::new(),
                refresh: HashSet::new(),
                lifetime: LIFETIME,
                issued: 0,
                requests: Vec::new(),
                replies: VecDeque::new(),
            })),
        }
    }

    /// Returns the URL of the endpoint.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Sets the lifetime of tokens that are issued from now on. It is also their `expires_in`, in
    /// whole seconds. By default it is one hour.
    pub fn expire_after(&self, lifetime: Duration) {
        self.state().lifetime = lifetime;
    }

    /// Makes all access tokens invalid that were issued so far. Requests with them get a 401.
    pub fn revoke(&self) {
        self.state().access.clear();
    }

    /// Makes all refresh tokens invalid that were issued so far.
    pub fn revoke_refresh_tokens(&self) {
        self.state().refresh.clear();
    }

    /// Responds to the next request with this reply instead of a token. Several replies are
    /// returned in order.
    pub fn reply_once(&self, reply: Reply) {
        self.state().replies.push_back(reply);
    }

    /// Returns the number of tokens that were issued.
    pub fn issued(&self) -> usize {
        self.state().issued
    }

    /// Returns the requests of this endpoint. [`MockServer::requests`](super::MockServer::requests)
    /// does not contain them.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state().requests.clone()
    }

    fn state(&self) -> MutexGuard<'_, Tokens> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the reply, if the request is for this endpoint.
    pub(super) fn reply(&self, request: &RecordedRequest) -> Option<Reply> {
        (request.path == PATH).then(|| self.state().reply(request))
    }

    /// Returns the reason if the access token of a request is not valid. An operation without
    /// `security` accepts only valid tokens, too.
    pub(super) fn refusal(
        &self,
        endpoint: &Endpoint,
        request: &RecordedRequest,
    ) -> Option<&'static str> {
        let bearer = SecurityScheme::Bearer;
        let is_checked = endpoint
            .security
            .as_ref()
            .is_none_or(|all| all.iter().flatten().any(|own| *own == bearer));
        let token = sent(&bearer, request).filter(|_| is_checked)?;
        match self.state().access.get(&token) {
            None => Some("the access token was not issued by the mock server, or was revoked"),
            Some(end) if *end <= Instant::now() => Some("the access token has expired"),
            Some(_) => None,
        }
    }
}

impl Tokens {
    fn reply(&mut self, request: &RecordedRequest) -> Reply {
        self.requests.push(request.clone());
        if let Some(reply) = self.replies.pop_front() {
            return reply;
        }
        if request.method != "POST" {
            return Reply::new(405).with_header("allow", "POST");
        }
        let fields: HashMap<_, _> = form_urlencoded::parse(&request.body).collect();
        let field = |name: &str| fields.get(name).map(AsRef::as_ref);
        let Some(grant) = field("grant_type") else {
            return error("invalid_request", "`grant_type` is missing");
        };
        if !GRANTS.contains(&grant) {
            return error("unsupported_grant_type", grant);
        }
        if grant == "refresh_token" {
            let token = field("refresh_token").unwrap_or_default();
            if !self.refresh.remove(token) {
                return error("invalid_grant", "the refresh token is not valid");
            }
        }
        self.issue(grant != "client_credentials")
    }

    fn issue(&mut self, is_renewable: bool) -> Reply {
        self.issued += 1;
        let number = self.issued;
        let token = format!("mock-token-{number}");
        let mut body = json!({
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": self.lifetime.as_secs(),
        });
        if is_renewable {
            let refresh = format!("mock-refresh-token-{number}");
            body["refresh_token"] = Value::from(refresh.as_str());
            self.refresh.insert(refresh);
        }
        self.access.insert(token, Instant::now() + self.lifetime);
        Reply::json(200, &body).with_header("cache-control", "no-store")
    }
}

fn error(code: &str, description: &str) -> Reply {
    Reply::json(
        400,
        json!({"error": code, "error_description": description}),
    )
}

impl std::fmt::Debug for TokenEndpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenEndpoint")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}
