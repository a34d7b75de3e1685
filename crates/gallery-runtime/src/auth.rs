//! Credentials: tokens that stay out of every message, where they are put, and which operation gets which. Whether a request goes to
//! somewhere that may see them is the transport's to decide.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use reqwest::Request;
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue};

use crate::error::BoxError;
use crate::middleware::OperationInfo;
use crate::style::encode;
use crate::transport::TransportError;

/// A secret, such as an access token. Neither `Debug` nor any message of this crate shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Arc<str>);

impl Token {
    /// A token as the server gave it, without `Bearer` before it.
    pub fn new(token: impl Into<Arc<str>>) -> Token {
        Token(token.into())
    }

    /// The token itself.
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

/// Gives the bearer token of each attempt, for tokens that expire.
///
/// ```
/// use gallery_runtime::{Token, TokenProvider};
///
/// /// Reads the token from a file that another program renews.
/// struct FromFile(std::path::PathBuf);
///
/// impl TokenProvider for FromFile {
///     async fn token(&self, _refused: Option<&Token>) -> Result<Token, gallery_runtime::BoxError> {
///         Ok(Token::new(std::fs::read_to_string(&self.0)?.trim()))
///     }
/// }
/// ```
pub trait TokenProvider: Send + Sync + 'static {
    /// The token to send. It is asked for before each request, so that keeping it is the provider's business.
    ///
    /// `refused` is a token of this provider that the server has just answered with 401. If another one is given for it, the request
    /// is sent once more, whatever its method is: a server that refuses a token has done nothing yet. If the same one is given, the
    /// call ends with the 401. An error ends the call, as [`Error::Credential`](crate::Error::Credential).
    fn token(
        &self,
        refused: Option<&Token>,
    ) -> impl Future<Output = Result<Token, BoxError>> + Send;
}

type Giving<'a> = Pin<Box<dyn Future<Output = Result<Token, BoxError>> + Send + 'a>>;

/// [`TokenProvider`] as a trait object.
pub(crate) trait DynProvider: Send + Sync {
    fn token<'a>(&'a self, refused: Option<&'a Token>) -> Giving<'a>;
}

impl<P: TokenProvider> DynProvider for P {
    fn token<'a>(&'a self, refused: Option<&'a Token>) -> Giving<'a> {
        Box::pin(TokenProvider::token(self, refused))
    }
}

/// Where a credential is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthScheme {
    /// `Authorization: Bearer TOKEN`; also for OAuth 2 and OpenID Connect.
    Bearer,
    /// `Authorization: Basic …` of a user name and a password.
    Basic,
    /// A header of this name.
    Header(&'static str),
    /// A parameter of the query.
    Query(&'static str),
    /// A cookie.
    Cookie(&'static str),
}

impl AuthScheme {
    fn is(self, other: AuthScheme) -> bool {
        match (self, other) {
            (AuthScheme::Header(one), AuthScheme::Header(other)) => one.eq_ignore_ascii_case(other),
            _ => self == other,
        }
    }
}

/// What goes into a request.
#[derive(Clone)]
pub(crate) enum Placed {
    Header(HeaderName, HeaderValue),
    /// `name=value`, encoded.
    Query(String),
    /// `name=value`.
    Cookie(String),
}

impl Placed {
    /// A token as its scheme wants it, or why that cannot be sent.
    pub(crate) fn new(scheme: AuthScheme, token: &Token) -> Result<Placed, &'static str> {
        let text = token.expose();
        if text.is_empty() {
            return Err("it is empty");
        }
        Ok(match scheme {
            AuthScheme::Bearer => {
                Placed::Header(AUTHORIZATION, sensitive(&format!("Bearer {text}"))?)
            }
            AuthScheme::Basic => {
                Placed::Header(AUTHORIZATION, sensitive(&format!("Basic {text}"))?)
            }
            AuthScheme::Header(name) => {
                let name = HeaderName::from_bytes(name.as_bytes())
                    .map_err(|_| "its header has a name that no header can have")?;
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
                // What RFC 6265 lets a value be made of: servers do not agree on how to encode the rest.
                let octet = |byte: u8| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte);
                if !text.bytes().chain(name.bytes()).all(octet) {
                    return Err("it has a character that no cookie can have");
                }
                Placed::Cookie(format!("{name}={text}"))
            }
        })
    }

    /// Puts it into a request, unless an argument or a hook has put something there already.
    fn put(&self, request: &mut Request) -> Result<(), TransportError> {
        match self {
            Placed::Header(name, value) => {
                request
                    .headers_mut()
                    .entry(name)
                    .or_insert_with(|| value.clone());
            }
            Placed::Query(pair) => {
                let query = match request.url().query() {
                    // A redirect that kept it.
                    Some(before) if before.split('&').any(|own| own == pair) => return Ok(()),
                    Some(before) if !before.is_empty() => format!("{before}&{pair}"),
                    _ => pair.clone(),
                };
                request.url_mut().set_query(Some(&query));
            }
            Placed::Cookie(pair) => {
                let before = request
                    .headers()
                    .get(COOKIE)
                    .map(HeaderValue::as_bytes)
                    .unwrap_or_default();
                let separator: &[u8] = if before.is_empty() { b"" } else { b"; " };
                let cookies = [before, separator, pair.as_bytes()].concat();
                let mut value = HeaderValue::from_bytes(&cookies)
                    .map_err(|_| refused("it cannot be sent beside other cookies"))?;
                value.set_sensitive(true);
                request.headers_mut().insert(COOKIE, value);
            }
        }
        Ok(())
    }
}

fn sensitive(text: &str) -> Result<HeaderValue, &'static str> {
    let mut value = HeaderValue::from_str(text)
        .map_err(|_| "it has a line break or another character that no header can have")?;
    value.set_sensitive(true);
    Ok(value)
}

fn refused(reason: &str) -> TransportError {
    TransportError::Credential(format!("a credential cannot be sent: {reason}").into())
}

/// One credential of a client.
#[derive(Clone)]
pub(crate) struct Credential {
    pub(crate) scheme: AuthScheme,
    pub(crate) source: Source,
}

#[derive(Clone)]
pub(crate) enum Source {
    Fixed(Placed),
    Provider(Arc<dyn DynProvider>),
}

/// What the providers gave for an attempt, in the order of the credentials.
#[derive(Default, PartialEq, Eq)]
pub(crate) struct Given(Vec<Token>);

impl Given {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The credentials that an operation gets. Where the document says nothing of security, as no listing does, it gets all that the
/// caller has given, who knows better; where it says something, those of the first alternative of which the caller has all.
fn of<'a>(
    all: &'a [Credential],
    operation: &'a OperationInfo,
) -> impl Iterator<Item = &'a Credential> {
    let has = |scheme: &AuthScheme| all.iter().any(|credential| credential.scheme.is(*scheme));
    let wanted = operation.security.map(|alternatives| {
        let satisfied = alternatives
            .iter()
            .find(|schemes| !schemes.is_empty() && schemes.iter().all(has));
        satisfied.copied().unwrap_or_default()
    });
    let applies = move |scheme: AuthScheme| {
        wanted.is_none_or(|schemes| schemes.iter().any(|wanted| scheme.is(*wanted)))
    };
    all.iter()
        .filter(move |credential| applies(credential.scheme))
}

/// Asks the providers of an operation's credentials for tokens.
pub(crate) async fn ask(
    all: &[Credential],
    operation: &OperationInfo,
    refused: Option<&Given>,
) -> Result<Given, TransportError> {
    let mut given = Given::default();
    for credential in of(all, operation) {
        if let Source::Provider(provider) = &credential.source {
            let refused = refused.and_then(|refused| refused.0.get(given.0.len()));
            given.0.push(
                provider
                    .token(refused)
                    .await
                    .map_err(TransportError::Credential)?,
            );
        }
    }
    Ok(given)
}

/// Puts an operation's credentials into a request.
pub(crate) fn put(
    all: &[Credential],
    operation: &OperationInfo,
    given: &Given,
    request: &mut Request,
) -> Result<(), TransportError> {
    let mut tokens = given.0.iter();
    for credential in of(all, operation) {
        match &credential.source {
            Source::Fixed(placed) => placed.put(request)?,
            Source::Provider(_) => {
                if let Some(token) = tokens.next() {
                    Placed::new(credential.scheme, token)
                        .map_err(refused)?
                        .put(request)?;
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
        }
    }

    #[test]
    fn each_scheme_has_its_place() {
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
        put(
            &all,
            &OperationInfo::new("x", "/a"),
            &Given::default(),
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
    fn a_document_says_which_operation_gets_what() {
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
            of(all, operation).map(|own| own.scheme).collect::<Vec<_>>()
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
    fn what_cannot_be_sent_is_refused_without_a_word_of_it() {
        let said = |scheme, token: &str| Placed::new(scheme, &token.into()).err();
        assert!(
            said(AuthScheme::Bearer, "secret\n")
                .unwrap()
                .starts_with("it has a line break")
        );
        assert!(said(AuthScheme::Header("X"), "s\r\nX-Evil: 1").is_some());
        assert!(said(AuthScheme::Header("X Y"), "s").is_some());
        assert!(said(AuthScheme::Cookie("c"), "a;b").is_some());
        assert_eq!(said(AuthScheme::Bearer, ""), Some("it is empty"));
        assert_eq!(said(AuthScheme::Query("q"), "a\nb"), None);
        assert_eq!(format!("{:?}", Token::new("secret")), "Token(…)");
    }
}
