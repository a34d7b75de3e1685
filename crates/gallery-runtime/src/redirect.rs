//! Redirects. Takes a request and its answer, gives the URL to go on with, or why it is not gone on: the method and the body never
//! change on the way.

use reqwest::header::{
    ACCEPT, ACCEPT_LANGUAGE, CONTENT_LANGUAGE, CONTENT_TYPE, HeaderMap, LOCATION, USER_AGENT,
};
use reqwest::{Method, Response};
use thiserror::Error;
use url::Url;

/// How many redirects are followed.
pub(crate) const MOST: usize = 10;

/// Why a redirect was not followed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum RedirectError {
    /// It says 301, 302 or 303 to something else than `GET` or `HEAD`, for which clients send a `GET` without the body.
    #[error("it would turn the method into GET")]
    MethodChange,
    /// It has no `Location`, or none that is a URL over http or https.
    #[error("it leads to no http(s) URL")]
    InvalidLocation,
    /// It leads from https to http.
    #[error("it leads from https to http")]
    Downgrade,
    /// It leads to where the call has been before.
    #[error("it leads in a circle")]
    Loop,
    /// There were as many before it as the client follows.
    #[error("there are too many")]
    TooManyRedirects,
    /// The body cannot be sent a second time.
    #[error("the body cannot be sent again")]
    StreamBody,
}

/// The way of one attempt.
pub(crate) struct Hops {
    most: usize,
    seen: Vec<Url>,
}

impl Hops {
    pub(crate) fn new(most: usize) -> Hops {
        Hops {
            most,
            seen: Vec::new(),
        }
    }

    /// Where an answer to a request leads; `None` if it is no redirect, or none is followed.
    pub(crate) fn next(
        &mut self,
        method: &Method,
        from: &Url,
        answer: &Response,
    ) -> Option<Result<Url, RedirectError>> {
        let keeps_method = match answer.status().as_u16() {
            301..=303 => matches!(*method, Method::GET | Method::HEAD),
            307 | 308 => true,
            _ => return None,
        };
        if self.most == 0 {
            return None;
        }
        if !keeps_method {
            return Some(Err(RedirectError::MethodChange));
        }
        let Some(to) = location(from, answer.headers()) else {
            return Some(Err(RedirectError::InvalidLocation));
        };
        self.seen.push(from.clone());
        Some(if from.scheme() == "https" && to.scheme() == "http" {
            Err(RedirectError::Downgrade)
        } else if self.seen.contains(&to) {
            Err(RedirectError::Loop)
        } else if self.seen.len() > self.most {
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
    // A server chooses no credentials for a client, and the fragment is never sent.
    to.set_username("")
        .and_then(|()| to.set_password(None))
        .ok()?;
    to.set_fragment(None);
    Some(to)
}

/// Whether two URLs have scheme, host and port in common.
pub(crate) fn is_same_origin(one: &Url, other: &Url) -> bool {
    let origin = |url: &Url| url.port_or_known_default();
    one.scheme() == other.scheme()
        && one.host_str() == other.host_str()
        && origin(one) == origin(other)
}

/// Takes out what another host is not to see: all but what says which form and language the content has. Any other header, whether a
/// hook's or an argument's, may hold a key.
pub(crate) fn make_anonymous(headers: &mut HeaderMap) {
    let kept = [
        ACCEPT,
        ACCEPT_LANGUAGE,
        CONTENT_TYPE,
        CONTENT_LANGUAGE,
        USER_AGENT,
    ];
    let gone: Vec<_> = headers
        .keys()
        .filter(|name| !kept.contains(name))
        .cloned()
        .collect();
    for name in gone {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_goes_from_https_to_http() {
        let next = |from: &str, to: &str| {
            let answer = http::Response::builder()
                .status(307)
                .header(LOCATION, to)
                .body("")
                .unwrap();
            Hops::new(1)
                .next(&Method::GET, &from.parse().unwrap(), &answer.into())
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
