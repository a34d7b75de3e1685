//! Calls of `fetch`.
//!
//! `fetch` must not follow redirects, because it would send API keys to other hosts and change
//! methods.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Promise, Reflect, Uint8Array, global};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Request, StatusCode};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, ReadableStreamReadResult,
    RequestCredentials, RequestInit, RequestRedirect, ResponseType,
};

use super::error::{Error, Kind, Result, TIMED_OUT};
use super::time::MAX_MILLIS;

/// A response whose body was not read.
pub(super) struct Fetched {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Chunks,
}

/// Sends a request and returns its response, also if it is a redirect. Browsers do not reveal
/// redirects, so that there they are errors.
pub(super) async fn fetch(
    request: &Request,
    credentials: Option<RequestCredentials>,
) -> Result<Fetched> {
    let builder = |error: JsValue| Error::from_js(Kind::Builder, &error);
    let controller = AbortController::new().map_err(builder)?;
    let init = init(request).map_err(builder)?;
    if let Some(credentials) = credentials {
        init.set_credentials(credentials);
    }
    init.set_signal(Some(&controller.signal()));
    let abort = Abort::new(controller, request.timeout().copied());
    let url = request.url().as_str();
    let request = web_sys::Request::new_with_str_and_init(url, &init).map_err(builder)?;
    let response = call(&request).map_err(builder)?.await;
    let response: web_sys::Response = response
        .map_err(|error| Error::from_js(Kind::Request, &error))?
        .unchecked_into();
    if response.type_() == ResponseType::Opaqueredirect {
        return Err(Error::new(Kind::Redirect));
    }
    let invalid = || Error::new(Kind::Request);
    let status = StatusCode::from_u16(response.status()).map_err(|_| invalid())?;
    let headers = headers(&response).ok_or_else(invalid)?;
    let reader = response.body().map(|body| body.get_reader());
    let body = Chunks {
        reader: reader.map(JsCast::unchecked_into),
        read: None,
        _abort: abort,
    };
    Ok(Fetched {
        status,
        headers,
        body,
    })
}

/// Calls the function `fetch` of the global object, which is a window, a worker or Node.js.
fn call(request: &web_sys::Request) -> std::result::Result<JsFuture, JsValue> {
    let fetch: Function = Reflect::get(&global(), &"fetch".into())?.dyn_into()?;
    let promise: Promise = fetch.call1(&global(), request)?.unchecked_into();
    Ok(JsFuture::from(promise))
}

fn init(request: &Request) -> std::result::Result<RequestInit, JsValue> {
    let init = RequestInit::new();
    init.set_method(request.method().as_str());
    init.set_redirect(RequestRedirect::Manual);
    let headers = Headers::new()?;
    for (name, value) in request.headers() {
        // A character of JavaScript stands for each byte.
        let value: String = value.as_bytes().iter().copied().map(char::from).collect();
        headers.append(name.as_str(), &value)?;
    }
    init.set_headers(&headers);
    let body = request.body().and_then(|body| body.as_bytes());
    if let Some(body) = body.filter(|body| !body.is_empty()) {
        init.set_body(&Uint8Array::from(body));
    }
    Ok(init)
}

/// Returns the headers of a response, or `None` if they are invalid.
fn headers(response: &web_sys::Response) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    for entry in response.headers().entries() {
        let entry: Array = entry.ok()?.unchecked_into();
        let (name, value) = (entry.get(0).as_string()?, entry.get(1).as_string()?);
        let value: std::result::Result<Vec<u8>, _> = value.chars().map(u8::try_from).collect();
        let value = HeaderValue::from_bytes(&value.ok()?).ok()?;
        headers.append(HeaderName::try_from(name).ok()?, value);
    }
    Some(headers)
}

/// Cancels the request when it is dropped, or after the timeout of the request.
struct Abort {
    controller: AbortController,
    _timer: Option<Timeout>,
}

impl Abort {
    fn new(controller: AbortController, timeout: Option<Duration>) -> Abort {
        let millis = timeout.and_then(|timeout| u32::try_from(timeout.as_millis()).ok());
        let timer = millis.filter(|millis| *millis <= MAX_MILLIS).map(|millis| {
            let controller = controller.clone();
            Timeout::new(millis, move || {
                controller.abort_with_reason(&TIMED_OUT.into());
            })
        });
        Abort {
            controller,
            _timer: timer,
        }
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        self.controller.abort();
    }
}

/// The body of a response.
pub(super) struct Chunks {
    /// `None` without a body, and after its end.
    reader: Option<ReadableStreamDefaultReader>,
    read: Option<JsFuture>,
    _abort: Abort,
}

impl Stream for Chunks {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let chunks = &mut *self;
        let Some(reader) = &chunks.reader else {
            return Poll::Ready(None);
        };
        let read = chunks.read.get_or_insert_with(|| reader.read().into());
        let result = ready!(Pin::new(read).poll(context));
        chunks.read = None;
        Poll::Ready(match result.map(ReadableStreamReadResult::from) {
            Ok(result) if result.get_done() == Some(true) => {
                chunks.reader = None;
                None
            }
            Ok(result) => {
                let chunk: Uint8Array = result.get_value().unchecked_into();
                Some(Ok(chunk.to_vec().into()))
            }
            Err(error) => {
                chunks.reader = None;
                Some(Err(Error::from_js(Kind::Body, &error)))
            }
        })
    }
}
