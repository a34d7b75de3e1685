//! Credentials: tokens, their places in requests, and the operations that they apply to. The
//! network layer decides which servers get credentials.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use reqwest::Request;
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue};

use crate::operation::{AuthScheme, OperationInfo};
use crate::style::encode;
use crate::transport_error::{BoxError, TransportError};

/// A secret, such as an access token. Its value never appears in `Debug` output, errors or traces.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Arc<str>);

impl Token {
    /// Creates a token. The value does not include the prefix `Bearer`.
    pub fn new(token: impl Into<Arc<str>>) -> Token {
        Token(token.into())
    }

    /// Returns the secret value.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Token {
    fn from(token: &str) -> Self {
        Token::new(token)
    }
}

impl From<String> for Token {
    fn from(token: String) -> Self {
        Token::new(token)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// A source of bearer tokens, for tokens that expire.
///
/// ```
/// use gallery_runtime::{BoxError, Token, TokenProvider};
///
/// /// Reads the token from a file that another program updates.
/// struct FromFile(std::path::PathBuf);
///
/// impl TokenProvider for FromFile {
///     async fn token(&self, _rejected: Option<&Token>) -> Result<Token, BoxError> {
///         Ok(Token::new(std::fs::read_to_string(&self.0)?.trim()))
///     }
/// }
/// ```
pub trait TokenProvider: Send + Sync + 'static {
    /// Returns the token to send.
    ///
    /// Called before each attempt, so providers should cache tokens.
    ///
    /// `rejected` is a token from this provider that the server has just rejected with 401. If the
    /// provider returns another token, the request is sent once more, whatever its method: a server
    /// that rejects a token has not processed the request. Otherwise the call ends with the 401.
    ///
    /// # Errors
    ///
    /// An error ends the call with [`Error::Credential`](crate::Error::Credential).
    fn token(
        &self,
        rejected: Option<&Token>,
    ) -> impl Future<Output = Result<Token, BoxError>> + Send;
}

type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<Token, BoxError>> + Send + 'a>>;

/// [`TokenProvider`] as a trait object.
pub(crate) trait DynProvider: Send + Sync {
    fn token<'a>(&'a self, rejected: Option<&'a Token>) -> TokenFuture<'a>;
}

impl<P: TokenProvider> DynProvider for P {
    fn token<'a>(&'a self, rejected: Option<&'a Token>) -> TokenFuture<'a> {
        Box::pin(TokenProvider::token(self, rejected))
    }
}

/// A credential in the form that is sent.
#[derive(Clone)]
pub(crate) enum Placed {
    Header(HeaderName, HeaderValue),
    /// `name=value`, encoded.
    Query(String),
    /// `name=value`.
    Cookie(String),
}

impl Placed {
    /// Formats a token for a scheme. Returns the reason if it cannot be sent.
    pub(crate) fn new(scheme: AuthScheme, token: &Token) -> Result<Placed, &'static str> {
        let text = token.expose();
        if text.is_empty() {
            return Err("the value is empty");
        }
        Ok(match scheme {
            AuthScheme::Bearer => {
                Placed::Header(AUTHORIZATION, sensitive(&format!("Bearer {text}"))?)
            }
            AuthScheme::Basic => {
                Placed::Header(AUTHORIZATION, sensitive(&format!("Basic {text}"))?)
            }
            AuthScheme::Header(name) => {
                let name =
                    HeaderName::from_bytes(name.as_bytes()).map_err(|_| "invalid header name")?;
                Placed::Header(name, sensitive(text)?)
            }
            AuthScheme::Query(name) => {
                let mut pair = String::new();
                encode(&mut pair, name);
                pair.push('=');
                encode(&mut pair, text);
                Placed::Query(pair)
            }
            AuthScheme::Cookie(name) => {
                // The octets that RFC 6265 allows. Servers disagree about encodings of others.
                let is_allowed = |byte: u8| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte);
                if !text.bytes().chain(name.bytes()).all(is_allowed) {
                    return Err(
                        "the name or value has a character that is not allowed in a cookie",
                    );
                }
                Placed::Cookie(format!("{name}={text}"))
            }
        })
    }

    /// Adds the credential to a request, unless an argument or a middleware has set its header.
    fn apply(&self, request: &mut Request) -> Result<(), TransportError> {
        match self {
            Placed::Header(name, value) => {
                request
                    .headers_mut()
                    .entry(name)
                    .or_insert_with(|| value.clone());
            }
            Placed::Query(pair) => {
                let query = match request.url().query() {
                    // The target of a redirect may still contain it.
                    Some(query) if query.split('&').any(|other| other == pair) => return Ok(()),
                    Some(query) if !query.is_empty() => format!("{query}&{pair}"),
                    _ => pair.clone(),
                };
                request.url_mut().set_query(Some(&query));
            }
            Placed::Cookie(pair) => {
                let others = request
                    .headers()
                    .get(COOKIE)
                    .map(HeaderValue::as_bytes)
                    .unwrap_or_default();
                let separator: &[u8] = if others.is_empty() { b"" } else { b"; " };
                let cookies = [others, separator, pair.as_bytes()].concat();
                let mut value = HeaderValue::from_bytes(&cookies)
                    .map_err(|_| invalid("it cannot be combined with other cookies"))?;
                value.set_sensitive(true);
                request.headers_mut().insert(COOKIE, value);
            }
        }
        Ok(())
    }
}

fn sensitive(text: &str) -> Result<HeaderValue, &'static str> {
    let mut value = HeaderValue::from_str(text)
        .map_err(|_| "the value has a character that is not allowed in a header")?;
    value.set_sensitive(true);
    Ok(value)
}

fn invalid(reason: &str) -> TransportError {
    TransportError::Credential(format!("invalid credential: {reason}").into())
}

/// A credential of a client.
#[derive(Clone)]
pub(crate) struct Credential {
    pub(crate) scheme: AuthScheme,
    pub(crate) source: Source,
    /// The secret as the caller passed it, unless it comes from a provider.
    pub(crate) secret: Option<Token>,
}

#[derive(Clone)]
pub(crate) enum Source {
    Fixed(Placed),
    Provider(Arc<dyn DynProvider>),
}

/// The tokens of an attempt that come from providers, in the order of the credentials.
#[derive(Default, PartialEq, Eq)]
pub(crate) struct ProvidedTokens(pub(crate) Vec<Token>);

impl ProvidedTokens {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Returns the credentials for an operation: those of the first alternative that the caller has all
/// credentials for. An operation without security requirements gets all credentials, because
/// documents often omit them.
fn applicable<'a>(
    all: &'a [Credential],
    operation: &'a OperationInfo,
) -> impl Iterator<Item = &'a Credential> {
    let has = |scheme: &AuthScheme| all.iter().any(|credential| credential.scheme.is(*scheme));
    let required = operation.security.map(|alternatives| {
        let satisfied = alternatives
            .iter()
            .find(|schemes| !schemes.is_empty() && schemes.iter().all(has));
        satisfied.copied().unwrap_or_default()
    });
    let applies = move |scheme: AuthScheme| {
        required.is_none_or(|schemes| schemes.iter().any(|required| scheme.is(*required)))
    };
    all.iter()
        .filter(move |credential| applies(credential.scheme))
}

/// Gets tokens from the providers of an operation's credentials.
pub(crate) async fn provide(
    all: &[Credential],
    operation: &OperationInfo,
    rejected: Option<&ProvidedTokens>,
) -> Result<ProvidedTokens, TransportError> {
    let mut tokens = ProvidedTokens::default();
    for credential in applicable(all, operation) {
        if let Source::Provider(provider) = &credential.source {
            let rejected = rejected.and_then(|rejected| rejected.0.get(tokens.0.len()));
            let token = provider
                .token(rejected)
                .await
                .map_err(TransportError::Credential)?;
            tokens.0.push(token);
        }
    }
    Ok(tokens)
}

/// Adds an operation's credentials to a request.
pub(crate) fn apply(
    all: &[Credential],
    operation: &OperationInfo,
    tokens: &ProvidedTokens,
    request: &mut Request,
) -> Result<(), TransportError> {
    let mut tokens = tokens.0.iter();
    for credential in applicable(all, operation) {
        match &credential.source {
            Source::Fixed(placed) => placed.apply(request)?,
            Source::Provider(_) => {
                if let Some(token) = tokens.next() {
                    Placed::new(credential.scheme, token)
                        .map_err(invalid)?
                        .apply(request)?;
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::Method;

    fn fixed(scheme: AuthScheme, token: &str) -> Credential {
        Credential {
            scheme,
            source: Source::Fixed(Placed::new(scheme, &token.into()).ok().unwrap()),
            secret: Some(token.into()),
        }
    }

    #[test]
    fn adds_each_scheme_in_its_place() {
        let all = [
            fixed(AuthScheme::Bearer, "t"),
            fixed(AuthScheme::Header("X-Key"), "h"),
            fixed(AuthScheme::Query("api key"), "q&"),
            fixed(AuthScheme::Cookie("sid"), "c"),
        ];
        let mut request = Request::new(Method::GET, "http://host/a?b=%20".parse().unwrap());
        request
            .headers_mut()
            .insert(COOKIE, HeaderValue::from_static("a=b"));
        apply(
            &all,
            &OperationInfo::new("x", "/a"),
            &ProvidedTokens::default(),
            &mut request,
        )
        .unwrap();
        assert_eq!(request.url().as_str(), "http://host/a?b=%20&api%20key=q%26");
        let headers = request.headers();
        assert_eq!(
            [
                &headers["authorization"],
                &headers["x-key"],
                &headers["cookie"]
            ],
            ["Bearer t", "h", "a=b; sid=c"]
        );
        assert!(headers.values().all(HeaderValue::is_sensitive));
    }

    #[test]
    fn selects_credentials_by_security_requirements() {
        const NONE: OperationInfo = OperationInfo::new("x", "/").with_security(&[]);
        const EITHER: OperationInfo = OperationInfo::new("x", "/").with_security(&[
            &[],
            &[AuthScheme::Basic],
            &[AuthScheme::Bearer, AuthScheme::Header("x-key")],
        ]);
        let all = [
            fixed(AuthScheme::Bearer, "t"),
            fixed(AuthScheme::Header("X-Key"), "h"),
            fixed(AuthScheme::Cookie("c"), "c"),
        ];
        let schemes = |all: &[Credential], operation: &OperationInfo| {
            applicable(all, operation)
                .map(|credential| credential.scheme)
                .collect::<Vec<_>>()
        };
        assert_eq!(schemes(&all, &OperationInfo::new("x", "/")).len(), 3);
        assert_eq!(schemes(&all, &NONE), []);
        assert_eq!(
            schemes(&all, &EITHER),
            [AuthScheme::Bearer, AuthScheme::Header("X-Key")]
        );
        assert_eq!(schemes(&all[..1], &EITHER), []);
    }

    #[test]
    fn rejects_unsendable_values_without_showing_them() {
        let error = |scheme, token: &str| Placed::new(scheme, &token.into()).err();
        assert!(
            error(AuthScheme::Bearer, "secret\n")
                .unwrap()
                .starts_with("the value has a character")
        );
        assert!(error(AuthScheme::Header("X"), "s\r\nX-Evil: 1").is_some());
        assert!(error(AuthScheme::Header("X Y"), "s").is_some());
        assert!(error(AuthScheme::Cookie("c"), "a;b").is_some());
        assert_eq!(error(AuthScheme::Bearer, ""), Some("the value is empty"));
        assert_eq!(error(AuthScheme::Query("q"), "a\nb"), None);
        assert_eq!(format!("{:?}", Token::new("secret")), "Token(…)");
    }
}
