//! Redirect rules. Following a redirect never changes the method or the body of a request.

use std::fmt;

use reqwest::header::{
    ACCEPT, ACCEPT_LANGUAGE, CONTENT_LANGUAGE, CONTENT_TYPE, HeaderMap, HeaderName, LOCATION,
    USER_AGENT,
};
use reqwest::{Method, Request};
use url::Url;

use crate::platform::Response;

/// Settings for redirects.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RedirectPolicy {
    /// The maximum number of redirects of an attempt.
    pub(crate) max: usize,
    /// True if a request body may be sent to another origin.
    pub(crate) cross_origin_bodies: bool,
}

impl Default for RedirectPolicy {
    fn default() -> Self {
        RedirectPolicy {
            max: 10,
            cross_origin_bodies: false,
        }
    }
}

/// The reason why a redirect was not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RedirectError {
    /// The status is 301, 302 or 303 and the method is neither `GET` nor `HEAD`. Clients would
    /// continue with a `GET` without the body.
    MethodChange,
    /// The `Location` header is missing, or is not an `http` or `https` URL.
    InvalidLocation,
    /// The redirect leads from `https` to `http`.
    Downgrade,
    /// The redirect leads to a URL that the call has requested before.
    Loop,
    /// The redirect leads to another scheme, host or port, and the request has a body. See
    /// [`ClientBuilder::cross_origin_bodies`](crate::ClientBuilder::cross_origin_bodies).
    CrossOriginBody,
    /// The limit of redirects is reached.
    TooManyRedirects,
    /// The request body is a stream, which cannot be sent again.
    StreamBody,
    /// In browsers: only the browser knows where the redirect leads. If the browser followed it, it
    /// would send API keys in headers to any host.
    Opaque,
}

impl fmt::Display for RedirectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RedirectError::MethodChange => "it would change the method to GET",
            RedirectError::InvalidLocation => {
                "the Location header is missing or is not an http(s) URL"
            }
            RedirectError::Downgrade => "it leads from https to http",
            RedirectError::Loop => "redirect loop",
            RedirectError::CrossOriginBody => "it would send the request body to another origin",
            RedirectError::TooManyRedirects => "too many redirects",
            RedirectError::StreamBody => "the request body is a stream, which cannot be sent again",
            RedirectError::Opaque => {
                "the browser does not reveal its target: call a URL that does not redirect, or \
                 send the request outside of browsers"
            }
        })
    }
}

impl std::error::Error for RedirectError {}

/// The redirects of one attempt.
pub(crate) struct Hops {
    policy: RedirectPolicy,
    /// True if the body can be sent more than once. `None` if it is a part of the request.
    is_upload_repeatable: Option<bool>,
    seen: Vec<Url>,
    /// The URL of the last redirect.
    target: Option<Url>,
    /// True if a redirect has led to another origin.
    has_left: bool,
}

impl Hops {
    pub(crate) fn new(policy: RedirectPolicy, is_upload_repeatable: Option<bool>) -> Hops {
        Hops {
            policy,
            is_upload_repeatable,
            seen: Vec::new(),
            target: None,
            has_left: false,
        }
    }

    /// Applies the redirects so far to the request of a call.
    pub(crate) fn apply(&self, mut request: Box<Request>) -> Box<Request> {
        if self.has_left {
            remove_private_headers(request.headers_mut());
        }
        if let Some(target) = &self.target {
            *request.url_mut() = target.clone();
        }
        request
    }

    /// Returns the next request. `None` if the response is not a redirect, or if redirects are
    /// disabled. `request` is the request that was sent, without credentials. It is `None` if its
    /// body can be sent only once.
    pub(crate) fn next(
        &mut self,
        method: &Method,
        request: Option<Box<Request>>,
        response: &Response,
    ) -> Option<Result<Box<Request>, RedirectError>> {
        let keeps_method = match response.status().as_u16() {
            301..=303 => matches!(*method, Method::GET | Method::HEAD),
            307 | 308 => true,
            _ => return None,
        };
        if self.policy.max == 0 {
            return None;
        }
        if !keeps_method {
            return Some(Err(RedirectError::MethodChange));
        }
        let request = request.ok_or(RedirectError::StreamBody);
        Some(request.and_then(|request| self.follow(request, response)))
    }

    fn follow(
        &mut self,
        request: Box<Request>,
        response: &Response,
    ) -> Result<Box<Request>, RedirectError> {
        let from = request.url();
        let to = location(from, response.headers()).ok_or(RedirectError::InvalidLocation)?;
        let leaves = !is_same_origin(from, &to);
        self.seen.push(from.clone());
        if from.scheme() == "https" && to.scheme() == "http" {
            return Err(RedirectError::Downgrade);
        }
        if leaves
            && (self.is_upload_repeatable.is_some() || has_body(&request))
            && !self.policy.cross_origin_bodies
        {
            return Err(RedirectError::CrossOriginBody);
        }
        if self.seen.contains(&to) {
            return Err(RedirectError::Loop);
        }
        if self.seen.len() > self.policy.max {
            return Err(RedirectError::TooManyRedirects);
        }
        if self.is_upload_repeatable == Some(false) {
            return Err(RedirectError::StreamBody);
        }
        self.has_left |= leaves;
        self.target = Some(to);
        Ok(self.apply(request))
    }
}

/// Returns true if the request has a body that is not empty. A stream counts as one.
fn has_body(request: &Request) -> bool {
    let body = request.body();
    body.is_some_and(|body| body.as_bytes().is_none_or(|bytes| !bytes.is_empty()))
}

fn location(from: &Url, headers: &HeaderMap) -> Option<Url> {
    let mut to = from
        .join(std::str::from_utf8(headers.get(LOCATION)?.as_bytes()).ok()?)
        .ok()?;
    if !matches!(to.scheme(), "http" | "https") {
        return None;
    }
    // Ignore credentials chosen by the server. Fragments are never sent.
    to.set_username("")
        .and_then(|()| to.set_password(None))
        .ok()?;
    to.set_fragment(None);
    Some(to)
}

/// Returns whether two URLs have the same scheme, host and port.
pub(crate) fn is_same_origin(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme()
        && one.host_str() == other.host_str()
        && one.port_or_known_default() == other.port_or_known_default()
}

/// Returns whether another host must not see a header. Any header may contain a secret, except
/// those about content type, language and user agent.
fn is_private(name: &HeaderName) -> bool {
    ![
        ACCEPT,
        ACCEPT_LANGUAGE,
        CONTENT_TYPE,
        CONTENT_LANGUAGE,
        USER_AGENT,
    ]
    .contains(name)
}

/// Removes headers that another host must not see.
pub(crate) fn remove_private_headers(headers: &mut HeaderMap) {
    let removed: Vec<_> = headers
        .keys()
        .filter(|name| is_private(name))
        .cloned()
        .collect();
    for name in removed {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validates_the_location() {
        let next = |from: &str, to: &str| {
            let response = http::Response::builder()
                .status(307)
                .header(LOCATION, to)
                .body("")
                .unwrap();
            let request = Request::new(Method::GET, from.parse().unwrap());
            Hops::new(RedirectPolicy::default(), None)
                .next(&Method::GET, Some(Box::new(request)), &response.into())
                .unwrap()
                .map(|next| next.url().to_string())
        };
        assert_eq!(
            next("https://a/b", "http://a/c"),
            Err(RedirectError::Downgrade)
        );
        assert_eq!(
            next("https://a/b", "//me:secret@x.io/c#d").as_deref(),
            Ok("https://x.io/c")
        );
        assert_eq!(
            next("http://a/b", "https://a/b").as_deref(),
            Ok("https://a/b")
        );
        assert_eq!(
            next("http://a/b", "ftp://a/b"),
            Err(RedirectError::InvalidLocation)
        );
    }
}
