//! Redirect rules. Following a redirect never changes the method or the body of a request.

use reqwest::header::{
    ACCEPT, ACCEPT_LANGUAGE, CONTENT_LANGUAGE, CONTENT_TYPE, HeaderMap, LOCATION, USER_AGENT,
};
use reqwest::{Method, Response};
use thiserror::Error;
use url::Url;

/// The default limit of redirects.
pub(crate) const DEFAULT_MAX_REDIRECTS: usize = 10;

/// The reason why a redirect was not followed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum RedirectError {
    /// The status is 301, 302 or 303 and the method is neither `GET` nor `HEAD`. Clients would
    /// continue with a `GET` without the body.
    #[error("it would change the method to GET")]
    MethodChange,
    /// The `Location` header is missing, or is not an `http` or `https` URL.
    #[error("the Location header is missing or is not an http(s) URL")]
    InvalidLocation,
    /// The redirect leads from `https` to `http`.
    #[error("it leads from https to http")]
    Downgrade,
    /// The redirect leads to a URL that the call has requested before.
    #[error("redirect loop")]
    Loop,
    /// The limit of redirects is reached.
    #[error("too many redirects")]
    TooManyRedirects,
    /// The request body is a stream, which cannot be sent again.
    #[error("the request body is a stream, which cannot be sent again")]
    StreamBody,
}

/// The redirects of one attempt.
pub(crate) struct Hops {
    max: usize,
    seen: Vec<Url>,
}

impl Hops {
    pub(crate) fn new(max: usize) -> Hops {
        Hops {
            max,
            seen: Vec::new(),
        }
    }

    /// Returns the next URL. `None` if the response is not a redirect, or if redirects are
    /// disabled.
    pub(crate) fn next(
        &mut self,
        method: &Method,
        from: &Url,
        response: &Response,
    ) -> Option<Result<Url, RedirectError>> {
        let keeps_method = match response.status().as_u16() {
            301..=303 => matches!(*method, Method::GET | Method::HEAD),
            307 | 308 => true,
            _ => return None,
        };
        if self.max == 0 {
            return None;
        }
        if !keeps_method {
            return Some(Err(RedirectError::MethodChange));
        }
        let Some(to) = location(from, response.headers()) else {
            return Some(Err(RedirectError::InvalidLocation));
        };
        self.seen.push(from.clone());
        Some(if from.scheme() == "https" && to.scheme() == "http" {
            Err(RedirectError::Downgrade)
        } else if self.seen.contains(&to) {
            Err(RedirectError::Loop)
        } else if self.seen.len() > self.max {
            Err(RedirectError::TooManyRedirects)
        } else {
            Ok(to)
        })
    }
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

/// Removes headers that another host must not see. Any header may contain a secret, so only headers
/// about content type, language and user agent are kept.
pub(crate) fn remove_private_headers(headers: &mut HeaderMap) {
    let kept = [
        ACCEPT,
        ACCEPT_LANGUAGE,
        CONTENT_TYPE,
        CONTENT_LANGUAGE,
        USER_AGENT,
    ];
    let removed: Vec<_> = headers
        .keys()
        .filter(|name| !kept.contains(name))
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
            Hops::new(1)
                .next(&Method::GET, &from.parse().unwrap(), &response.into())
                .unwrap()
                .map(String::from)
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
