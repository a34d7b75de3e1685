//! Headers that `fetch` drops.

use reqwest::header::{HeaderMap, HeaderName};
use web_sys::{Headers, RequestInit};

/// Headers that browsers do not send, as the Fetch standard defines them, in addition to those that
/// begin with `proxy-` or `sec-`.
const FORBIDDEN: &[&str] = &[
    "accept-charset",
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "access-control-request-private-network",
    "connection",
    "content-length",
    "cookie",
    "cookie2",
    "date",
    "dnt",
    "expect",
    "host",
    "keep-alive",
    "origin",
    "referer",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

/// Returns a header that `fetch` drops.
pub(crate) fn dropped_header(headers: &HeaderMap) -> Option<&HeaderName> {
    headers.keys().find(|name| is_dropped(name))
}

/// Returns whether `fetch` drops a header. Browsers and JavaScript runtimes differ, so that it is
/// asked. Node.js drops `Host` only while it sends the request.
fn is_dropped(name: &HeaderName) -> bool {
    let name = name.as_str();
    if name == "host" {
        return true;
    }
    let may_be_dropped =
        FORBIDDEN.contains(&name) || name.starts_with("proxy-") || name.starts_with("sec-");
    may_be_dropped && !is_kept(name).unwrap_or(false)
}

fn is_kept(name: &str) -> Option<bool> {
    let headers = Headers::new().ok()?;
    headers.append(name, "1").ok()?;
    let init = RequestInit::new();
    init.set_headers(&headers);
    let request = web_sys::Request::new_with_str_and_init("http://localhost/", &init).ok()?;
    request.headers().has(name).ok()
}
