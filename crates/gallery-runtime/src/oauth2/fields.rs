//! The properties of a token response.

use std::time::Duration;

use ::oauth2::{AccessToken, RefreshToken, Scope, TokenResponse, TokenType};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// The properties of a token response. Accepts more than RFC 6749 does, as servers require: the
/// token type may be absent, and the lifetime may be a string.
#[derive(Debug, Serialize)]
pub(crate) struct TokenFields {
    access_token: AccessToken,
    token_type: TypeName,
    /// `None` if the lifetime is absent, too long for a clock, or not positive.
    lifetime: Option<Duration>,
    refresh_token: Option<RefreshToken>,
}

/// A token type in lowercase.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct TypeName(pub(crate) String);

impl TokenType for TypeName {}

impl TokenFields {
    /// Reads a response. Errors contain no values, because these may be secrets.
    fn read(response: &Value) -> Result<TokenFields, &'static str> {
        let access_token = match &response["access_token"] {
            Value::String(token) => AccessToken::new(token.clone()),
            Value::Null => return Err("`access_token` is missing"),
            _ => return Err("`access_token` is not a string"),
        };
        let token_type = match &response["token_type"] {
            Value::String(name) => name.to_lowercase(),
            Value::Null => "bearer".to_owned(),
            _ => return Err("`token_type` is not a string"),
        };
        let refresh_token = match &response["refresh_token"] {
            Value::String(token) if token.is_empty() => None,
            Value::String(token) => Some(RefreshToken::new(token.clone())),
            Value::Null => None,
            _ => return Err("`refresh_token` is not a string"),
        };
        Ok(TokenFields {
            access_token,
            token_type: TypeName(token_type),
            lifetime: lifetime(&response["expires_in"])?,
            refresh_token,
        })
    }
}

/// Reads a lifetime in seconds.
fn lifetime(expires_in: &Value) -> Result<Option<Duration>, &'static str> {
    let seconds = match expires_in {
        Value::Null => return Ok(None),
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let seconds: f64 = seconds.ok_or("`expires_in` is not a number")?;
    let lifetime = Duration::try_from_secs_f64(seconds).ok();
    Ok(lifetime.filter(|lifetime| !lifetime.is_zero()))
}

impl<'de> Deserialize<'de> for TokenFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<TokenFields, D::Error> {
        let response = Value::deserialize(deserializer)?;
        TokenFields::read(&response).map_err(D::Error::custom)
    }
}

impl TokenResponse for TokenFields {
    type TokenType = TypeName;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &TypeName {
        &self.token_type
    }

    fn expires_in(&self) -> Option<Duration> {
        self.lifetime
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token.as_ref()
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_lifetimes() {
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        for (expires_in, expected) in [
            (json!(3600), Ok(seconds(3600))),
            (json!("3600"), Ok(seconds(3600))),
            (json!(0.5), Ok(Some(Duration::from_millis(500)))),
            (json!(null), Ok(None)),
            (json!(0), Ok(None)),
            (json!(-1), Ok(None)),
            (json!(1e300), Ok(None)),
            (json!("NaN"), Ok(None)),
            (json!("soon"), Err("`expires_in` is not a number")),
            (json!([60]), Err("`expires_in` is not a number")),
        ] {
            assert_eq!(lifetime(&expires_in), expected, "{expires_in}");
        }
    }

    #[test]
    fn shows_no_values_in_debug_output_and_errors() {
        let response = json!({"access_token": "secret-1", "refresh_token": "secret-2"});
        let fields = TokenFields::read(&response).unwrap();
        assert!(!format!("{fields:?}").contains("secret"));
        let error = serde_json::from_str::<TokenFields>(r#""secret""#).unwrap_err();
        assert_eq!(error.to_string(), "`access_token` is missing");
    }
}
