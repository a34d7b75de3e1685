//! What a client's tests provide: a function per operation, from arguments in JSON to what the client made of the answer.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use gallery_runtime::reqwest::header::HeaderMap;
use gallery_runtime::{
    Bytes, Error, ErrorKind, Multipart, PaginationStream, ResponseValue, Untyped,
};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};
use thiserror::Error as ThisError;

use crate::document::Location;

/// A call that is on its way.
pub(super) type Called = Pin<Box<dyn Future<Output = Result<Outcome, ArgumentError>> + Send>>;

/// What makes a call.
type Calling<C> = Arc<dyn Fn(C, Arguments) -> Called + Send + Sync>;

/// Calls one operation of a client of type `C`.
pub struct Adapter<C> {
    id: &'static str,
    call: Calling<C>,
    pages: Option<Calling<C>>,
}

impl<C> Clone for Adapter<C> {
    fn clone(&self) -> Self {
        Adapter {
            id: self.id,
            call: Arc::clone(&self.call),
            pages: self.pages.clone(),
        }
    }
}

impl<C> Adapter<C> {
    /// An adapter for the operation with this id.
    pub fn new<F>(
        id: &'static str,
        call: impl Fn(C, Arguments) -> F + Send + Sync + 'static,
    ) -> Adapter<C>
    where
        F: Future<Output = Result<Outcome, ArgumentError>> + Send + 'static,
    {
        Adapter {
            id,
            call: Arc::new(move |client, arguments| Box::pin(call(client, arguments))),
            pages: None,
        }
    }

    /// The same with what takes all items of a list that comes in pages.
    #[must_use]
    pub fn with_pages<F>(
        mut self,
        pages: impl Fn(C, Arguments) -> F + Send + Sync + 'static,
    ) -> Adapter<C>
    where
        F: Future<Output = Result<Outcome, ArgumentError>> + Send + 'static,
    {
        self.pages = Some(Arc::new(move |client, arguments| {
            Box::pin(pages(client, arguments))
        }));
        self
    }

    /// The operation's id.
    pub fn id(&self) -> &'static str {
        self.id
    }

    pub(super) fn call(&self, client: C, arguments: Arguments) -> Called {
        (self.call)(client, arguments)
    }

    pub(super) fn pages(&self, client: C, arguments: Arguments) -> Option<Called> {
        self.pages.as_ref().map(|pages| pages(client, arguments))
    }
}

impl<C> std::fmt::Debug for Adapter<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Adapter")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The arguments of a call, by place and name over the wire.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    parameters: BTreeMap<(&'static str, String), Value>,
    body: Option<Value>,
    uses_builder: bool,
}

/// An argument as a caller may have it: it is of this type, or it turns out not to be, as what setters take may.
///
/// Adapters read arguments of strings, booleans, numbers that are not whole, lists, maps and any JSON as such; integers as `i128`, and
/// enumerations as `String`.
#[derive(Clone, Debug)]
pub struct Argument<T>(Option<T>);

/// What no caller means. It stands for an argument that cannot be converted.
pub(super) fn inconvertible_value() -> Value {
    json!({"gallery_testkit::conformance": "what cannot be converted"})
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Argument<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Argument<T>, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if value == inconvertible_value() {
            return Ok(Argument(None));
        }
        serde_json::from_value(value)
            .map(|value| Argument(Some(value)))
            .map_err(D::Error::custom)
    }
}

/// An argument could not be converted.
#[derive(Clone, Copy, Debug, ThisError)]
#[error("the argument cannot be converted")]
pub struct ConversionError;

macro_rules! given {
    ($([$($parameter:ident),*] $type:ty;)*) => {
        $(impl<$($parameter),*> TryFrom<Argument<$type>> for $type {
            type Error = ConversionError;

            fn try_from(given: Argument<$type>) -> Result<Self, ConversionError> {
                given.0.ok_or(ConversionError)
            }
        })*
    };
}

given! {
    [] String;
    [] bool;
    [] f32;
    [] f64;
    [] Value;
    [T] Vec<T>;
    [] serde_json::Map<String, Value>;
    [T] HashMap<String, T>;
}

/// The adapter could not make the call from the arguments that it was given.
#[derive(Debug, ThisError)]
#[error("the adapter cannot make the call: {0}")]
pub struct ArgumentError(String);

impl Arguments {
    /// A path argument, if it is given.
    pub fn path<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, ArgumentError> {
        self.parameter(Location::Path, name)
    }

    /// A query argument, if it is given.
    pub fn query<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, ArgumentError> {
        self.parameter(Location::Query, name)
    }

    /// A header argument, if it is given.
    pub fn header<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, ArgumentError> {
        self.parameter(Location::Header, name)
    }

    /// A cookie, if it is given.
    pub fn cookie<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, ArgumentError> {
        self.parameter(Location::Cookie, name)
    }

    /// A body of bytes, if it is given: those of a text.
    pub fn bytes(&self) -> Result<Option<Bytes>, ArgumentError> {
        Ok(self.body::<String>()?.map(Bytes::from))
    }

    /// A body of texts and files, if it is given: a text is one, and an object a file with `name`, `type` and `content`.
    pub fn multipart(&self) -> Result<Option<Multipart>, ArgumentError> {
        let Some(parts) = self.body::<BTreeMap<String, Value>>()? else {
            return Ok(None);
        };
        let form = parts.iter().fold(Multipart::new(), |form, (name, part)| {
            let text = |key: &str| {
                part.get(key)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned()
            };
            match part {
                Value::Object(_) => form.file(name, text("name"), text("type"), text("content")),
                plain => form.text(name, crate::style::plain(plain)),
            }
        });
        Ok(Some(form))
    }

    /// Whether the body is to be set by the builder of its type, where the client has one.
    pub fn uses_builder(&self) -> bool {
        self.uses_builder
    }

    /// The body, if it is given. `null` is a body.
    pub fn body<T: DeserializeOwned>(&self) -> Result<Option<T>, ArgumentError> {
        self.body
            .as_ref()
            .map(|value| read("body", value))
            .transpose()
    }

    fn parameter<T: DeserializeOwned>(
        &self,
        location: Location,
        name: &str,
    ) -> Result<Option<T>, ArgumentError> {
        self.given(location, name)
            .map(|value| read(name, value))
            .transpose()
    }

    pub(super) fn given(&self, location: Location, name: &str) -> Option<&Value> {
        self.parameters.get(&(location.key(), name.to_owned()))
    }

    pub(super) fn with(mut self, location: Location, name: &str, value: Value) -> Self {
        self.parameters
            .insert((location.key(), name.to_owned()), value);
        self
    }

    pub(super) fn without(mut self, location: Location, name: &str) -> Self {
        self.parameters.remove(&(location.key(), name.to_owned()));
        self
    }

    pub(super) fn given_body(&self) -> Option<&Value> {
        self.body.as_ref()
    }

    /// The arguments of a place, for people.
    pub(super) fn shown(&self, location: Location) -> String {
        let own = self
            .parameters
            .iter()
            .filter(|((place, _), _)| *place == location.key());
        own.map(|((_, name), value)| format!("`{name}` = {value}"))
            .collect::<Vec<_>>()
            .join(", ")
    }

    pub(super) fn with_body(mut self, body: Option<Value>) -> Self {
        self.body = body;
        self
    }

    pub(super) fn built(mut self) -> Self {
        self.uses_builder = true;
        self
    }
}

fn read<T: DeserializeOwned>(name: &str, value: &Value) -> Result<T, ArgumentError> {
    serde_json::from_value(value.clone())
        .map_err(|error| ArgumentError(format!("{value} is no argument for `{name}`: {error}")))
}

/// What a client made of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A documented success.
    Success {
        /// The status that the client reports.
        status: u16,
        /// The headers that it reports.
        headers: Vec<(String, String)>,
        /// The content that it gives.
        content: Content,
    },
    /// An error.
    Failure {
        /// Which one.
        kind: FailureKind,
        /// The status that the client reports.
        status: Option<u16>,
        /// The headers that it reports.
        headers: Vec<(String, String)>,
        /// What it keeps of the body.
        content: Option<Content>,
        /// What it says.
        message: String,
        /// What `Debug` shows of it.
        shown: String,
    },
}

/// What a client gives of an answer's content.
#[derive(Clone, PartialEq)]
pub enum Content {
    /// As it came.
    Bytes {
        /// `Content-Type`.
        content_type: Option<String>,
        /// The content.
        bytes: Vec<u8>,
    },
    /// A typed value, written out as JSON again.
    Json(Value),
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (kind, text) = match self {
            Content::Bytes {
                content_type,
                bytes,
            } => (
                content_type.as_deref().unwrap_or("no type"),
                String::from_utf8_lossy(bytes).into_owned(),
            ),
            Content::Json(value) => ("typed", value.to_string()),
        };
        // A test's message is for people.
        let end = text
            .char_indices()
            .nth(200)
            .map_or(text.len(), |(end, _)| end);
        write!(
            f,
            "{kind}: {}{}",
            &text[..end],
            if end < text.len() { "…" } else { "" }
        )
    }
}

impl Content {
    /// Of an answer without a schema.
    pub fn untyped(answer: &Untyped) -> Content {
        Content::Bytes {
            content_type: answer.content_type().map(str::to_owned),
            bytes: answer.bytes().to_vec(),
        }
    }

    /// Of an answer with a type.
    pub fn typed<T: Serialize>(answer: &T) -> Content {
        // A value that cannot be written out equals nothing that was sent, and the check says so.
        Content::Json(
            serde_json::to_value(answer).unwrap_or_else(|error| Value::String(error.to_string())),
        )
    }
}

/// The kinds of the runtime's errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "they are the variants of gallery_runtime::Error"
)]
pub enum FailureKind {
    InvalidRequest,
    Credential,
    Communication,
    Timeout,
    Middleware,
    ErrorResponse,
    UnexpectedResponse,
    InvalidResponse,
    Other,
}

impl Outcome {
    /// Of a call's result. `success` and `error` give the content of either.
    pub fn from_result<T, E: Debug>(
        result: Result<ResponseValue<T>, Error<E>>,
        success: fn(&T) -> Content,
        error: fn(&E) -> Content,
    ) -> Outcome {
        let failed = match result {
            Ok(answer) => {
                let content = success(&answer);
                return Outcome::Success {
                    status: answer.status().as_u16(),
                    headers: texts(answer.headers()),
                    content,
                };
            }
            Err(failed) => failed,
        };
        Outcome::failed(&failed, error)
    }

    /// Of all items of a list that comes in pages: one list of them, or the error that it ended with. A stream has no status; it is
    /// given as 0.
    pub async fn from_pages<T: Serialize, E: Debug>(
        mut pages: PaginationStream<'_, T, E>,
        error: fn(&E) -> Content,
    ) -> Outcome {
        let mut items = Vec::new();
        while let Some(item) = pages.next().await {
            match item {
                Ok(item) => items.push(item),
                Err(failed) => {
                    // The list has ended: what is asked for behind its end is no matter, but that it is asked for.
                    let _ = pages.next().await;
                    return Outcome::failed(&failed, error);
                }
            }
        }
        Outcome::Success {
            status: 0,
            headers: Vec::new(),
            content: Content::typed(&items),
        }
    }

    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Outcome::Success { status, .. } => Some(*status),
            Outcome::Failure { status, .. } => *status,
        }
    }

    /// Status and content of a success.
    pub(super) fn given(&self) -> Option<(u16, &Content)> {
        match self {
            Outcome::Success {
                status, content, ..
            } => Some((*status, content)),
            Outcome::Failure { .. } => None,
        }
    }

    fn failed<E: Debug>(failed: &Error<E>, error: fn(&E) -> Content) -> Outcome {
        let (kind, content) = match failed {
            Error::InvalidRequest(_) => (FailureKind::InvalidRequest, None),
            Error::Credential(_) => (FailureKind::Credential, None),
            Error::Communication(_) => (FailureKind::Communication, None),
            Error::Timeout(_) => (FailureKind::Timeout, None),
            Error::Middleware(_) => (FailureKind::Middleware, None),
            Error::ErrorResponse(answer) => (FailureKind::ErrorResponse, Some(error(answer))),
            Error::UnexpectedResponse(failure) => (
                FailureKind::UnexpectedResponse,
                Some(bytes(failure.body_excerpt())),
            ),
            Error::InvalidResponse(failure, _) => (
                FailureKind::InvalidResponse,
                Some(bytes(failure.body_excerpt())),
            ),
            _ => (FailureKind::Other, None),
        };
        // An error that says one thing and is told as another is neither.
        let kind = if is_told_as(kind, failed.kind()) {
            kind
        } else {
            FailureKind::Other
        };
        Outcome::Failure {
            kind,
            status: failed.status().map(|status| status.as_u16()),
            headers: failed.headers().map(texts).unwrap_or_default(),
            content,
            message: failed.to_string(),
            shown: format!("{failed:?}"),
        }
    }
}

/// Whether an error of a kind may be told by a word of the runtime's.
fn is_told_as(kind: FailureKind, told: ErrorKind) -> bool {
    use ErrorKind as Told;
    match kind {
        FailureKind::InvalidRequest => told == Told::InvalidRequest,
        FailureKind::Credential => told == Told::Credential,
        FailureKind::Communication => {
            matches!(told, Told::Connect | Told::ConnectionLost | Told::Timeout)
        }
        FailureKind::Timeout => told == Told::Timeout,
        FailureKind::Middleware => told == Told::Middleware,
        FailureKind::ErrorResponse => told == Told::Status,
        FailureKind::UnexpectedResponse => {
            matches!(told, Told::Redirect | Told::Status | Told::UnexpectedStatus)
        }
        FailureKind::InvalidResponse => matches!(
            told,
            Told::ConnectionLost | Told::Timeout | Told::BodyTooLarge | Told::InvalidBody
        ),
        FailureKind::Other => true,
    }
}

fn bytes(excerpt: &[u8]) -> Content {
    Content::Bytes {
        content_type: None,
        bytes: excerpt.to_vec(),
    }
}

fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect()
}
