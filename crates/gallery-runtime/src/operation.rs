//! Static facts about operations, from the API's OpenAPI document.

use std::fmt;

use reqwest::Method;

/// The place of a credential in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthScheme {
    /// `Authorization: Bearer TOKEN`. Also used for OAuth 2 and OpenID Connect.
    Bearer,
    /// `Authorization: Basic …`, from a user name and a password.
    Basic,
    /// An API key in the header of this name.
    Header(&'static str),
    /// An API key in the query parameter of this name.
    Query(&'static str),
    /// An API key in the cookie of this name.
    Cookie(&'static str),
}

impl AuthScheme {
    /// Compares two schemes. Header names are case-insensitive.
    pub(crate) fn is(self, other: AuthScheme) -> bool {
        match (self, other) {
            (AuthScheme::Header(one), AuthScheme::Header(other)) => one.eq_ignore_ascii_case(other),
            _ => self == other,
        }
    }
}

/// The operation that a request belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperationInfo {
    /// The operation ID, which is also the name of the client's method.
    pub operation_id: &'static str,
    /// The path template from the API's document, such as `/teams/{team_id}`.
    pub path: &'static str,
    /// The security requirements from the API's document: alternatives, each a list of schemes that
    /// are sent together. `None` if the document does not mention security.
    pub security: Option<&'static [&'static [AuthScheme]]>,
    /// True if the operation changes something although its method is `GET` or `HEAD`. Its requests
    /// are retried only if the retry policy allows any method.
    pub has_side_effects: bool,
}

impl OperationInfo {
    /// Creates the description of an operation without security requirements.
    pub const fn new(operation_id: &'static str, path: &'static str) -> OperationInfo {
        OperationInfo {
            operation_id,
            path,
            security: None,
            has_side_effects: false,
        }
    }

    /// Marks an operation that changes something although its method is `GET` or `HEAD`.
    #[must_use]
    pub const fn with_side_effects(self) -> OperationInfo {
        OperationInfo {
            has_side_effects: true,
            ..self
        }
    }

    /// Sets the security requirements. An empty list means that the operation needs no credentials.
    #[must_use]
    pub const fn with_security(self, security: &'static [&'static [AuthScheme]]) -> OperationInfo {
        OperationInfo {
            security: Some(security),
            ..self
        }
    }
}

/// The operation, method and path template of a call, for messages. Contains no arguments.
///
/// Its `Display` is, for example, `get_team (GET /teams/{team_id})`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Route {
    /// The operation ID, which is also the name of the client's method.
    pub operation_id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path template from the API's document, such as `/teams/{team_id}`.
    pub path: &'static str,
}

impl Route {
    pub(crate) fn new(operation: &OperationInfo, method: &Method) -> Route {
        Route {
            operation_id: operation.operation_id,
            method: method.clone(),
            path: operation.path,
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} {})", self.operation_id, self.method, self.path)
    }
}
