//! The provider of tokens: a cache, and one renewal at a time.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::error::OAuthError;
use super::grant::{Grant, IssuedTokens, Lifetime, request_tokens};
use super::settings::Settings;
use crate::auth::{Token, TokenProvider};
use crate::deadline::within;
use crate::platform::{Instant, spawn};
use crate::transport_error::BoxError;

/// A source of access tokens, which it caches and renews.
///
/// Clones share the tokens and the renewals. See the [module](crate::oauth2) for the rules of
/// renewal. Its errors are [`OAuthError`]s.
#[derive(Clone)]
pub struct OAuthTokenProvider {
    shared: Arc<Shared>,
}

/// The source of new tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Renewal {
    ClientCredentials,
    /// The refresh token, with the scopes of the client.
    RefreshTokenWithScopes,
    /// The refresh token. The scopes are those that the user has granted.
    RefreshToken,
}

/// The time that calls wait after the timeout of a renewal. If the renewal has not ended then, its
/// runtime is not running.
const GRACE_PERIOD: Duration = Duration::from_secs(5);

/// The time between a renewal that failed before the token expired and the next one.
const RETRY_DELAY: Duration = Duration::from_secs(5);

type RefreshTokenCallback = dyn Fn(&Token) + Send + Sync;

struct Shared {
    settings: Arc<Settings>,
    renewal: Renewal,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    cached: Option<CachedToken>,
    /// The token that a renewal replaces, unless it was rejected.
    replaced: Option<CachedToken>,
    refresh_token: Option<Token>,
    on_refresh_token: Option<Arc<RefreshTokenCallback>>,
    running: Option<watch::Receiver<Outcome>>,
}

impl State {
    /// Forgets a renewal, unless a later one has replaced it. Returns false in that case.
    fn forget(&mut self, renewal: &watch::Receiver<Outcome>) -> bool {
        let running = self
            .running
            .take_if(|running| running.same_channel(renewal));
        running.is_some()
    }
}

#[derive(Clone)]
struct CachedToken {
    token: Token,
    lifetime: Option<Lifetime>,
}

impl CachedToken {
    fn is_due(&self) -> bool {
        let lifetime = self.lifetime;
        lifetime.is_some_and(|lifetime| lifetime.renew_at <= Instant::now())
    }

    /// Returns the token with a later renewal, if it has not expired.
    fn postponed(self) -> Option<CachedToken> {
        let now = Instant::now();
        let lifetime = self.lifetime.filter(|lifetime| lifetime.expires_at > now)?;
        let renew_at = (now + RETRY_DELAY).min(lifetime.expires_at);
        let lifetime = Some(Lifetime {
            renew_at,
            ..lifetime
        });
        Some(CachedToken { lifetime, ..self })
    }
}

/// The result of a renewal. `None` until the renewal ends.
type Outcome = Option<Result<Token, OAuthError>>;

impl OAuthTokenProvider {
    /// Creates a provider without an access token.
    pub(crate) fn new(
        settings: Arc<Settings>,
        renewal: Renewal,
        refresh_token: Option<Token>,
    ) -> OAuthTokenProvider {
        let state = State {
            refresh_token,
            ..State::default()
        };
        OAuthTokenProvider {
            shared: Arc::new(Shared {
                settings,
                renewal,
                state: Mutex::new(state),
            }),
        }
    }

    /// Creates a provider with the first tokens of a user.
    pub(crate) fn with_tokens(settings: Arc<Settings>, tokens: IssuedTokens) -> OAuthTokenProvider {
        let provider =
            OAuthTokenProvider::new(settings, Renewal::RefreshToken, tokens.refresh_token);
        provider.shared.lock().cached = Some(CachedToken {
            token: tokens.access_token,
            lifetime: tokens.lifetime,
        });
        provider
    }

    /// Returns the refresh token that the next renewal sends. `None` if the server has not issued
    /// one, and for client credentials.
    pub fn refresh_token(&self) -> Option<Token> {
        self.shared.lock().refresh_token.clone()
    }

    /// Calls `callback` with each new refresh token of a renewal, so that your program can store
    /// it. Replaces the callback of all clones.
    ///
    /// Many servers accept a refresh token only once and send another one with each renewal. The
    /// calls that wait for the renewal continue after `callback` has returned, so it must not
    /// block. Get the first refresh token of a user from
    /// [`refresh_token`](OAuthTokenProvider::refresh_token).
    ///
    /// ```
    /// use gallery_runtime::oauth2::OAuthTokenProvider;
    ///
    /// # fn example(provider: OAuthTokenProvider) {
    /// let (sender, receiver) = std::sync::mpsc::channel();
    /// let provider = provider.on_refresh_token(move |token| {
    ///     // Another thread stores the token.
    ///     let _ = sender.send(token.clone());
    /// });
    /// # }
    /// ```
    #[must_use]
    pub fn on_refresh_token(self, callback: impl Fn(&Token) + Send + Sync + 'static) -> Self {
        let previous = self
            .shared
            .lock()
            .on_refresh_token
            .replace(Arc::new(callback));
        // The destructor of a callback is user code, which must not run with the lock.
        drop(previous);
        self
    }

    /// Returns the cached token, or the result of a renewal if it is due or was rejected.
    async fn get(&self, rejected: Option<&Token>) -> Result<Token, OAuthError> {
        let mut running = match self.shared.cached_or_running(rejected) {
            Ok(token) => return Ok(token),
            Err(running) => running,
        };
        let limit = self.shared.settings.timeout.saturating_add(GRACE_PERIOD);
        // A renewal that does not end in time has no outcome.
        let limit = Instant::now().checked_add(limit);
        let _ = within(limit, running.wait_for(Option::is_some)).await;
        let outcome = running.borrow().clone();
        outcome.unwrap_or_else(|| {
            self.shared.lock().forget(&running);
            Err(self.shared.interrupted())
        })
    }
}

impl TokenProvider for OAuthTokenProvider {
    async fn token(&self, rejected: Option<&Token>) -> Result<Token, BoxError> {
        Ok(self.get(rejected).await?)
    }
}

impl fmt::Debug for OAuthTokenProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthTokenProvider")
            .field(
                "token_url",
                &self.shared.settings.token_endpoint.to_string(),
            )
            .field("renewal", &self.shared.renewal)
            .finish_non_exhaustive()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that may panic runs with the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the cached token, or else the running renewal. Starts one if none is running.
    fn cached_or_running(
        self: &Arc<Self>,
        rejected: Option<&Token>,
    ) -> Result<Token, watch::Receiver<Outcome>> {
        let mut state = self.lock();
        if let Some(cached) = &state.cached {
            let is_rejected = rejected == Some(&cached.token);
            if !is_rejected && !cached.is_due() {
                return Ok(cached.token.clone());
            }
            // Later calls wait for the renewal instead of sending a rejected token.
            state.replaced = state.cached.take();
        }
        state
            .replaced
            .take_if(|replaced| rejected == Some(&replaced.token));
        if let Some(running) = &state.running {
            return Err(running.clone());
        }
        let (sender, receiver) = watch::channel(None);
        state.running = Some(receiver.clone());
        let renewal = RunningRenewal {
            shared: Arc::clone(self),
            sender,
            result: None,
        };
        drop(state);
        // A task of its own, because a caller may be cancelled after the server has replaced the
        // refresh token.
        spawn(renewal.run());
        Err(receiver)
    }

    async fn renew(&self) -> Result<CachedToken, OAuthError> {
        let refresh_token = self.lock().refresh_token.clone();
        let grant = match (self.renewal, &refresh_token) {
            (Renewal::ClientCredentials, _) => Grant::ClientCredentials,
            (renewal, Some(token)) => Grant::RefreshToken {
                token,
                with_scopes: renewal == Renewal::RefreshTokenWithScopes,
            },
            (_, None) => {
                return Err(OAuthError::MissingRefreshToken {
                    endpoint: self.settings.token_endpoint.to_string(),
                });
            }
        };
        let tokens = request_tokens(&self.settings, grant).await?;
        if self.renewal != Renewal::ClientCredentials
            && tokens.refresh_token.is_some()
            && tokens.refresh_token != refresh_token
        {
            self.replace_refresh_token(tokens.refresh_token);
        }
        Ok(CachedToken {
            token: tokens.access_token,
            lifetime: tokens.lifetime,
        })
    }

    fn replace_refresh_token(&self, token: Option<Token>) {
        let callback = {
            let mut state = self.lock();
            state.refresh_token.clone_from(&token);
            state.on_refresh_token.clone()
        };
        if let (Some(callback), Some(token)) = (callback, token) {
            callback(&token);
        }
    }

    fn interrupted(&self) -> OAuthError {
        OAuthError::Interrupted {
            endpoint: self.settings.token_endpoint.to_string(),
        }
    }
}

/// A renewal that callers wait for. Publishes its result when it is dropped, so that callers also
/// continue if its task ends early.
struct RunningRenewal {
    shared: Arc<Shared>,
    sender: watch::Sender<Outcome>,
    result: Option<Result<CachedToken, OAuthError>>,
}

impl RunningRenewal {
    async fn run(mut self) {
        self.result = Some(self.shared.renew().await);
    }
}

impl Drop for RunningRenewal {
    fn drop(&mut self) {
        let result = self.result.take();
        let mut result = result.unwrap_or_else(|| Err(self.shared.interrupted()));
        {
            let mut state = self.shared.lock();
            let replaced = state.replaced.take();
            if let (Err(_), Some(usable)) = (&result, replaced.and_then(CachedToken::postponed)) {
                result = Ok(usable);
            }
            if state.forget(&self.sender.subscribe()) {
                state.cached = result.as_ref().ok().cloned();
            }
        }
        let outcome = result.map(|cached| cached.token);
        self.sender.send_replace(Some(outcome));
    }
}
