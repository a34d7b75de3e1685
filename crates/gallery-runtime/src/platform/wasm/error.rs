//! Errors of `fetch`.

use std::fmt;

use js_sys::Reflect;
use url::Url;
use wasm_bindgen::JsValue;

/// The reason of an abort after the timeout of a request.
pub(super) const TIMED_OUT: &str = "timeout of gallery-runtime";

/// Codes of Node.js for errors before a connection exists.
const NOT_CONNECTED: &[&str] = &[
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ENOTFOUND",
    "UND_ERR_CONNECT_TIMEOUT",
];

/// A result of `fetch`.
pub type Result<T> = std::result::Result<T, Error>;

/// An error from `fetch`, with methods of reqwest's error.
///
/// It contains no message from JavaScript, because these show URLs and values of headers.
#[derive(Debug)]
pub struct Error {
    inner: Box<Inner>,
}

#[derive(Debug)]
struct Inner {
    kind: Kind,
    /// The code of Node.js, such as `ECONNREFUSED`, or else the name of the error.
    reason: Option<String>,
    url: Option<Url>,
}

/// The step that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Builder,
    Request,
    Body,
    Redirect,
    Timeout,
}

impl Error {
    pub(super) fn new(kind: Kind) -> Error {
        let inner = Box::new(Inner {
            kind,
            reason: None,
            url: None,
        });
        Error { inner }
    }

    /// Converts an error from JavaScript.
    pub(super) fn from_js(kind: Kind, error: &JsValue) -> Error {
        if error.as_string().as_deref() == Some(TIMED_OUT) {
            return Error::new(Kind::Timeout);
        }
        let get = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok();
        let code = get(error, "cause").and_then(|cause| get(&cause, "code")?.as_string());
        let mut converted = Error::new(kind);
        converted.inner.reason = code.or_else(|| get(error, "name")?.as_string());
        converted
    }

    /// Returns the URL that [`with_url`](Error::with_url) has set.
    pub fn url(&self) -> Option<&Url> {
        self.inner.url.as_ref()
    }

    /// Sets the URL.
    #[must_use]
    pub fn with_url(mut self, url: Url) -> Error {
        self.inner.url = Some(url);
        self
    }

    /// Removes the URL.
    #[must_use]
    pub fn without_url(mut self) -> Error {
        self.inner.url = None;
        self
    }

    /// Returns whether `fetch` rejects the request, for example because of its method.
    pub fn is_builder(&self) -> bool {
        self.inner.kind == Kind::Builder
    }

    /// Returns whether the request failed before a response.
    pub fn is_request(&self) -> bool {
        self.inner.kind == Kind::Request
    }

    /// Returns whether the client could not connect, so that nothing was sent. Browsers do not
    /// report this.
    pub fn is_connect(&self) -> bool {
        let reason = self.inner.reason.as_deref();
        self.is_request() && reason.is_some_and(|reason| NOT_CONNECTED.contains(&reason))
    }

    /// Returns whether the body of the response could not be read.
    pub fn is_body(&self) -> bool {
        self.inner.kind == Kind::Body
    }

    /// Returns whether the server returned a redirect whose target the browser does not reveal.
    pub fn is_redirect(&self) -> bool {
        self.inner.kind == Kind::Redirect
    }

    /// Returns whether the timeout of the request has expired.
    pub fn is_timeout(&self) -> bool {
        self.inner.kind == Kind::Timeout
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.inner.kind {
            Kind::Builder => "invalid request",
            Kind::Request => "error sending request",
            Kind::Body => "error reading the body of the response",
            Kind::Redirect => "the browser does not reveal the target of a redirect",
            Kind::Timeout => "operation timed out",
        })?;
        if let Some(reason) = &self.inner.reason {
            write!(f, " ({reason})")?;
        }
        match &self.inner.url {
            Some(url) => write!(f, " for url ({url})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

/// Converts an error from creating a request. Its source may show the request.
impl From<reqwest::Error> for Error {
    fn from(_: reqwest::Error) -> Error {
        Error::new(Kind::Builder)
    }
}
